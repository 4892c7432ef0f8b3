//! A nats-server of a test's own, to be killed and robbed of its store.

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
    child: Option<Child>,
}

impl NatsServer {
    /// Starts a server on a free port with an empty store.
    pub async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let name = format!("nats-{}", new_uuid().simple());
        let store = PathBuf::from(setting("GONGXIN_TEST_STATE")).join(name);
        let mut server = Self { port, store, child: None };
        server.restart().await;
        server
    }

    /// Its URL, the same after a restart.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Whether it was started and not killed since.
    pub fn is_running(&self) -> bool {
        self.child.is_some()
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
        assert!(self.child.is_none(), "the server runs");
        let child = Command::new(setting("GONGXIN_TEST_NATS_SERVER"))
            .args(["--jetstream", "--addr", "127.0.0.1", "--port", &self.port.to_string()])
            .arg("--store_dir")
            .arg(&self.store)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.child = Some(child);
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
