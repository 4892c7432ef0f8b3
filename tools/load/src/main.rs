//! The bench driver: limits of this machine, the suite beside them, the goals, interleaved.
//!
//! `cargo xtask bench` starts private servers and the suite and runs this. It prints medians,
//! ranges and ratios; a missed goal is a line of the table and never a failure.

mod arguments;
mod facts;
mod figures;
mod goals;
mod latency;
mod limits;
mod machine;
mod peers;
mod recovery;
mod rounds;
mod service;
mod store;

use anyhow::Context as _;

use arguments::Arguments;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut words = std::env::args().skip(1).peekable();
    if words.next_if(|word| word == "echo").is_some() {
        return limits::echo::serve(words).await;
    }
    let arguments = Arguments::parse(words).context(arguments::USAGE)?;
    rounds::run(&arguments).await
}
