//! Which packages stand behind us: none that is banned, one version of each family, pure cores.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{assert_found, assert_none, cargo};

/// One cryptography, written once: aws-lc behind rustls.
const BANNED: &[&str] = &["native-tls", "openssl", "openssl-sys", "ring"];

/// Packages whose types cross our crates; a second version would not fit the first.
const FAMILIES: &[&str] = &[
    "axum",
    "axum-core",
    "hyper",
    "opentelemetry",
    "prost",
    "rustls",
    "sqlx",
    "tokio",
    "tonic",
    "tracing-opentelemetry",
];

/// What reaches outside the program, and therefore never stands behind a pure crate.
const IMPURE: &[&str] =
    &["async-nats", "axum", "hyper", "reqwest", "sqlx", "tokio", "tonic", "tower", "tracing"];

const PURE: &[&str] =
    &["gongxin-kernel", "gongxin-law", "gongxin-transparency", "gongxin-documents"];

#[test]
fn no_banned_package_is_built() {
    assert_none(&banned(&built(&[])));
}

#[test]
fn a_banned_package_is_found() {
    let packages = listed("rustls v0.23.46\nring v0.17.14 (*)\nring-compat v0.8.0");

    assert_found(&banned(&packages), &["ring"]);
}

#[test]
fn every_family_has_one_version() {
    assert_none(&doubled(&built(&[])));
}

#[test]
fn a_second_version_is_found() {
    let packages = listed(
        "axum v0.7.9\naxum v0.8.9\naxum v0.8.9 (*)\nopentelemetry_sdk v0.32.0\n\
         opentelemetry_sdk v0.33.1\nsyn v2.0.1\nsyn v3.0.1\ntonic v0.14.9\ntonic-prost v0.14.9",
    );

    assert_found(&doubled(&packages), &["axum", "opentelemetry_sdk"]);
}

#[test]
fn pure_crates_reach_nothing_outside() {
    let metadata = cargo(&["metadata", "--format-version", "1", "--no-deps"]);
    let metadata: Value = serde_json::from_str(&metadata).unwrap();
    let names = metadata["packages"].as_array().unwrap().iter();
    let names = names.map(|package| package["name"].as_str().unwrap());
    let pure: Vec<_> = names.filter(|name| is_pure(name)).collect();

    assert!(pure.contains(&"gongxin-kernel"));
    for name in pure {
        assert_none(&impure(name, &built(&["--package", name, "--edges", "normal"])));
    }
}

#[test]
fn an_impure_core_is_found() {
    let packages = listed("gongxin-review-domain v0.1.0 (…)\ntracing-core v0.1.0\ntokio v1.54.0");

    assert!(is_pure("gongxin-review-domain") && !is_pure("gongxin-review"));
    assert_found(&impure("gongxin-review-domain", &packages), &["gongxin-review-domain"]);
}

type Packages = BTreeMap<String, BTreeSet<String>>;

/// Names and versions of what is really compiled, by cargo's own choice of features.
fn built(of: &[&str]) -> Packages {
    let tree = ["tree", "--quiet", "--prefix", "none", "--format", "{p}"];
    listed(&cargo(&[&tree, of].concat()))
}

fn listed(tree: &str) -> Packages {
    let mut packages = Packages::new();
    for line in tree.lines() {
        let mut words = line.split(' ');
        if let (Some(name), Some(version)) = (words.next(), words.next()) {
            packages.entry(name.to_owned()).or_default().insert(version.to_owned());
        }
    }
    packages
}

fn banned(packages: &Packages) -> Vec<String> {
    let found = BANNED.iter().filter(|name| packages.contains_key(**name));
    found
        .map(|name| format!("{name}: is banned; `cargo tree -i {name}` says who wants it"))
        .collect()
}

fn doubled(packages: &Packages) -> Vec<String> {
    let of_a_family = |name: &str| {
        FAMILIES.iter().any(|family| {
            let rest = name.strip_prefix(family);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
        })
    };
    let twice = packages.iter().filter(|(name, versions)| of_a_family(name) && versions.len() > 1);
    twice.map(|(name, versions)| format!("{name}: more than one version: {versions:?}")).collect()
}

fn is_pure(name: &str) -> bool {
    PURE.contains(&name) || (name.starts_with("gongxin-") && name.ends_with("-domain"))
}

fn impure(of: &str, packages: &Packages) -> Vec<String> {
    let found = IMPURE.iter().filter(|name| packages.contains_key(**name));
    found.map(|name| format!("{of}: is pure and may not stand on {name}")).collect()
}
