//! Whatever somebody changes in the rows is found by an auditor.

use gongxin_kernel::new_uuid;
use gongxin_proto::supervision::v1::{Determination, Measure};
use gongxin_supervision::Supervision;
use gongxin_testkit::every_change_is_found;

use crate::house::{House, supervisor};
use crate::recordings::interrogation;
use crate::schemes::legal_head;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_of_supervision_is_found() {
    let house = House::open().await;
    let finding = house.overdue_review().await;
    house.determine(&supervisor(), &finding, Determination::Violation).await.unwrap();
    let case = house.case().await;
    house.record(interrogation(case, new_uuid(), house.now())).await;
    house.define(&legal_head(), &[(Measure::FilingReviewOverdue, 5)]).await.unwrap();

    let changes = [
        ("findings", "unit_name = unit_name || '一'"),
        ("findings", "opened_at = opened_at - interval '1 day'"),
        ("finding_acts", "text = text || '。'"),
        ("finding_acts", "determination = 'lawful' where act = 'determined'"),
        ("recordings", "digest = sha256('another')"),
        ("recordings", "police_number = '619999'"),
        ("schemes", "name = name || '一'"),
        ("scheme_items", "points = points + 1"),
    ];
    every_change_is_found(house.world(), "supervision", &Supervision, &changes).await;
}
