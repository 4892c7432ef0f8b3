//! Bad input has a stable reason and the field, and changes nothing.

use gongxin_kernel::{Post, Staff};
use gongxin_proto::accountability::v1::{
    GetClueRequest, Liability, NoFaultGround, OpenClueRequest, Outcome, VerifyClueRequest,
};
use gongxin_testkit::{fields, reason};
use tonic::Code;

use crate::house::{
    HANDLER, House, clue, concerned, handler, inspector, leader, liable, opener, request_id,
    reviewer, staff, verification,
};

type Spoil<M> = (fn(&mut M), &'static str, &'static [&'static str]);

const OPENING: &[Spoil<OpenClueRequest>] = &[
    (|m| m.request_id = "7".into(), "REQUEST_ID_INVALID", &["request_id"]),
    (|m| m.source = 0, "CLUE_INVALID", &["source"]),
    (|m| m.source = 99, "CLUE_INVALID", &["source"]),
    (|m| m.conduct = -1, "CLUE_INVALID", &["conduct"]),
    (|m| m.case_number = "一号案".into(), "CLUE_INVALID", &["case_number"]),
    (|m| m.unit = None, "CLUE_INVALID", &["unit"]),
    (|m| m.unit.as_mut().unwrap().code = "1".into(), "CLUE_INVALID", &["unit.code"]),
    (|m| m.unit.as_mut().unwrap().code = "619922510000".into(), "WRONG_BUREAU", &["unit.code"]),
    (|m| m.unit.as_mut().unwrap().name.clear(), "CLUE_INVALID", &["unit.name"]),
    (|m| m.facts.clear(), "CLUE_INVALID", &["facts"]),
    (|m| m.facts = "说".repeat(4001), "CLUE_INVALID", &["facts"]),
    (|m| m.facts.push('\u{0}'), "CLUE_INVALID", &["facts"]),
    (|m| m.origin_id = "1".into(), "CLUE_INVALID", &["origin_id"]),
    (|m| m.occurred_at = None, "CLUE_INVALID", &["occurred_at"]),
    (|m| m.occurred_at.as_mut().unwrap().seconds += 864_001, "CLUE_INVALID", &["occurred_at"]),
    (|m| m.occurred_at.as_mut().unwrap().nanos = -1, "CLUE_INVALID", &["occurred_at"]),
];

const VERIFYING: &[Spoil<VerifyClueRequest>] = &[
    (|m| m.clue_id = "一".into(), "ID_INVALID", &["clue_id"]),
    (|m| m.findings.clear(), "CLUE_INVALID", &["findings"]),
    (|m| m.officers[0].ground.clear(), "CLUE_INVALID", &["officers.ground"]),
    (|m| m.officers[0].officer = None, "CLUE_INVALID", &["officers.officer"]),
    (|m| m.officers.push(m.officers[0].clone()), "CLUE_INVALID", &["officers"]),
    (
        |m| m.officers[0].officer.as_mut().unwrap().police_number.clear(),
        "CLUE_INVALID",
        &["officers.officer.police_number"],
    ),
];

#[tokio::test(flavor = "multi_thread")]
async fn bad_content_names_the_field_and_changes_nothing() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    let rows = house.rows().await;
    for (index, (spoil, code, wrong)) in OPENING.iter().enumerate() {
        let mut message = clue(house.now());
        spoil(&mut message);
        let call = house.deployment.call(&opener(), message);
        let refused = house.api.clone().open_clue(call).await.unwrap_err();
        assert_eq!((index, reason(&refused).as_str()), (index, *code));
        assert_eq!(fields(&refused), *wrong, "{index}");
    }
    for (index, (spoil, code, wrong)) in VERIFYING.iter().enumerate() {
        let mut message = verification(&id, &[handler()]);
        spoil(&mut message);
        let call = house.deployment.call(&inspector(), message);
        let refused = house.api.clone().verify_clue(call).await.unwrap_err();
        assert_eq!((index, reason(&refused).as_str()), (index, *code));
        assert_eq!(fields(&refused), *wrong, "{index}");
    }
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_is_liability_under_a_clause_or_no_fault_and_never_both() {
    let house = House::new().await;
    let id = house.determined().await;
    let rows = house.rows().await;
    let base = liable(Liability::Warning);
    let ground = NoFaultGround::Blemish.into();
    let wrong: Vec<(Vec<Outcome>, &str, &str)> = vec![
        (vec![], "CLUE_INVALID", "outcomes"),
        (vec![base.clone(), base.clone()], "CLUE_INVALID", "outcomes"),
        (vec![Outcome { liability: 0, ..base.clone() }], "CLUE_INVALID", "outcomes.liability"),
        (
            vec![Outcome { clause_id: "no.such".into(), ..base.clone() }],
            "CLUE_INVALID",
            "outcomes.clause_id",
        ),
        (vec![Outcome { reason: " ".into(), ..base.clone() }], "CLUE_INVALID", "outcomes.reason"),
        (
            vec![Outcome { no_fault_ground: ground, clause_id: String::new(), ..base.clone() }],
            "CLUE_INVALID",
            "outcomes.liability",
        ),
        (
            vec![Outcome { police_number: String::new(), ..base.clone() }],
            "CLUE_INVALID",
            "outcomes.police_number",
        ),
    ];
    for (outcomes, code, field) in wrong {
        let refused = house.decide(&leader(), &id, outcomes).await.unwrap_err();
        assert_eq!((reason(&refused).as_str(), fields(&refused)), (code, vec![field.to_owned()]));
    }
    let stranger = Outcome { police_number: "619999".into(), ..base };
    let refused = house.decide(&leader(), &id, vec![stranger]).await.unwrap_err();
    assert_eq!(reason(&refused), "OFFICER_NOT_NAMED");
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn steps_without_power_of_another_bureau_or_out_of_turn_are_refused() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    let rows = house.rows().await;
    let auxiliary = staff("619900", "619921510000", Post::Auxiliary);
    for nobody in [&auxiliary, &concerned(), &leader()] {
        let call = house.deployment.call(nobody, clue(house.now()));
        let refused = house.api.clone().open_clue(call).await.unwrap_err();
        assert_eq!(refused.code(), Code::PermissionDenied);
        assert_eq!(reason(&refused), "POWER_MISSING");
    }
    assert_eq!(reason(&house.review(&reviewer(), &id).await.unwrap_err()), "CLUE_STAGE");
    assert_eq!(reason(&house.hear(&inspector(), &id, HANDLER).await.unwrap_err()), "CLUE_STAGE");
    let refused = house.decide(&leader(), &id, vec![liable(Liability::Warning)]).await;
    assert_eq!(reason(&refused.unwrap_err()), "CLUE_STAGE");

    let abroad = Staff { bureau: "619922".parse().unwrap(), ..inspector() };
    let refused = house.verify(&abroad, &id, &[]).await.unwrap_err();
    assert_eq!(reason(&refused), "WRONG_BUREAU");
    let message = GetClueRequest { clue_id: request_id() };
    let call = house.deployment.call(&opener(), message);
    let missing = house.api.clone().get_clue(call).await.unwrap_err();
    assert_eq!((missing.code(), reason(&missing)), (Code::NotFound, "CLUE_NOT_FOUND".into()));
    assert_eq!(house.rows().await, rows);
    house.stop().await;
}
