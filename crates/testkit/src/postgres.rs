//! A PostgreSQL of a test's own, to be killed, and to be robbed of its disk.

use std::fs::{self, File};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use gongxin_kernel::new_uuid;
use sqlx::{Connection as _, PgConnection};

use crate::{eventually, setting};

/// A private PostgreSQL on loopback; it dies with the value, and its data with it.
///
/// It does not wait for the disk: these tests kill processes, not machines.
#[derive(Debug)]
pub struct PostgresServer {
    port: u16,
    home: PathBuf,
    child: Option<Child>,
}

impl PostgresServer {
    /// Makes and starts a server on a free port.
    pub async fn start() -> Self {
        let name = format!("postgres-{}", new_uuid().simple());
        Self::start_in(PathBuf::from(setting("GONGXIN_TEST_STATE")).join(name)).await
    }

    /// The same with its data under `home`, which is made unless it is there.
    pub async fn start_in(home: PathBuf) -> Self {
        if !home.is_dir() {
            fs::create_dir(&home).unwrap();
        }
        give(&home);
        let made = program("initdb")
            .arg("--pgdata")
            .arg(home.join("data"))
            .args(["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"])
            .args(["--lc-messages=C", "--no-sync", "--no-instructions", "--wal-segsize=4"])
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(made.success(), "initdb failed");
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut server = Self { port, home, child: None };
        server.restart().await;
        server
    }

    /// URL for its superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres:none@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it as a power cut would: no checkpoint, every session cut.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        // Killing the first process alone leaves sessions that hold its memory for a while.
        let asked = Command::new("kill").args(["-QUIT", &child.id().to_string()]).status();
        assert!(asked.unwrap().success());
        child.wait().unwrap();
    }

    /// Starts it again on the same port and data, and waits until it has recovered.
    pub async fn restart(&mut self) {
        assert!(self.child.is_none(), "the server runs");
        let log = File::options().create(true).append(true).open(self.log()).unwrap();
        let child = program("postgres")
            .arg("-D")
            .arg(self.home.join("data"))
            .args(["-p", &self.port.to_string()])
            .args(["-c", "unix_socket_directories=", "-c", "listen_addresses=127.0.0.1"])
            // What is committed is with the system before anybody hears of it; the system lives on.
            .args(["-c", "fsync=off", "-c", "synchronous_commit=on", "-c", "max_connections=300"])
            // Small, so that a full disk stops writes and not the whole server.
            .args(["-c", "max_wal_size=32MB", "-c", "min_wal_size=32MB"])
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        let url = self.url();
        eventually("PostgreSQL answers", async || PgConnection::connect(&url).await.ok()).await;
    }

    /// Whether it takes a connection now.
    pub async fn answers(&self) -> bool {
        PgConnection::connect(&self.url()).await.is_ok()
    }

    /// What the server wrote about itself.
    pub fn log(&self) -> PathBuf {
        self.home.with_extension("log")
    }
}

impl Drop for PostgresServer {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.home);
        let _ = fs::remove_file(self.log());
    }
}

/// The command for a program of PostgreSQL, as a user that it accepts.
fn program(name: &str) -> Command {
    let path = Path::new(&setting("GONGXIN_TEST_POSTGRES_BIN")).join(name);
    let mut command = match user() {
        Some((user, group)) => {
            let mut command = Command::new("setpriv");
            command.args([format!("--reuid={user}"), format!("--regid={group}")]);
            command.args(["--clear-groups", "--pdeathsig", "KILL", "--"]).arg(path);
            command
        }
        None => Command::new(path),
    };
    command.env("LC_ALL", "C").env("TZ", "UTC").current_dir("/");
    command
}

/// Hands a folder to whoever runs the server.
fn give(folder: &Path) {
    if let Some((user, group)) = user() {
        std::os::unix::fs::chown(folder, Some(user), Some(group)).unwrap();
    }
}

/// User and group that run the server, when they are not our own: PostgreSQL refuses root.
fn user() -> Option<(u32, u32)> {
    let named = std::env::var("GONGXIN_TEST_SERVER_USER").ok()?;
    let (user, group) = named.split_once(':')?;
    Some((user.parse().ok()?, group.parse().ok()?))
}
