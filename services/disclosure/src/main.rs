//! The program `disclosure`.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<gongxin_disclosure::Disclosure>().await
}
