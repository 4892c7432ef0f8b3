//! From messages to the domain: every field at fault named.

use gongxin_accountability_domain::reasons::CLUE_INVALID;
use gongxin_accountability_domain::{
    ClueId, Named, NewClue, Officer, Problem, Unit, Verdict, Verify,
};
use gongxin_chassis::reasons as chassis;
use gongxin_kernel::{Fault, Staff, UnitCode, new_uuid};
use gongxin_proto::accountability::v1 as proto;
use gongxin_proto::common::v1 as common;
use jiff::Timestamp;
use jiff::civil::Date;

use super::lists;
use crate::commands::Ruling;
use crate::interference::Account;

/// # Errors
/// `ID_INVALID`.
pub(crate) fn clue_id(text: &str) -> Result<ClueId, Fault> {
    text.parse().map_err(|_| Fault::field(&chassis::ID_INVALID, "clue_id", "必须是 UUID"))
}

/// # Errors
/// `CLUE_INVALID`.
pub(crate) fn day(text: &str) -> Result<Option<Date>, Fault> {
    let wrong = |_| Fault::field(&CLUE_INVALID, "day", "必须是日期");
    (!text.is_empty()).then(|| text.parse().map_err(wrong)).transpose()
}

/// # Errors
/// `CLUE_INVALID`.
pub(crate) fn instant(
    field: &'static str,
    value: Option<prost_types::Timestamp>,
) -> Result<Timestamp, Fault> {
    let mut fields = Fields::default();
    let at = fields.instant(field, value);
    fields.end(at)
}

/// # Errors
/// `CLUE_INVALID` with every field that cannot be read.
pub(crate) fn new_clue(message: proto::OpenClueRequest) -> Result<NewClue, Fault> {
    let mut fields = Fields::default();
    let source = fields.listed("source", message.source, lists::source_of);
    let conduct = fields.listed("conduct", message.conduct, lists::conduct_of);
    let case_number = match message.case_number.as_str() {
        "" => None,
        text => text.parse().map_err(|_| fields.wrong("case_number", "不是案件编号")).ok(),
    };
    let unit = fields.unit(["unit", "unit.code"], message.unit);
    let occurred_at = fields.instant("occurred_at", message.occurred_at);
    let origin = set(message.origin_id)
        .and_then(|id| id.parse().map_err(|_| fields.wrong("origin_id", "必须是 UUID")).ok());
    let read = source.zip(conduct).zip(unit).zip(occurred_at);
    let content = read.map(|(((source, conduct), unit), occurred_at)| NewClue {
        source,
        conduct,
        case_number,
        unit,
        facts: message.facts,
        occurred_at,
        origin,
    });
    fields.end(content)
}

/// # Errors
/// `CLUE_INVALID`; `WRONG_BUREAU` when an officer is of another bureau.
pub(crate) fn verify(
    staff: &Staff,
    message: proto::VerifyClueRequest,
    legal_unit: UnitCode,
) -> Result<Verify, Fault> {
    let mut fields = Fields::default();
    let mut named = Vec::new();
    for proto::NamedOfficer { officer, ground } in message.officers {
        let Some(common::Officer { police_number, name, unit }) = officer else {
            fields.wrong("officers.officer", Problem::Required.zh());
            continue;
        };
        let unit = fields.unit(["officers.officer.unit", "officers.officer.unit.code"], unit);
        if let Some(unit) = unit {
            if unit.code.bureau() != staff.bureau {
                let what = "must be a unit of the caller's bureau";
                let field = "officers.officer.unit.code";
                return Err(Fault::field(&chassis::WRONG_BUREAU, field, what));
            }
            let officer = Officer { police_number, name, unit };
            named.push(Named { officer, subject: new_uuid(), ground });
        }
    }
    let (findings, concerns_legal) = (message.findings, message.concerns_legal);
    fields.end(Some(Verify { findings, named, concerns_legal, legal_unit }))
}

/// # Errors
/// `CLUE_INVALID`.
pub(crate) fn rulings(outcomes: Vec<proto::Outcome>) -> Result<Vec<Ruling>, Fault> {
    let ruling = |outcome: proto::Outcome| {
        let person = set(outcome.police_number.clone());
        Ok(Ruling { person, verdict: verdict(outcome, DECISION)? })
    };
    outcomes.into_iter().map(ruling).collect()
}

/// Names of the fields of an outcome: liability, clause, ground.
type OutcomeFields = [&'static str; 3];

/// Fields of an outcome in a decision.
const DECISION: OutcomeFields =
    ["outcomes.liability", "outcomes.clause_id", "outcomes.no_fault_ground"];
/// Fields of the outcome in the decision on an appeal.
pub(crate) const APPEAL: OutcomeFields =
    ["outcome.liability", "outcome.clause_id", "outcome.no_fault_ground"];

/// Liability under a clause, or no fault on a ground; never both.
///
/// # Errors
/// `CLUE_INVALID`.
pub(crate) fn verdict(outcome: proto::Outcome, names: OutcomeFields) -> Result<Verdict, Fault> {
    let proto::Outcome { liability, clause_id, no_fault_ground, reason, .. } = outcome;
    let [liability_field, clause_field, ground_field] = names;
    let mut fields = Fields::default();
    let verdict = if no_fault_ground == 0 {
        let liability = fields.listed(liability_field, liability, lists::liability_of);
        liability.map(|liability| Verdict::Liable { liability, clause: clause_id, reason })
    } else {
        if liability != 0 {
            fields.wrong(liability_field, Problem::NotWanted.zh());
        }
        if !clause_id.is_empty() {
            fields.wrong(clause_field, Problem::NotWanted.zh());
        }
        let ground = fields.listed(ground_field, no_fault_ground, lists::no_fault_of);
        ground.map(|ground| Verdict::NoFault { ground, reason })
    };
    fields.end(verdict)
}

/// # Errors
/// `CLUE_INVALID`.
pub(crate) fn account(message: proto::RecordInterferenceRequest) -> Result<Account, Fault> {
    let mut fields = Fields::default();
    let kind = fields.listed("kind", message.kind, lists::interference_of);
    let happened_at = fields.instant("happened_at", message.happened_at);
    let account = kind.zip(happened_at).map(|(kind, happened_at)| Account {
        kind,
        who: message.who,
        happened_at,
        channel: message.channel,
        case_number: set(message.case_number),
        words: message.words,
        answer: message.answer,
    });
    fields.end(account)
}

/// An empty text is an absent one.
fn set(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

/// The fields that could not be read so far.
#[derive(Default)]
struct Fields(Vec<(&'static str, &'static str)>);

impl Fields {
    /// The value, unless a field was at fault; a value is missing only then.
    fn end<T>(self, value: Option<T>) -> Result<T, Fault> {
        match value {
            Some(value) if self.0.is_empty() => Ok(value),
            _ => Err(self.0.into_iter().fold(Fault::new(&CLUE_INVALID), |fault, (field, what)| {
                fault.with_violation(field, what)
            })),
        }
    }

    fn wrong(&mut self, field: &'static str, what: &'static str) {
        self.0.push((field, what));
    }

    /// A value of a closed list.
    fn listed<P: TryFrom<i32>, T>(
        &mut self,
        field: &'static str,
        value: i32,
        of: impl FnOnce(P) -> Option<T>,
    ) -> Option<T> {
        let value = P::try_from(value).ok().and_then(of);
        if value.is_none() {
            self.wrong(field, "不在所列各项之内");
        }
        value
    }

    /// An instant in the precision of the database, in the years that it and the calendar know.
    fn instant(
        &mut self,
        field: &'static str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let Some(value) = value else {
            self.wrong(field, Problem::Required.zh());
            return None;
        };
        let read = gongxin_proto::instant(value);
        if read.is_none() {
            self.wrong(field, "不是有效的时间");
        }
        read
    }

    fn unit(&mut self, fields: [&'static str; 2], unit: Option<common::Unit>) -> Option<Unit> {
        let Some(unit) = unit else {
            self.wrong(fields[0], Problem::Required.zh());
            return None;
        };
        let code = unit.code.parse::<UnitCode>().ok();
        if code.is_none() {
            self.wrong(fields[1], "必须是12位数字");
        }
        code.map(|code| Unit { code, name: unit.name })
    }
}
