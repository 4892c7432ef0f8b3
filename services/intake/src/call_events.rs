//! What happened to a call, in the words of the contract and of its receipt.

use gongxin_eventing::{NewEvent, reasons};
use gongxin_intake_domain::{Call, CallEvent};
use gongxin_kernel::{Fault, Revision};
use gongxin_law::legal_text;
use gongxin_proto::intake::v1 as proto;
use gongxin_transparency::View;

use crate::events::shown;
use crate::grpc::calls::justification;

/// The event that goes into the outbox. None has what the caller told.
pub(crate) fn of(call: &Call, revision: Revision, event: CallEvent) -> Result<NewEvent, Fault> {
    let subject = subject(event);
    let view = view(call, subject, revision, event)?;
    let canonical = call.canonical();
    macro_rules! event {
        ($name:ident { $($field:tt)* }) => {
            NewEvent::new(call.id.0, revision, subject, &proto::$name { $($field)* }, view, &canonical)
        };
    }
    let call_id = call.id.to_string();
    let call_number = call.content.number.to_string();
    let unit = Some((&call.content.unit).into());
    let received_at = call.content.received_at.to_string();
    let check_at = call.check_at.to_string();
    let was_overdue = call.missed_at.is_some();
    Ok(match event {
        CallEvent::Recorded => event!(CallRecorded {
            call_id,
            call_number,
            unit,
            received_at,
            check_at,
            officer: Some((&call.recorded_by).into()),
        }),
        CallEvent::Unregistered => {
            event!(CallUnregistered { call_id, call_number, unit, received_at, check_at })
        }
        CallEvent::Settled => {
            let report = call.settled.as_ref().ok_or_else(|| broken("no report settled it"))?;
            event!(CallSettled {
                call_id,
                call_number,
                unit,
                report_id: report.report.to_string(),
                number: report.number.clone(),
                was_overdue,
            })
        }
        CallEvent::Justified => {
            let why = call.justified.as_ref().ok_or_else(|| broken("nobody justified it"))?;
            event!(CallJustified {
                call_id,
                call_number,
                unit,
                justification: justification(why.justification).into(),
                duplicate_of: why.duplicate_of.map(|id| id.to_string()).unwrap_or_default(),
                officer: Some((&why.by).into()),
                was_overdue,
            })
        }
    })
}

fn subject(event: CallEvent) -> &'static str {
    match event {
        CallEvent::Recorded => "call.recorded",
        CallEvent::Unregistered => "call.unregistered",
        CallEvent::Settled => "call.settled",
        CallEvent::Justified => "call.justified",
    }
}

/// What a receipt of the event says: numbers, unit and times in China, and no person.
fn view(call: &Call, subject: &str, revision: Revision, event: CallEvent) -> Result<View, Fault> {
    let mut lines = vec![
        ("event", gongxin_chassis::event_text(subject).zh.into_owned()),
        ("call-number", call.content.number.to_string()),
        ("revision", revision.0.to_string()),
        ("unit", shown(&call.content.unit.name)),
    ];
    match event {
        CallEvent::Recorded | CallEvent::Unregistered => lines.extend([
            ("received-at", legal_text(call.content.received_at)),
            ("check-at", legal_text(call.check_at)),
        ]),
        CallEvent::Settled => {
            lines.extend(call.settled.as_ref().map(|report| ("number", report.number.clone())));
        }
        CallEvent::Justified => {
            let why = call.justified.as_ref();
            lines.extend(why.map(|why| ("justification", why.justification.zh().to_owned())));
        }
    }
    View::new(lines).map_err(broken)
}

fn broken(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::INVARIANT_BROKEN).caused_by(cause)
}
