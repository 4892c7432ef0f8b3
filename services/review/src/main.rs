//! The program `review`.

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    gongxin_chassis::main::<gongxin_review::Review>().await
}
