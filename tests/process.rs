//! A service as a process, to be killed and started again.

use std::fs::File;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus};
use std::sync::Mutex;

use gongxin_testkit::{eventually, setting};

/// A service on an address of its own; it dies with the value.
#[derive(Debug)]
pub struct Process {
    /// Of the service.
    pub name: &'static str,
    settings: PathBuf,
    /// Where it listens.
    pub address: SocketAddr,
    environment: Vec<(&'static str, String)>,
    child: Mutex<Option<Child>>,
}

/// An address that was free a moment ago.
pub fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl Process {
    /// Starts the service `name`, which is ready a little later; `environment` overrides its
    /// settings.
    pub fn start(
        name: &'static str,
        settings: PathBuf,
        address: SocketAddr,
        environment: Vec<(&'static str, String)>,
    ) -> Self {
        let process = Self { name, settings, address, environment, child: Mutex::new(None) };
        process.restart();
        process
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Ends it without a word, as a power cut would.
    pub fn kill(&self) {
        if let Some(mut child) = self.child.lock().unwrap().take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// A further replica of the same service: the same settings, another address.
    #[must_use]
    pub fn replica(&self) -> Self {
        let (settings, environment) = (self.settings.clone(), self.environment.clone());
        Self::start(self.name, settings, free_address(), environment)
    }

    /// Arms a point of the running program, see `gongxin_eventing`'s `fault`; no line disarms it.
    pub fn arm(&self, line: &str) {
        let fresh = self.faults().with_extension("new");
        std::fs::write(&fresh, line).unwrap();
        std::fs::rename(fresh, self.faults()).unwrap();
    }

    fn faults(&self) -> PathBuf {
        self.settings.with_extension(format!("{}.faults", self.address.port()))
    }

    /// Sends `signal`, e.g. `STOP`, to the running process.
    pub fn signal(&self, signal: &str) {
        let running = self.child.lock().unwrap();
        let number = running.as_ref().unwrap().id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &number]).status();
        assert!(sent.unwrap().success(), "{} got no {signal}", self.name);
    }

    /// How it ended by itself, once it has.
    pub fn ended(&self) -> Option<ExitStatus> {
        let mut running = self.child.lock().unwrap();
        let status = running.as_mut()?.try_wait().unwrap()?;
        *running = None;
        Some(status)
    }

    /// Whether it was started and not ended since.
    pub fn is_running(&self) -> bool {
        self.child.lock().unwrap().is_some()
    }

    /// Asks it to end in order and waits until it has.
    pub fn terminate(&self) {
        let Some(mut child) = self.child.lock().unwrap().take() else { return };
        let asked = Command::new("kill").args(["-TERM", &child.id().to_string()]).status();
        assert!(asked.unwrap().success());
        assert!(child.wait().unwrap().success(), "{} did not end in order", self.name);
    }

    /// Starts it on the same address and settings.
    pub fn restart(&self) {
        let mut running = self.child.lock().unwrap();
        assert!(running.is_none(), "{} runs", self.name);
        let program = PathBuf::from(setting("GONGXIN_BIN_DIR")).join(self.name);
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.settings.with_extension("out"))
            .unwrap();
        let child = Command::new(program)
            .arg("--config")
            .arg(&self.settings)
            .env("GONGXIN__LISTEN", self.address.to_string())
            .env("GONGXIN_FAULTS", self.faults())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        *running = Some(child);
    }

    /// Waits until it answers.
    pub async fn until_ready(&self) {
        let address = self.address;
        eventually("the service answers", async || {
            tokio::net::TcpStream::connect(address).await.ok()
        })
        .await;
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
