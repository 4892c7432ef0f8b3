//! Reconsideration (刑事复议) of non-filing: asked for in time, decided by who took no part.

use gongxin_law::DocumentNumber;
use jiff::Timestamp;

use crate::content::{check_line, check_prose};
use crate::duty_crime::names_duty_crime;
use crate::{
    Changed, Deadline, Event, FieldError, Finding, Law, Officer, Period, Problem, Refusal, Report,
};

const DECISION_RULE: &str = "intake.non_filing.reconsideration.decide";

/// A request for reconsideration, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconsideration {
    /// Why the complainant objects.
    pub ground: String,
    /// When the request was received.
    pub received_at: Timestamp,
    /// Who recorded it.
    pub recorded_by: Officer,
    /// The time to decide (PCR 179).
    pub deadline: Deadline,
    /// The decision, once there is one.
    pub decided: Option<Reconsidered>,
}

/// A decision on a reconsideration (刑事复议决定书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reconsidered {
    /// Upheld or overturned.
    pub finding: Finding,
    /// Facts and law.
    pub ground: String,
    /// The leader who decided.
    pub decided_by: Officer,
    /// The officer who handled it with the leader.
    pub second_officer: Officer,
    /// When.
    pub decided_at: Timestamp,
    /// Number of the decision.
    pub document_number: DocumentNumber,
    /// Number of the filing decision (立案决定书); exactly where non-filing is overturned.
    pub filing_number: Option<DocumentNumber>,
}

/// A decision to take on a reconsideration.
#[derive(Clone, Debug)]
pub struct DecideReconsideration {
    /// Facts and law; required.
    pub ground: String,
    /// The leader who decides.
    pub decided_by: Officer,
    /// The officer who handled it with the leader.
    pub second_officer: Officer,
    /// Number of the decision.
    pub document_number: DocumentNumber,
    /// Number of the filing decision, where non-filing is overturned; none upholds it.
    pub filing_number: Option<DocumentNumber>,
    /// When.
    pub at: Timestamp,
}

impl Report {
    /// Records at `at` that the complainant's request was received at `received_at`; starts the
    /// thirty days to decide (INT-50). A request received in time may be recorded later.
    ///
    /// # Errors
    /// [`Refusal::ReconsiderationNotOpen`] when no notice was served or one is asked for already,
    /// [`Refusal::ReconsiderationTooLate`], [`Refusal::Invalid`], [`Refusal::Law`].
    pub fn request_reconsideration(
        mut self,
        ground: String,
        received_at: Timestamp,
        recorded_by: Officer,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let served = self.notice_mut().and_then(|notice| notice.served.as_mut());
        let service = served.ok_or(Refusal::ReconsiderationNotOpen)?;
        if service.asked.is_some() {
            return Err(Refusal::ReconsiderationNotOpen);
        }
        check_prose("ground", &ground).map_err(Refusal::Invalid)?;
        check_received_at(received_at, service.served_at, at)?;
        if service.reconsideration.period.is_late(received_at) {
            return Err(Refusal::ReconsiderationTooLate);
        }
        let decision = Period::start(DECISION_RULE, received_at, law).map_err(Refusal::Law)?;
        let deadline = Deadline::running(decision.clone());
        let asked = Reconsideration { ground, received_at, recorded_by, deadline, decided: None };
        service.asked = Some(Box::new(asked));
        let event = Event::ReconsiderationRequested {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            received_at,
            decision,
        };
        Ok(self.changed(vec![event]))
    }

    /// Checks that somebody waits for a decision, before a number is taken for it.
    ///
    /// # Errors
    /// [`Refusal::ReconsiderationNotOpen`].
    pub fn awaits_reconsideration(&self) -> Result<(), Refusal> {
        let asked = self.reconsideration().ok_or(Refusal::ReconsiderationNotOpen)?;
        if asked.decided.is_some() { Err(Refusal::ReconsiderationNotOpen) } else { Ok(()) }
    }

    /// Decides the reconsideration, also after its end; overturned, the case is filed with it.
    ///
    /// # Errors
    /// [`Refusal::ReconsiderationNotOpen`], [`Refusal::GroundRequired`], [`Refusal::Invalid`],
    /// [`Refusal::TookPart`] when one of the two registered the report or decided it,
    /// [`Refusal::DutyCrime`] when what may not be filed would be.
    pub fn decide_reconsideration(
        mut self,
        decide: DecideReconsideration,
    ) -> Result<Changed, Refusal> {
        self.awaits_reconsideration()?;
        self.check_took_no_part(&decide)?;
        let is_duty_crime = self.0.content.charge.as_deref().is_some_and(names_duty_crime);
        if decide.filing_number.is_some() && is_duty_crime {
            return Err(Refusal::DutyCrime);
        }
        let overturned = decide.filing_number.is_some();
        let reconsidered = Reconsidered {
            finding: if overturned { Finding::Overturned } else { Finding::Upheld },
            ground: decide.ground,
            decided_by: decide.decided_by,
            second_officer: decide.second_officer,
            decided_at: decide.at,
            document_number: decide.document_number,
            filing_number: decide.filing_number,
        };
        let asked = self.reconsideration_mut().ok_or(Refusal::ReconsiderationNotOpen)?;
        let newly_late = asked.deadline.lapse(decide.at, decide.at);
        let was_overdue = asked.deadline.lapsed_at.is_some();
        let period = asked.deadline.period.clone();
        asked.decided = Some(reconsidered.clone());

        let mut events = Vec::new();
        if newly_late {
            events.push(self.reconsideration_missed(period));
        }
        events.push(Event::ReconsiderationDecided {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            reconsidered: Box::new(reconsidered.clone()),
            was_overdue,
        });
        if let Some(number) = reconsidered.filing_number {
            let was_overdue = self.was_overdue();
            events.push(self.filed(&reconsidered.decided_by, &number, was_overdue));
        }
        Ok(self.changed(events))
    }

    /// Notes that the reconsideration was not decided in time. Nothing to do before the end,
    /// after the decision, or a second time.
    ///
    /// # Errors
    /// [`Refusal::ReconsiderationNotOpen`] when nobody asked.
    pub fn reconsideration_overdue(mut self, at: Timestamp) -> Result<Changed, Refusal> {
        let asked = self.reconsideration_mut().ok_or(Refusal::ReconsiderationNotOpen)?;
        if asked.decided.is_some() || !asked.deadline.lapse(at, at) {
            return Ok(self.unchanged());
        }
        let period = asked.deadline.period.clone();
        let event = self.reconsideration_missed(period);
        Ok(self.changed(vec![event]))
    }

    /// The reconsideration, where one was asked for.
    pub fn reconsideration(&self) -> Option<&Reconsideration> {
        self.notice()?.served.as_ref()?.asked.as_deref()
    }

    fn reconsideration_mut(&mut self) -> Option<&mut Reconsideration> {
        self.notice_mut()?.served.as_mut()?.asked.as_deref_mut()
    }

    /// Neither of the two registered the report or refused to file it, and they are two.
    fn check_took_no_part(&self, decide: &DecideReconsideration) -> Result<(), Refusal> {
        if decide.ground.trim().is_empty() {
            return Err(Refusal::GroundRequired);
        }
        check_prose("ground", &decide.ground).map_err(Refusal::Invalid)?;
        let second = &decide.second_officer;
        check_line("second_officer.police_number", &second.police_number)?;
        check_line("second_officer.name", &second.name)?;
        check_line("second_officer.unit.name", &second.unit.name)?;
        let decider = self.decision().map(|decision| &decision.decided_by);
        let took_part = [Some(&self.0.registered_by), decider];
        for (field, officer) in [("", &decide.decided_by), ("second_officer", second)] {
            let is_same = |other: &&Officer| other.police_number == officer.police_number;
            if took_part.iter().flatten().any(is_same) {
                return Err(Refusal::TookPart(field));
            }
        }
        if second.police_number == decide.decided_by.police_number {
            let field = "second_officer.police_number";
            let error = FieldError { field, problem: Problem::SameOfficer };
            return Err(Refusal::Invalid(vec![error]));
        }
        Ok(())
    }

    fn reconsideration_missed(&self, decision: Period) -> Event {
        Event::ReconsiderationOverdue {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            decision,
        }
    }
}

fn check_received_at(
    received_at: Timestamp,
    served_at: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    let problem = if received_at > now {
        Problem::InFuture
    } else if received_at < served_at {
        Problem::BeforeService
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(vec![FieldError { field: "received_at", problem }]))
}
