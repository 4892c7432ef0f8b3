//! 执法追责: starts the service.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<gongxin_accountability::Accountability>().await
}
