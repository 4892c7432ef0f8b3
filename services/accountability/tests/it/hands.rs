//! A clue and its four hands.

use gongxin_kernel::Post;
use gongxin_proto::accountability::v1::{ClueStage, Liability};
use gongxin_testkit::{fields, reason};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection as _;

use crate::house::{
    HANDLER, House, LEGAL, STATION, concerned, discipline, handler, inspector, leader, liable,
    named, no_fault, opener, other_leader, political, reviewer, staff,
};

const TO_NOTICE: [&str; 7] = [
    "clue.opened",
    "clue.verified",
    "clue.officer_named",
    "clue.heard",
    "clue.reviewed",
    "clue.decided",
    "notice.served",
];

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_5_four_hands_decide_and_an_unused_appeal_makes_it_final() {
    let house = House::new().await;
    let opened = house.open().await;
    assert_eq!(opened.number, "明公执线字〔2026〕1号");
    let id = opened.clue_id;
    house.verify(&inspector(), &id, &[handler()]).await.unwrap();
    house.hear(&inspector(), &id, HANDLER).await.unwrap();
    house.review(&reviewer(), &id).await.unwrap();
    let decided = house.decide(&leader(), &id, vec![liable(Liability::Warning)]).await.unwrap();
    assert_eq!(decided.document_numbers, ["明公执追字〔2026〕1号"]);
    let due = house.serve(&political(), &id).await.unwrap();
    assert_eq!(house.subjects(&id).await, TO_NOTICE);

    house.world().set_clock(due + SignedDuration::from_micros(1));
    house.until_happened(&id, &[&TO_NOTICE[..], &["file.entered"]].concat()).await;
    let late = house.appeal(&concerned(), &id).await.unwrap_err();
    assert_eq!(reason(&late), "APPEAL_PERIOD_ENDED");
    assert_eq!(house.clue(&leader(), &id).await.stage(), ClueStage::Closed);
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_published_year_gives_an_officer_the_time_to_appeal_that_the_law_gives() {
    let house = House::new().await;
    house.world().set_clock("2026-12-27T02:00:00Z".parse().unwrap());
    let (id, due) = house.served().await;
    assert_eq!(due.to_string(), "2027-01-01T15:59:59.999999Z");

    let notice = house.deployment.knowing_2027();
    let house = house.again(&notice).await;
    let moved = [&TO_NOTICE[..], &["clue.period_recomputed"]].concat();
    house.until_happened(&id, &moved).await;
    house.world().set_clock("2027-01-04T15:00:00Z".parse().unwrap());
    house.appeal(&concerned(), &id).await.unwrap();

    assert_eq!(house.subjects(&id).await, [&moved[..], &["appeal.filed"]].concat());
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_7_an_appeal_is_ones_own_and_another_hand_decides_it() {
    let house = House::new().await;
    let (id, _) = house.served().await;
    let stranger = staff("619102", STATION, Post::CaseOfficer);
    let refused = house.appeal(&stranger, &id).await.unwrap_err();
    assert_eq!(reason(&refused), "OFFICER_NOT_NAMED");
    house.appeal(&concerned(), &id).await.unwrap();

    let same = house.decide_appeal(&leader(), &id, no_fault(HANDLER)).await.unwrap_err();
    assert_eq!(reason(&same), "CLUE_HAND_TWICE");
    let graver = liable(Liability::Expulsion);
    let graver = house.decide_appeal(&other_leader(), &id, graver).await.unwrap_err();
    assert_eq!(
        (reason(&graver), fields(&graver)),
        ("CLUE_INVALID".into(), vec!["outcome.liability".into()])
    );
    let upheld = house.decide_appeal(&other_leader(), &id, liable(Liability::Warning)).await;
    assert!(upheld.unwrap());
    let ended = ["appeal.filed", "appeal.decided", "file.entered"];
    assert_eq!(house.subjects(&id).await, [&TO_NOTICE[..], &ended].concat());
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_3_a_clue_that_nobody_verifies_in_time_says_so_and_names_nobody() {
    let house = House::new().await;
    let opened = house.open().await;
    let due: Timestamp = opened.verification.unwrap().due_at.parse().unwrap();
    house.world().set_clock(due + SignedDuration::from_micros(1));
    let overdue = ["clue.opened", "clue.verification_overdue"];
    house.until_happened(&opened.clue_id, &overdue).await;
    house.verify(&inspector(), &opened.clue_id, &[]).await.unwrap();
    let state = "select state from accountability.deadlines where aggregate = $1::uuid";
    let mut admin = house.world().admin().await;
    let state: String =
        sqlx::query_scalar(state).bind(&opened.clue_id).fetch_one(&mut admin).await.unwrap();
    assert_eq!(state, "met_late");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_recorded_is_neither_changed_nor_removed() {
    let house = House::new().await;
    let id = house.determined().await;
    let url = house.world().url("gx_accountability");
    let mut api = sqlx::PgConnection::connect(&url).await.unwrap();
    let bureau = "select set_config('gongxin.bureau', '619921', false)";
    sqlx::query(bureau).execute(&mut api).await.unwrap();
    for change in [
        "update clues set facts = ''",
        "delete from clues",
        "update clue_acts set words = ''",
        "delete from clue_acts",
    ] {
        assert!(sqlx::query(change).execute(&mut api).await.is_err(), "{change}");
    }
    let abroad = "select set_config('gongxin.bureau', '619922', false)";
    sqlx::query(abroad).execute(&mut api).await.unwrap();
    for table in ["clues", "clue_acts"] {
        let sql = format!("select count(*) from {table}");
        let seen = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&mut api).await;
        assert_eq!(seen.unwrap_or(-1i64), 0, "{table}");
    }
    assert_eq!(house.subjects(&id).await, TO_NOTICE[..5]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_4_nobody_is_determined_unheard() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    house.verify(&inspector(), &id, &[handler()]).await.unwrap();
    let refused = house.review(&reviewer(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_HEARD");
    house.hear(&inspector(), &id, HANDLER).await.unwrap();
    house.review(&reviewer(), &id).await.unwrap();
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_13_the_legal_department_does_not_determine_on_its_own_reviewer() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    house.verify(&inspector(), &id, &[named("619302", LEGAL)]).await.unwrap();
    house.hear(&inspector(), &id, "619302").await.unwrap();
    let refused = house.review(&reviewer(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "CONFLICT_OF_INTEREST");
    house.review(&discipline(), &id).await.unwrap();
    let read = house.clue(&discipline(), &id).await;
    assert!(read.concerns_legal);
    assert_eq!(read.stage(), ClueStage::Decision);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn discipline_inspection_does_not_determine_what_is_for_the_legal_department() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    house.verify(&inspector(), &id, &[]).await.unwrap();
    assert_eq!(reason(&house.review(&discipline(), &id).await.unwrap_err()), "CLUE_HAND_WRONG");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_hand_is_twice_and_none_is_of_the_unit_concerned() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    let of_unit = staff("619402", STATION, Post::Inspector);
    let refused = house.verify(&of_unit, &id, &[]).await.unwrap_err();
    assert_eq!(reason(&refused), "CONFLICT_OF_INTEREST");
    let both = gongxin_kernel::Staff { posts: inspector().posts, ..opener() };
    let refused = house.verify(&both, &id, &[]).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUE_HAND_TWICE");
    assert_eq!(house.subjects(&id).await, ["clue.opened"]);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_6_no_fault_ends_a_clue_with_its_ground() {
    let house = House::new().await;
    let id = house.determined().await;
    house.decide(&leader(), &id, vec![no_fault(HANDLER)]).await.unwrap();
    let ended = ["clue.no_fault"];
    assert_eq!(house.subjects(&id).await, [&TO_NOTICE[..5], &ended].concat());
    let read = house.clue(&leader(), &id).await;
    assert_eq!(read.stage(), ClueStage::Closed);
    assert!(read.officers[0].r#final);
    let refused = house.serve(&political(), &id).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUE_STAGE");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clue_that_names_nobody_is_closed_with_a_ground() {
    let house = House::new().await;
    let id = house.open().await.clue_id;
    house.verify(&inspector(), &id, &[]).await.unwrap();
    house.review(&reviewer(), &id).await.unwrap();
    house.decide(&leader(), &id, vec![no_fault("")]).await.unwrap();
    assert_eq!(house.clue(&leader(), &id).await.stage(), ClueStage::Closed);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn events_and_readers_who_are_no_hand_learn_of_no_person() {
    let house = House::new().await;
    let (id, _) = house.served().await;
    house.appeal(&concerned(), &id).await.unwrap();
    let outsider = staff("619202", "619921080000", Post::CommandCentre);
    let read = house.clue(&outsider, &id).await;
    assert!(read.officers.is_empty());
    assert!(read.history.iter().all(|step| !step.actor.contains(HANDLER)));
    assert_eq!(house.clue(&inspector(), &id).await.officers.len(), 1);
    assert!(house.clue(&opener(), &id).await.officers.is_empty());

    let sql = "select data from accountability.events where aggregate = $1::uuid";
    let mut admin = house.world().admin().await;
    let data: Vec<Vec<u8>> = sqlx::query_scalar(sql).bind(&id).fetch_all(&mut admin).await.unwrap();
    for event in data {
        let text = String::from_utf8_lossy(&event).into_owned();
        assert!(!text.contains(HANDLER) && !text.contains("薛少杰"), "{text}");
    }
    house.stop().await;
}
