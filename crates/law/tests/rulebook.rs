//! The rule files as a whole, and the choice of a version.

use std::collections::BTreeSet;

use gongxin_law::{Approver, BadRulebook, Confidence, Count, LawError, Rulebook, Text};
use jiff::civil::{Date, date};

fn book() -> &'static Rulebook {
    Rulebook::builtin()
}

fn is_told(text: &Text) -> bool {
    !text.zh.is_empty() && !text.en.is_empty()
}

#[test]
fn every_row_has_its_source_its_words_and_its_own_id_and_version() {
    let mut seen = BTreeSet::new();
    for rule in book().iter() {
        let name = format!("{} {}", rule.id, rule.version());

        assert!(seen.insert((rule.id.clone(), rule.version())), "{name} twice");
        assert!(is_told(&rule.title) && is_told(&rule.starts), "{name}");
        assert!(is_told(&rule.consequence), "{name}");
        assert!(rule.source.iter().all(|s| !s.instrument.is_empty() && !s.article.is_empty()));
        assert!(!rule.source.is_empty() && !rule.fact.is_empty(), "{name}");
        assert!(rule.id.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'.')));
        assert!(rule.parameter.as_ref().is_none_or(|of| !of.reason.is_empty()), "{name}");
        assert!(rule.extensions.iter().all(|extension| is_told(&extension.ground)), "{name}");
        assert_eq!(book().rule(&rule.id, rule.from).unwrap(), rule);
        assert_eq!(book().rule_version(&rule.id, &rule.version()).unwrap(), rule);
    }
}

#[test]
fn every_row_of_the_first_slice_is_there() {
    let facts: BTreeSet<&str> = book()
        .iter()
        .flat_map(|rule| {
            let extensions = rule.extensions.iter().filter_map(|e| e.fact.as_deref());
            std::iter::once(rule.fact.as_str()).chain(extensions)
        })
        .collect();
    let rows = |family: &str, numbers: &[&str]| -> Vec<String> {
        numbers.iter().map(|number| format!("{family}-{number}")).collect()
    };
    let intake = rows(
        "INT",
        &[
            "02", "03", "05", "06", "07", "20", "21", "22", "23", "24", "25", "26", "26a", "27",
            "29", "50", "51", "53", "54", "55", "56",
        ],
    );
    let review = rows(
        "REV",
        &[
            "01", "02", "03", "04", "05", "06", "07", "08", "09", "11", "12", "13", "14", "15",
            "16", "18", "19", "20", "25", "30", "63", "66",
        ],
    );
    for row in intake.iter().chain(&review) {
        assert!(facts.contains(row.as_str()), "{row}");
    }
}

#[test]
fn the_day_of_the_act_picks_the_version() {
    let check = |id: &str, on: Date, fact: &str| {
        assert_eq!(book().rule(id, on).unwrap().fact, fact, "{id} on {on}");
    };
    check("intake.filing_review.administrative", date(2016, 8, 22), "INT-20");
    check("intake.filing_review.administrative", date(2023, 12, 31), "INT-20");
    check("intake.filing_review.administrative", date(2024, 1, 1), "INT-21");
    check("intake.filing_review.economic", date(2017, 12, 31), "INT-26a");
    check("intake.filing_review.economic", date(2018, 1, 1), "INT-26");

    let approver = |on| {
        let summons = book().rule("review.summons.duration", on).unwrap();
        summons.extension("complex").unwrap().approver
    };
    assert_eq!(approver(date(2016, 8, 22)), Approver::CountyHead);
    assert_eq!(approver(date(2026, 8, 22)), Approver::HandlingDepartmentHead);
}

#[test]
fn an_act_outside_every_version_has_no_rule() {
    for (id, on) in [
        ("intake.filing_review.administrative_complex", date(2024, 1, 1)),
        ("intake.report.classify", date(2023, 12, 31)),
        ("intake.filing_review.criminal", date(2015, 11, 3)),
        ("intake.filing_review.economic_transferred", date(2016, 8, 22)),
    ] {
        let refused = LawError::NotInForce { rule: id.to_owned(), on };
        assert_eq!(book().rule(id, on).unwrap_err(), refused);
    }
    assert_eq!(
        book().rule("intake.nothing", date(2026, 1, 1)).unwrap_err(),
        LawError::UnknownRule("intake.nothing".to_owned())
    );
    assert!(matches!(
        book().rule_version("intake.report.classify", "2020-01-01"),
        Err(LawError::UnknownVersion { .. })
    ));
}

#[test]
fn a_rule_says_what_a_deadline_stores() {
    let rule = book().rule("review.detention.arrest_request", date(2026, 2, 13)).unwrap();

    assert_eq!((rule.version().as_str(), rule.period), ("2013-01-01", 3));
    assert_eq!((rule.count, rule.custody), (Count::DaysOfCustody, true));
    assert_eq!(rule.confidence, Confidence::Text);
    assert_eq!(rule.source[0].instrument, "刑事诉讼法");
    assert_eq!(rule.documents, ["提请批准逮捕书"]);
    assert!(rule.parameter.is_none());
    let filing = book().rule("intake.filing_review.criminal", date(2026, 2, 13)).unwrap();
    assert!(filing.parameter.is_some());
}

#[test]
fn a_row_that_contradicts_itself_is_refused() {
    const GOOD: &str = r#"
        [[rule]]
        id = "a.b"
        fact = "X-01"
        procedure = "house"
        title = { zh = "甲", en = "a" }
        starts = { zh = "乙", en = "b" }
        period = 3
        count = "D"
        warn_before = "1d"
        consequence = { zh = "丙", en = "c" }
        documents = []
        source = [{ instrument = "丁", article = "第1条" }]
        from = "2020-01-01"
        confidence = "V"
    "#;
    assert!(Rulebook::parse(&[("a", GOOD)]).is_ok());

    for (what, instead) in [
        (r#"count = "D""#, r#"count = "imm""#),
        (r#"count = "D""#, r#"count = "H""#),
        (r#"count = "D""#, "count = \"D\"\ncustody = true"),
        (r#"count = "D""#, "count = \"D!\"\nalso_held = true"),
        (r#"count = "D""#, "count = \"H\"\npauses = [\"psychiatric_identification\"]"),
        ("period = 3", "period = 0"),
        (r#"warn_before = "1d""#, ""),
        (r#"[{ instrument = "丁", article = "第1条" }]"#, "[]"),
        (r#"from = "2020-01-01""#, "from = \"2020-01-01\"\nto = \"2019-01-01\""),
        (r#"confidence = "V""#, r#"confidence = "M-low""#),
    ] {
        let text = GOOD.replace(what, instead);
        assert_ne!(text, GOOD);
        assert!(
            matches!(Rulebook::parse(&[("a", &text)]), Err(BadRulebook::Row { .. })),
            "{instead}"
        );
    }
    for (what, instead) in [
        (r#"warn_before = "1d""#, r#"warn_before = "soon""#),
        (r#"fact = "X-01""#, "fact = \"X-01\"\nfoo = 1"),
        (r#"count = "D""#, r#"count = "Q""#),
    ] {
        let text = GOOD.replace(what, instead);
        assert!(
            matches!(Rulebook::parse(&[("a", &text)]), Err(BadRulebook::Form { .. })),
            "{instead}"
        );
    }
    let later = GOOD.replace("2020-01-01", "2021-01-01");
    assert!(matches!(Rulebook::parse(&[("a", GOOD), ("b", &later)]), Err(BadRulebook::Row { .. })));
    let closed = GOOD.replace(r#""2020-01-01""#, "\"2020-01-01\"\nto = \"2020-12-31\"");
    assert!(Rulebook::parse(&[("a", &closed), ("b", &later)]).is_ok());
}

#[test]
fn an_extension_that_contradicts_its_rule_is_refused() {
    let row = |extensions: &str| {
        let text = format!(
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
            documents = []
            source = [{{ instrument = "丁", article = "第1条" }}]
            from = "2020-01-01"
            confidence = "V"
            {extensions}"#
        );
        Rulebook::parse(&[("a", &text)])
    };
    let extension = |name: &str, more: &str| {
        format!(
            "[[rule.extension]]\nname = \"{name}\"\napprover = \"county_head\"\n\
             ground = {{ zh = \"甲\", en = \"a\" }}\n{more}\n"
        )
    };
    let good = extension("e", "amount = { total = 7 }");

    assert!(row(&good).is_ok());
    for bad in [
        good.repeat(2),
        extension("e", "amount = { total = 3 }"),
        extension("e", "amount = { plus = 4 }"),
        extension("e", "amount = { total = 7 }\ncap = 7"),
        extension("e", "amount = { total = 7 }\ntimes = 2"),
        extension("e", "amount = { plus_days = 15 }"),
        extension("e", "amount = { total = 7 }\nafter = \"f\""),
        extension("e", "amount = { total = 7 }\ntimes = 0"),
    ] {
        assert!(matches!(row(&bad), Err(BadRulebook::Row { .. })), "{bad}");
    }
}
