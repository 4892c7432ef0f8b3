//! Who may import whom: the table of ARCHITECTURE.md, section 1, held against the manifests.

use serde_json::Value;

use super::{assert_found, assert_none, cargo};

/// Member folders on the left, the members they may depend on at the right; the first match counts.
///
/// `*` is any name, `=` the name that stood at the same place on the left. What is tested may
/// also use everything in `crates/` and `proto`.
const RULES: &[(&str, &[&str])] = &[
    ("crates/kernel", &[]),
    ("proto", &["crates/kernel"]),
    ("crates/law", &["crates/kernel"]),
    ("crates/transparency", &["crates/kernel"]),
    ("crates/pages", &["crates/kernel"]),
    ("crates/documents", &["crates/kernel"]),
    ("crates/exchange", &["crates/kernel", "proto"]),
    (
        "crates/eventing",
        &["crates/kernel", "crates/law", "proto", "crates/transparency", "crates/documents"],
    ),
    (
        "crates/chassis",
        &[
            "crates/kernel",
            "crates/law",
            "proto",
            "crates/eventing",
            "crates/transparency",
            "crates/pages",
            "crates/documents",
        ],
    ),
    ("crates/testkit", &["crates/*", "proto", "tools/issuer"]),
    ("services/*/domain", &["crates/kernel", "crates/law"]),
    ("services/*", &["crates/*", "proto", "services/=/domain"]),
    ("tools/*", &["crates/*", "proto", "services/*", "services/*/domain", "tools/*"]),
    ("tests", &["crates/*", "proto", "services/*", "services/*/domain", "tools/*"]),
    ("xtask", &["crates/law"]),
];

/// Used by tests only, but by the suite's own tests as an ordinary library.
const TESTKIT: &str = "crates/testkit";

/// Tests mint the tokens of their officers with the demo issuer's library.
const ISSUER: &str = "tools/issuer";

/// All that the xtask may take from outside: it is built before everything else.
const TINY: &[&str] = &["nix", "serde_json"];

struct Member {
    folder: String,
    uses: Vec<Use>,
}

struct Use {
    name: String,
    /// The folder, where it is a member of this workspace.
    folder: Option<String>,
    only_in_tests: bool,
}

#[test]
fn members_import_what_the_table_allows() {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let members = members(&serde_json::from_str(&metadata).unwrap());

    assert!(members.iter().any(|member| member.folder == "crates/kernel"));
    assert_none(&breaches(&members));
}

#[test]
fn forbidden_imports_are_found() {
    let members = [
        member("services/intake", &[("services/intake/domain", false), ("crates/pages", false)]),
        member("services/review", &[("services/intake/domain", false)]),
        member("services/disclosure", &[("services/review", true)]),
        member("services/review/domain", &[("crates/eventing", false)]),
        member("crates/kernel", &[("crates/law", false), ("crates/testkit", true)]),
        member("crates/chassis", &[("crates/testkit", false)]),
        member("services/supervision", &[("crates/testkit", false), ("crates/testkit", true)]),
        member("tests", &[("crates/testkit", false), ("services/intake", false)]),
        member("xtask", &[("tokio", false), ("serde_json", true)]),
        member("somewhere/else", &[]),
    ];

    assert_found(
        &breaches(&members),
        &[
            "services/review",
            "services/disclosure",
            "services/review/domain",
            "crates/kernel",
            "crates/chassis",
            "services/supervision",
            "xtask",
            "somewhere/else",
        ],
    );
}

fn breaches(members: &[Member]) -> Vec<String> {
    let mut found = Vec::new();
    for Member { folder, uses } in members {
        let rule = RULES.iter().find_map(|(who, may)| Some((matched(who, folder)?, may)));
        let Some((name, may)) = rule else {
            found.push(format!("{folder}: no line of the table says what it may import"));
            continue;
        };
        for used in uses {
            let fits = |target: &str| {
                let by_rule =
                    may.iter().any(|may| matched(&may.replace('=', name), target).is_some());
                let by_test = used.only_in_tests
                    && (matched("crates/*", target).is_some()
                        || target == "proto"
                        || target == ISSUER);
                let testkit_out_of_place =
                    target == TESTKIT && !used.only_in_tests && folder != "tests";
                (by_rule || by_test) && !testkit_out_of_place
            };
            let allowed = match &used.folder {
                Some(target) => fits(target),
                None => folder != "xtask" || TINY.contains(&used.name.as_str()),
            };
            if !allowed {
                found.push(format!("{folder}: may not import {}", used.name));
            }
        }
    }
    found
}

/// The part that stood for `*`, or nothing of interest, when the folder fits the pattern.
fn matched<'a>(pattern: &str, folder: &'a str) -> Option<&'a str> {
    let mut name = "";
    let mut parts = folder.split('/');
    for wanted in pattern.split('/') {
        let part = parts.next()?;
        if wanted == "*" {
            name = part;
        } else if wanted != part {
            return None;
        }
    }
    parts.next().is_none().then_some(name)
}

fn members(metadata: &Value) -> Vec<Member> {
    let root = format!("{}/", metadata["workspace_root"].as_str().unwrap());
    let packages = metadata["packages"].as_array().unwrap().iter();
    packages
        .map(|package| {
            let manifest = package["manifest_path"].as_str().unwrap();
            let folder = manifest.strip_prefix(&root).unwrap().strip_suffix("/Cargo.toml").unwrap();
            let uses = package["dependencies"].as_array().unwrap().iter().map(|used| Use {
                name: used["name"].as_str().unwrap().to_owned(),
                folder: used["path"]
                    .as_str()
                    .and_then(|path| path.strip_prefix(&root))
                    .map(str::to_owned),
                only_in_tests: used["kind"] == "dev",
            });
            Member { folder: folder.to_owned(), uses: uses.collect() }
        })
        .collect()
}

fn member(folder: &str, uses: &[(&str, bool)]) -> Member {
    let uses = uses.iter().map(|(name, only_in_tests)| Use {
        name: (*name).to_owned(),
        folder: RULES
            .iter()
            .any(|(who, _)| matched(who, name).is_some())
            .then(|| (*name).to_owned()),
        only_in_tests: *only_in_tests,
    });
    Member { folder: folder.to_owned(), uses: uses.collect() }
}
