//! Other queues at the same work, on the same server: fetched when asked for, skipped when not to
//! be had.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::Context as _;
use tokio::process::Command;

use crate::arguments::Arguments;
use crate::figures::Figures;
use crate::store;

/// One peer: its figure's name, its program and who runs it.
struct Peer {
    name: &'static str,
    program: &'static str,
    runs: Runs,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Runs {
    Node,
    Python,
}

const PEERS: &[Peer] = &[
    Peer { name: "pg_boss", program: "pg-boss.mjs", runs: Runs::Node },
    Peer { name: "graphile_worker", program: "graphile-worker.mjs", runs: Runs::Node },
    Peer { name: "procrastinate", program: "procrastinate_peer.py", runs: Runs::Python },
];

/// Where the peers' packages are.
pub(crate) struct Fetched {
    programs: PathBuf,
    /// Folder with `node_modules`, if Node.js could fetch them.
    node: Option<PathBuf>,
    /// A Python of its own, if pip could fetch its packages.
    python: Option<PathBuf>,
}

/// Fetches the pinned packages into `state`, once.
pub(crate) async fn fetch(programs: &Path, state: &Path) -> anyhow::Result<Fetched> {
    std::fs::create_dir_all(state)?;
    for file in
        ["package.json", "requirements.txt", "work.mjs", "pg-boss.mjs", "graphile-worker.mjs"]
    {
        std::fs::copy(programs.join(file), state.join(file)).with_context(|| file.to_owned())?;
    }
    let mut node = Some(state.to_owned());
    let install = ["install", "--no-audit", "--no-fund", "--ignore-scripts"];
    if !state.join("node_modules/graphile-worker").is_dir()
        && !quiet(Command::new("npm").args(install).current_dir(state)).await
    {
        println!("  peers of Node.js are skipped: npm cannot fetch them");
        node = None;
    }
    let environment = state.join("python");
    let python = environment.join("bin/python");
    if !environment.join("fetched").exists() {
        let made = quiet(Command::new("python3").args(["-m", "venv"]).arg(&environment)).await;
        let pip = ["-m", "pip", "install", "--quiet", "-r"];
        let requirements = state.join("requirements.txt");
        if made && quiet(Command::new(&python).args(pip).arg(requirements)).await {
            std::fs::write(environment.join("fetched"), "")?;
        } else {
            println!("  peers of Python are skipped: pip cannot fetch them");
        }
    }
    let python = environment.join("fetched").exists().then_some(python);
    Ok(Fetched { programs: programs.to_owned(), node, python })
}

/// Runs every peer once with `count` messages, each on a database of its own.
pub(crate) async fn measure(
    fetched: &Fetched,
    arguments: &Arguments,
    count: u64,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    for peer in PEERS {
        let (program, folder, script) = match (peer.runs, &fetched.node, &fetched.python) {
            (Runs::Node, Some(node), _) => (PathBuf::from("node"), node, node.join(peer.program)),
            (Runs::Python, _, Some(python)) => {
                (python.clone(), &fetched.programs, fetched.programs.join(peer.program))
            }
            _ => continue,
        };
        let database = format!("peer_{}", peer.name);
        let mut admin = store::connect(&arguments.postgres).await?;
        let sql = format!("drop database if exists {database} with (force)");
        store::run(&mut admin, &sql).await?;
        store::run(&mut admin, &format!("create database {database}")).await?;
        store::run(&mut admin, "checkpoint").await?;
        let url = store::url(&arguments.postgres, &database, None)?;
        // What sqlx adds behind it, other clients do not know.
        let url = url.split('?').next().unwrap_or_default();
        let output = Command::new(program)
            .arg(script)
            .arg(url)
            .arg(count.to_string())
            .current_dir(folder)
            .stdin(Stdio::null())
            .output()
            .await?;
        let said = String::from_utf8_lossy(&output.stdout);
        let line = said.lines().rev().find_map(|line| line.strip_prefix("RESULT "));
        let Some(result) = line.and_then(|line| serde_json::from_str(line).ok()) else {
            let error = String::from_utf8_lossy(&output.stderr);
            println!("  {} has no figure: {}", peer.name, error.lines().last().unwrap_or_default());
            continue;
        };
        add(peer.name, &result, count, figures)?;
    }
    Ok(())
}

/// Takes a peer's rates, once it has shown as many distinct effects as messages.
fn add(
    name: &str,
    result: &serde_json::Value,
    count: u64,
    figures: &mut Figures,
) -> anyhow::Result<()> {
    let number = |field: &str| result[field].as_f64().with_context(|| format!("{name}: {field}"));
    let distinct = result["distinct"].as_u64();
    if distinct != Some(count) {
        println!("  {name}: {distinct:?} distinct effects of {count}, so no figure");
        return Ok(());
    }
    let (publish, consume) = (number("publish")?, number("consume")?);
    figures.add(&format!("{name}_publish"), "1/s", publish)?;
    figures.add(&format!("{name}_consume"), "1/s", consume)?;
    figures.add(name, "1/s", 1.0 / (1.0 / publish + 1.0 / consume))
}

async fn quiet(command: &mut Command) -> bool {
    let command = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().await.is_ok_and(|status| status.success())
}
