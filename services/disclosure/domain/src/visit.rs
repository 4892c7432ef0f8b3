//! The return visit (回访): somebody from outside the handling unit asks how it went.

use gongxin_kernel::{Canonical, Fault, Revision};
use gongxin_law::{LawError, last_instant, legal_day};
use jiff::{Span, Timestamp};

use crate::{Matter, Officer, reasons, text};

gongxin_kernel::id! {
    /// Names one return visit for ever.
    VisitId
}

/// Rule of the house: no law sets the days (5.5 of the rule tables).
pub const VISIT_RULE: &str = "disclosure.return_visit";

/// A rating up to this one opens a look at the matter; never a score (DIS-13).
pub const LOW_RATING: u8 = 2;

/// What the person answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// 1 to 5.
    pub rating: u8,
    /// In the person's own words; may be empty.
    pub words: String,
    /// Who asked.
    pub visitor: Officer,
    /// When.
    pub at: Timestamp,
}

/// What is needed to record a visit.
pub type RecordVisit = Answer;

/// A return visit from the day it is owed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: VisitId,
    /// The matter it asks about.
    pub matter: Matter,
    /// What made it due.
    pub started_at: Timestamp,
    /// Last instant in time.
    pub due_at: Timestamp,
    /// It was not made in time.
    pub overdue: bool,
    /// What was answered.
    pub answer: Option<Answer>,
    /// How often it has changed.
    pub revision: Revision,
}

impl Visit {
    /// A visit owed to the end of the day that is `days` after `at`.
    ///
    /// # Errors
    /// [`LawError::OutOfRange`] at the end of the calendar the program knows.
    pub fn owed(id: VisitId, matter: Matter, at: Timestamp, days: u16) -> Result<Self, LawError> {
        let day = legal_day(at).checked_add(Span::new().days(i64::from(days)));
        let due_at = last_instant(day.map_err(|_| LawError::OutOfRange)?)?;
        let (overdue, answer, revision) = (false, None, Revision::FIRST);
        Ok(Self { id, matter, started_at: at, due_at, overdue, answer, revision })
    }

    /// Whether the answer asks for a look at the matter.
    pub fn opens_look(&self) -> bool {
        self.answer.as_ref().is_some_and(|answer| answer.rating <= LOW_RATING)
    }

    /// Notes that the time has passed; `None` when there is nothing to note.
    #[must_use]
    pub fn overdue(self) -> Option<Self> {
        let open = !self.overdue && self.answer.is_none();
        open.then(|| Self { overdue: true, revision: self.revision.next(), ..self })
    }

    /// Records what the person answered; two revisions when a look opens, one otherwise.
    ///
    /// # Errors
    /// `DISCLOSURE_INVALID`, `VISITOR_OF_HANDLING_UNIT`, `VISIT_ALREADY_RECORDED`.
    pub fn record(self, answer: RecordVisit) -> Result<Self, Fault> {
        if !(1..=5).contains(&answer.rating) {
            return Err(Fault::field(&reasons::DISCLOSURE_INVALID, "rating", "须为1至5"));
        }
        text::check("words", &answer.words, 2000, false)?;
        if answer.visitor.unit.code == self.matter.unit.code {
            return Err(Fault::new(&reasons::VISITOR_OF_HANDLING_UNIT));
        }
        if self.answer.is_some() {
            return Err(Fault::new(&reasons::VISIT_ALREADY_RECORDED));
        }
        let after = if answer.rating <= LOW_RATING {
            self.revision.next().next()
        } else {
            self.revision.next()
        };
        Ok(Self { answer: Some(answer), revision: after, ..self })
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let answer = self.answer.as_ref();
        Canonical::new("disclosure.visit")
            .field("visit", self.id.0.as_bytes())
            .field("report", self.matter.id.0.as_bytes())
            .instant("due-at", self.due_at)
            .field("overdue", [u8::from(self.overdue)])
            .optional("rating", answer.map(|a| [a.rating]))
            .optional("words", answer.map(|a| &a.words))
            .optional("visitor", answer.map(|a| &a.visitor.police_number))
            .field("revision", self.revision.0.to_be_bytes())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ReportId, Unit};

    fn unit(code: &str) -> Unit {
        Unit { code: code.parse().unwrap(), name: "单位".into() }
    }

    fn visit() -> Visit {
        let matter = Matter {
            id: ReportId::fresh(),
            number: "明公接报〔2026〕1号".into(),
            case_number: Some("A6199210100002026010001".into()),
            unit: unit("619921010000"),
        };
        Visit::owed(VisitId::fresh(), matter, "2026-01-05T01:00:00Z".parse().unwrap(), 30).unwrap()
    }

    fn answer(rating: u8, visitor_unit: &str) -> Answer {
        let visitor = Officer {
            police_number: "619002".into(),
            name: "民警".into(),
            unit: unit(visitor_unit),
        };
        Answer { rating, words: "等了很久".into(), visitor, at: Timestamp::UNIX_EPOCH }
    }

    #[test]
    fn a_visit_is_owed_to_the_end_of_its_last_day_in_china() {
        assert_eq!(visit().due_at.to_string(), "2026-02-04T15:59:59.999999Z");
    }

    #[test]
    fn only_a_low_rating_opens_a_look() {
        for rating in 1..=5 {
            let recorded = visit().record(answer(rating, "619921020000")).unwrap();
            assert_eq!(recorded.opens_look(), rating <= 2, "{rating}");
            assert_eq!(recorded.revision.0, if rating <= 2 { 3 } else { 2 });
            assert!(recorded.clone().overdue().is_none());
            let again = recorded.record(answer(5, "619921020000")).unwrap_err();
            assert_eq!(again.reason.code, "VISIT_ALREADY_RECORDED");
        }
    }

    #[test]
    fn the_handling_unit_does_not_ask_how_it_did() {
        let fault = visit().record(answer(5, "619921010000")).unwrap_err();
        assert_eq!(fault.reason.code, "VISITOR_OF_HANDLING_UNIT");
    }

    #[test]
    fn other_ratings_are_refused_by_their_field() {
        for rating in [0, 6, 255] {
            let fault = visit().record(answer(rating, "619921020000")).unwrap_err();
            assert_eq!(fault.violations[0].field, "rating");
        }
    }

    #[test]
    fn a_visit_becomes_overdue_once_and_may_still_be_made() {
        let late = visit().overdue().unwrap();
        assert!(late.clone().overdue().is_none());
        assert!(late.record(answer(4, "619921020000")).unwrap().overdue);
    }
}
