//! Bad input has the right status, a stable reason and the field, and changes nothing.

use gongxin_kernel::{Post, Staff, new_uuid};
use gongxin_proto::intake::v1::{
    FilingOutcome, Nature, Person, RegisterReportRequest, ReportSource,
};
use gongxin_testkit::{fields, officer, reason};
use jiff::SignedDuration;
use tonic::Code;

use crate::house::{House, decision, desk, leader, theft, timestamp};

type Spoil = fn(&mut RegisterReportRequest);

/// What is wrong, with the reason and the fields that must be named.
const SPOILT: &[(Spoil, &str, &[&str])] = &[
    (|m| m.request_id = "seven".into(), "REQUEST_ID_INVALID", &["request_id"]),
    (|m| m.source = 99, "REPORT_INVALID", &["source"]),
    (|m| m.source = 0, "REPORT_INVALID", &["source"]),
    (|m| m.nature = -1, "REPORT_INVALID", &["nature"]),
    (|m| m.told_at = None, "REPORT_INVALID", &["told_at"]),
    (|m| m.told_at.as_mut().unwrap().seconds += 7200, "REPORT_INVALID", &["told_at"]),
    (|m| m.told_at.as_mut().unwrap().nanos = -1, "REPORT_INVALID", &["told_at"]),
    (|m| m.told_at.as_mut().unwrap().seconds = i64::MAX, "REPORT_INVALID", &["told_at"]),
    (
        |m| {
            m.told_at.as_mut().unwrap().seconds = -5_000_000_000; // before every rule
            m.occurred_at = None;
        },
        "REPORT_INVALID",
        &["told_at"],
    ),
    (|m| m.occurred_at.as_mut().unwrap().seconds += 86_400, "REPORT_INVALID", &["occurred_at"]),
    (|m| m.facts = "说".repeat(4001), "REPORT_INVALID", &["facts"]),
    (|m| m.facts.clear(), "REPORT_INVALID", &["facts"]),
    (|m| m.facts.push('\u{0}'), "REPORT_INVALID", &["facts"]),
    (|m| m.place = "路".repeat(201), "REPORT_INVALID", &["place"]),
    (|m| m.charge.clear(), "REPORT_INVALID", &["charge"]),
    (|m| m.call_number = "J6199210000202601050001".into(), "REPORT_INVALID", &["call_number"]),
    (|m| m.source = ReportSource::Police110.into(), "REPORT_INVALID", &["call_number"]),
    (|m| m.evidence = vec!["x".into(); 51], "REPORT_INVALID", &["evidence"]),
    (
        |m| reporter(m).id_number = "619921198707202256".into(),
        "REPORT_INVALID",
        &["reporter.person.id_number"],
    ),
    (|m| reporter(m).name.clear(), "REPORT_INVALID", &["reporter.person.name"]),
    (|m| m.reporter.as_mut().unwrap().phone = "12".into(), "REPORT_INVALID", &["reporter.phone"]),
    (|m| m.reporter.as_mut().unwrap().person = None, "REPORT_INVALID", &["reporter.person.name"]),
    (|m| m.suspects[0].id_number = "1".into(), "REPORT_INVALID", &["suspects.id_number"]),
    (
        // Said once, or the refusal would not fit into the head of an answer.
        |m| m.suspects = vec![Person { id_number: "1".into(), ..m.suspects[0].clone() }; 5000],
        "REPORT_INVALID",
        &["suspects.id_number"],
    ),
    (|m| m.unit = None, "REPORT_INVALID", &["unit"]),
    (|m| m.unit.as_mut().unwrap().code = "61992151".into(), "REPORT_INVALID", &["unit.code"]),
    (|m| m.unit.as_mut().unwrap().code = "619922510000".into(), "WRONG_BUREAU", &["unit.code"]),
    (|m| m.nature = Nature::NotPolice.into(), "REPORT_INVALID", &["charge", "told"]),
    (
        |m| {
            m.nature = Nature::Repeat.into();
            m.charge.clear();
            m.told = "已告知".into();
            m.repeat_of = "0199a7c0-0000-7000-8000-000000000000".into();
        },
        "REPEATED_REPORT_NOT_FOUND",
        &["repeat_of"],
    ),
    (
        |m| {
            m.source = 0;
            m.unit = None;
            reporter(m).id_number = "x".into();
        },
        "REPORT_INVALID",
        &["source", "reporter.person.id_number", "unit"],
    ),
];

fn reporter(message: &mut RegisterReportRequest) -> &mut gongxin_proto::intake::v1::Person {
    message.reporter.as_mut().unwrap().person.as_mut().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_content_names_the_field_and_changes_nothing() {
    let house = House::new().await;
    house.register(theft(house.now())).await;
    let rows = house.rows().await;
    for (index, (spoil, code, wrong)) in SPOILT.iter().enumerate() {
        let mut message = theft(house.now());
        spoil(&mut message);
        let call = house.deployment.call(&desk(), message);
        let refused = house.api.clone().register_report(call).await.unwrap_err();

        assert_eq!((reason(&refused).as_str(), index), (*code, index));
        assert_eq!(
            (fields(&refused), index),
            (wrong.iter().map(ToString::to_string).collect(), index)
        );
        let expected = match *code {
            "WRONG_BUREAU" => Code::PermissionDenied,
            _ => Code::InvalidArgument,
        };
        assert_eq!((refused.code(), index), (expected, index));
        assert!(!refused.message().contains("贺启文"), "{refused}");
    }
    assert_eq!(house.rows().await, rows);
    // The next number follows the first: no refused call took one.
    assert_eq!(house.register(theft(house.now())).await.number, "明公（510000）接报字〔2026〕2号");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_id_belongs_to_one_content_and_one_command() {
    let house = House::new().await;
    let message = theft(house.now());
    let report = house.register(message.clone()).await.report_id;
    let rows = house.rows().await;

    let mut other = message.clone();
    other.facts.push_str("还有一台电脑。");
    let call = house.deployment.call(&desk(), other);
    let refused = house.api.clone().register_report(call).await.unwrap_err();
    assert_eq!(
        (refused.code(), reason(&refused)),
        (Code::AlreadyExists, "REQUEST_ID_REUSED".into())
    );
    assert_eq!(fields(&refused), ["request_id"]);

    let both = Staff { posts: [Post::DutyLeader].into(), ..desk() };
    let mut decide = decision(&report, FilingOutcome::Filed);
    decide.request_id = message.request_id;
    let refused =
        house.api.clone().decide_filing(house.deployment.call(&both, decide)).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_no_power_changes_nothing() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let rows = house.rows().await;
    let auxiliary = officer("619900", &[Post::Auxiliary]);
    let administrator = officer("619901", &[Post::Administrator]);
    for nobody in [&auxiliary, &administrator, &leader()] {
        let call = house.deployment.call(nobody, theft(house.now()));
        let refused = house.api.clone().register_report(call).await.unwrap_err();
        assert_eq!(
            (refused.code(), reason(&refused)),
            (Code::PermissionDenied, "POWER_MISSING".into())
        );
    }
    for nobody in [&auxiliary, &administrator, &desk()] {
        let refused = house.decide(nobody, &report, FilingOutcome::Filed).await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
        let refused = house.extend(nobody, &report, "major").await.unwrap_err();
        assert_eq!(reason(&refused), "POWER_MISSING");
    }
    let stranger = Staff { bureau: "619922".parse().unwrap(), ..leader() };
    let refused = house.decide(&stranger, &report, FilingOutcome::Filed).await.unwrap_err();
    assert_eq!(reason(&refused), "WRONG_BUREAU");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_on_what_is_not_there_and_with_unknown_words_are_refused() {
    let house = House::new().await;
    let report = house.register(theft(house.now())).await.report_id;
    let rows = house.rows().await;
    let nothing = new_uuid().to_string();

    let missing = house.decide(&leader(), &nothing, FilingOutcome::Filed).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing)), (Code::NotFound, "REPORT_NOT_FOUND".into()));
    let malformed = house.extend(&leader(), "一", "major").await.unwrap_err();
    assert_eq!(
        (reason(&malformed), fields(&malformed)),
        ("ID_INVALID".into(), vec!["report_id".into()])
    );
    let unknown = house.decide(&leader(), &report, FilingOutcome::Unspecified).await.unwrap_err();
    assert_eq!(
        (reason(&unknown), fields(&unknown)),
        ("REPORT_INVALID".into(), vec!["outcome".into()])
    );
    let unowed = house.serve(&report, house.now()).await.unwrap_err();
    assert_eq!(reason(&unowed), "NOTICE_NOT_OWED");
    let future = house.now() + SignedDuration::from_hours(1);
    let mut message = theft(house.now());
    message.told_at = Some(timestamp(future));
    let call = house.deployment.call(&desk(), message);
    let refused = house.api.clone().register_report(call).await.unwrap_err();
    assert_eq!(fields(&refused), ["told_at"]);
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
