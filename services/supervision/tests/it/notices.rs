//! The procuratorate's notices and the open channels as supervision hears of them.

use gongxin_kernel::new_uuid;
use gongxin_proto::common::v1::Unit;
use gongxin_proto::review::v1 as review;
use gongxin_proto::supervision::v1::{FindingKind, FindingStage};
use gongxin_testkit::until;
use uuid::Uuid;

use crate::house::{House, unit};

const CASE: &str = "A6199210100002026010001";
const NUMBER: &str = "明检纠违〔2026〕1号";
const DUE: &str = "2026-01-20T15:59:59Z";

/// The unit that the notice concerns is not always the one that handles the case.
fn concerned() -> Unit {
    Unit { code: "619921080000".into(), name: "明川县看守所".into() }
}

fn overdue(notice: Uuid, case: &str) -> review::ViolationNoticeOverdue {
    review::ViolationNoticeOverdue {
        notice_id: notice.to_string(),
        number: NUMBER.into(),
        case_number: CASE.into(),
        case_id: case.into(),
        unit: Some(concerned()),
        answer_due_at: DUE.into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_10_an_overdue_notice_opens_one_finding_on_the_case_and_the_unit_concerned() {
    let house = House::open().await;
    let (case, notice) = (house.case().await, new_uuid());
    let (notice_id, number) = (notice.to_string(), NUMBER.to_owned());
    let (case_id, case_number) = (case.to_string(), CASE.to_owned());
    let event = review::ViolationNoticeReceived {
        notice_id: notice_id.clone(),
        number: number.clone(),
        sender: "procuratorate:619921".into(),
        case_number: case_number.clone(),
        case_id: case_id.clone(),
        unit: Some(concerned()),
        items: 2,
        answer_due_at: DUE.into(),
    };
    house.review(notice, "violation_notice.received", event).await;
    let event = overdue(notice, &case_id);
    let ended = house.review(notice, "violation_notice.overdue", event).await;
    let event = review::ViolationNoticeAnswered {
        notice_id,
        number,
        case_number,
        case_id,
        unit: Some(concerned()),
        answer_due_at: DUE.into(),
        exit_id: new_uuid().to_string(),
        document_number: "明公（法）纠复字〔2026〕1号".into(),
        corrected: 2,
        not_accepted: 0,
        late: true,
    };
    house.review(notice, "violation_notice.answered", event).await;

    let found = house.until_stage(&ended.to_string(), FindingStage::Alarmed).await;
    assert_eq!(found.kind(), FindingKind::ViolationNoticeOverdue);
    assert_eq!(found.case_number, CASE);
    assert_eq!(found.unit.unwrap().name, "明川县看守所");
    // The case shows the whole course, and the report that made it known here.
    until(4, || house.count("timeline", case)).await;
    assert_eq!(house.count("findings", case).await, 1);
    assert_eq!(house.count("findings", notice).await, 0);
    gongxin_testkit::conforms(&house.deployment, "supervision", &house.url).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_a_notice_without_a_case_is_a_matter_of_its_own() {
    let house = House::open().await;
    let notice = new_uuid();
    let ended = house.review(notice, "violation_notice.overdue", overdue(notice, "")).await;
    let found = house.until_stage(&ended.to_string(), FindingStage::Alarmed).await;
    assert_eq!(
        (found.kind(), found.case_number.as_str()),
        (FindingKind::ViolationNoticeOverdue, CASE)
    );
    assert_eq!(house.count("findings", notice).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn req_run_2_a_paper_by_an_open_channel_is_an_entry_and_never_a_finding() {
    let house = House::open().await;
    let (case, sending) = (house.case().await, new_uuid());
    let event = review::OpenChannelSent {
        sending_id: sending.to_string(),
        channel: "resident_procurators".into(),
        ground: "《看守所条例》第八条".into(),
        document_number: "明看〔2026〕3号".into(),
        unit: Some(concerned()),
        case_id: case.to_string(),
        case_number: CASE.into(),
    };
    house.review(sending, "open_channel.sent", event).await;
    let event = review::DirectSendingRefused {
        case_id: case.to_string(),
        case_number: CASE.into(),
        unit: Some(unit()),
        document: "起诉意见书".into(),
    };
    let refused = house.review(case, "gate.direct_sending_refused", event).await;
    house.until_stage(&refused.to_string(), FindingStage::Alarmed).await;
    until(3, || house.count("timeline", case)).await;
    assert_eq!(house.count("findings", case).await, 1, "that of the refused sending alone");
}
