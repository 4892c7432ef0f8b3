//! After the arrest: the investigation is concluded, the case transferred for prosecution,
//! returned for supplementary investigation, prosecuted, judged.

use jiff::Timestamp;

use crate::refusal::{SHORT, items, text};
use crate::{
    Answer, CaseFile, Changed, ClockChange, ClockRule, CourtVerdict, Event, Exit, ExitId,
    ExitStage, Law, Officer, Outcome, Period, ProsecutionDecision, Refusal, Return, ReviewItem,
    Ruling, Stage, SuspectId,
};
use gongxin_kernel::words;

/// How often a case may be returned for supplementary investigation (CPL 175).
const MOST_RETURNS: usize = 2;

words! {
    /// The steps that conclude an investigation, in their order (RUN-14).
    ConclusionStep {
        /// The pre-trial examination (PCR 192) is concluded.
        Examination = "examination", "预审终结";
        /// The report on the conclusion (PCR 285) is approved.
        Report = "report", "经批准的侦查终结报告书";
    }
}

/// A paper that an officer signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// Its number.
    pub document_number: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub officer: Officer,
}

/// How far the unit's own investigation has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Investigation {
    /// Under way.
    Open,
    /// The pre-trial examination is concluded.
    Examined(Signed),
    /// Concluded (侦查终结).
    Concluded {
        /// The record of the examination.
        examination: Signed,
        /// The approved report; its officer is who approved.
        report: Signed,
    },
}

/// What it does to a case that the procuratorate has a paper.
pub(crate) struct HandedOver {
    /// By when it decides.
    pub(crate) decision: Period,
    /// That the paper came too late: for the month of a return, for the custody, or both.
    pub(crate) overdue: Vec<Event>,
    pub(crate) clocks: Vec<ClockChange>,
}

impl Investigation {
    /// The next step, unless it is concluded.
    pub fn missing(&self) -> Option<ConclusionStep> {
        match self {
            Self::Open => Some(ConclusionStep::Examination),
            Self::Examined(_) => Some(ConclusionStep::Report),
            Self::Concluded { .. } => None,
        }
    }
}

impl CaseFile {
    /// Records that the unit has concluded the pre-trial examination.
    ///
    /// # Errors
    /// [`Refusal::InvestigationStage`], [`Refusal::Text`], [`Refusal::ImpossibleTime`].
    pub fn conclude_examination(
        mut self,
        paper: Signed,
        now: Timestamp,
    ) -> Result<Changed, Refusal> {
        if self.investigation != Investigation::Open {
            return Err(Refusal::InvestigationStage);
        }
        text("document_number", &paper.document_number, SHORT)?;
        if paper.at > now {
            return Err(Refusal::ImpossibleTime);
        }
        self.add_handler(&paper.officer);
        self.investigation = Investigation::Examined(paper.clone());
        Ok(self.changed(Event::ExaminationConcluded { paper }, Vec::new()))
    }

    /// Approves the report that concludes the investigation, by a leader who had no other hand
    /// in the case.
    ///
    /// # Errors
    /// [`Refusal::InvestigationStage`], [`Refusal::SeparationOfDuties`], [`Refusal::Text`].
    pub fn conclude_investigation(mut self, report: Signed) -> Result<Changed, Refusal> {
        let Investigation::Examined(examination) = &self.investigation else {
            return Err(Refusal::InvestigationStage);
        };
        if self.is_handler(&report.officer) {
            return Err(Refusal::SeparationOfDuties);
        }
        text("document_number", &report.document_number, SHORT)?;
        self.investigation =
            Investigation::Concluded { examination: examination.clone(), report: report.clone() };
        Ok(self.changed(Event::InvestigationConcluded { paper: report }, Vec::new()))
    }

    /// The suspect's case is with the procuratorate, in time or late: custody follows the period
    /// of the examination, and at liberty the exit has a clock of its own.
    pub(crate) fn hand_over(
        &mut self,
        exit: ExitId,
        id: SuspectId,
        received_at: Timestamp,
        law: &Law<'_>,
    ) -> Result<HandedOver, Refusal> {
        let mut clocks = Vec::new();
        let mut overdue = Vec::new();
        let returned = self.open_return(id).map(|exit| exit.id);
        if let Some(back) = returned.and_then(|exit| self.return_mut(exit))
            && !back.clock.rule.is_custody()
        {
            clocks.push(ClockChange::meet(&back.clock, received_at));
            overdue.extend(returned.and_then(|exit| back.lapse(exit, received_at)));
        }
        let suspect = self.suspect_mut(id)?;
        let decision = if let Some(custody) = suspect.stage.custody_mut() {
            let decision = law
                .statutory(ClockRule::ExaminationHeld, id.0, received_at)
                .map_err(Refusal::Period)?;
            clocks.push(ClockChange::meet(&custody.clock, received_at));
            overdue.extend(custody.lapse(id, received_at));
            suspect.stage = Stage::Transferred(Some(custody.clone().under(decision.clone())));
            decision
        } else {
            // The procuratorate decides anew on bail; ours ends with the transfer.
            clocks.extend(suspect.stage.clock().map(ClockChange::cancel));
            suspect.stage = Stage::Transferred(None);
            law.statutory(ClockRule::Examination, exit.0, received_at).map_err(Refusal::Period)?
        };
        clocks.push(ClockChange::Start(decision.clone()));
        Ok(HandedOver { decision, overdue, clocks })
    }

    /// Records what the procuratorate decided on a transfer for prosecution. The same answer
    /// again is nothing to do.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`], [`Refusal::AnswerOfOtherMatter`],
    /// [`Refusal::ExitNotDelivered`], [`Refusal::ExitRecorded`] when another answer is there,
    /// [`Refusal::SupplementaryExhausted`], [`Refusal::Text`], [`Refusal::Items`],
    /// [`Refusal::Period`].
    pub fn prosecution_decided(
        mut self,
        id: ExitId,
        decision: ProsecutionDecision,
        answer_number: &str,
        received_at: Timestamp,
        law: &Law<'_>,
    ) -> Result<Changed, Refusal> {
        let exit = self.exit(id)?;
        let request = self.request(exit.request)?;
        if request.item == ReviewItem::ArrestRequest {
            return Err(Refusal::AnswerOfOtherMatter);
        }
        let suspect = request.suspect;
        let delivery = match &exit.stage {
            ExitStage::Ready => return Err(Refusal::ExitNotDelivered),
            ExitStage::Delivered(delivery) => delivery.clone(),
            ExitStage::Answered(_, answer) => {
                let same = decision.is(&answer.outcome) && answer.number == answer_number;
                return if same { Ok(self.unchanged()) } else { Err(Refusal::ExitRecorded) };
            }
        };
        text("answer_number", answer_number, SHORT)?;

        let mut clocks = Vec::new();
        if delivery.decision.rule == ClockRule::Examination {
            clocks.push(ClockChange::meet(&delivery.decision, received_at));
        }
        let custody = self.suspect_mut(suspect)?.stage.custody_mut();
        let overdue = custody.and_then(|custody| custody.lapse(suspect, received_at));
        let paper = Ruling { document_number: answer_number.to_owned(), received_at };
        let outcome = match decision {
            ProsecutionDecision::Prosecuted => {
                let suspect = self.suspect_mut(suspect)?;
                clocks.extend(suspect.stage.clock().map(|clock| match &suspect.stage {
                    Stage::Bail(_) => ClockChange::cancel(clock),
                    _ => ClockChange::meet(clock, received_at),
                }));
                suspect.stage = Stage::Prosecuted(paper);
                Outcome::Prosecuted
            }
            ProsecutionDecision::NotProsecuted => {
                clocks.extend(self.not_prosecuted(suspect, paper, law)?);
                Outcome::NotProsecuted
            }
            ProsecutionDecision::Returned(tasks) => {
                items("tasks", &tasks)?;
                if self.returns_of(suspect) >= MOST_RETURNS {
                    return Err(Refusal::SupplementaryExhausted);
                }
                let (clock, changes) = self.take_back(id, suspect, received_at, law)?;
                clocks.extend(changes);
                Outcome::Returned(Box::new(Return { tasks, clock, overdue: false }))
            }
        };
        let event = Event::ProsecutionDecided {
            exit: id,
            suspect,
            outcome: outcome.clone(),
            answer_number: answer_number.to_owned(),
            received_at,
        };
        let answer = Answer { outcome, number: answer_number.to_owned(), received_at };
        self.exit_mut(id)?.stage = ExitStage::Answered(delivery, answer);
        Ok(self.changed_late(overdue, event, clocks))
    }

    /// Who is held must be released at once (PCR 293); nobody else has anything to wait for.
    fn not_prosecuted(
        &mut self,
        id: SuspectId,
        paper: Ruling,
        law: &Law<'_>,
    ) -> Result<Vec<ClockChange>, Refusal> {
        let suspect = self.suspect_mut(id)?;
        if let Some(custody) = suspect.stage.custody() {
            let guard = law
                .at_once(ClockRule::ReleaseExecution, paper.received_at, &custody.clock)
                .map_err(Refusal::Period)?;
            let clocks = vec![
                ClockChange::meet(&custody.clock, paper.received_at),
                ClockChange::Start(guard.clone()),
            ];
            suspect.stage = Stage::ReleaseDue(custody.clone().under(guard));
            return Ok(clocks);
        }
        // A bail of ours stays until the paper that lifts it is served.
        if !matches!(suspect.stage, Stage::Bail(_)) {
            suspect.stage = Stage::NotProsecuted(paper);
        }
        Ok(Vec::new())
    }

    /// The case is the police's again for one month.
    fn take_back(
        &mut self,
        exit: ExitId,
        id: SuspectId,
        at: Timestamp,
        law: &Law<'_>,
    ) -> Result<(Period, Vec<ClockChange>), Refusal> {
        let suspect = self.suspect_mut(id)?;
        if let Stage::Transferred(Some(custody)) = &suspect.stage {
            let clock =
                law.statutory(ClockRule::SupplementaryHeld, id.0, at).map_err(Refusal::Period)?;
            let clocks =
                vec![ClockChange::meet(&custody.clock, at), ClockChange::Start(clock.clone())];
            suspect.stage = Stage::Supplementing(Some(custody.clone().under(clock.clone())));
            return Ok((clock, clocks));
        }
        if matches!(suspect.stage, Stage::Transferred(None)) {
            suspect.stage = Stage::Supplementing(None);
        }
        let clock = law.statutory(ClockRule::Supplementary, exit.0, at).map_err(Refusal::Period)?;
        Ok((clock.clone(), vec![ClockChange::Start(clock)]))
    }

    /// Whoever is released while a supplementary investigation runs is investigated further: the
    /// month goes on, as a clock of the exit.
    pub(crate) fn go_on_at_liberty(
        &mut self,
        id: SuspectId,
        law: &Law<'_>,
    ) -> Result<Option<ClockChange>, Refusal> {
        let Some(exit) = self.open_return(id).map(|exit| exit.id) else { return Ok(None) };
        let Some(back) = self.return_mut(exit) else { return Ok(None) };
        if !back.clock.rule.is_custody() {
            return Ok(None);
        }
        back.clock = law
            .statutory(ClockRule::Supplementary, exit.0, back.clock.started_at)
            .map_err(Refusal::Period)?;
        Ok(Some(ClockChange::Start(back.clock.clone())))
    }

    /// Marks that a supplementary investigation was not reported in time. Marked once;
    /// afterwards nothing to do.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`]; [`Refusal::ClockNotRunning`] when nothing is due for it or its
    /// time has not ended.
    pub fn supplementary_overdue(mut self, id: ExitId, now: Timestamp) -> Result<Changed, Refusal> {
        let suspect = self.request(self.exit(id)?.request)?.suspect;
        let is_open = self.open_return(suspect).is_some_and(|exit| exit.id == id);
        let ended = self
            .return_mut(id)
            .filter(|back| is_open && !back.clock.rule.is_custody() && now > back.clock.due_at);
        let Some(back) = ended else { return Err(Refusal::ClockNotRunning) };
        match back.lapse(id, now) {
            Some(event) => Ok(self.changed(event, Vec::new())),
            None => Ok(self.unchanged()),
        }
    }

    /// Records the court's judgment at first instance on a prosecution that came out of this
    /// exit. The same judgment again is nothing to do.
    ///
    /// # Errors
    /// [`Refusal::ExitNotFound`], [`Refusal::NotInCourt`], [`Refusal::ExitRecorded`] when another
    /// judgment is there, [`Refusal::Text`].
    pub fn judged(
        mut self,
        id: ExitId,
        verdict: CourtVerdict,
        document_number: &str,
        received_at: Timestamp,
    ) -> Result<Changed, Refusal> {
        let exit = self.exit(id)?;
        let prosecuted = matches!(&exit.stage,
            ExitStage::Answered(_, answer) if answer.outcome == Outcome::Prosecuted);
        let suspect_id = self.request(exit.request)?.suspect;
        let suspect = self.suspect_mut(suspect_id)?;
        match &suspect.stage {
            Stage::Prosecuted(_) if prosecuted => {}
            Stage::Judged(before, paper) if prosecuted => {
                let same = *before == verdict && paper.document_number == document_number;
                return if same { Ok(self.unchanged()) } else { Err(Refusal::ExitRecorded) };
            }
            _ => return Err(Refusal::NotInCourt),
        }
        text("document_number", document_number, SHORT)?;
        let paper = Ruling { document_number: document_number.to_owned(), received_at };
        suspect.stage = Stage::Judged(verdict, paper);
        let event = Event::Judged {
            exit: id,
            suspect: suspect_id,
            verdict,
            document_number: document_number.to_owned(),
            received_at,
        };
        Ok(self.changed(event, Vec::new()))
    }

    /// The exit whose return for supplementary investigation is not reported on yet: nothing of
    /// the suspect was delivered after it.
    pub fn open_return(&self, suspect: SuspectId) -> Option<&Exit> {
        let arrived = |exit: &&Exit| !matches!(exit.stage, ExitStage::Ready);
        let last = self.transfers_of(suspect).filter(arrived).last()?;
        last.stage.returned().map(|_| last)
    }

    /// How many tasks the open return names.
    pub(crate) fn tasks_of(&self, suspect: SuspectId) -> usize {
        let returned = self.open_return(suspect).and_then(|exit| exit.stage.returned());
        returned.map_or(0, |back| back.tasks.len())
    }

    fn returns_of(&self, suspect: SuspectId) -> usize {
        self.transfers_of(suspect).filter(|exit| exit.stage.returned().is_some()).count()
    }

    /// What went to the procuratorate for prosecution, in its order.
    fn transfers_of(&self, suspect: SuspectId) -> impl Iterator<Item = &Exit> {
        self.exits.iter().filter(move |exit| {
            self.request(exit.request).is_ok_and(|request| {
                request.suspect == suspect && request.item != ReviewItem::ArrestRequest
            })
        })
    }

    fn return_mut(&mut self, exit: ExitId) -> Option<&mut Return> {
        match &mut self.exit_mut(exit).ok()?.stage {
            ExitStage::Answered(_, Answer { outcome: Outcome::Returned(back), .. }) => Some(back),
            _ => None,
        }
    }
}

impl ProsecutionDecision {
    fn is(&self, outcome: &Outcome) -> bool {
        match (self, outcome) {
            (Self::Prosecuted, Outcome::Prosecuted)
            | (Self::NotProsecuted, Outcome::NotProsecuted) => true,
            (Self::Returned(tasks), Outcome::Returned(back)) => *tasks == back.tasks,
            _ => false,
        }
    }
}
