//! Clues that come from findings of supervision: once, about a matter, naming nobody.

use gongxin_kernel::{Staff, new_uuid};
use gongxin_proto::accountability::v1::{
    Clue, ClueSource, ClueStage, Conduct, ListCluesRequest, OpenClueRequest,
};
use gongxin_proto::supervision::v1::FindingKind;
use gongxin_testkit::{reason, until};
use uuid::Uuid;

use crate::house::{
    House, LEGAL, STATION, clue, discipline, handler, inspector, leader, named, no_fault, opener,
    reviewer, staff,
};
use crate::supervision::{
    CASE, PROPOSED, SUPERVISOR, closed, clue_sent, matter, opened, publish, recording,
};

/// What guard 3 lists: a clue at once, without anybody's word.
const AT_ONCE: [(FindingKind, Conduct); 5] = [
    (FindingKind::ReportUnregistered, Conduct::NotDone),
    (FindingKind::FilingReviewOverdue, Conduct::DoneLate),
    (FindingKind::CustodyOverdue, Conduct::DoneLate),
    (FindingKind::SentPastGate, Conduct::DoneWrongly),
    (FindingKind::RecordingDestroyed, Conduct::DoneWrongly),
];

impl House {
    /// A finding that supervision opened.
    async fn found(&self, kind: FindingKind, unit: &str, at_once: bool) -> Uuid {
        let finding = new_uuid();
        let message = opened(matter(finding, kind, unit), at_once);
        publish(self.world(), finding, "finding.opened", message).await;
        finding
    }

    /// An officer of supervision sends the finding on.
    async fn sent(&self, finding: Uuid, kind: FindingKind, unit: &str) {
        let message = clue_sent(matter(finding, kind, unit));
        publish(self.world(), finding, "finding.clue_sent", message).await;
    }

    /// Waits until everything that supervision said has been applied.
    async fn level(&self) {
        let mut admin = self.world().admin().await;
        let said: i64 = sqlx::query_scalar("select count(*) from supervision.events")
            .fetch_one(&mut admin)
            .await
            .unwrap();
        until(true, async || {
            let sql = "select coalesce(max(position), 0) from accountability.cursors
                        where name = '619921/supervision'";
            let mut admin = self.world().admin().await;
            sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut admin).await.unwrap() >= said
        })
        .await;
    }

    async fn clues(&self) -> Vec<String> {
        let message = ListCluesRequest::default();
        let call = self.deployment.call(&reviewer(), message);
        let page = self.api.clone().list_clues(call).await.unwrap().into_inner();
        page.clues.into_iter().map(|line| line.clue_id).collect()
    }

    /// Everything that the service keeps and says of its clues, as text.
    async fn kept(&self) -> String {
        let sql = "select coalesce(string_agg(t, ' '), '') from (
                     select clues::text as t from accountability.clues
                     union all select clue_acts::text from accountability.clue_acts
                     union all select encode(data, 'escape') from accountability.events
                     union all select view from accountability.events) as all_of";
        sqlx::query_scalar(sql).fetch_one(&mut self.world().admin().await).await.unwrap()
    }

    async fn read(&self, by: &Staff, finding: Uuid) -> Clue {
        self.clue(by, &finding.to_string()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_3_five_kinds_of_finding_are_a_clue_at_once_that_names_case_and_unit_only() {
    let house = House::new().await;
    for (kind, conduct) in AT_ONCE {
        let finding = house.found(kind, STATION, true).await;
        house.until_happened(&finding.to_string(), &["clue.opened"]).await;
        let read = house.read(&inspector(), finding).await;
        assert_eq!((read.source(), read.conduct()), (ClueSource::Finding, conduct), "{kind:?}");
        assert_eq!((read.case_number.as_str(), read.stage()), (CASE, ClueStage::Verification));
        assert_eq!(read.unit.unwrap().code, STATION);
        assert_eq!(read.origin_id, finding.to_string());
        assert!(read.officers.is_empty());
        assert_eq!(read.history[0].actor, "service:619921/supervision");
    }
    assert_eq!(house.clues().await.len(), AT_ONCE.len());
    house.conforms().await;
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_3_other_findings_are_a_clue_once_a_person_sends_them_and_carry_no_person_or_clause()
 {
    let house = House::new().await;
    let kind = FindingKind::RecordingMissing;
    let finding = house.found(kind, STATION, false).await;
    publish(house.world(), new_uuid(), "recording.registered", recording(new_uuid())).await;
    house.level().await;
    assert!(house.clues().await.is_empty());

    house.sent(finding, kind, STATION).await;
    let id = finding.to_string();
    house.until_happened(&id, &["clue.opened"]).await;
    let kept = house.kept().await;
    assert!(kept.contains(CASE) && kept.contains(SUPERVISOR), "{kept}");
    for left_out in [PROPOSED, "薛少杰"] {
        assert!(!kept.contains(left_out), "{left_out}: {kept}");
    }
    // Who sent it has been a hand of the clue.
    let sender = staff(SUPERVISOR, "619921080000", gongxin_kernel::Post::Inspector);
    let refused = house.verify(&sender, &id, &[]).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUE_HAND_TWICE");
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_3_a_finding_is_never_two_clues_whoever_comes_first() {
    let house = House::new().await;
    let kind = FindingKind::FilingReviewOverdue;
    // At once, and then sent by a person: the word is added to the clue that is open.
    let finding = house.found(kind, STATION, true).await;
    house.sent(finding, kind, STATION).await;
    let id = finding.to_string();
    let both = ["clue.opened", "clue.finding_confirmed"];
    house.until_happened(&id, &both).await;
    // Supervision says the same again, e.g. after a repair of its log.
    house.sent(finding, kind, STATION).await;
    publish(house.world(), finding, "finding.opened", opened(matter(finding, kind, STATION), true))
        .await;
    publish(house.world(), finding, "finding.closed", closed(matter(finding, kind, STATION))).await;
    house.level().await;
    assert_eq!(house.subjects(&id).await, both);
    assert_eq!(house.clues().await, std::slice::from_ref(&id));
    let by_hand = |origin_id| OpenClueRequest { origin_id, ..clue(house.now()) };
    let call = house.deployment.call(&opener(), by_hand(id.clone()));
    let refused = house.api.clone().open_clue(call).await.unwrap_err();
    assert_eq!(reason(&refused), "CLUE_OF_ORIGIN_EXISTS");

    // A person was first: the finding opens no second clue.
    let other = new_uuid();
    let call = house.deployment.call(&opener(), by_hand(other.to_string()));
    let hers = house.api.clone().open_clue(call).await.unwrap().into_inner().clue_id;
    publish(house.world(), other, "finding.opened", opened(matter(other, kind, STATION), true))
        .await;
    house.sent(other, kind, STATION).await;
    house.until_happened(&hers, &both).await;
    assert_eq!(house.clues().await.len(), 2);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_finding_confirmed_after_the_clue_has_ended_changes_no_outcome() {
    let house = House::new().await;
    let kind = FindingKind::CustodyOverdue;
    let finding = house.found(kind, STATION, true).await;
    let id = finding.to_string();
    house.until_happened(&id, &["clue.opened"]).await;
    house.verify(&inspector(), &id, &[handler()]).await.unwrap();
    house.hear(&inspector(), &id, crate::house::HANDLER).await.unwrap();
    house.review(&reviewer(), &id).await.unwrap();
    house.decide(&leader(), &id, vec![no_fault(crate::house::HANDLER)]).await.unwrap();
    house.sent(finding, kind, STATION).await;
    let all = ["clue.opened", "clue.verified", "clue.officer_named", "clue.heard"];
    let ended = ["clue.reviewed", "clue.no_fault", "clue.finding_confirmed"];
    house.until_happened(&id, &[&all[..], &ended].concat()).await;
    assert_eq!(house.read(&leader(), finding).await.stage(), ClueStage::Closed);
    house.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn req_acc_13_a_finding_about_the_legal_department_or_a_reviewer_goes_to_discipline() {
    let house = House::new().await;
    let kind = FindingKind::CustodyOverdue;
    // One about the legal department itself, and one about a station, where a reviewer is named.
    let department = house.found(kind, LEGAL, true).await.to_string();
    let station = house.found(kind, STATION, true).await.to_string();
    for (id, concerned) in [(department, vec![]), (station, vec![named("619302", LEGAL)])] {
        house.until_happened(&id, &["clue.opened"]).await;
        house.verify(&inspector(), &id, &concerned).await.unwrap();
        for officer in concerned {
            house.hear(&inspector(), &id, &officer.police_number).await.unwrap();
        }
        let refused = house.review(&reviewer(), &id).await.unwrap_err();
        assert_eq!(reason(&refused), "CONFLICT_OF_INTEREST");
        house.review(&discipline(), &id).await.unwrap();
        let read = house.clue(&discipline(), &id).await;
        assert!(read.concerns_legal);
        assert_eq!(read.stage(), ClueStage::Decision);
    }
    house.stop().await;
}
