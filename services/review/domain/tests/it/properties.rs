//! What holds after any sequence of commands, sensible or not.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use gongxin_law::Calendar;
use gongxin_review_domain::{
    ArrestDecision, CarriedOut, CaseFile, Changed, ClockChange, ClockRule, CourtVerdict,
    DetentionExtension, DossierPart, Event, ExitId, ExitStage, Law, MeasureKind, Opinion, Period,
    ProsecutionDecision, Refusal, RequestStage, ReviewItem, ReviewRequestId, Snapshot, Stage,
    Submission, SuspectId, Verdict,
};
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use uuid::Uuid;

use crate::world::*;

const OFFICERS: [&str; 5] = [REGISTRAR, HANDLER, REVIEWER, LEADER, OTHER];

/// One command with raw choices; which suspect, request or exit is meant is settled when it runs.
#[derive(Clone, Copy, Debug)]
struct Step {
    command: u8,
    pick: usize,
    officer: usize,
    flag: bool,
    hours: i64,
}

fn any_steps() -> impl Strategy<Value = Vec<Step>> {
    let step = (0_u8..22, 0_usize..4, 0_usize..5, any::<bool>(), 0_i64..40).prop_map(
        |(command, pick, officer, flag, hours)| Step { command, pick, officer, flag, hours },
    );
    // Mixed with whole ways through review, which chance alone would seldom find.
    let way = (any::<bool>(), any::<bool>(), 0_usize..2).prop_map(|(held, granted, pick)| {
        let step = |command, officer, flag, hours| Step { command, pick, officer, flag, hours };
        vec![
            step(if held { 0 } else { 13 }, 1, true, 1),
            step(2, 1, true, 1),
            step(3, 2, true, 0),
            step(if granted { 4 } else { 12 }, 1, true, 5),
            step(5, 2, true, 1),
            step(6, 3, true, 1),
            step(7, 0, true, 1),
            step(8, 0, granted, 5),
            step(if granted { 9 } else { 10 }, 1, true, 1),
        ]
    });
    // From an arrest, a bail or nothing to the procuratorate and, by chance, back and to court.
    let further = (0_u8..3, 0_usize..2, 0_i64..900).prop_map(|(outcome, pick, hours)| {
        let step =
            |command, officer, hours| Step { command, pick, officer, flag: outcome == 0, hours };
        vec![
            step(14, 1, 1),
            step(15, 3, 1),
            step(16, 1, 1),
            Step { flag: true, ..step(5, 2, 1) },
            Step { flag: true, ..step(6, 3, 1) },
            step(7, 0, 1),
            step(17 + u8::from(outcome == 1), 0, hours),
            step(16, 1, 1),
            Step { flag: true, ..step(5, 2, 1) },
            Step { flag: true, ..step(6, 3, 1) },
            step(7, 0, hours),
        ]
    });
    let part = prop_oneof![3 => step.prop_map(|step| vec![step]), 1 => way, 1 => further];
    proptest::collection::vec(part, 1..30).prop_map(|parts| parts.concat())
}

fn pick<T: Copy>(of: &[T], at: usize) -> Option<T> {
    (!of.is_empty()).then(|| of[at % of.len()])
}

fn run(
    case: CaseFile,
    step: Step,
    now: Timestamp,
    law: &Law<'_>,
) -> Option<Result<Changed, Refusal>> {
    let suspects: Vec<SuspectId> = case.suspects().iter().map(|suspect| suspect.id).collect();
    let requests: Vec<ReviewRequestId> = case.requests().iter().rev().map(|r| r.id).collect();
    let exits: Vec<ExitId> = case.exits().iter().rev().map(|exit| exit.id).collect();
    let suspect = pick(&suspects, step.pick)?;
    let officer = officer(OFFICERS[step.officer]);
    let act = CarriedOut {
        suspect,
        document_number: format!("明公字〔2026〕{}号", step.pick + 1),
        done_at: now - SignedDuration::from_hours(step.hours % 3),
        officer: officer.clone(),
    };
    let kind = if step.flag { MeasureKind::Detention } else { MeasureKind::Bail };
    let opinion = if step.flag { Opinion::Pass } else { Opinion::Refuse };
    let texts = || vec!["事项".to_owned()];
    Some(match step.command {
        0 => case.enter_measure(kind, act, now, law),
        1 => {
            let extension = if step.flag { "special" } else { "thirty_days" };
            let grant = DetentionExtension {
                suspect,
                extension: extension.into(),
                days: (step.pick > 1).then_some(1),
                ground: "多次作案".into(),
                approver: officer,
            };
            case.extend_detention(grant, now, law)
        }
        2 | 16 => {
            let returned = case.open_return(suspect).is_some();
            let (item, findings) = match (step.command, returned) {
                (2, _) => (ReviewItem::ArrestRequest, Vec::new()),
                (_, false) => (ReviewItem::ProsecutionTransfer, Vec::new()),
                (_, true) => (ReviewItem::SupplementaryReport, texts()),
            };
            case.submit(Submission {
                request: ReviewRequestId::fresh(),
                suspect,
                item,
                parts: DossierPart::ALL.iter().copied().collect(),
                ground: "理由".into(),
                findings,
                officer,
            })
        }
        3 => case.return_for_correction(pick(&requests, step.pick)?, texts(), officer, now, law),
        4 => case.answer_correction(pick(&requests, step.pick)?, texts(), officer, now),
        5 => case.give_opinion(pick(&requests, step.pick)?, opinion, "意见".into(), officer),
        6 => {
            let verdict = if step.flag { approval().0 } else { Verdict::Refuse };
            case.decide(pick(&requests, step.pick)?, verdict, "理由".into(), officer)
        }
        7 => case.exit_delivered(pick(&exits, step.pick)?, COURT_SIDE, now, law),
        8 => {
            let decision =
                if step.flag { ArrestDecision::Approved } else { ArrestDecision::Refused };
            case.exit_answered(pick(&exits, step.pick)?, decision, "检号", now, law)
        }
        9 => case.record_arrest(act, now, law),
        10 => case.record_release(act, now, law),
        11 => {
            let rule = case.suspect(suspect).ok()?.stage.clock()?.rule;
            case.custody_overdue(suspect, rule.code(), now)
        }
        12 => case.correction_overdue(pick(&requests, step.pick)?, now),
        13 => case.refuse_direct_sending("起诉意见书", unit()),
        14 => case.conclude_examination(signed(officer, now), now),
        15 => case.conclude_investigation(signed(officer, now)),
        17 => {
            let decision = match (step.flag, step.pick) {
                (true, _) => ProsecutionDecision::Prosecuted,
                (false, 0) => ProsecutionDecision::NotProsecuted,
                (false, _) => ProsecutionDecision::Returned(texts()),
            };
            case.prosecution_decided(pick(&exits, step.pick)?, decision, "检号", now, law)
        }
        18 => {
            let decision = ProsecutionDecision::Returned(texts());
            case.prosecution_decided(pick(&exits, step.pick)?, decision, "检号", now, law)
        }
        20 | 21 => {
            let clocks = clocks_of(&case);
            let running: Vec<&Period> = clocks.values().collect();
            let Period { rule, subject, .. } = pick(&running, step.pick)?.clone();
            let other = Law { statutes: last_year(), ..*law };
            let by = if step.flag { &other } else { law };
            case.recompute(rule.code(), subject, "放假安排有变更", now, by)
        }
        _ => {
            let exit = pick(&exits, step.pick)?;
            if step.flag {
                case.judged(exit, CourtVerdict::Convicted, "法号", now)
            } else {
                case.supplementary_overdue(exit, now)
            }
        }
    })
}

/// The law as it stood before the days off of 2026 were known.
fn last_year() -> gongxin_law::Law<'static> {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| Calendar::known_on(date(2025, 1, 1)));
    gongxin_law::Law { calendar: &CALENDAR, ..gongxin_law::Law::builtin() }
}

/// No edit of a case moves a due date: an extension does, with its approver, or the law.
fn only_the_law_moves(before: &CaseFile, changed: &Changed) -> Result<(), TestCaseError> {
    let (was, is) = (clocks_of(before), clocks_of(&changed.case));
    for (clock, period) in &was {
        let Some(now) = is.get(clock).filter(|now| *now != period) else { continue };
        if now.started_at != period.started_at {
            continue; // another period of the same rule
        }
        let says_so = changed.events.iter().any(|recorded| match &recorded.event {
            Event::DetentionExtended { before, after, .. } => before == period && after == now,
            Event::PeriodRecomputed { before, after, reason } => {
                **before == *period && **after == *now && !reason.is_empty()
            }
            _ => false,
        });
        prop_assert!(says_so, "{period:?} became {now:?} without an event");
        let moved = changed.clocks.contains(&ClockChange::Move(now.clone()));
        prop_assert!(moved, "the deadline did not follow");
    }
    Ok(())
}

/// The deadlines as a store would keep them: at most one of a rule and subject.
type Running = BTreeMap<(ClockRule, Uuid), Period>;

fn carry_out(running: &mut Running, changes: &[ClockChange]) -> Result<(), TestCaseError> {
    for change in changes {
        match change {
            ClockChange::Start(period) => {
                let before = running.insert((period.rule, period.subject), period.clone());
                prop_assert!(before.is_none(), "started while running: {period:?}");
            }
            ClockChange::Move(period) => {
                let before = running.insert((period.rule, period.subject), period.clone());
                prop_assert!(before.is_some(), "moved while not running: {period:?}");
            }
            ClockChange::Meet { rule, subject, .. } | ClockChange::Cancel { rule, subject } => {
                let before = running.remove(&(*rule, *subject));
                prop_assert!(before.is_some(), "closed while not running: {rule:?}");
            }
        }
    }
    Ok(())
}

fn check(before: &CaseFile, changed: &Changed, running: &Running) -> Result<(), TestCaseError> {
    let case = &changed.case;
    let revisions = changed.events.iter().map(|recorded| recorded.revision.0);
    prop_assert!(revisions.eq(before.revision().0 + 1..=case.revision().0), "revisions are dense");
    if changed.is_nothing() {
        prop_assert_eq!(before, case);
        prop_assert!(changed.clocks.is_empty());
    }

    for (was, is) in before.suspects().iter().zip(case.suspects()) {
        let on_paper = changed.events.iter().any(|recorded| {
            matches!(&recorded.event, Event::SuspectReleased { suspect, .. } if *suspect == is.id)
        });
        if was.stage.code() != "released" && matches!(is.stage, Stage::Released(_)) {
            prop_assert!(on_paper, "released without a paper");
        }
        // With the prosecution the custody is the court's.
        let to_court = matches!(is.stage, Stage::Prosecuted(_));
        let ends = was.stage.custody().is_some() && is.stage.custody().is_none();
        let goes_free = ends && !to_court;
        prop_assert!(!goes_free || on_paper, "custody ended without a paper");

        let guards = running
            .keys()
            .filter(|(rule, subject)| rule.is_custody() && *subject == is.id.0)
            .count();
        prop_assert_eq!(guards, usize::from(is.stage.custody().is_some()), "one custody clock");
    }
    prop_assert_eq!(running, &clocks_of(case), "what runs is what the case says");

    for exit in case.exits() {
        let request = case.request(exit.request).unwrap();
        prop_assert_eq!(request.stage.code(), "approved");
    }
    for suspect in case.suspects() {
        let open = case
            .requests()
            .iter()
            .filter(|request| request.suspect == suspect.id && case.is_open(request));
        prop_assert!(open.count() <= 1, "one open request a suspect");
    }
    prop_assert_eq!(&CaseFile::try_from(Snapshot::from(case.clone())).unwrap(), case);
    Ok(())
}

/// The clocks that run by the case's own account.
fn clocks_of(case: &CaseFile) -> Running {
    let measures = case.suspects().iter().filter_map(|suspect| suspect.stage.clock());
    let corrections = case.requests().iter().filter_map(|request| match &request.stage {
        RequestStage::Returned(correction) => Some(&correction.clock),
        _ => None,
    });
    let decisions = case.exits().iter().filter_map(|exit| match &exit.stage {
        ExitStage::Delivered(delivery) => Some(&delivery.decision),
        _ => None,
    });
    let at_liberty = decisions.filter(|period| !period.rule.is_custody());
    let returns = case.suspects().iter().filter_map(|suspect| {
        let back = case.open_return(suspect.id)?.stage.returned()?;
        (!back.clock.rule.is_custody()).then_some(&back.clock)
    });
    let all = measures.chain(corrections).chain(at_liberty).chain(returns);
    all.map(|period| ((period.rule, period.subject), period.clone())).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_commands_breaks_an_invariant(steps in any_steps()) {
        let law = law();
        let mut case = CaseFile::receive(filed(2)).case;
        let mut running = Running::new();
        let mut now = at("2026-02-10T08:00");

        for step in steps {
            now += SignedDuration::from_hours(step.hours);
            let Some(Ok(changed)) = run(case.clone(), step, now, &law) else { continue };
            carry_out(&mut running, &changed.clocks)?;
            check(&case, &changed, &running)?;
            only_the_law_moves(&case, &changed)?;
            case = changed.case;
        }
    }
}
