//! 执法管理: starts the register.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<gongxin_intake::Intake>().await
}
