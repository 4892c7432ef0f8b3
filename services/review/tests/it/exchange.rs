//! The exchange with the procuratorate: what goes out, what comes in, and what is not believed.

use gongxin_exchange::OrganKey;
use gongxin_kernel::new_uuid;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::exchange::v1::{ArrestRequest, DeliverRequest};
use gongxin_proto::review::v1::{ExitStage, MeasureStage};
use gongxin_testkit::{Deployment, eventually};
use tonic::Code;

use crate::court::{POLICE, PROCURATORATE};
use crate::office::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_says_what_was_approved_and_is_the_same_at_every_try() {
    let office = Office::open().await;
    office.court.be_silent(true);
    let (case, exit) = office.approved().await;
    eventually("a second try", async || (office.court.taken().len() > 1).then_some(())).await;
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::Detained);
    assert_eq!(office.pending().await, 1);
    office.court.be_silent(false);
    office.exit_at(&case, ExitStage::Delivered).await;
    assert_eq!(office.pending().await, 0);

    let taken = office.court.taken();
    assert!(taken.iter().all(|(sent, _)| *sent == taken[0].0));
    let envelope = &taken[0].1.envelope;
    assert_eq!((envelope.sender.as_str(), envelope.receiver.as_str()), (POLICE, PROCURATORATE));
    assert_eq!(envelope.created_at, NOW);
    let expected = ArrestRequest {
        document_number: exit.document_number,
        case_number: case.case_number.clone(),
        charge: "盗窃".into(),
        suspect_name: "张某某".into(),
        detained_at: "2026-01-05T00:30:00Z".into(),
        ground: "有证据证明有犯罪事实，有逮捕必要".into(),
    };
    assert_eq!(envelope.document, Some(Document::ArrestRequest(expected)));
    assert_eq!(office.happened(&case, "exit.delivered").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_envelope_that_the_organ_chokes_on_holds_back_no_other_exit() {
    let office = Office::open().await;
    office.court.choke_on_the_first(Code::Unavailable);
    let (stuck, _) = office.approved().await;
    eventually("the first try", async || office.court.taken().first().cloned()).await;
    for code in [Code::Unavailable, Code::ResourceExhausted, Code::Internal] {
        office.court.choke_on_the_first(code);
        let (other, _) = office.approved().await;
        office.exit_at(&other, ExitStage::Delivered).await;
        assert_eq!(office.now(&stuck).await.exits[0].stage(), ExitStage::Ready, "{code:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_decision_gets_the_same_receipt_and_changes_nothing() {
    let office = Office::open().await;
    let (case, _) = office.delivered().await;
    let decision = office.court.decision(true);
    let key = new_uuid().to_string();
    let envelope = office.court.envelope(&key, Document::ArrestRequestDecision(decision.clone()));
    let sent = office.court.seal(&envelope);
    let first = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    let events = office.events().await;
    let second = office.exchange().deliver(sent.clone()).await.unwrap().into_inner();
    assert_eq!(first, second);
    assert_eq!(office.court.check(&first, &sent).key, key);

    let mut other = decision.clone();
    other.approved = false;
    let same_key = office.court.envelope(&key, Document::ArrestRequestDecision(other.clone()));
    let refused = office.exchange().deliver(office.court.seal(&same_key)).await;
    assert_refused(refused, Code::AlreadyExists, "ENVELOPE_KEY_REUSED", &["key"]);
    // Under a key of its own it is another decision on a matter that is decided.
    let refused = office.exchange().deliver(office.court.sealed(other)).await;
    assert_refused(refused, Code::AlreadyExists, "EXIT_ALREADY_RECORDED", &[]);
    // The same decision once more in a new envelope is received and changes nothing.
    office.exchange().deliver(office.court.sealed(decision)).await.unwrap();
    assert_eq!(office.events().await, events);
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::ArrestApproved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_decision_that_overtakes_our_own_record_is_taken_at_its_next_try() {
    let office = Office::open().await;
    office.court.be_silent(true);
    let (case, _) = office.approved().await;
    eventually("the envelope there", async || office.court.taken().first().cloned()).await;
    let sent = office.court.sealed(office.court.decision(true));
    let early = office.exchange().deliver(sent.clone()).await;
    assert_refused(early, Code::Unavailable, "EXIT_DELIVERY_PENDING", &[]);

    office.court.be_silent(false);
    office.exit_at(&case, ExitStage::Delivered).await;
    office.exchange().deliver(sent).await.unwrap();
    assert_eq!(office.now(&case).await.suspects[0].stage(), MeasureStage::ArrestApproved);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_or_stray_envelope_is_refused_and_changes_nothing() {
    let office = Office::open().await;
    let (_, exit) = office.delivered().await;
    let court = &office.court;
    let before = office.events().await;
    let good = court.decision(true);
    let deliver = async |sent: DeliverRequest| office.exchange().deliver(sent).await;

    let mut altered = court.sealed(good.clone());
    altered.envelope[3] ^= 1;
    assert_refused(deliver(altered).await, Code::Unauthenticated, "ENVELOPE_NOT_SIGNED", &[]);
    let unsigned = DeliverRequest { signature: None, ..court.sealed(good.clone()) };
    assert_refused(deliver(unsigned).await, Code::Unauthenticated, "ENVELOPE_NOT_SIGNED", &[]);
    let stranger = stranger(&office.deployment);
    let document = Document::ArrestRequestDecision(good.clone());
    let forged = stranger.seal(&court.envelope(&new_uuid().to_string(), document.clone()));
    assert_refused(deliver(forged).await, Code::Unauthenticated, "ENVELOPE_NOT_SIGNED", &[]);

    let mut elsewhere = court.envelope(&new_uuid().to_string(), document.clone());
    elsewhere.receiver = "police:619922".into();
    let refused = deliver(court.seal(&elsewhere)).await;
    assert_refused(refused, Code::PermissionDenied, "ENVELOPE_NOT_FOR_US", &[]);

    let invalid = |field| (Code::InvalidArgument, "ENVELOPE_INVALID", field);
    let own = Document::ArrestRequest(ArrestRequest::default());
    let with = |change: fn(&mut gongxin_proto::exchange::v1::ArrestRequestDecision)| {
        let mut decision = good.clone();
        change(&mut decision);
        court.sealed(decision)
    };
    let cases = [
        (court.seal(&court.envelope("not-a-uuid", document)), invalid("key")),
        (court.seal(&court.envelope(&new_uuid().to_string(), own)), invalid("document")),
        // Of an exit that was never made.
        (with(|d| d.in_reply_to = new_uuid().to_string()), invalid("in_reply_to")),
        (with(|d| d.in_reply_to = "1".into()), invalid("in_reply_to")),
        (with(|d| d.in_reply_to_digest[0] ^= 1), invalid("in_reply_to_digest")),
        (with(|d| d.document_number.clear()), invalid("document_number")),
        (with(|d| d.document_number = "检".repeat(201)), invalid("document_number")),
        (with(|d| d.document_number = "检\u{202e}捕".into()), invalid("document_number")),
        (with(|d| d.decided_at = "yesterday".into()), invalid("decided_at")),
        (with(|d| d.reasons = "由".repeat(4001)), invalid("reasons")),
    ];
    for (sent, (code, reason, field)) in cases {
        assert_refused(deliver(sent).await, code, reason, &[field]);
    }
    assert_eq!(office.events().await, before);
    assert_eq!(good.in_reply_to, exit.exit_id);
}

/// A key that nobody here knows, in the procuratorate's name.
fn stranger(deployment: &Deployment) -> OrganKey {
    deployment.write_key("stranger", "stranger");
    let pem = std::fs::read_to_string(deployment.path("stranger.key")).unwrap();
    OrganKey::from_pem(PROCURATORATE, &pem).unwrap()
}
