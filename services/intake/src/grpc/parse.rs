//! From messages to the domain: every identifier parsed, every field at fault named.

use std::str::FromStr;

use gongxin_chassis::reasons as chassis;
use gongxin_intake_domain::{
    self as domain, Finding, NewReport, Officer, Outcome, Person, Problem, Receiver, ReportId,
    Reporter, Unit,
};
use gongxin_kernel::{Fault, Reason, UnitCode};
use gongxin_law::identifiers::{InvalidIdentifier, Regions};
use gongxin_proto::common;
use gongxin_proto::intake::v1 as proto;
use gongxin_proto::intake::v1::RegisterReportRequest;
use jiff::Timestamp;

/// # Errors
/// `ID_INVALID`.
pub(crate) fn report_id(text: &str) -> Result<ReportId, Fault> {
    text.parse().map_err(|_| Fault::field(&chassis::ID_INVALID, "report_id", "必须是 UUID"))
}

/// The end of a review and, where one is named, the organ that receives the matter.
///
/// # Errors
/// `REPORT_INVALID`.
pub(crate) fn outcome(value: i32, organ: i32) -> Result<(Outcome, Option<Receiver>), Fault> {
    let mut fields = Fields::default();
    let receiver = (organ != 0).then(|| fields.listed("receiving_organ", organ, receiver));
    let outcome = fields.listed("outcome", value, |outcome| match outcome {
        proto::FilingOutcome::Filed => Some(Outcome::Filed),
        proto::FilingOutcome::NotFiled => Some(Outcome::NotFiled),
        proto::FilingOutcome::Transferred => Some(Outcome::Transferred),
        proto::FilingOutcome::Unspecified => None,
    });
    fields.end(outcome.map(|outcome| (outcome, receiver.flatten())))
}

/// # Errors
/// `REPORT_INVALID`.
pub(crate) fn instant(
    field: &'static str,
    value: Option<prost_types::Timestamp>,
) -> Result<Timestamp, Fault> {
    let mut fields = Fields::default();
    let at = fields.required_instant(field, value);
    fields.end(at)
}

/// The end of a reconsideration and the officer who handled it with the leader.
///
/// # Errors
/// `REPORT_INVALID`.
pub(crate) fn reconsidered(
    outcome: i32,
    second: Option<common::v1::Officer>,
) -> Result<(Finding, Officer), Fault> {
    let mut fields = Fields::default();
    let finding = fields.listed("outcome", outcome, |outcome| match outcome {
        proto::ReconsiderationOutcome::Upheld => Some(Finding::Upheld),
        proto::ReconsiderationOutcome::Overturned => Some(Finding::Overturned),
        proto::ReconsiderationOutcome::Unspecified => None,
    });
    let second = fields.second_officer(second);
    fields.end(finding.zip(second))
}

/// Identity numbers that begin with no code a place ever had. A list of codes is never complete, so
/// nobody is turned away for it.
pub(crate) fn doubtful_regions(content: &NewReport, regions: Regions) -> Vec<common::v1::Warning> {
    let reporter = content.reporter.as_ref().map(|reporter| &reporter.person);
    let reporter = reporter.map(|person| ("reporter.person.id_number", person));
    let suspects = content.suspects.iter().map(|person| ("suspects.id_number", person));
    let doubtful = |person: &Person| {
        person.id_number.as_ref().is_some_and(|number| number.check_region(regions).is_err())
    };
    let found = reporter.into_iter().chain(suspects).filter(|(_, person)| doubtful(person));
    found
        .map(|(field, _)| common::v1::Warning {
            field: field.to_owned(),
            description: "前六位不是已知的行政区划代码，请核对证件".to_owned(),
        })
        .collect()
}

/// The content of a report; whether it is right as a whole is the domain's to check.
///
/// # Errors
/// `REPORT_INVALID` with every field that cannot be read.
pub(crate) fn new_report(message: RegisterReportRequest) -> Result<NewReport, Fault> {
    let mut fields = Fields::default();
    let source = fields.listed("source", message.source, source);
    let nature = fields.listed("nature", message.nature, nature);
    let told_at = fields.required_instant("told_at", message.told_at);
    let occurred_at = fields.instant("occurred_at", message.occurred_at);
    let call_number = fields.text("call_number", &message.call_number);
    let reporter = message.reporter.map(|reporter| fields.reporter(reporter));
    let unit = fields.unit(message.unit);
    let suspects = message.suspects.into_iter().map(|person| {
        let id_number = fields.text("suspects.id_number", &person.id_number);
        Person { name: person.name, id_number }
    });
    let suspects = suspects.collect();
    let repeat_of = set(message.repeat_of)
        .and_then(|id| id.parse().map_err(|_| fields.wrong("repeat_of", "必须是 UUID")).ok());
    let read = source.zip(nature).zip(told_at).zip(unit);
    let content = read.map(|(((source, nature), told_at), unit)| NewReport {
        source,
        call_number,
        told_at,
        occurred_at,
        place: message.place,
        facts: message.facts,
        reporter,
        unit,
        nature,
        charge: set(message.charge),
        evidence: message.evidence,
        suspects,
        repeat_of,
        told: set(message.told),
    });
    fields.end(content)
}

/// An empty text is an absent one.
fn set(text: String) -> Option<String> {
    (!text.is_empty()).then_some(text)
}

fn source(source: proto::ReportSource) -> Option<domain::Source> {
    use domain::Source;
    Some(match source {
        proto::ReportSource::Unspecified => return None,
        proto::ReportSource::Police110 => Source::Police110,
        proto::ReportSource::FoundAtWork => Source::FoundAtWork,
        proto::ReportSource::Report => Source::Report,
        proto::ReportSource::Accusation => Source::Accusation,
        proto::ReportSource::TipOff => Source::TipOff,
        proto::ReportSource::Surrender => Source::Surrender,
        proto::ReportSource::BroughtIn => Source::BroughtIn,
        proto::ReportSource::TransferAdministrative => Source::TransferAdministrative,
        proto::ReportSource::TransferPolice => Source::TransferPolice,
        proto::ReportSource::TransferJudicial => Source::TransferJudicial,
        proto::ReportSource::AssignedBySuperior => Source::AssignedBySuperior,
        proto::ReportSource::Letter => Source::Letter,
        proto::ReportSource::Portal => Source::Portal,
        proto::ReportSource::Other => Source::Other,
    })
}

fn receiver(organ: proto::ReceivingOrgan) -> Option<Receiver> {
    Some(match organ {
        proto::ReceivingOrgan::Unspecified => return None,
        proto::ReceivingOrgan::SupervisoryCommission => Receiver::SupervisoryCommission,
        proto::ReceivingOrgan::Procuratorate => Receiver::Procuratorate,
        proto::ReceivingOrgan::Court => Receiver::Court,
        proto::ReceivingOrgan::OtherPolice => Receiver::OtherPolice,
        proto::ReceivingOrgan::StateSecurity => Receiver::StateSecurity,
        proto::ReceivingOrgan::Military => Receiver::Military,
        proto::ReceivingOrgan::CoastGuard => Receiver::CoastGuard,
        proto::ReceivingOrgan::Prison => Receiver::Prison,
    })
}

fn nature(nature: proto::Nature) -> Option<domain::Nature> {
    Some(match nature {
        proto::Nature::Unspecified => return None,
        proto::Nature::Criminal => domain::Nature::Criminal,
        proto::Nature::Administrative => domain::Nature::Administrative,
        proto::Nature::NotPolice => domain::Nature::NotPolice,
        proto::Nature::Repeat => domain::Nature::Repeat,
    })
}

/// The fields that could not be read so far, and the reason under which they are told.
pub(super) struct Fields(&'static Reason, Vec<(&'static str, String)>);

impl Default for Fields {
    fn default() -> Self {
        Self::of(&domain::reasons::REPORT_INVALID)
    }
}

impl Fields {
    pub(super) fn of(reason: &'static Reason) -> Self {
        Self(reason, Vec::new())
    }

    /// The value, unless a field was at fault; a value is missing only then.
    pub(super) fn end<T>(self, value: Option<T>) -> Result<T, Fault> {
        match value {
            Some(value) if self.1.is_empty() => Ok(value),
            _ => Err(self.1.into_iter().fold(Fault::new(self.0), |fault, (field, what)| {
                fault.with_violation(field, what)
            })),
        }
    }

    /// Notes a finding once a field, however many items share it.
    fn wrong(&mut self, field: &'static str, what: impl Into<String>) {
        let finding = (field, what.into());
        if !self.1.contains(&finding) {
            self.1.push(finding);
        }
    }

    /// A value of a closed list.
    pub(super) fn listed<P: TryFrom<i32>, T>(
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

    /// An instant in the precision of the database.
    fn instant(
        &mut self,
        field: &'static str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        let read = gongxin_proto::instant(value?);
        if read.is_none() {
            self.wrong(field, "不是有效的时间");
        }
        read
    }

    pub(super) fn required_instant(
        &mut self,
        field: &'static str,
        value: Option<prost_types::Timestamp>,
    ) -> Option<Timestamp> {
        if value.is_none() {
            self.wrong(field, Problem::Required.zh());
        }
        self.instant(field, value)
    }

    /// A text with a form of its own; absent when empty.
    fn text<T: FromStr<Err = InvalidIdentifier>>(
        &mut self,
        field: &'static str,
        text: &str,
    ) -> Option<T> {
        if text.is_empty() {
            return None;
        }
        text.parse().map_err(|error: InvalidIdentifier| self.wrong(field, error.zh())).ok()
    }

    /// A text with a form of its own that must be there.
    pub(super) fn required_text<T: FromStr<Err = InvalidIdentifier>>(
        &mut self,
        field: &'static str,
        text: &str,
    ) -> Option<T> {
        if text.is_empty() {
            self.wrong(field, Problem::Required.zh());
        }
        self.text(field, text)
    }

    fn reporter(&mut self, reporter: proto::Reporter) -> Reporter {
        let person = reporter.person.unwrap_or_default();
        Reporter {
            person: Person {
                id_number: self.text("reporter.person.id_number", &person.id_number),
                name: person.name,
            },
            phone: self.text("reporter.phone", &reporter.phone),
            secret: reporter.secret,
        }
    }

    fn second_officer(&mut self, officer: Option<common::v1::Officer>) -> Option<Officer> {
        let Some(common::v1::Officer { police_number, name, unit }) = officer else {
            self.wrong("second_officer", Problem::Required.zh());
            return None;
        };
        let unit = unit.unwrap_or_default();
        let code = unit.code.parse::<UnitCode>().ok();
        if code.is_none() {
            self.wrong("second_officer.unit.code", "必须是12位数字");
        }
        let unit = code.map(|code| Unit { code, name: unit.name })?;
        Some(Officer { police_number, name, unit })
    }

    pub(super) fn unit(&mut self, unit: Option<common::v1::Unit>) -> Option<Unit> {
        let Some(unit) = unit else {
            self.wrong("unit", Problem::Required.zh());
            return None;
        };
        let code = unit.code.parse::<UnitCode>().ok();
        if code.is_none() {
            self.wrong("unit.code", "必须是12位数字");
        }
        code.map(|code| Unit { code, name: unit.name })
    }
}
