//! Where SQL may stand, and that a service's SQL never asks the database what time it is.

use super::{Text, assert_found, assert_none, sample, tree};

/// Written in two parts, so that this file does not find itself.
const SENDS_SQL: &[&str] =
    &[concat!("sqlx::", "query"), concat!("sqlx::", "raw_sql"), concat!("sqlx::", "QueryBuilder")];

/// Legal time comes from `Clock`; only eventing measures machine time in the database.
const ASKS_THE_TIME: &[&str] = &[
    "now()",
    "current_timestamp",
    "current_date",
    "current_time",
    "localtimestamp",
    "clock_timestamp",
    "transaction_timestamp",
    "statement_timestamp",
];

#[test]
fn sql_stands_in_stores_only() {
    assert_none(&astray(&tree()));
}

#[test]
fn sql_outside_a_store_is_found() {
    let query = concat!("//! Q.\nsqlx::", "query!(\"select 1\")");
    let texts = [
        sample("services/intake/src/commands/accept.rs", query),
        sample("services/intake/src/store/case.rs", query),
        sample("services/intake/src/store.rs", query),
        sample("services/intake/tests/it/main.rs", query),
        sample("crates/eventing/src/relay.rs", query),
        sample("crates/chassis/src/staff/store_session.rs", query),
        sample("crates/chassis/src/staff/login.rs", query),
        sample("crates/testkit/src/suite.rs", query),
        sample("tests/src/lib.rs", query),
        sample("tools/ctl/src/main.rs", query),
    ];

    assert_found(
        &astray(&texts),
        &[
            "services/intake/src/commands/accept.rs",
            "crates/chassis/src/staff/login.rs",
            "tools/ctl/src/main.rs",
        ],
    );
}

#[test]
fn services_never_ask_the_database_for_the_time() {
    assert_none(&asks_the_time(&tree()));
}

#[test]
fn sql_that_asks_the_time_is_found() {
    let texts = [
        sample("services/intake/migrations/0001_case.sql", "at timestamptz default NOW()"),
        sample("services/intake/migrations/0002_note.sql", "-- never now()\nselect known()"),
        sample("services/review/src/store/case.rs", "let at = clock.now(); Timestamp::now();"),
        sample("services/review/src/store/request.rs", "\n\"set at = current_timestamp\""),
        sample("services/review/src/store.rs", "\"select Clock_Timestamp()\""),
        sample("services/review/src/commands/file.rs", "now()"),
        sample("crates/eventing/migrations/0001_log.sql", "default now()"),
    ];

    assert_found(
        &asks_the_time(&texts),
        &[
            "services/intake/migrations/0001_case.sql:1",
            "services/review/src/store/request.rs:2",
            "services/review/src/store.rs:1",
        ],
    );
}

fn astray(texts: &[Text]) -> Vec<String> {
    let sends = |text: &&Text| SENDS_SQL.iter().any(|word| text.text.contains(word));
    texts
        .iter()
        .filter(|text| text.is_rust())
        .filter(sends)
        .filter(|text| !may_send_sql(text))
        .map(|text| format!("{}: SQL stands in `store/` only", text.path))
        .collect()
}

fn may_send_sql(text: &Text) -> bool {
    let by_place = ["crates/eventing/", "crates/testkit/", "tests/"]
        .iter()
        .any(|place| text.path.starts_with(place));
    let in_chassis = text.path.starts_with("crates/chassis/");
    let by_name = is_store(text) || (in_chassis && text.file_name().starts_with("store"));
    by_place || by_name || text.folders().any(|folder| folder == "tests")
}

fn is_store(text: &Text) -> bool {
    text.file_name() == "store.rs" || text.folders().any(|folder| folder == "store")
}

fn asks_the_time(texts: &[Text]) -> Vec<String> {
    let mut found = Vec::new();
    for text in texts.iter().filter(|text| is_sql_of_a_service(text)) {
        for (number, line) in (1..).zip(text.text.lines()) {
            let is_comment =
                line.trim_start().starts_with("--") || line.trim_start().starts_with("//");
            let line = line.to_lowercase();
            let asks = ASKS_THE_TIME.iter().find(|word| stands_alone(&line, word));
            if let (false, Some(word)) = (is_comment, asks) {
                found.push(format!("{}:{number}: {word}: time comes from `Clock`", text.path));
            }
        }
    }
    found
}

fn is_sql_of_a_service(text: &Text) -> bool {
    let in_migrations = text.folders().any(|folder| folder == "migrations");
    text.path.starts_with("services/") && (in_migrations || (text.is_rust() && is_store(text)))
}

/// Whether the word is there as SQL: not the end of another name, nor a method of Rust's.
fn stands_alone(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|before| !before.is_alphanumeric() && !matches!(before, '_' | '.' | ':'))
    })
}
