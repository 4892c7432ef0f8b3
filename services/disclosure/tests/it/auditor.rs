//! Whatever somebody changes in the rows is found by an auditor.

use gongxin_disclosure::Disclosure;
use gongxin_proto::disclosure::v1::{DocumentKind, Holder};
use gongxin_testkit::every_change_is_found;

use crate::house::{House, petitions};
use crate::publications::{proposal, propose};
use crate::visits::record;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_of_disclosure_is_found() {
    let house = House::new().await;
    let visit = house.filed(1).await;
    house.issue(1, Holder::Victim).await;
    record(&house, &petitions(), &visit.visit_id, 4).await.unwrap();
    let text = "对某商行罚款一万元";
    propose(&house, proposal(DocumentKind::OtherPenalty, text)).await.unwrap();

    let changes = [
        ("matters", "number = number || '一'"),
        ("access_codes", "salt = substr(digest, 1, 16)"),
        ("access_codes", "digest = sha256('another')"),
        ("visits", "rating = 5"),
        ("visits", "words = words || '。'"),
        ("publications", "text = text || '。'"),
    ];
    every_change_is_found(house.world(), "disclosure", &Disclosure, &changes).await;
}
