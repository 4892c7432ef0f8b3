//! The shape of source files: purpose on top, bounded length, nothing unfinished, nothing local.

use super::{Text, assert_found, assert_none, sample, tree};

const LONGEST: usize = 600;

/// Written in two parts, so that this file does not find itself.
const UNFINISHED: &[&str] =
    &[concat!("todo", "!("), concat!("unimplemented", "!("), concat!("#[ig", "nore")];

const SOMEBODYS: &[&str] = &[concat!("/wo", "rk/"), concat!("/ro", "ot/"), HOMES];

const HOMES: &str = concat!("/ho", "me/");

#[test]
fn every_source_file_says_its_purpose_first() {
    assert_none(&without_purpose(&tree()));
}

#[test]
fn a_file_without_purpose_is_found() {
    let texts = [sample("a.rs", "//! Says it.\n"), sample("b.rs", "use std::fs;\n//! Late.\n")];

    assert_found(&without_purpose(&texts), &["b.rs"]);
}

#[test]
fn no_source_file_is_too_long() {
    assert_none(&too_long(&tree()));
}

#[test]
fn a_long_file_is_found() {
    let texts = [sample("a.rs", &"\n".repeat(LONGEST)), sample("b.rs", &"\n".repeat(LONGEST + 1))];

    assert_found(&too_long(&texts), &["b.rs"]);
}

#[test]
fn nothing_is_left_unfinished_or_skipped() {
    assert_none(&unfinished(&tree()));
}

#[test]
fn unfinished_code_and_skipped_tests_are_found() {
    let texts = [
        sample("a.rs", concat!("fn a() { todo", "!() }")),
        sample("b.rs", concat!("fn b() { unimplemented", "!(\"b\") }")),
        sample("c.rs", concat!("#[ig", "nore = \"slow\"]")),
        sample("d.rs", "/// Ignores what is to do.\nfn todo() {}"),
    ];

    assert_found(&unfinished(&texts), &["a.rs:1", "b.rs:1", "c.rs:1"]);
}

#[test]
fn no_path_of_somebodys_machine_is_kept() {
    assert_none(&local(&tree()));
}

#[test]
fn a_path_of_somebodys_machine_is_found() {
    let texts = [
        sample("a.md", concat!("see\n`/wo", "rk/notes`")),
        sample("b.toml", concat!("path = \"/ho", "me/wang/suite\"")),
        sample("c.sh", concat!("cat /ro", "ot/secret")),
        sample(
            "d.md",
            concat!("the list at home/wo", "rk/notes and https://example.cn/ro", "ot/a"),
        ),
        sample("e.md", concat!("each in /ho", "me/ of his own")),
    ];

    assert_found(&local(&texts), &["a.md:2", "b.toml:1", "c.sh:1"]);
}

fn without_purpose(texts: &[Text]) -> Vec<String> {
    let found = texts.iter().filter(|text| text.is_rust() && !text.text.starts_with("//! "));
    found.map(|text| format!("{}: does not begin with `//! `", text.path)).collect()
}

fn too_long(texts: &[Text]) -> Vec<String> {
    let rust = texts.iter().filter(|text| text.is_rust());
    rust.map(|text| (&text.path, text.text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST)
        .map(|(path, lines)| format!("{path}: {lines} lines, the longest allowed is {LONGEST}"))
        .collect()
}

fn unfinished(texts: &[Text]) -> Vec<String> {
    let rust = texts.iter().filter(|text| text.is_rust());
    rust.flat_map(|text| {
        lines_where(text, |line| UNFINISHED.iter().find(|word| line.contains(**word)).copied())
    })
    .collect()
}

fn local(texts: &[Text]) -> Vec<String> {
    texts.iter().flat_map(|text| lines_where(text, local_path)).collect()
}

/// The folder of somebody's machine that the line names, unless it is the middle of another path.
fn local_path(line: &str) -> Option<&'static str> {
    SOMEBODYS.iter().copied().find(|folder| {
        line.match_indices(folder).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let begins = before.is_none_or(|before| {
                !before.is_alphanumeric() && !matches!(before, '.' | '_' | '-' | '*' | '}' | ')')
            });
            let after = line[at + folder.len()..].chars().next();
            let names_somebody = *folder != HOMES || after.is_some_and(char::is_alphanumeric);
            begins && names_somebody
        })
    })
}

fn lines_where(text: &Text, says: impl Fn(&str) -> Option<&'static str>) -> Vec<String> {
    let lines = (1..).zip(text.text.lines());
    lines
        .filter_map(|(number, line)| Some(format!("{}:{number}: has {}", text.path, says(line)?)))
        .collect()
}
