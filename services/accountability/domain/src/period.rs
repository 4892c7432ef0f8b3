//! The periods of a clue: verification (of the house), the appeal and its decision (ERR 26).

use gongxin_law::{Facts, LawError, legal_day};
use jiff::{SignedDuration, Timestamp};

use gongxin_kernel::words;

/// Version of the rules of the house.
const HOUSE: &str = "house-1";

words! {
    /// The periods a clue can run. The code is the rule id under which a deadline is kept.
    PeriodRule {
        /// The time to verify a clue; a rule of the house.
        Verification = "accountability.verification", "线索核查期限";
        /// The officer's time to appeal.
        Appeal = "accountability.appeal.request", "申诉期限";
        /// The time to decide an appeal.
        AppealDecision = "accountability.appeal.decide", "申诉决定期限";
    }
}

/// The law that a transition goes by.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// Statutory periods, days off, readings.
    pub statutes: gongxin_law::Law<'a>,
    /// Days to verify a clue (`accountability.verification_days`); set by the bureau.
    pub verification_days: u16,
}

impl Law<'static> {
    /// The rules of this build and thirty days to verify.
    pub fn builtin() -> Self {
        Self { statutes: gongxin_law::Law::builtin(), verification_days: 30 }
    }
}

/// A period that was started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Period {
    /// The rule.
    pub rule: PeriodRule,
    /// The version picked by the date of the act; `house-1` for a rule of the house.
    pub version: String,
    /// What it was counted from.
    pub started_at: Timestamp,
    /// When to warn.
    pub warn_at: Timestamp,
    /// Last instant in time.
    pub due_at: Timestamp,
    /// It rests on a year without a notice of days off.
    pub assumed: bool,
    /// The computation in Chinese, a line a step.
    pub explained_zh: Vec<String>,
}

impl Period {
    /// What the law computed it from beside its start; none for a period of the house.
    pub fn facts(&self) -> Option<Facts> {
        (self.version != HOUSE).then(Facts::default)
    }
}

impl Law<'_> {
    /// The same period by this law: by the version that governs the day it started.
    pub(crate) fn again(&self, period: &Period) -> Result<Period, LawError> {
        self.start(period.rule, period.started_at)
    }

    pub(crate) fn start(&self, rule: PeriodRule, at: Timestamp) -> Result<Period, LawError> {
        if rule == PeriodRule::Verification {
            return self.verification(at);
        }
        let row = self.statutes.rules.rule(rule.code(), legal_day(at))?;
        let due = self.statutes.due(row, at, &Facts::default())?;
        Ok(Period {
            rule,
            version: row.version(),
            started_at: at,
            warn_at: due.warn_at,
            due_at: due.at,
            assumed: due.assumed,
            explained_zh: due.render_zh(),
        })
    }

    /// A rule of the house: days of 24 hours; warns at half its length.
    fn verification(&self, at: Timestamp) -> Result<Period, LawError> {
        let days = i64::from(self.verification_days);
        let after = |hours| at.checked_add(SignedDuration::from_hours(hours));
        let out = |_| LawError::OutOfRange;
        Ok(Period {
            rule: PeriodRule::Verification,
            version: HOUSE.to_owned(),
            started_at: at,
            warn_at: after(days * 12).map_err(out)?,
            due_at: after(days * 24).map_err(out)?,
            assumed: false,
            explained_zh: vec![
                "线索核查期限（本局设定，非法定期限）".to_owned(),
                format!("自登记线索时起{days}日"),
            ],
        })
    }
}
