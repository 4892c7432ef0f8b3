//! The program `disclosure-public`: what faces the Internet, a deployment of its own.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_disclosure::public::main().await
}
