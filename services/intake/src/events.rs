//! What happened to a report, in the words of the contract and of its receipt.

use gongxin_eventing::{NewEvent, reasons};
use gongxin_intake_domain::{self as domain, Event, Report};
use gongxin_kernel::{Fault, Revision};
use gongxin_law::legal_text;
use gongxin_proto::intake::v1 as proto;
use gongxin_transparency::View;

use crate::grpc::{calls, convert};

/// The event that goes into the outbox.
#[expect(clippy::too_many_lines, reason = "one arm an event, a field a line")]
pub(crate) fn of(report: &Report, revision: Revision, event: &Event) -> Result<NewEvent, Fault> {
    let subject = subject(event);
    let view = view(report, subject, revision, event)?;
    let canonical = report.canonical();
    let id = report.id().0;
    macro_rules! event {
        ($name:ident { $($field:tt)* }) => {
            NewEvent::new(id, revision, subject, &proto::$name { $($field)* }, view, &canonical)
        };
    }
    let report_id = report.id().to_string();
    Ok(match event {
        Event::Registered {
            number,
            source,
            nature,
            call_number,
            told_at,
            registered_at,
            unit,
            officer,
            case_number,
            charge,
            filing_review,
            evidence_items,
            repeat_of,
            ..
        } => event!(ReportRegistered {
            report_id,
            number: number.clone(),
            source: convert::source(*source).into(),
            nature: convert::nature(*nature).into(),
            call_number: call_number.as_ref().map(ToString::to_string).unwrap_or_default(),
            told_at: told_at.to_string(),
            registered_at: registered_at.to_string(),
            unit: Some(unit.into()),
            officer: Some(officer.into()),
            case_number: case_number.as_ref().map(ToString::to_string).unwrap_or_default(),
            charge: charge.clone().unwrap_or_default(),
            filing_review: filing_review.as_ref().map(convert::period),
            evidence_items: u32::try_from(*evidence_items).unwrap_or(u32::MAX),
            repeat_of: repeat_of.map(|id| id.to_string()).unwrap_or_default(),
        }),
        Event::FilingReviewExtended {
            case_number,
            extension,
            ground,
            approver,
            before,
            after,
            ..
        } => event!(FilingReviewExtended {
            report_id,
            case_number: case_number.to_string(),
            extension: extension.clone(),
            ground: ground.clone(),
            approver: Some(approver.into()),
            before: Some(convert::period(before)),
            after: Some(convert::period(after)),
        }),
        Event::PeriodRecomputed { case_number, before, after, reason, .. } => {
            event!(ReportPeriodRecomputed {
                report_id,
                case_number: case_number.to_string(),
                before: Some(convert::period(before)),
                after: Some(convert::period(after)),
                reason: reason.clone(),
            })
        }
        Event::FilingReviewOverdue { case_number, unit, filing_review, .. } => {
            event!(FilingReviewOverdue {
                report_id,
                case_number: case_number.to_string(),
                unit: Some(unit.into()),
                filing_review: Some(convert::period(filing_review)),
            })
        }
        Event::Filed {
            case_number,
            charge,
            unit,
            decided_by,
            registered_by,
            decision_number,
            suspects,
            was_overdue,
            ..
        } => event!(CaseFiled {
            report_id,
            case_number: case_number.to_string(),
            charge: charge.clone(),
            unit: Some(unit.into()),
            decided_by: Some(decided_by.into()),
            registered_by: Some(registered_by.into()),
            decision_number: decision_number.to_string(),
            suspects: suspects.iter().map(convert::person).collect(),
            was_overdue: *was_overdue,
        }),
        Event::NotFiled {
            case_number,
            unit,
            decided_by,
            notice_number,
            notice,
            was_overdue,
            ..
        } => event!(CaseNotFiled {
            report_id,
            case_number: case_number.to_string(),
            unit: Some(unit.into()),
            decided_by: Some(decided_by.into()),
            notice_number: notice_number.to_string(),
            notice: notice.as_ref().map(convert::period),
            was_overdue: *was_overdue,
        }),
        Event::Transferred {
            case_number,
            charge,
            unit,
            decided_by,
            receiver,
            document_number,
            was_overdue,
            ..
        } => event!(CaseTransferred {
            report_id,
            case_number: case_number.to_string(),
            charge: charge.clone(),
            unit: Some(unit.into()),
            decided_by: Some(decided_by.into()),
            receiving_organ: convert::receiver(*receiver).into(),
            document_number: document_number.to_string(),
            was_overdue: *was_overdue,
        }),
        Event::NoticeServed { case_number, notice_number, served_at, reconsideration, .. } => {
            event!(NonFilingNoticeServed {
                report_id,
                case_number: case_number.to_string(),
                notice_number: notice_number.to_string(),
                served_at: served_at.to_string(),
                reconsideration: Some(convert::period(reconsideration)),
            })
        }
        Event::NoticeOverdue { case_number, unit, notice, .. } => event!(NonFilingNoticeOverdue {
            report_id,
            case_number: case_number.to_string(),
            unit: Some(unit.into()),
            notice: Some(convert::period(notice)),
        }),
        Event::ReconsiderationRequested { case_number, unit, received_at, decision, .. } => {
            event!(ReconsiderationRequested {
                report_id,
                case_number: case_number.to_string(),
                unit: Some(unit.into()),
                received_at: received_at.to_string(),
                decision: Some(convert::period(decision)),
            })
        }
        Event::ReconsiderationDecided { case_number, unit, reconsidered, was_overdue, .. } => {
            event!(ReconsiderationDecided {
                report_id,
                case_number: case_number.to_string(),
                unit: Some(unit.into()),
                outcome: convert::finding(reconsidered.finding).into(),
                decided_by: Some((&reconsidered.decided_by).into()),
                second_officer: Some((&reconsidered.second_officer).into()),
                document_number: reconsidered.document_number.to_string(),
                was_overdue: *was_overdue,
            })
        }
        Event::ReconsiderationOverdue { case_number, unit, decision, .. } => {
            event!(ReconsiderationOverdue {
                report_id,
                case_number: case_number.to_string(),
                unit: Some(unit.into()),
                decision: Some(convert::period(decision)),
            })
        }
        Event::NonFilingQuestioned {
            case_number,
            unit,
            notice_number,
            received_at,
            answer,
            ..
        } => event!(NonFilingQuestioned {
            report_id,
            case_number: case_number.to_string(),
            unit: Some(unit.into()),
            notice_number: notice_number.clone(),
            received_at: received_at.to_string(),
            answer: Some(convert::period(answer)),
        }),
        Event::NonFilingExplained {
            case_number,
            unit,
            answered_by,
            document_number,
            was_overdue,
            ..
        } => event!(NonFilingExplained {
            report_id,
            case_number: case_number.to_string(),
            unit: Some(unit.into()),
            answered_by: Some(answered_by.into()),
            document_number: document_number.to_string(),
            was_overdue: *was_overdue,
        }),
        Event::ExplanationOverdue { case_number, unit, answer, .. } => {
            event!(NonFilingExplanationOverdue {
                report_id,
                case_number: case_number.to_string(),
                unit: Some(unit.into()),
                answer: Some(convert::period(answer)),
            })
        }
        Event::TurnedAway { number, unit, word, happened_at, .. } => event!(ReportTurnedAway {
            report_id,
            number: number.clone(),
            unit: Some(unit.into()),
            word: calls::reporters_word(*word).into(),
            happened_at: happened_at.to_string(),
        }),
        Event::ReconsiderationEnded { case_number, .. } => {
            event!(ReconsiderationPeriodEnded { report_id, case_number: case_number.to_string() })
        }
    })
}

fn subject(event: &Event) -> &'static str {
    match event {
        Event::Registered { .. } => "report.registered",
        Event::FilingReviewExtended { .. } => "case.filing_review_extended",
        Event::PeriodRecomputed { .. } => "report.period_recomputed",
        Event::FilingReviewOverdue { .. } => "case.filing_review_overdue",
        Event::Filed { .. } => "case.filed",
        Event::NotFiled { .. } => "case.not_filed",
        Event::Transferred { .. } => "case.transferred",
        Event::NoticeServed { .. } => "case.non_filing_notice_served",
        Event::NoticeOverdue { .. } => "case.non_filing_notice_overdue",
        Event::ReconsiderationRequested { .. } => "reconsideration.requested",
        Event::ReconsiderationDecided { .. } => "reconsideration.decided",
        Event::ReconsiderationOverdue { .. } => "reconsideration.overdue",
        Event::NonFilingQuestioned { .. } => "non_filing.questioned",
        Event::NonFilingExplained { .. } => "non_filing.explained",
        Event::ExplanationOverdue { .. } => "non_filing.explanation_overdue",
        Event::TurnedAway { .. } => "report.turned_away",
        Event::ReconsiderationEnded { .. } => "case.reconsideration_period_ended",
    }
}

/// What a receipt of the event says: numbers, unit and times in China, and no person. Whoever
/// reported can see by when the bureau must decide, and what the report was linked to.
fn view(report: &Report, subject: &str, revision: Revision, event: &Event) -> Result<View, Fault> {
    let state = report.state();
    let mut lines = vec![
        ("event", gongxin_chassis::event_text(subject).zh.into_owned()),
        ("number", state.number.clone()),
        ("revision", revision.0.to_string()),
    ];
    if let Some(case_number) = report.case_number() {
        lines.push(("case-number", case_number.to_string()));
    }
    match event {
        Event::Registered {
            source,
            nature,
            told_at,
            registered_at,
            unit,
            evidence_items,
            filing_review,
            repeats,
            channels,
            ..
        } => {
            lines.extend([
                ("source", source.zh().to_owned()),
                ("nature", nature.zh().to_owned()),
                ("told-at", legal_text(*told_at)),
                ("registered-at", legal_text(*registered_at)),
                ("unit", shown(&unit.name)),
                ("evidence-items", evidence_items.to_string()),
            ]);
            lines.extend(filing_review.as_ref().map(due));
            lines.extend(repeats.as_ref().map(|number| ("repeats", number.clone())));
            lines.extend(channels.inquiry.as_deref().map(|text| ("inquiry", shown(text))));
            lines.extend(channels.complaint.as_deref().map(|text| ("complaint", shown(text))));
        }
        Event::FilingReviewExtended { after: period, .. }
        | Event::FilingReviewOverdue { filing_review: period, .. }
        | Event::NoticeOverdue { notice: period, .. }
        | Event::ReconsiderationOverdue { decision: period, .. }
        | Event::ExplanationOverdue { answer: period, .. } => lines.push(due(period)),
        Event::PeriodRecomputed { before, after, reason, .. } => lines.extend([
            ("due-before", legal_text(before.due_at)),
            due(after),
            ("reason", shown(reason)),
        ]),
        Event::Filed { decision_number: number, .. }
        | Event::NotFiled { notice_number: number, .. } => {
            lines.push(("document-number", number.to_string()));
        }
        Event::Transferred { receiver, document_number, .. } => lines.extend([
            ("receiving-organ", receiver.zh().to_owned()),
            ("document-number", document_number.to_string()),
        ]),
        Event::NoticeServed { notice_number, served_at, reconsideration, .. } => lines.extend([
            ("document-number", notice_number.to_string()),
            ("served-at", legal_text(*served_at)),
            due(reconsideration),
        ]),
        Event::ReconsiderationRequested { received_at, decision, .. } => {
            lines.extend([("received-at", legal_text(*received_at)), due(decision)]);
        }
        Event::ReconsiderationDecided { reconsidered, .. } => lines.extend([
            ("outcome", reconsidered.finding.zh().to_owned()),
            ("document-number", reconsidered.document_number.to_string()),
        ]),
        Event::NonFilingQuestioned { notice_number, received_at, answer, .. } => lines.extend([
            ("notice-number", shown(notice_number)),
            ("received-at", legal_text(*received_at)),
            due(answer),
        ]),
        Event::NonFilingExplained { document_number, .. } => {
            lines.push(("document-number", document_number.to_string()));
        }
        Event::TurnedAway { unit, word, happened_at, .. } => lines.extend([
            ("unit", shown(&unit.name)),
            ("word", word.zh().to_owned()),
            ("happened-at", legal_text(*happened_at)),
        ]),
        Event::ReconsiderationEnded { .. } => {}
    }
    View::new(lines).map_err(|e| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(e))
}

fn due(period: &domain::Period) -> (&'static str, String) {
    ("due-at", legal_text(period.due_at))
}

/// A name as a view can show it: marks that change how a line reads are left out.
pub(crate) fn shown(name: &str) -> String {
    name.chars().filter(|c| View::new([("unit", c.to_string())]).is_ok()).collect()
}
