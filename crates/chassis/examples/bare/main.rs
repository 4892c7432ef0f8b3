//! The smallest service there is; the tests run it as a process of its own.

mod service;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<service::Bare>().await
}
