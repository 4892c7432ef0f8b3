//! The data as a whole: sources, papers, versions.

use std::collections::BTreeSet;

use gongxin_law::{Catalogue, Rulebook};

#[test]
fn every_source_and_paper_is_known_and_versions_follow_each_other_at_once() {
    assert_eq!(Catalogue::builtin().faults(Rulebook::builtin()), Vec::<String>::new());
}

#[test]
fn a_source_a_paper_or_an_edition_that_nobody_knows_is_a_fault_and_so_is_a_gap() {
    let row = |from: &str, more: &str| {
        format!(
            r#"
            [[rule]]
            id = "a.b"
            fact = "X-01"
            procedure = "house"
            title = {{ zh = "甲", en = "a" }}
            starts = {{ zh = "乙", en = "b" }}
            period = 3
            count = "D"
            warn_before = "1d"
            consequence = {{ zh = "丙", en = "c" }}
            from = "{from}"
            confidence = "V"
            {more}
            "#
        )
    };
    let good = r#"source = [{ instrument = "刑事诉讼法", edition = "2018", article = "第1条" }]"#;
    let faults = |rows: &[String]| {
        let book = Rulebook::parse(&[("a", &rows.concat())]).expect("rows of the right form");
        Catalogue::builtin().faults(&book)
    };

    assert!(faults(&[row("2020-01-01", &format!("documents = []\n{good}"))]).is_empty());
    for wrong in [
        format!("documents = [\"无此文书\"]\n{good}"),
        format!("documents = []\n{}", good.replace("刑事诉讼法", "无此法")),
        format!("documents = []\n{}", good.replace("2018", "1066")),
        format!("documents = []\n{}", good.replace(r#"edition = "2018", "#, "")),
    ] {
        assert_eq!(faults(&[row("2020-01-01", &wrong)]).len(), 1, "{wrong}");
    }
    let first = row("2020-01-01", &format!("to = \"2020-06-30\"\ndocuments = []\n{good}"));
    let next = |from: &str| row(from, &format!("documents = []\n{good}"));
    assert!(faults(&[first.clone(), next("2020-07-01")]).is_empty());
    assert_eq!(faults(&[first, next("2020-07-02")]).len(), 1);
}

#[test]
fn the_rows_of_the_fact_base_are_there() {
    let rules = Rulebook::builtin();
    let own: Vec<_> = rules.iter().filter(|rule| !rule.is_variant()).collect();
    let lengthened = own.iter().flat_map(|rule| &rule.extensions).filter_map(|e| e.fact.as_deref());
    let facts: BTreeSet<&str> =
        own.iter().map(|rule| rule.fact.as_str()).chain(lengthened).collect();

    assert!(own.len() >= 250, "{} rules", own.len());
    for family in ["INT", "REV", "ADM", "SUP", "QAR", "ACC", "DIS", "PER"] {
        let rows = facts.iter().filter(|fact| fact.starts_with(&format!("{family}-"))).count();
        assert!(rows >= 3, "{rows} rows of {family}");
    }
}
