//! The procuratorate asks why a case was not filed (要求说明不立案理由), and the bureau explains.

use gongxin_law::DocumentNumber;
use jiff::Timestamp;

use crate::content::{check_line, check_prose};
use crate::{
    Changed, Deadline, Event, FieldError, Law, Officer, Period, Problem, Refusal, Report, Stage,
};

const EXPLANATION_RULE: &str = "intake.filing_supervision.explain_non_filing";

/// A demand of the procuratorate for reasons, and the answer to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Number of its notice (要求说明不立案理由通知书), as the procuratorate wrote it.
    pub notice_number: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who entered it.
    pub recorded_by: Officer,
    /// The time to answer (PCR 182).
    pub deadline: Deadline,
    /// The answer, once there is one.
    pub answer: Option<Explanation>,
}

/// The reasons for not filing (不立案理由说明书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Facts and law.
    pub reasons: String,
    /// Who answered for the bureau.
    pub answered_by: Officer,
    /// When.
    pub answered_at: Timestamp,
    /// Number of the answer.
    pub document_number: DocumentNumber,
}

/// A demand to enter.
#[derive(Clone, Debug)]
pub struct AskWhyNotFiled {
    /// Number of the procuratorate's notice; required.
    pub notice_number: String,
    /// When it was received.
    pub received_at: Timestamp,
    /// Who enters it.
    pub recorded_by: Officer,
    /// When it is entered.
    pub at: Timestamp,
}

impl Report {
    /// Enters the procuratorate's demand for reasons; starts the seven days to answer, counted
    /// from its receipt (INT-53).
    ///
    /// # Errors
    /// [`Refusal::QuestionNotOpen`] when the case is not one that was not filed, or was asked
    /// about before, [`Refusal::Invalid`], [`Refusal::Law`].
    pub fn ask_why_not_filed(
        mut self,
        ask: AskWhyNotFiled,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let AskWhyNotFiled { notice_number, received_at, recorded_by, at } = ask;
        let is_filed = self.0.stage.filed_after_all().is_some();
        let Stage::NotFiled { decision, question, .. } = &mut self.0.stage else {
            return Err(Refusal::QuestionNotOpen);
        };
        if is_filed || question.is_some() {
            return Err(Refusal::QuestionNotOpen);
        }
        check_line("document_number", &notice_number)?;
        check_received_at(received_at, decision.decided_at, at)?;
        let answer = Period::start(EXPLANATION_RULE, received_at, law).map_err(Refusal::Law)?;
        let deadline = Deadline::running(answer.clone());
        *question = Some(Box::new(Question {
            notice_number: notice_number.clone(),
            received_at,
            recorded_by,
            deadline,
            answer: None,
        }));
        let event = Event::NonFilingQuestioned {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            notice_number,
            received_at,
            answer,
        };
        Ok(self.changed(vec![event]))
    }

    /// Checks that an answer is owed, before a number is taken for it.
    ///
    /// # Errors
    /// [`Refusal::QuestionNotOpen`].
    pub fn awaits_explanation(&self) -> Result<(), Refusal> {
        let question = self.question().ok_or(Refusal::QuestionNotOpen)?;
        if question.answer.is_some() { Err(Refusal::QuestionNotOpen) } else { Ok(()) }
    }

    /// Answers the procuratorate, also after the end of the time to answer.
    ///
    /// # Errors
    /// [`Refusal::QuestionNotOpen`], [`Refusal::Invalid`].
    pub fn explain_non_filing(mut self, answer: Explanation) -> Result<Changed, Refusal> {
        self.awaits_explanation()?;
        check_prose("reasons", &answer.reasons).map_err(Refusal::Invalid)?;
        let question = self.question_mut().ok_or(Refusal::QuestionNotOpen)?;
        let newly_late = question.deadline.lapse(answer.answered_at, answer.answered_at);
        let was_overdue = question.deadline.lapsed_at.is_some();
        let period = question.deadline.period.clone();
        question.answer = Some(answer.clone());

        let mut events = Vec::new();
        if newly_late {
            events.push(self.explanation_missed(period));
        }
        events.push(Event::NonFilingExplained {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            answered_by: answer.answered_by,
            document_number: answer.document_number,
            was_overdue,
        });
        Ok(self.changed(events))
    }

    /// Notes that the procuratorate was not answered in time. Nothing to do before the end,
    /// after the answer, or a second time.
    ///
    /// # Errors
    /// [`Refusal::QuestionNotOpen`] when nothing was asked.
    pub fn explanation_overdue(mut self, at: Timestamp) -> Result<Changed, Refusal> {
        let question = self.question_mut().ok_or(Refusal::QuestionNotOpen)?;
        if question.answer.is_some() || !question.deadline.lapse(at, at) {
            return Ok(self.unchanged());
        }
        let period = question.deadline.period.clone();
        let event = self.explanation_missed(period);
        Ok(self.changed(vec![event]))
    }

    /// What the procuratorate asked, where it did.
    pub fn question(&self) -> Option<&Question> {
        match &self.0.stage {
            Stage::NotFiled { question, .. } => question.as_deref(),
            _ => None,
        }
    }

    fn question_mut(&mut self) -> Option<&mut Question> {
        match &mut self.0.stage {
            Stage::NotFiled { question, .. } => question.as_deref_mut(),
            _ => None,
        }
    }

    fn explanation_missed(&self, answer: Period) -> Event {
        Event::ExplanationOverdue {
            report_id: self.0.id,
            case_number: self.accepted_case(),
            unit: self.0.content.unit.clone(),
            answer,
        }
    }
}

fn check_received_at(
    received_at: Timestamp,
    decided_at: Timestamp,
    now: Timestamp,
) -> Result<(), Refusal> {
    let problem = if received_at > now {
        Problem::InFuture
    } else if received_at < decided_at {
        Problem::BeforeDecision
    } else {
        return Ok(());
    };
    Err(Refusal::Invalid(vec![FieldError { field: "received_at", problem }]))
}
