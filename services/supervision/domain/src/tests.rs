//! Findings and recordings: every transition, every refusal, every order of acts.

use gongxin_kernel::new_uuid;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use crate::*;

fn now() -> Timestamp {
    "2026-01-05T01:00:00Z".parse().unwrap()
}

fn later(hours: i64) -> Timestamp {
    now() + SignedDuration::from_hours(hours)
}

fn text(text: &str) -> Text {
    Text::new("reason", text).unwrap()
}

fn unit(code: &str) -> Unit {
    Unit { code: code.parse().unwrap(), name: "单位".into() }
}

fn officer(unit_code: &str) -> Officer {
    Officer { police_number: "619001".into(), name: "民警".into(), unit: unit(unit_code) }
}

/// An officer of the supervision team.
fn supervisor() -> Officer {
    officer("619921090000")
}

/// The head of the unit concerned.
fn head() -> Officer {
    officer("619921010000")
}

fn opening(alarm: bool) -> Opening {
    let case = CaseId::fresh();
    Opening {
        id: FindingId::fresh(),
        kind: FindingKind::RecordingMissing,
        matter: Matter {
            case,
            case_number: "A6199210100002026010001".into(),
            unit: unit("619921010000"),
        },
        subject: case.0,
        alarm,
        at: now(),
    }
}

fn determined(determination: Determination) -> Act {
    Act::Determined { determination, reason: text("已查明") }
}

fn supervised() -> Act {
    Act::Supervised { instruction: text("限期整改"), rectify_by: later(72) }
}

fn rectified() -> Act {
    Act::Rectified { done: text("已补录") }
}

fn confirmed() -> Act {
    Act::Confirmed { note: text("属实") }
}

fn clue() -> Act {
    Act::ClueSent { clause: text("第十条"), ground: text("情节") }
}

fn closed() -> Act {
    Act::Closed { reason: text("已整改到位") }
}

fn by_supervisor(finding: &Finding, act: Act) -> Result<Finding, Refusal> {
    finding.clone().act(act, supervisor(), now())
}

#[test]
fn a_warning_becomes_an_alarm_and_goes_all_the_way() {
    let finding = Finding::open(opening(false));
    assert_eq!(finding.stage(), Stage::Warned);
    let finding = finding.alarm(now()).unwrap();
    let finding = by_supervisor(&finding, determined(Determination::Violation)).unwrap();
    let finding = by_supervisor(&finding, supervised()).unwrap();
    assert_eq!(finding.rectify_by(), Some(later(72)));
    let finding = finding.remind(later(73)).unwrap();
    let finding = finding.act(rectified(), head(), later(80)).unwrap();
    assert_eq!(finding.rectify_by(), None);
    let finding = by_supervisor(&finding, confirmed()).unwrap();
    let finding = by_supervisor(&finding, closed()).unwrap();
    assert_eq!(finding.stage(), Stage::Closed);
    assert_eq!(finding.revision().0, 8);
}

#[test]
fn a_warning_is_closed_by_what_it_waited_for_and_by_nobody_else() {
    let warned = Finding::open(opening(false));
    assert_eq!(by_supervisor(&warned, closed()), Err(Refusal::Stage));
    assert_eq!(by_supervisor(&warned, determined(Determination::Lawful)), Err(Refusal::Stage));
    assert_eq!(warned.met_in_time(text("已登记"), now()).unwrap().stage(), Stage::Closed);
    let alarmed = Finding::open(opening(true));
    assert_eq!(alarmed.met_in_time(text("已登记"), now()), Err(Refusal::Stage));
}

#[test]
fn a_lawful_matter_is_closed_with_its_reason_and_never_supervised() {
    let alarmed = Finding::open(opening(true));
    let lawful = by_supervisor(&alarmed, determined(Determination::Lawful)).unwrap();
    assert_eq!(by_supervisor(&lawful, supervised()), Err(Refusal::Stage));
    assert_eq!(by_supervisor(&lawful, clue()), Err(Refusal::NotAViolation));
    assert_eq!(by_supervisor(&lawful, closed()).unwrap().stage(), Stage::Closed);
}

#[test]
fn a_fault_is_not_closed_before_it_is_rectified_and_confirmed() {
    let alarmed = Finding::open(opening(true));
    for fault in [Determination::Blemish, Determination::Violation] {
        let found = by_supervisor(&alarmed, determined(fault)).unwrap();
        assert_eq!(by_supervisor(&found, closed()), Err(Refusal::Stage));
        let ordered = by_supervisor(&found, supervised()).unwrap();
        assert_eq!(by_supervisor(&ordered, closed()), Err(Refusal::Stage));
        assert_eq!(by_supervisor(&ordered, confirmed()), Err(Refusal::Stage));
    }
}

#[test]
fn nobody_judges_the_own_unit_and_nobody_rectifies_for_another() {
    let alarmed = Finding::open(opening(true));
    let own = alarmed.clone().act(determined(Determination::Lawful), head(), now());
    assert_eq!(own, Err(Refusal::OwnUnit));
    let found = by_supervisor(&alarmed, determined(Determination::Blemish)).unwrap();
    assert_eq!(found.clone().act(supervised(), head(), now()), Err(Refusal::OwnUnit));
    let ordered = by_supervisor(&found, supervised()).unwrap();
    assert_eq!(by_supervisor(&ordered, rectified()), Err(Refusal::OtherUnit));
    let done = ordered.act(rectified(), head(), now()).unwrap();
    for act in [confirmed(), closed(), clue()] {
        assert_eq!(done.clone().act(act, head(), now()), Err(Refusal::OwnUnit));
    }
}

#[test]
fn a_clue_is_sent_once_and_only_of_a_violation() {
    let alarmed = Finding::open(opening(true));
    assert_eq!(by_supervisor(&alarmed, clue()), Err(Refusal::NotAViolation));
    let blemish = by_supervisor(&alarmed, determined(Determination::Blemish)).unwrap();
    assert_eq!(by_supervisor(&blemish, clue()), Err(Refusal::NotAViolation));
    let violation = by_supervisor(&alarmed, determined(Determination::Violation)).unwrap();
    let sent = by_supervisor(&violation, clue()).unwrap();
    assert_eq!(sent.stage(), Stage::Determined);
    assert_eq!(by_supervisor(&sent, clue()), Err(Refusal::ClueAlreadySent));
}

#[test]
fn rectifying_has_a_date_in_the_future_and_can_be_ordered_again() {
    let alarmed = Finding::open(opening(true));
    let found = by_supervisor(&alarmed, determined(Determination::Blemish)).unwrap();
    let past = Act::Supervised { instruction: text("限期整改"), rectify_by: now() };
    assert_eq!(by_supervisor(&found, past), Err(Refusal::RectifyByPast));
    let ordered = by_supervisor(&found, supervised()).unwrap();
    let done = ordered.act(rectified(), head(), now()).unwrap();
    assert_eq!(by_supervisor(&done, supervised()).unwrap().stage(), Stage::Supervised);
}

#[test]
fn the_five_kinds_of_the_guard_and_no_other_are_clues_at_once() {
    let at_once: Vec<_> = FindingKind::ALL.iter().filter(|kind| kind.clue_at_once()).collect();
    let five = [
        FindingKind::FilingReviewOverdue,
        FindingKind::CustodyOverdue,
        FindingKind::ReportUnregistered,
        FindingKind::SentPastGate,
        FindingKind::RecordingDestroyed,
    ];
    assert_eq!(at_once, five.iter().collect::<Vec<_>>());
}

#[test]
fn a_text_is_there_of_bounded_length_and_plain() {
    for bad in ["", " \n", "a\u{0}b", &"字".repeat(4001)] {
        assert_eq!(Text::new("note", bad), Err(Refusal::Text("note")));
    }
    assert_eq!(Text::new("note", "第一段\n第二段").unwrap().as_str(), "第一段\n第二段");
}

#[test]
fn a_digest_is_sixty_four_hexadecimal_digits() {
    let good = "ab".repeat(32);
    assert_eq!(good.parse::<Digest>().unwrap().to_string(), good);
    for bad in ["", "ab", &"zz".repeat(32), &"é".repeat(32), &"+a".repeat(32)] {
        assert_eq!(bad.parse::<Digest>(), Err(Refusal::Value("digest")), "{bad}");
    }
}

fn interrogation(case: CaseId, suspect: SuspectId) -> NewRecording {
    NewRecording {
        case,
        device: DeviceKind::InterrogationSystem,
        stage: RecordedStage::Interrogation,
        suspect: Some(suspect),
        police_number: text("619002"),
        digest: Digest([7; 32]),
        began_at: later(1),
        ended_at: later(2),
    }
}

#[test]
fn a_recording_with_impossible_times_or_without_its_suspect_is_refused() {
    let good = interrogation(CaseId::fresh(), SuspectId::fresh());
    let register = |content: NewRecording| {
        Recording::register(RecordingId::fresh(), content, head(), later(2)).map(|_| ())
    };
    assert_eq!(register(good.clone()), Ok(()));
    let nobody = NewRecording { suspect: None, ..good.clone() };
    assert_eq!(register(nobody), Err(Refusal::Value("suspect_id")));
    let scene = NewRecording { stage: RecordedStage::Scene, ..good.clone() };
    assert_eq!(register(scene), Err(Refusal::Value("suspect_id")));
    let backwards = NewRecording { began_at: later(2), ..good.clone() };
    assert_eq!(register(backwards), Err(Refusal::RecordingTime("began_at")));
    let future = NewRecording { ended_at: later(3), ..good };
    assert_eq!(register(future), Err(Refusal::RecordingTime("ended_at")));
}

#[test]
fn a_watch_is_met_by_this_suspects_interrogation_after_the_detention_alone() {
    let (case, suspect) = (CaseId::fresh(), SuspectId::fresh());
    let watch = Watch::start(FindingId::fresh(), case, suspect, now(), 24);
    assert_eq!((watch.warn_at(), watch.due_at), (later(12), later(24)));
    let good = interrogation(case, suspect);
    assert!(watch.is_met_by(&good));
    let other = NewRecording { suspect: Some(SuspectId(new_uuid())), ..good.clone() };
    assert!(!watch.is_met_by(&other));
    let before = NewRecording { began_at: later(-1), ..good.clone() };
    assert!(!watch.is_met_by(&before));
    let elsewhere = NewRecording { case: CaseId::fresh(), ..good };
    assert!(!watch.is_met_by(&elsewhere));
}

fn define(measures: &[(Measure, u32)]) -> Result<Scheme, Refusal> {
    Scheme::define(SchemeId::fresh(), text("考评"), measures, supervisor(), now())
}

#[test]
fn every_forbidden_measure_is_refused_by_its_name() {
    let good = (Measure::Findings(FindingKind::CustodyOverdue), 20);
    for measure in ForbiddenMeasure::ALL {
        let refused = define(&[good, (Measure::Forbidden(*measure), 1)]);
        assert_eq!(refused, Err(Refusal::ForbiddenMeasure(*measure)));
    }
    assert_eq!(define(&[]), Err(Refusal::SchemeItems));
    assert_eq!(define(&[good, good]), Err(Refusal::SchemeItems));
    for points in [0, 101] {
        assert_eq!(define(&[(good.0, points)]), Err(Refusal::SchemeItems));
    }
    assert_eq!(define(&[good]).unwrap().items.len(), 1);
}

#[test]
fn a_score_is_explained_to_the_single_finding_and_never_below_nothing() {
    let custody = FindingKind::CustodyOverdue;
    let items = [SchemeItem { kind: custody, points: 60 }];
    let (one, two, other) = (FindingId::fresh(), FindingId::fresh(), FindingId::fresh());
    let (left, why) = score(&items, &[(one, custody), (other, FindingKind::RecordingMissing)]);
    assert_eq!((left, why), (40, vec![Deduction { finding: one, kind: custody, points: 60 }]));
    assert_eq!(score(&items, &[(one, custody), (two, custody)]).0, 0);
    assert_eq!(score(&items, &[]).0, 100);
}

fn any_act() -> impl Strategy<Value = (Act, Option<Officer>)> {
    let act = prop_oneof![
        Just(Act::Alarmed),
        Just(determined(Determination::Lawful)),
        Just(determined(Determination::Blemish)),
        Just(determined(Determination::Violation)),
        Just(supervised()),
        Just(Act::Reminded { rectify_by: later(72) }),
        Just(rectified()),
        Just(confirmed()),
        Just(clue()),
        Just(closed()),
    ];
    (act, prop_oneof![Just(None), Just(Some(supervisor())), Just(Some(head()))])
}

proptest! {
    #[test]
    fn whatever_is_tried_a_finding_is_closed_with_a_reason_and_reads_back_the_same(
        alarm in any::<bool>(),
        acts in prop::collection::vec(any_act(), 0..40),
    ) {
        let mut finding = Finding::open(opening(alarm));
        for (act, by) in acts {
            let next = finding.clone().with(Done { act, by, at: now() });
            if let Ok(next) = next {
                prop_assert_ne!(finding.stage(), Stage::Closed);
                prop_assert_ne!(finding.canonical(), next.canonical());
                finding = next;
            }
        }
        let ends = finding.done().iter().filter(|d| matches!(d.act, Act::Closed { .. })).count();
        prop_assert_eq!(ends, usize::from(finding.stage() == Stage::Closed));
        let stored = Finding::replay(finding.opening().clone(), finding.done().to_vec());
        prop_assert_eq!(stored, Ok(finding));
    }
}
