//! House rules as tests: each reads the tree, and each has a bad sample that it must find.

mod imports;
mod migrations;
mod packages;
mod reasons;
mod source;
mod sql;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::workspace;

/// A text file of the tree, by its path from the root.
struct Text {
    path: String,
    text: String,
}

impl Text {
    fn is_rust(&self) -> bool {
        Path::new(&self.path).extension().is_some_and(|extension| extension == "rs")
    }

    fn folders(&self) -> impl Iterator<Item = &str> {
        self.path.rsplit_once('/').map_or("", |(folders, _)| folders).split('/')
    }

    fn file_name(&self) -> &str {
        self.path.rsplit('/').next().expect("splitting gives at least one part")
    }
}

/// A bad or good sample.
fn sample(path: &str, text: &str) -> Text {
    Text { path: path.to_owned(), text: text.to_owned() }
}

/// Every text file of the checkout but what is built or fetched.
fn tree() -> Vec<Text> {
    let root = workspace::root().unwrap();
    let mut found = Vec::new();
    collect(&root, "", &mut found);
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(found.iter().any(Text::is_rust), "the tree was not found");
    found
}

fn collect(folder: &Path, prefix: &str, found: &mut Vec<Text>) {
    const NOT_OURS: &[&str] = &[".git", ".gongxin", "node_modules", "target"];
    // Cargo marks what it builds and fetches, wherever somebody has put it.
    if folder.join("CACHEDIR.TAG").exists() {
        return;
    }
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type().unwrap();
        if kind.is_dir() && !NOT_OURS.contains(&name.as_str()) {
            collect(&entry.path(), &format!("{path}/"), found);
        } else if kind.is_file()
            && !NOT_OURS.contains(&name.as_str())
            && let Ok(text) = fs::read_to_string(entry.path())
        {
            found.push(Text { path, text });
        }
    }
}

/// What cargo says about this workspace, without changing the lock file.
fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(program)
        .args(arguments)
        .arg("--locked")
        .current_dir(workspace::root().unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Fails with one line for each breach.
#[track_caller]
fn assert_none(breaches: &[String]) {
    assert!(breaches.is_empty(), "\n{}\n", breaches.join("\n"));
}

/// Fails unless exactly these paths are complained about, each once.
#[track_caller]
fn assert_found(breaches: &[String], paths: &[&str]) {
    let places: Vec<_> = breaches.iter().map(|breach| breach.split(": ").next().unwrap()).collect();
    assert_eq!(places, paths, "{breaches:#?}");
}
