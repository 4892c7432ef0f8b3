//! What happened to a clue, in the words of the contract and of its receipt. An event tells of a
//! matter and of hands; who is concerned stays in the clue.

use gongxin_accountability_domain::{Act, Clue, Opening, Outcome, Period, What};
use gongxin_eventing::{NewEvent, reasons};
use gongxin_kernel::{Fault, Revision};
use gongxin_proto::accountability::v1 as proto;
use gongxin_transparency::View;

use crate::grpc::convert;

/// The event of the opening.
pub(crate) fn opened(clue: &Clue) -> Result<NewEvent, Fault> {
    let Opening { number, content, by, verification, .. } = clue.opening();
    let message = proto::ClueOpened {
        clue_id: clue.id().to_string(),
        number: number.clone(),
        source: convert::source(content.source).into(),
        conduct: convert::conduct(content.conduct).into(),
        case_number: convert::case_number(clue),
        unit: Some((&content.unit).into()),
        opened_by: by.as_ref().map(Into::into),
        verification: Some(convert::period(verification)),
        origin_id: convert::origin(clue),
    };
    let subject = "clue.opened";
    let view = view(clue, subject, Revision(1), Some(verification))?;
    let canonical = clue.canonical();
    Ok(NewEvent::new(clue.id().0, Revision(1), subject, &message, view, &canonical))
}

/// The event of an act.
pub(crate) fn of(clue: &Clue, revision: Revision, act: &Act) -> Result<NewEvent, Fault> {
    let canonical = clue.canonical();
    let clue_id = clue.id().to_string();
    let number = clue.opening().number.clone();
    let document_number = document_number(clue, &act.what);
    macro_rules! event {
        ($subject:literal, $name:ident { $($field:tt)* }, $period:expr) => {{
            let message = proto::$name { clue_id, number, $($field)* };
            let view = view(clue, $subject, revision, $period)?;
            NewEvent::new(clue.id().0, revision, $subject, &message, view, &canonical)
        }};
    }
    Ok(match &act.what {
        What::Overdue => {
            let Opening { content, verification, .. } = clue.opening();
            event!(
                "clue.verification_overdue",
                ClueVerificationOverdue {
                    unit: Some((&content.unit).into()),
                    verification: Some(convert::period(verification)),
                },
                Some(verification)
            )
        }
        What::FindingConfirmed => event!(
            "clue.finding_confirmed",
            ClueFindingConfirmed {
                finding_id: convert::origin(clue),
                confirmed_by: act.by.as_ref().map(Into::into),
            },
            None
        ),
        What::Verified { concerns_legal, .. } => event!(
            "clue.verified",
            ClueVerified {
                officers_named: u32::try_from(clue.concerned().len()).unwrap_or(u32::MAX),
                concerns_legal: *concerns_legal,
            },
            None
        ),
        What::Named { .. } => event!("clue.officer_named", ClueOfficerNamed {}, None),
        What::Heard { .. } => event!("clue.heard", ClueHeard {}, None),
        What::Reviewed { by_discipline, .. } => {
            event!("clue.reviewed", ClueReviewed { by_discipline: *by_discipline }, None)
        }
        What::Decided { outcome: Outcome::Liable { clause, .. }, .. } => event!(
            "clue.decided",
            ClueDecided { document_number, clause_id: clause.id.clone() },
            None
        ),
        What::Decided { outcome: Outcome::NoFault { ground, .. }, .. } => {
            event!("clue.no_fault", ClueNoFault { ground: convert::no_fault(*ground).into() }, None)
        }
        What::Served { appeal, .. } => event!(
            "notice.served",
            NoticeServed { document_number, appeal: Some(convert::period(appeal)) },
            Some(appeal)
        ),
        What::Appealed { decision, .. } => event!(
            "appeal.filed",
            AppealFiled { document_number, decision: Some(convert::period(decision)) },
            Some(decision)
        ),
        What::AppealDecided { upheld, .. } => {
            event!("appeal.decided", AppealDecided { document_number, upheld: *upheld }, None)
        }
        What::Recomputed { period, reason, .. } => {
            let place = usize::try_from(revision.0).unwrap_or(usize::MAX).saturating_sub(2);
            event!(
                "clue.period_recomputed",
                CluePeriodRecomputed {
                    before: clue.replaced(place).map(convert::period),
                    after: Some(convert::period(period)),
                    reason: reason.clone(),
                },
                Some(period)
            )
        }
        What::Entered { .. } => event!("file.entered", FileEntered { document_number }, None),
        What::Corrected { .. } => event!("file.corrected", FileCorrected { document_number }, None),
    })
}

fn document_number(clue: &Clue, what: &What) -> String {
    let person = what.person().and_then(|person| clue.person(person));
    person.and_then(|person| person.document_number).unwrap_or_default().to_owned()
}

/// What a receipt of the event says: numbers and times, and no person.
fn view(
    clue: &Clue,
    subject: &str,
    revision: Revision,
    period: Option<&Period>,
) -> Result<View, Fault> {
    let mut lines = vec![
        ("event", subject.to_owned()),
        ("number", clue.opening().number.clone()),
        ("revision", revision.0.to_string()),
    ];
    if let Some(period) = period {
        lines.push(("due-at", period.due_at.to_string()));
    }
    View::new(lines).map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))
}
