//! Whatever somebody changes in the rows is found by an auditor.

use gongxin_review::Review;
use gongxin_testkit::every_change_is_found;

use crate::channels::paper as sending;
use crate::notices::paper as notice;
use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_row_of_a_case_is_found() {
    let office = Office::open().await;
    let case = office.case(&["张某某"]).await;
    office.detain(&case).await;
    let request = office.submit(&case).await;
    let message = Office::correction(&case, &request);
    office.review().return_for_correction(office.call(&reviewer(), message)).await.unwrap();
    let message = Office::answers(&case, &request);
    office.review().answer_correction(office.call(&handler(), message)).await.unwrap();
    office.pass(&case, &request).await;
    office.approve(&case, &request).await;
    office.exit_at(&case, gongxin_proto::review::v1::ExitStage::Delivered).await;
    office.noticed(notice("明检纠违〔2026〕1号", &case.case_number)).await;
    office.send(sending(Some(&case))).await.unwrap();
    office.received().await;

    let changes = [
        ("cases", "charge = '抢劫罪'"),
        ("cases", "handlers = handlers || '{619999}'"),
        ("suspects", "name = '李某某'"),
        ("review_requests", "ground = ground || '。'"),
        ("review_requests", "opinion_text = opinion_text || '。'"),
        ("corrections", "answers = array_replace(answers, answers[1], '没有')"),
        ("exits", "document_number = '明公（刑）提捕字〔2026〕9号'"),
        ("exits", "received_at = received_at + interval '1 second'"),
        ("violation_notices", "sender = 'procuratorate:619999'"),
        ("open_sendings", "about = about || '。'"),
    ];
    let world = office.deployment.world();
    every_change_is_found(world, "review", &Review, &changes).await;
}
