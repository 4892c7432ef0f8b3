//! What is decided, when, and how the answer gets to the police.

use std::collections::BTreeSet;

use gongxin_exchange::digest;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{ArrestRequest, Envelope};
use gongxin_simulator::{Options, Pending, Running, Simulator, State};
use gongxin_testkit::{eventually, until};

use crate::police::{Down, Mishap, Police};
use crate::world::{
    CASE, Folder, NINE, NOWHERE, POLICE, PROCURATORATE, TRACEPARENT, deliver, envelope, police_key,
};

const LEVEL: Pending = Pending { undecided: 0, unsent: 0, next_at: None };

/// Waits until nothing is open.
async fn level(running: &Running) {
    until(LEVEL, async || running.pending()).await;
}

/// A request of its own case.
fn of_case(case_number: &str) -> Envelope {
    let mut envelope = envelope();
    let Some(Document::ArrestRequest(ArrestRequest { case_number: number, .. })) =
        &mut envelope.document
    else {
        unreachable!("the sample is an arrest request");
    };
    case_number.clone_into(number);
    envelope
}

#[tokio::test]
async fn a_request_is_approved_in_answer_to_exactly_what_was_sent() {
    let (folder, police) = (Folder::new("approved"), Police::up());
    let running = folder.start(&police.url).await;
    let asked = envelope();
    let sent = police_key().seal(&asked);

    deliver(running.address, &sent).await.unwrap();
    level(&running).await;

    let calls = police.calls();
    let [call] = &calls[..] else { panic!("{calls:?}") };
    let decision = call.decision();
    assert_eq!((&*call.envelope.sender, &*call.envelope.receiver), (PROCURATORATE, POLICE));
    assert_eq!(decision.in_reply_to, asked.key);
    assert_eq!(decision.in_reply_to_digest, digest(&sent.envelope));
    assert_eq!(decision.document_number, "明检批捕〔2026〕1号");
    assert_eq!((decision.approved, &*decision.reasons), (true, ""));
    assert_eq!(decision.decided_at, NINE);
    assert_eq!(call.traceparent.as_deref(), Some(TRACEPARENT));
    let paper = running.received().remove(0);
    assert_eq!(paper.state, State::Answered);
    assert_eq!(paper.answer.unwrap().key, call.envelope.key);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_plan_written_while_it_runs_decides_what_comes_after() {
    let (folder, police) = (Folder::new("plan"), Police::up());
    folder.set_plan("{}");
    let options = Options { plan: Some(folder.path("plan")), ..folder.options(&police.url) };
    let running = Simulator::start(options).await.unwrap();
    folder.set_plan(&format!(r#"{{"{CASE}": {{"decision": "refuse", "reasons": "证据不足"}}}}"#));

    let (refused, approved) = (of_case(CASE), of_case("A6199210100002026010008"));
    for envelope in [&refused, &approved] {
        deliver(running.address, &police_key().seal(envelope)).await.unwrap();
    }
    level(&running).await;

    let calls = police.calls();
    assert_eq!(calls.len(), 2);
    let answer = |asked: &Envelope| {
        let call = calls.iter().find(|call| call.decision().in_reply_to == asked.key);
        let decision = call.unwrap().decision();
        (decision.approved, &*decision.reasons, &*decision.document_number)
    };
    assert_eq!(answer(&refused), (false, "证据不足", "明检不批捕〔2026〕1号"));
    assert_eq!(answer(&approved), (true, "", "明检批捕〔2026〕1号"));
    running.stop().await.unwrap();
}

#[tokio::test]
async fn without_a_readable_plan_nothing_is_decided() {
    let (folder, police) = (Folder::new("no-plan"), Police::up());
    folder.set_plan("{}");
    let options = Options { plan: Some(folder.path("plan")), ..folder.options(&police.url) };
    let running = Simulator::start(options).await.unwrap();
    folder.set_plan("{");

    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();
    assert_eq!(running.pending().undecided, 1);
    folder.set_plan(&format!(r#"{{"{CASE}": {{"decision": "refuse", "reasons": "证据不足"}}}}"#));
    level(&running).await;

    // A decision without the plan would have been an approval.
    let calls = police.calls();
    assert_eq!((calls.len(), calls[0].decision().approved), (1, false));
    running.stop().await.unwrap();
}

#[tokio::test]
async fn a_decision_waits_for_the_manual_clock() {
    let (folder, police) = (Folder::new("clock"), Police::up());
    let options = Options { decide_after_hours: 72, ..folder.options(&police.url) };
    let running = Simulator::start(options).await.unwrap();
    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();

    let due = "2026-01-08T01:00:00Z";
    let waiting = Pending { undecided: 1, unsent: 0, next_at: Some(due.parse().unwrap()) };
    folder.set_clock("2026-01-08T00:59:59.999999Z");
    assert_eq!(running.pending(), waiting);
    folder.set_clock(due);
    level(&running).await;

    let calls = police.calls();
    assert_eq!(calls.len(), 1);
    // Decided before, it would bear an earlier time.
    assert_eq!(calls[0].decision().decided_at, due);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn police_that_are_down_get_the_answer_once_when_they_are_up() {
    let (folder, down) = (Folder::new("down"), Down::new());
    let running = folder.start(&down.url).await;
    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();
    until(Pending { unsent: 1, ..LEVEL }, async || running.pending()).await;
    let decided = running.received().remove(0).answer.unwrap();

    let police = down.up(&[]);
    level(&running).await;

    let calls = police.calls();
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].envelope.key, decided.key);
    running.stop().await.unwrap();
}

#[tokio::test]
async fn an_answer_goes_out_unchanged_until_its_receipt_is_valid() {
    let folder = Folder::new("again");
    let police = Down::new().up(&[Mishap::ReceiptLost, Mishap::ReceiptForged]);
    let running = folder.start(&police.url).await;
    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();
    eventually("three calls", async || (police.calls().len() == 3).then_some(())).await;
    level(&running).await;

    let calls = police.calls();
    assert_eq!(calls.len(), 3);
    let contents: BTreeSet<_> = calls.iter().map(|call| &call.bytes).collect();
    assert_eq!(contents.len(), 1, "{calls:?}");
    running.stop().await.unwrap();
}

#[tokio::test]
async fn without_its_clock_it_ends_rather_than_guess_the_time() {
    let folder = Folder::new("no-clock");
    let options = Options { decide_after_hours: 1, ..folder.options(NOWHERE) };
    let mut running = Simulator::start(options).await.unwrap();
    deliver(running.address, &police_key().seal(&envelope())).await.unwrap();

    std::fs::remove_file(folder.path("clock")).unwrap();

    let ended = running.ended().await.unwrap_err();
    assert_eq!(ended.to_string(), "answering ended");
}
