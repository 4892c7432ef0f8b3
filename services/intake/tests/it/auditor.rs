//! Whatever somebody changes in the rows is found by an auditor.

use gongxin_intake::Intake;
use gongxin_proto::intake::v1::FilingOutcome;
use gongxin_testkit::every_change_is_found;

use crate::calls::call;
use crate::house::{House, leader, theft};

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_of_the_register_is_found() {
    let house = House::new().await;
    house.record(call(house.now(), "J6199210000202601050099")).await.unwrap();
    let told = house.register(theft(house.now())).await;
    house.decide(&leader(), &told.report_id, FilingOutcome::NotFiled).await.unwrap();

    let changes = [
        ("reports", "facts = facts || '。'"),
        ("reports", "reporter_phone = '19900006071'"),
        ("reports", "decision_ground = decision_ground || '。'"),
        ("reports", "revision = revision + 1"),
        ("report_suspects", "name = name || '甲'"),
        ("report_periods", "due_at = due_at + interval '1 second'"),
        ("calls", "told = told || '。'"),
        (
            "documents",
            "content = content || ' ', digest = sha256(convert_to(content || ' ', 'UTF8'))",
        ),
    ];
    every_change_is_found(house.world(), "intake", &Intake, &changes).await;
    house.stop().await;
}
