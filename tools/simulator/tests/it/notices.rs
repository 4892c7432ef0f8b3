//! Notices to correct a violation, their answers, and papers that need no decision.

use gongxin_exchange::digest;
use gongxin_kernel::new_uuid;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{
    Envelope, OpenChannelPaper, ViolationItemAnswer, ViolationNoticeAnswer,
};
use gongxin_simulator::{Pending, Running};
use gongxin_testkit::{eventually, until};
use serde_json::{Value, json};
use tonic::Code;

use crate::police::{Down, Mishap, Police};
use crate::world::{
    CASE, Folder, NINE, NOWHERE, POLICE, PROCURATORATE, deliver, get, police_key, post, refusal,
};

const LEVEL: Pending = Pending { undecided: 0, unsent: 0, next_at: None };
const NUMBER: &str = "明检纠违〔2026〕1号";
const ANSWER: &str = "明公（法）纠复字〔2026〕1号";

async fn level(running: &Running) {
    until(LEVEL, async || running.pending()).await;
}

fn order() -> Value {
    json!({
        "to": POLICE,
        "notice_number": NUMBER,
        "case_number": CASE,
        "unit_code": "619921010000",
        "unit_name": "城关派出所",
        "items": [{"fact": "拘留后未通知家属", "basis": "刑事诉讼法第八十五条", "demand": "立即纠正"}],
        "answer_due_at": "2026-01-20T15:59:59Z",
    })
}

fn envelope(document: Document) -> Envelope {
    Envelope {
        key: new_uuid().to_string(),
        sender: POLICE.into(),
        receiver: PROCURATORATE.into(),
        created_at: NINE.into(),
        document: Some(document),
    }
}

/// The answer to the notice that the police received last.
fn answer(police: &Police) -> ViolationNoticeAnswer {
    let call = police.calls().pop().unwrap();
    ViolationNoticeAnswer {
        in_reply_to: call.envelope.key,
        in_reply_to_digest: digest(&call.bytes).to_vec(),
        document_number: ANSWER.into(),
        notice_number: NUMBER.into(),
        items: vec![ViolationItemAnswer { corrected: true, text: "已补办通知".into() }],
        answered_at: NINE.into(),
    }
}

#[tokio::test]
async fn req_acc_10_a_notice_goes_out_when_told_and_its_answer_is_kept() {
    let (folder, police) = (Folder::new("notice"), Police::up());
    let running = folder.start(&police.url).await;
    let (status, issued) = post(running.address, "/notices", &order()).await;
    assert_eq!(status, 200, "{issued}");
    level(&running).await;

    let calls = police.calls();
    let [call] = &calls[..] else { panic!("{calls:?}") };
    assert_eq!(call.envelope.key, issued["key"]);
    let Some(Document::ViolationNotice(notice)) = &call.envelope.document else {
        panic!("{:?}", call.envelope)
    };
    assert_eq!((&*notice.notice_number, &*notice.case_number), (NUMBER, CASE));
    assert_eq!((&*notice.issued_at, &*notice.answer_due_at), (NINE, "2026-01-20T15:59:59Z"));
    assert_eq!(notice.items[0].demand, "立即纠正");
    assert_eq!(running.notices()[0].answer_number, None);

    let sent = police_key().seal(&envelope(Document::ViolationNoticeAnswer(answer(&police))));
    let receipt = deliver(running.address, &sent).await.unwrap();
    assert_eq!(deliver(running.address, &sent).await.unwrap(), receipt);
    running.stop().await.unwrap();

    // What was issued and kept is there after the next start, and nothing is sent again.
    let running = folder.start(&police.url).await;
    let notice = running.notices().remove(0);
    assert_eq!((notice.received, notice.answer_number.as_deref()), (true, Some(ANSWER)));
    let letters = get(running.address, "/letters").await;
    assert_eq!(letters["letters"][0]["about"], NUMBER);
    assert_eq!(letters["letters"][0]["corrected"], json!([true]));
    assert_eq!(deliver(running.address, &sent).await.unwrap(), receipt);
    assert_eq!(police.calls().len(), 1);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn req_acc_10_a_notice_goes_out_unchanged_until_its_receipt_is_valid() {
    let folder = Folder::new("notice-again");
    let police = Down::new().up(&[Mishap::ReceiptLost, Mishap::ReceiptForged]);
    let running = folder.start(&police.url).await;
    post(running.address, "/notices", &order()).await;
    eventually("three calls", async || (police.calls().len() == 3).then_some(())).await;
    level(&running).await;
    let calls = police.calls();
    assert!(calls.iter().all(|call| call.bytes == calls[0].bytes));
    running.stop().await.unwrap();
}

#[tokio::test]
async fn req_acc_10_one_number_is_one_notice() {
    let folder = Folder::new("notice-number");
    let running = folder.start(NOWHERE).await;
    let (_, first) = post(running.address, "/notices", &order()).await;
    assert_eq!(post(running.address, "/notices", &order()).await, (200, first));
    let mut other = order();
    other["items"][0]["demand"] = "不必纠正".into();
    assert_eq!(post(running.address, "/notices", &other).await.0, 409);
    assert_eq!(running.notices().len(), 1);
    assert_eq!(running.pending().unsent, 1);
    for (field, value) in [
        ("to", json!("court:619921")),
        ("notice_number", json!(" ")),
        ("case_number", json!("A1")),
        ("unit_code", json!("7")),
        ("items", json!([])),
        ("answer_due_at", json!(NINE)),
    ] {
        let mut bad = order();
        bad["notice_number"] = "明检纠违〔2026〕2号".into();
        bad[field] = value;
        assert_eq!(post(running.address, "/notices", &bad).await.0, 400, "{field}");
    }
    assert_eq!(running.notices().len(), 1);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn req_acc_10_an_answer_to_nothing_or_to_something_else_is_refused() {
    let (folder, police) = (Folder::new("notice-stray"), Police::up());
    let running = folder.start(&police.url).await;
    post(running.address, "/notices", &order()).await;
    level(&running).await;
    let good = answer(&police);
    let with = |change: fn(&mut ViolationNoticeAnswer)| {
        let mut answer = good.clone();
        change(&mut answer);
        police_key().seal(&envelope(Document::ViolationNoticeAnswer(answer)))
    };
    for (sent, field) in [
        (with(|a| a.in_reply_to = new_uuid().to_string()), "in_reply_to"),
        (with(|a| a.in_reply_to_digest[0] ^= 1), "in_reply_to_digest"),
        (with(|a| a.notice_number = "1".into()), "notice_number"),
        (with(|a| a.document_number.clear()), "document_number"),
        (with(|a| a.items.clear()), "items"),
        (with(|a| a.items[0].text = " ".into()), "items"),
    ] {
        let refused = deliver(running.address, &sent).await.unwrap_err();
        let (code, reason, fields) = refusal(&refused);
        assert_eq!((code, &*reason), (Code::InvalidArgument, "ENVELOPE_INVALID"));
        assert_eq!(fields, [format!("violation_notice_answer.{field}")]);
    }
    deliver(running.address, &with(|_| {})).await.unwrap();
    let refused = deliver(running.address, &with(|_| {})).await.unwrap_err();
    assert_eq!(refusal(&refused).2, ["violation_notice_answer.in_reply_to"]);
    assert_eq!(running.letters().len(), 1);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn req_run_2_a_paper_of_an_open_channel_is_kept_and_needs_no_decision() {
    let (folder, police) = (Folder::new("open-channel"), Police::up());
    let running = folder.start(&police.url).await;
    let paper = OpenChannelPaper {
        document_number: "明看〔2026〕3号".into(),
        title: "羁押期限即将届满通知书".into(),
        channel: "resident_procurators".into(),
        ground: "《看守所条例》第八条".into(),
        about: "羁押期限将于三日后届满".into(),
        ..OpenChannelPaper::default()
    };
    let sent = police_key().seal(&envelope(Document::OpenChannelPaper(paper.clone())));
    deliver(running.address, &sent).await.unwrap();
    let bare = OpenChannelPaper { ground: String::new(), ..paper };
    let bare = police_key().seal(&envelope(Document::OpenChannelPaper(bare)));
    let refused = deliver(running.address, &bare).await.unwrap_err();
    assert_eq!(refusal(&refused).2, ["open_channel_paper.ground"]);

    let letter = running.letters().remove(0);
    assert_eq!((&*letter.kind, &*letter.about), ("open_channel_paper", "resident_procurators"));
    assert_eq!(running.pending(), LEVEL);
    assert!(running.received().is_empty() && police.calls().is_empty());
    running.stop().await.unwrap();
}
