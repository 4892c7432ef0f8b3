//! The clocks of a case: which rules run, how their ends are computed, what changes them.

use gongxin_law::{Due, Facts, Grant, LawError, Rule, legal_day};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use gongxin_kernel::words;

/// Version of the rules of the house.
const HOUSE: &str = "house-1";

words! {
    /// The periods a case can run. The code is the rule id under which a deadline is kept.
    ClockRule {
        /// Detention until the procuratorate has the request for arrest (CPL 91).
        ArrestRequest = "review.detention.arrest_request", "拘留后提请批准逮捕期限";
        /// The procuratorate decides, the suspect is held (CPL 91).
        DecisionDetained = "review.arrest.decision_detained", "审查批准逮捕期限（在押）";
        /// The procuratorate decides, the suspect is at liberty (SPR 282).
        DecisionAtLiberty = "review.arrest.decision_at_liberty", "审查批准逮捕期限（未被拘留）";
        /// From approval to the arrest, for a person held. The law says "at once" (PCR 142) and
        /// gives no period; the house gives hours, never beyond the end of the clock before.
        ArrestExecution = "review.arrest.execution", "批准逮捕后立即执行";
        /// From refusal to the release paper. The law says "at once" (PCR 140); as above.
        ReleaseExecution = "review.arrest.release", "不批准逮捕后立即释放";
        /// Custody for investigation after arrest (CPL 156).
        InvestigationCustody = "review.arrest.investigation_custody", "侦查羁押期限";
        /// The procuratorate examines for prosecution, the suspect is held (CPL 172).
        ExaminationHeld = "review.prosecution.examination.held", "审查起诉期限（在押）";
        /// The procuratorate examines for prosecution, the suspect is at liberty (CPL 172).
        Examination = "review.prosecution.examination", "审查起诉期限（未羁押）";
        /// Supplementary investigation, the suspect is held (CPL 175).
        SupplementaryHeld = "review.prosecution.supplementary_investigation.held", "补充侦查期限（在押）";
        /// Supplementary investigation, the suspect is at liberty (CPL 175).
        Supplementary = "review.prosecution.supplementary_investigation", "补充侦查期限（未羁押）";
        /// Bail (CPL 79).
        Bail = "review.bail.duration", "取保候审期限";
        /// Answer to a return for correction; a rule of the house.
        Correction = "review.correction.answer", "补正答复期限";
    }
}

impl ClockRule {
    /// Whether a person is held while the clock runs.
    pub fn is_custody(self) -> bool {
        match self {
            Self::ArrestRequest
            | Self::DecisionDetained
            | Self::ArrestExecution
            | Self::ReleaseExecution
            | Self::InvestigationCustody
            | Self::ExaminationHeld
            | Self::SupplementaryHeld => true,
            Self::DecisionAtLiberty
            | Self::Examination
            | Self::Supplementary
            | Self::Bail
            | Self::Correction => false,
        }
    }
}

/// A running period, with all that is needed to compute and to explain it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The rule.
    pub rule: ClockRule,
    /// The version picked by the date of the act; `house-1` for a rule of the house.
    pub version: String,
    /// What of the case it is about: a suspect, a request or an exit.
    pub subject: Uuid,
    /// What it was counted from.
    pub started_at: Timestamp,
    /// When to warn.
    pub warn_at: Timestamp,
    /// Last instant in time.
    pub due_at: Timestamp,
    /// Whether a calendar that is not published yet had to be assumed.
    pub assumed: bool,
    /// Extensions granted, in their order.
    pub grants: Vec<Grant>,
    /// The computation in Chinese, a line a step.
    pub explained_zh: Vec<String>,
}

/// What a transition does to the clocks; the store carries it out in the same transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClockChange {
    /// The period begins to run.
    Start(Period),
    /// The running period of this rule and subject ends at another time.
    Move(Period),
    /// What the period asks for was done at `at`, in time or late.
    Meet {
        /// The rule.
        rule: ClockRule,
        /// The subject.
        subject: Uuid,
        /// When it was done.
        at: Timestamp,
    },
    /// The period no longer applies.
    Cancel {
        /// The rule.
        rule: ClockRule,
        /// The subject.
        subject: Uuid,
    },
}

impl ClockChange {
    pub(crate) fn meet(period: &Period, at: Timestamp) -> Self {
        Self::Meet { rule: period.rule, subject: period.subject, at }
    }

    pub(crate) fn cancel(period: &Period) -> Self {
        Self::Cancel { rule: period.rule, subject: period.subject }
    }
}

/// What a bureau may set. No value can lengthen custody: every clock of the house that touches a
/// person held also ends with the statutory clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameters {
    /// Hours to answer a return for correction (`review.return.document_hours`).
    pub correction_hours: u16,
    /// How often a request may be returned (`review.return.max_times`).
    pub max_returns: u16,
    /// Hours after which an arrest or release that is due at once counts as not carried out.
    pub execution_hours: u16,
}

impl Default for Parameters {
    fn default() -> Self {
        Self { correction_hours: 24, max_returns: 2, execution_hours: 24 }
    }
}

/// The law a transition decides by.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// Statutory periods, days off, readings.
    pub statutes: gongxin_law::Law<'a>,
    /// What the bureau has set.
    pub parameters: Parameters,
}

impl Law<'static> {
    /// The rules and the calendar of this build, with the default parameters.
    pub fn builtin() -> Self {
        Self { statutes: gongxin_law::Law::builtin(), parameters: Parameters::default() }
    }
}

impl Law<'_> {
    /// The statutory period that starts at `start`.
    pub(crate) fn statutory(
        &self,
        rule: ClockRule,
        subject: Uuid,
        start: Timestamp,
    ) -> Result<Period, LawError> {
        let row = self.statutes.rules.rule(rule.code(), legal_day(start))?;
        let due = self.statutes.due(row, start, &Facts::default())?;
        Ok(Period::computed(rule, row, subject, start, Vec::new(), &due))
    }

    /// The same period with one more extension, by the version that governs the day it started;
    /// `days` is what was granted, none all that the extension allows.
    pub(crate) fn extended(
        &self,
        period: &Period,
        extension: &str,
        days: Option<u16>,
    ) -> Result<Period, LawError> {
        let row = self.statutes.rules.rule(period.rule.code(), legal_day(period.started_at))?;
        let mut grants = period.grants.clone();
        grants.push(Grant { extension: extension.to_owned(), amount: days });
        let facts = Facts { extensions: grants.clone(), ..Facts::default() };
        let due = self.statutes.due(row, period.started_at, &facts)?;
        Ok(Period::computed(period.rule, row, period.subject, period.started_at, grants, &due))
    }

    /// The same period by this law: by the version that governs the day it started, with what was
    /// granted. A period of the house, which no law gives, is none of this.
    pub(crate) fn again(&self, period: &Period) -> Result<Option<Period>, LawError> {
        let Some(facts) = period.facts() else { return Ok(None) };
        let Period { rule, subject, started_at, grants, .. } = period;
        let (row, due) = self.statutes.again(rule.code(), *started_at, &facts)?;
        Ok(Some(Period::computed(*rule, row, *subject, *started_at, grants.clone(), &due)))
    }

    /// How long the answer to a correction may take; with a person held, never later than a day
    /// before custody ends (fact base 2.4, reading P).
    pub(crate) fn correction(
        &self,
        subject: Uuid,
        at: Timestamp,
        custody: Option<&Period>,
    ) -> Result<Period, LawError> {
        let limit = custody.map(|clock| hours_after(clock.due_at, -24)).transpose()?;
        house(ClockRule::Correction, subject, at, self.parameters.correction_hours, limit)
    }

    /// The clock that guards a person held until an act that is due at once is done. It never
    /// outlasts the clock it follows: that one was the end of lawful custody.
    pub(crate) fn at_once(
        &self,
        rule: ClockRule,
        at: Timestamp,
        before: &Period,
    ) -> Result<Period, LawError> {
        let hours = self.parameters.execution_hours;
        let mut period = house(rule, before.subject, at, hours, Some(before.due_at))?;
        // The hours are when the house raises the alarm, no time that anybody has.
        period.warn_at = at.min(period.due_at);
        period.explained_zh.push("法律要求立即执行；本时限只用于报警，不得据此拖延".to_owned());
        Ok(period)
    }
}

impl Period {
    /// What the law computed it from beside its start; none for a period of the house.
    pub fn facts(&self) -> Option<Facts> {
        let facts = Facts { extensions: self.grants.clone(), ..Facts::default() };
        (self.version != HOUSE).then_some(facts)
    }

    fn computed(
        rule: ClockRule,
        row: &Rule,
        subject: Uuid,
        started_at: Timestamp,
        grants: Vec<Grant>,
        due: &Due,
    ) -> Self {
        Self {
            rule,
            version: row.version(),
            subject,
            started_at,
            warn_at: due.warn_at,
            due_at: due.at,
            assumed: due.assumed,
            grants,
            explained_zh: due.render_zh(),
        }
    }
}

/// A period of the house: hours from `start`, cut off at `limit`. It warns at half its length.
fn house(
    rule: ClockRule,
    subject: Uuid,
    start: Timestamp,
    hours: u16,
    limit: Option<Timestamp>,
) -> Result<Period, LawError> {
    let by_hours = hours_after(start, i64::from(hours))?;
    let due_at = limit.map_or(by_hours, |limit| by_hours.min(limit));
    let mut explained_zh =
        vec![format!("{}（本局设定，非法定期限）", rule.zh()), format!("自起算时刻起{hours}小时")];
    if due_at < by_hours {
        explained_zh.push("羁押期限先到，期限提前，不得延长羁押".to_owned());
    }
    let half = SignedDuration::from_micros((due_at.as_microsecond() - start.as_microsecond()) / 2);
    let warn_at = start.checked_add(half).map_err(|_| LawError::OutOfRange)?.min(due_at);
    Ok(Period {
        rule,
        version: HOUSE.to_owned(),
        subject,
        started_at: start,
        warn_at,
        due_at,
        assumed: false,
        grants: Vec::new(),
        explained_zh,
    })
}

fn hours_after(at: Timestamp, hours: i64) -> Result<Timestamp, LawError> {
    at.checked_add(SignedDuration::from_hours(hours)).map_err(|_| LawError::OutOfRange)
}
