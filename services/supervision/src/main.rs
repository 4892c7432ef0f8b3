//! 执法监督: starts the service.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<gongxin_supervision::Supervision>().await
}
