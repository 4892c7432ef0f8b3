//! Facts of a case as events: the public message, the words of the receipt, the canonical form.

use gongxin_eventing::NewEvent;
use gongxin_kernel::Fault;
use gongxin_law::legal_text;
use gongxin_proto::review::v1 as proto;
use gongxin_review_domain::reasons::REVIEW_TEXT_INVALID;
use gongxin_review_domain::{CaseFile, CourtVerdict, Event, Recorded};
use gongxin_transparency::View;
use jiff::Timestamp;
use prost::{Message, Name};

use crate::wire;

/// The event of one fact of `case`, which is the case after it.
///
/// # Errors
/// `REVIEW_TEXT_INVALID` when a document number has characters that cannot be shown as they are.
#[expect(clippy::too_many_lines, reason = "one arm an event")]
pub(crate) fn new_event(
    case: &CaseFile,
    recorded: &Recorded,
    at: Timestamp,
) -> Result<NewEvent, Fault> {
    let maker = Maker { case, recorded, view: view(case, &recorded.event, at)? };
    let case_id = case.id().to_string();
    let case_number = case.number().to_owned();
    Ok(match recorded.event.clone() {
        Event::CaseReceived { suspects } => maker.event(&proto::CaseReceived {
            case_id,
            case_number,
            unit: Some(case.unit().into()),
            suspect_ids: suspects.iter().map(ToString::to_string).collect(),
        }),
        Event::MeasureEntered {
            suspect,
            kind,
            started_at,
            document_number,
            entered_by,
            period,
            again,
        } => maker.event(&proto::MeasureEntered {
            case_id,
            case_number,
            suspect_id: suspect.to_string(),
            kind: wire::measure_kind(kind).into(),
            started_at: started_at.to_string(),
            document_number,
            entered_by: Some((&entered_by).into()),
            period: Some(wire::period(&period)),
            again,
        }),
        Event::DetentionExtended { suspect, extension, ground, approver, before, after } => maker
            .event(&proto::DetentionExtended {
                case_id,
                suspect_id: suspect.to_string(),
                extension,
                ground,
                approver: Some((&approver).into()),
                before: Some(wire::period(&before)),
                after: Some(wire::period(&after)),
            }),
        Event::PeriodRecomputed { before, after, reason } => {
            maker.event(&proto::CasePeriodRecomputed {
                case_id,
                case_number,
                subject_id: after.subject.to_string(),
                before: Some(wire::period(&before)),
                after: Some(wire::period(&after)),
                reason,
            })
        }
        Event::CustodyOverdue { suspect, period } => maker.event(&proto::CustodyOverdue {
            case_id,
            case_number,
            suspect_id: suspect.to_string(),
            unit: Some(case.unit().into()),
            period: Some(wire::period(&period)),
        }),
        Event::SuspectReleased { suspect, document_number, served_at, entered_by, bail } => maker
            .event(&proto::SuspectReleased {
                case_id,
                suspect_id: suspect.to_string(),
                document_number,
                served_at: served_at.to_string(),
                entered_by: Some((&entered_by).into()),
                bail,
            }),
        Event::SuspectArrested { suspect, document_number, executed_at, entered_by, period } => {
            maker.event(&proto::SuspectArrested {
                case_id,
                suspect_id: suspect.to_string(),
                document_number,
                executed_at: executed_at.to_string(),
                entered_by: Some((&entered_by).into()),
                period: Some(wire::period(&period)),
            })
        }
        Event::RequestSubmitted { request, suspect, item, submitted_by, round } => {
            maker.event(&proto::RequestSubmitted {
                case_id,
                review_request_id: request.to_string(),
                suspect_id: suspect.to_string(),
                item: wire::item(item).into(),
                submitted_by: Some((&submitted_by).into()),
                round,
            })
        }
        Event::RequestReturned { request, reviewer, defects, answer_due_at } => {
            maker.event(&proto::RequestReturned {
                case_id,
                review_request_id: request.to_string(),
                reviewer: Some((&reviewer).into()),
                defects,
                answer_due_at: answer_due_at.to_string(),
            })
        }
        Event::CorrectionOverdue { request } => maker.event(&proto::CorrectionOverdue {
            case_id,
            review_request_id: request.to_string(),
            unit: Some(case.unit().into()),
        }),
        Event::RequestReviewed { request, reviewer, opinion } => {
            maker.event(&proto::RequestReviewed {
                case_id,
                review_request_id: request.to_string(),
                reviewer: Some((&reviewer).into()),
                opinion: wire::opinion(opinion).into(),
            })
        }
        Event::RequestDecided { request, approver, differs, exit } => {
            let (exit_id, document_number) =
                exit.map(|(id, number)| (id.to_string(), number)).unwrap_or_default();
            maker.event(&proto::RequestDecided {
                case_id,
                review_request_id: request.to_string(),
                approver: Some((&approver).into()),
                approved: !exit_id.is_empty(),
                differs,
                exit_id,
                document_number,
            })
        }
        Event::DirectSendingRefused { unit, document } => {
            maker.event(&proto::DirectSendingRefused {
                case_id,
                case_number,
                unit: Some((&unit).into()),
                document,
            })
        }
        Event::ExitDelivered { exit, item, document_number, receiver, received_at, decision } => {
            maker.event(&proto::ExitDelivered {
                case_id,
                exit_id: exit.to_string(),
                document_number,
                receiver,
                received_at: received_at.to_string(),
                decision: Some(wire::period(&decision)),
                item: wire::item(item).into(),
            })
        }
        Event::ArrestRequestAnswered { exit, suspect, decision, answer_number, received_at } => {
            maker.event(&proto::ArrestRequestAnswered {
                case_id,
                exit_id: exit.to_string(),
                suspect_id: suspect.to_string(),
                decision: wire::arrest_decision(decision).into(),
                answer_number,
                received_at: received_at.to_string(),
            })
        }
        Event::ExaminationConcluded { paper } => maker.event(&proto::ExaminationConcluded {
            case_id,
            case_number,
            document_number: paper.document_number,
            concluded_at: paper.at.to_string(),
            officer: Some((&paper.officer).into()),
        }),
        Event::InvestigationConcluded { paper } => maker.event(&proto::InvestigationConcluded {
            case_id,
            case_number,
            document_number: paper.document_number,
            approver: Some((&paper.officer).into()),
        }),
        Event::ProsecutionDecided { exit, suspect, outcome, answer_number, received_at } => {
            let back = outcome.returned();
            maker.event(&proto::ProsecutionDecided {
                case_id,
                case_number,
                exit_id: exit.to_string(),
                suspect_id: suspect.to_string(),
                outcome: wire::prosecution_outcome(&outcome).into(),
                answer_number,
                received_at: received_at.to_string(),
                tasks: back.map_or(0, |back| u32::try_from(back.tasks.len()).unwrap_or(u32::MAX)),
                report: back.map(|back| wire::period(&back.clock)),
            })
        }
        Event::SupplementaryOverdue { exit, period } => maker.event(&proto::SupplementaryOverdue {
            case_id,
            case_number,
            exit_id: exit.to_string(),
            unit: Some(case.unit().into()),
            period: Some(wire::period(&period)),
        }),
        Event::Judged { exit, suspect, verdict, document_number, received_at } => {
            maker.event(&proto::Judged {
                case_id,
                case_number,
                exit_id: exit.to_string(),
                suspect_id: suspect.to_string(),
                convicted: verdict == CourtVerdict::Convicted,
                document_number,
                received_at: received_at.to_string(),
            })
        }
    })
}

/// What the receipt says: no name of a person.
fn view(case: &CaseFile, event: &Event, at: Timestamp) -> Result<View, Fault> {
    let mut lines = vec![
        ("event", gongxin_chassis::event_text(event.name()).zh.into_owned()),
        ("case", case.number().to_owned()),
    ];
    match event {
        Event::RequestDecided { exit: Some((exit, document_number)), .. }
        | Event::ExitDelivered { exit, document_number, .. } => {
            lines.push(("exit", exit.to_string()));
            lines.push(("document", document_number.clone()));
        }
        Event::ArrestRequestAnswered { exit, answer_number, .. }
        | Event::ProsecutionDecided { exit, answer_number, .. }
        | Event::Judged { exit, document_number: answer_number, .. } => {
            lines.push(("exit", exit.to_string()));
            lines.push(("document", answer_number.clone()));
        }
        Event::InvestigationConcluded { paper } => {
            lines.push(("document", paper.document_number.clone()));
        }
        Event::ExaminationConcluded { paper } => {
            lines.push(("document", paper.document_number.clone()));
            lines.push(("done-at", legal_text(paper.at)));
        }
        Event::PeriodRecomputed { before, after, reason } => lines.extend([
            ("due-before", legal_text(before.due_at)),
            ("due-at", legal_text(after.due_at)),
            ("reason", reason.clone()),
        ]),
        // When it was done stands beside when it was entered: backdating shows.
        Event::MeasureEntered { document_number, started_at: done_at, .. }
        | Event::SuspectReleased { document_number, served_at: done_at, .. }
        | Event::SuspectArrested { document_number, executed_at: done_at, .. } => {
            lines.push(("document", document_number.clone()));
            lines.push(("done-at", legal_text(*done_at)));
        }
        _ => {}
    }
    lines.push(("time", legal_text(at)));
    View::new(lines).map_err(|error| {
        Fault::field(&REVIEW_TEXT_INVALID, "document_number", "含有不能如实显示的字符")
            .caused_by(error)
    })
}

/// What every event of a case is made of.
struct Maker<'a> {
    case: &'a CaseFile,
    recorded: &'a Recorded,
    view: View,
}

impl Maker<'_> {
    fn event<M: Message + Name>(self, message: &M) -> NewEvent {
        NewEvent::new(
            self.case.id().0,
            self.recorded.revision,
            self.recorded.event.name(),
            message,
            self.view,
            &self.case.canonical(),
        )
    }
}
