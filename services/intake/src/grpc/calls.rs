//! Calls and reporters' words: from messages to the domain, and back.

use gongxin_chassis::reasons::ID_INVALID;
use gongxin_intake_domain::reasons::CALL_INVALID;
use gongxin_intake_domain::{
    CallId, CallJustification, NewCall, ReportId, ReportersWord, Unit, Word,
};
use gongxin_kernel::{BureauCode, Fault};
use gongxin_law::identifiers::CallNumber;
use gongxin_proto::intake::v1 as proto;
use gongxin_proto::{common, timestamp};
use jiff::Timestamp;

use super::convert;
use super::parse::Fields;
use crate::queries::calls::CallReading;
use crate::store::calls::{CallLine, Which};

/// The content of a call; whether it is right as a whole is the domain's to check.
///
/// # Errors
/// `CALL_INVALID` with every field that cannot be read.
pub(crate) fn new_call(message: proto::RecordCallRequest) -> Result<NewCall, Fault> {
    let mut fields = Fields::of(&CALL_INVALID);
    let number = fields.required_text("call_number", &message.call_number);
    let received_at = fields.required_instant("received_at", message.received_at);
    let unit = fields.unit(message.unit);
    let read = number.zip(received_at).zip(unit);
    let content = read.map(|((number, received_at), unit)| NewCall {
        number,
        received_at,
        told: message.told,
        unit,
    });
    fields.end(content)
}

/// The call of that number in the bureau of the caller.
///
/// # Errors
/// `CALL_INVALID`.
pub(crate) fn call(bureau: &BureauCode, number: &str) -> Result<CallId, Fault> {
    let mut fields = Fields::of(&CALL_INVALID);
    let number: Option<CallNumber> = fields.required_text("call_number", number);
    fields.end(number.map(|number| CallId::of(bureau, &number)))
}

/// # Errors
/// `CALL_INVALID` for a word that is not listed, `ID_INVALID` for what is no report's id.
pub(crate) fn why(
    justification: i32,
    duplicate_of: &str,
) -> Result<(CallJustification, Option<ReportId>), Fault> {
    let mut fields = Fields::of(&CALL_INVALID);
    let justification = fields.listed("justification", justification, |value| {
        Some(match value {
            proto::CallJustification::Unspecified => return None,
            proto::CallJustification::Duplicate => CallJustification::Duplicate,
            proto::CallJustification::NotPolice => CallJustification::NotPolice,
            proto::CallJustification::NoIncident => CallJustification::NoIncident,
            proto::CallJustification::Nuisance => CallJustification::Nuisance,
            proto::CallJustification::HelpGiven => CallJustification::HelpGiven,
        })
    });
    let justification = fields.end(justification)?;
    let duplicate_of = match duplicate_of {
        "" => None,
        id => {
            Some(id.parse().map_err(|_| Fault::field(&ID_INVALID, "duplicate_of", "必须是 UUID"))?)
        }
    };
    Ok((justification, duplicate_of))
}

/// # Errors
/// `CALL_INVALID` for a filter that is not listed.
pub(crate) fn which(filter: i32) -> Result<Which, Fault> {
    let mut fields = Fields::of(&CALL_INVALID);
    let which = fields.listed("filter", filter, |filter| {
        Some(match filter {
            proto::CallFilter::Unspecified => Which::All,
            proto::CallFilter::Open => Which::Open,
            proto::CallFilter::Overdue => Which::Overdue,
        })
    });
    fields.end(which)
}

/// What the reporter says, of which unit, and when it happened.
///
/// # Errors
/// `REPORT_INVALID`.
pub(crate) fn word(
    word: i32,
    unit: Option<common::v1::Unit>,
    happened_at: Option<prost_types::Timestamp>,
) -> Result<(Word, Unit, Timestamp), Fault> {
    let mut fields = Fields::default();
    let word = fields.listed("word", word, |word| {
        Some(match word {
            proto::ReportersWord::Unspecified => return None,
            proto::ReportersWord::TurnedAway => Word::TurnedAway,
            proto::ReportersWord::EvidenceRefused => Word::EvidenceRefused,
            proto::ReportersWord::NoPaperGiven => Word::NoPaperGiven,
        })
    });
    let unit = fields.unit(unit);
    let happened_at = fields.required_instant("happened_at", happened_at);
    fields.end(word.zip(unit).zip(happened_at).map(|((word, unit), at)| (word, unit, at)))
}

pub(crate) fn justification(why: CallJustification) -> proto::CallJustification {
    match why {
        CallJustification::Duplicate => proto::CallJustification::Duplicate,
        CallJustification::NotPolice => proto::CallJustification::NotPolice,
        CallJustification::NoIncident => proto::CallJustification::NoIncident,
        CallJustification::Nuisance => proto::CallJustification::Nuisance,
        CallJustification::HelpGiven => proto::CallJustification::HelpGiven,
    }
}

pub(crate) fn reporters_word(word: Word) -> proto::ReportersWord {
    match word {
        Word::TurnedAway => proto::ReportersWord::TurnedAway,
        Word::EvidenceRefused => proto::ReportersWord::EvidenceRefused,
        Word::NoPaperGiven => proto::ReportersWord::NoPaperGiven,
    }
}

pub(crate) fn statement(said: &ReportersWord) -> proto::ReportersStatement {
    proto::ReportersStatement {
        word: reporters_word(said.word).into(),
        unit: Some((&said.unit).into()),
        happened_at: Some(timestamp(said.happened_at)),
        told: said.told.clone(),
        recorded_at: Some(timestamp(said.at)),
    }
}

/// A call with its history, as a reader entitled to it sees it.
pub(crate) fn full(reading: &CallReading) -> proto::Call {
    let call = &reading.call;
    let stage = if call.settled.is_some() {
        proto::CallStage::Settled
    } else if call.justified.is_some() {
        proto::CallStage::Justified
    } else {
        proto::CallStage::Open
    };
    let settled = call.settled.as_ref();
    let why = call.justified.as_ref();
    let duplicate_of = why.and_then(|why| why.duplicate_of);
    proto::Call {
        call_id: call.id.to_string(),
        call_number: call.content.number.to_string(),
        stage: stage.into(),
        received_at: Some(timestamp(call.content.received_at)),
        told: call.content.told.clone(),
        unit: Some((&call.content.unit).into()),
        recorded_by: Some((&call.recorded_by).into()),
        check_at: Some(timestamp(call.check_at)),
        overdue: call.is_overdue(reading.at),
        report_id: settled.map(|report| report.report.to_string()).unwrap_or_default(),
        report_number: settled.map(|report| report.number.clone()).unwrap_or_default(),
        justification: why
            .map_or(proto::CallJustification::Unspecified, |why| justification(why.justification))
            .into(),
        justification_text: why.map(|why| why.text.clone()).unwrap_or_default(),
        duplicate_of: duplicate_of.map(|report| report.to_string()).unwrap_or_default(),
        justified_by: why.map(|why| (&why.by).into()),
        revision: call.revision.0,
        history: reading.history.iter().map(convert::entry).collect(),
    }
}

pub(crate) fn line(line: CallLine) -> proto::CallLine {
    let stage = match line.stage.as_str() {
        "settled" => proto::CallStage::Settled,
        "justified" => proto::CallStage::Justified,
        _ => proto::CallStage::Open,
    };
    proto::CallLine {
        call_id: line.id.to_string(),
        call_number: line.number,
        stage: stage.into(),
        unit: Some(common::v1::Unit { code: line.unit_code, name: line.unit_name }),
        received_at: Some(timestamp(line.received_at.0)),
        check_at: Some(timestamp(line.check_at.0)),
        overdue: line.overdue,
        report_number: line.report_number.unwrap_or_default(),
    }
}
