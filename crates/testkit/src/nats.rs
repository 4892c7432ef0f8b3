//! nats-servers of a test's own, to be killed and robbed of their stores.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use gongxin_kernel::new_uuid;

use crate::{eventually, setting};

/// A private nats-server with JetStream on loopback; it dies with the value.
#[derive(Debug)]
pub struct NatsServer {
    port: u16,
    store: PathBuf,
    /// What makes it a member of a cluster.
    cluster: Vec<String>,
    child: Option<Child>,
}

impl NatsServer {
    /// Starts a server on a free port with an empty store.
    pub async fn start() -> Self {
        let mut server = Self::new(free_port(), Vec::new());
        server.restart().await;
        server
    }

    /// Starts three servers that keep streams together.
    pub async fn start_cluster() -> [Self; 3] {
        let routes = [free_port(), free_port(), free_port()];
        let all = routes.map(|port| format!("nats://127.0.0.1:{port}")).join(",");
        let mut servers = routes.map(|route| {
            let own = format!("nats://127.0.0.1:{route}");
            let name = format!("n{route}");
            let words = ["--cluster_name", "county", "--cluster", &own, "--routes", &all];
            let words = words.into_iter().chain(["--name", &name]).map(str::to_owned);
            Self::new(free_port(), words.collect())
        });
        for server in &mut servers {
            server.spawn();
        }
        for server in &servers {
            server.until_answers().await;
        }
        servers
    }

    fn new(port: u16, cluster: Vec<String>) -> Self {
        let name = format!("nats-{}", new_uuid().simple());
        let store = PathBuf::from(setting("GONGXIN_TEST_STATE")).join(name);
        Self { port, store, cluster, child: None }
    }

    /// The same server, not yet started, with its store in `folder`.
    #[must_use]
    pub fn storing_in(folder: PathBuf) -> Self {
        Self { port: free_port(), store: folder, cluster: Vec::new(), child: None }
    }

    /// Its URL, the same after a restart.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Whether it was started and not killed since.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
    }

    /// Name of the server in its cluster.
    pub fn name(&self) -> Option<&str> {
        self.cluster.last().map(String::as_str)
    }

    /// Ends it without a word, as a power cut would.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Removes everything JetStream has stored; the server must be down.
    pub fn lose_store(&self) {
        assert!(self.child.is_none(), "kill the server before taking its store");
        std::fs::remove_dir_all(&self.store).unwrap();
    }

    /// Starts it again on the same port and store.
    pub async fn restart(&mut self) {
        self.spawn();
        self.until_answers().await;
    }

    fn spawn(&mut self) {
        assert!(self.child.is_none(), "the server runs");
        let child = Command::new(setting("GONGXIN_TEST_NATS_SERVER"))
            .args(["--jetstream", "--addr", "127.0.0.1", "--port", &self.port.to_string()])
            .args(&self.cluster)
            .arg("--store_dir")
            .arg(&self.store)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
    }

    async fn until_answers(&self) {
        let address = format!("127.0.0.1:{}", self.port);
        eventually("nats-server answers", || async {
            tokio::net::TcpStream::connect(&address).await.ok()
        })
        .await;
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
        let _ = std::fs::remove_dir_all(&self.store);
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
