//! Every reason for a fault has one page in `docs/errors/`, and every page a reason.

use std::collections::BTreeSet;

use super::{Text, assert_found, assert_none, sample, tree};

const PAGES: &str = "docs/errors/";

/// Written in two parts, so that this file does not find itself.
const DECLARES: &str = concat!("reasons", "! {");

#[test]
fn every_reason_has_its_page() {
    assert_none(&unpaired(&tree()));
}

#[test]
fn a_reason_without_page_and_a_page_without_reason_are_found() {
    let declared = format!(
        "//! {DECLARES} NOT_CODE, Invalid, \"\", \"\"; }}\n\
         gongxin_kernel::{DECLARES}\n    \
             CASE_CLOSED, WrongState, \"案件已结；不得更改\", \"the case is closed; \\\"no\\\" change\";\n    \
             // What cannot be read:\n    \
             NO_SUCH_CASE, NotFound,\n        \"无此案件\",\n        \"no such case\";\n}}\n\
         #[cfg(test)]\nmod tests {{ {DECLARES} SAMPLE, Invalid, \"\", \"\"; }} }}"
    );
    let texts = [
        sample("docs/errors/CASE_CLOSED.md", ""),
        sample("docs/errors/FORGOTTEN.md", ""),
        sample("docs/errors/README.md", ""),
        sample("services/intake/src/reasons.rs", &declared),
        sample("services/intake/tests/it/main.rs", &declared),
    ];

    assert_eq!(codes(&declared), ["CASE_CLOSED", "NO_SUCH_CASE"]);
    assert_found(
        &unpaired(&texts),
        &["services/intake/src/reasons.rs", "docs/errors/FORGOTTEN.md"],
    );
}

#[test]
fn a_reason_declared_twice_is_found() {
    let declared = format!("{DECLARES} STALE, Stale, \"\", \"\"; }}");
    let texts = [
        sample("crates/a/src/lib.rs", &declared),
        sample("crates/b/src/lib.rs", &declared),
        sample("docs/errors/STALE.md", ""),
    ];

    assert_found(&unpaired(&texts), &["crates/b/src/lib.rs"]);
}

fn unpaired(texts: &[Text]) -> Vec<String> {
    let pages: BTreeSet<_> = texts.iter().filter_map(|text| page_of(&text.path)).collect();
    let mut known = BTreeSet::new();
    let mut found = Vec::new();

    let sources = texts
        .iter()
        .filter(|text| text.is_rust() && text.folders().all(|folder| folder != "tests"));
    for source in sources {
        for code in codes(&source.text) {
            if !pages.contains(code) {
                found.push(format!("{}: {code} has no page {PAGES}{code}.md", source.path));
            }
            if !known.insert(code) {
                found.push(format!("{}: {code} is declared elsewhere too", source.path));
            }
        }
    }
    let orphans = pages.difference(&known);
    found.extend(orphans.map(|code| format!("{PAGES}{code}.md: no such reason is declared")));
    found
}

fn page_of(path: &str) -> Option<&str> {
    let code = path.strip_prefix(PAGES)?.strip_suffix(".md")?;
    (code != "README").then_some(code)
}

/// The codes a source file declares outside its unit tests.
fn codes(source: &str) -> Vec<&str> {
    let source = source.split("#[cfg(test)]\nmod tests").next().expect("a split gives a part");
    let declarations = source.match_indices(DECLARES).filter(|(at, _)| {
        let line = source[..*at].rsplit('\n').next().expect("a split gives a part");
        !line.trim_start().starts_with("//")
    });
    declarations.flat_map(|(at, opening)| entries(&source[at + opening.len()..])).collect()
}

/// The first word of every entry up to the closing brace; braces and semicolons in texts do not count.
fn entries(declaration: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = declaration.trim_start();
    while !rest.is_empty() && !rest.starts_with('}') {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, rest)| rest).trim_start();
            continue;
        }
        let end = rest.find(|other: char| !other.is_ascii_alphanumeric() && other != '_');
        found.push(&rest[..end.unwrap_or(rest.len())]);
        rest = after_entry(rest).trim_start();
    }
    found
}

fn after_entry(entry: &str) -> &str {
    let mut in_text = false;
    let mut escaped = false;
    for (at, letter) in entry.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => in_text = !in_text,
            ';' if !in_text => return &entry[at + 1..],
            _ => {}
        }
    }
    ""
}
