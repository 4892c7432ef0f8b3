//! After non-filing: serving the notice and the complainant's time for reconsideration.

use jiff::Timestamp;

use crate::{Changed, Deadline, Event, FieldError, Law, Period, Problem, Refusal, Report, Service};

const RECONSIDERATION_RULE: &str = "intake.non_filing.reconsideration.request";

impl Report {
    /// Records at `at` that the complainant signed for the notice at `served_at`; starts the
    /// seven days for reconsideration (INT-50). Service after its own end is noted as overdue
    /// first, if it was not before.
    ///
    /// # Errors
    /// [`Refusal::NoticeNotOwed`] when there is none or it was served before,
    /// [`Refusal::Invalid`], [`Refusal::Law`].
    pub fn notice_served(
        mut self,
        served_at: Timestamp,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let decision = self.decision().ok_or(Refusal::NoticeNotOwed)?;
        let (decided_at, notice_number) = (decision.decided_at, decision.document_number.clone());
        let notice = self.notice_mut().ok_or(Refusal::NoticeNotOwed)?;
        if notice.served.is_some() {
            return Err(Refusal::NoticeNotOwed);
        }
        check_served_at(served_at, decided_at, at)?;
        let reconsideration =
            Period::start(RECONSIDERATION_RULE, served_at, law).map_err(Refusal::Law)?;
        let newly_late = notice.deadline.lapse(served_at, at);
        let notice_period = notice.deadline.period.clone();
        let deadline = Deadline::running(reconsideration.clone());
        notice.served = Some(Service { served_at, reconsideration: deadline, asked: None });

        let mut events = Vec::new();
        if newly_late {
            events.push(self.notice_missed(notice_period));
        }
        events.push(Event::NoticeServed {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            notice_number,
            served_at,
            reconsideration,
        });
        Ok(self.changed(events))
    }

    /// Notes that the notice was not served in time. Nothing to do before the end, after the
    /// service, or a second time.
    ///
    /// # Errors
    /// [`Refusal::NoticeNotOwed`] when there is no notice.
    pub fn notice_overdue(mut self, at: Timestamp) -> Result<Changed, Refusal> {
        let notice = self.notice_mut().ok_or(Refusal::NoticeNotOwed)?;
        if notice.served.is_some() || !notice.deadline.lapse(at, at) {
            return Ok(self.unchanged());
        }
        let period = notice.deadline.period.clone();
        let event = self.notice_missed(period);
        Ok(self.changed(vec![event]))
    }

    /// Notes that nobody asked for reconsideration in time. Nothing to do before the end, after a
    /// request, or a second time.
    ///
    /// # Errors
    /// [`Refusal::NoticeNotOwed`] when no notice was served.
    pub fn reconsideration_ended(mut self, at: Timestamp) -> Result<Changed, Refusal> {
        let served = self.notice_mut().and_then(|notice| notice.served.as_mut());
        let service = served.ok_or(Refusal::NoticeNotOwed)?;
        if service.asked.is_some() || !service.reconsideration.lapse(at, at) {
            return Ok(self.unchanged());
        }
        let event =
            Event::ReconsiderationEnded { report_id: self.0.id, case_number: self.accepted_case() };
        Ok(self.changed(vec![event]))
    }

    fn notice_missed(&self, notice: Period) -> Event {
        Event::NoticeOverdue {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            notice,
        }
    }
}

fn check_served_at(
    served_at: Timestamp,
    decided_at: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    let problem = if served_at > now {
        Problem::InFuture
    } else if served_at < decided_at {
        Problem::BeforeDecision
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(vec![FieldError { field: "served_at", problem }]))
}
