//! The clue: its opening, its acts, and what follows from them.

use gongxin_kernel::Revision;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Act, ClueId, Law, NewClue, Officer, Outcome, Period, PeriodRule, Refusal, Source, What,
};

/// How a clue began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its id.
    pub id: ClueId,
    /// Its number.
    pub number: String,
    /// The matter.
    pub content: NewClue,
    /// Who opened it; nobody where a finding of supervision is a clue at once.
    pub by: Option<Officer>,
    /// When.
    pub at: Timestamp,
    /// The time to verify it.
    pub verification: Period,
}

gongxin_kernel::words! {
    /// Which hand a clue waits for.
    Stage {
        /// The inspectorate verifies.
        Verification = "verification", "待核查";
        /// Those named are heard.
        Hearing = "hearing", "听取陈述";
        /// The opinion on liability.
        Determination = "determination", "待认定";
        /// The decision.
        Decision = "decision", "待决定";
        /// Notices and appeals.
        Remedies = "remedies", "送达、申诉";
        /// Nothing is open.
        Closed = "closed", "办结";
    }
}

/// An officer named in a clue, with what has happened to him or her in it.
#[derive(Clone, Copy, Debug)]
pub struct Concerned<'a> {
    /// The officer.
    pub officer: &'a Officer,
    /// Names the officer within the deadlines of the clue.
    pub subject: Uuid,
    /// Why he or she was named.
    pub ground: &'a str,
    /// His or her own words.
    pub statement: Option<&'a str>,
    /// What stands now.
    pub outcome: Option<&'a Outcome>,
    /// When it was decided first.
    pub decided_at: Option<Timestamp>,
    /// Number of the decision on liability.
    pub document_number: Option<&'a str>,
    /// The time to appeal.
    pub appeal: Option<&'a Period>,
    /// Why he or she appealed.
    pub appeal_ground: Option<&'a str>,
    /// The time to decide the appeal.
    pub decision: Option<&'a Period>,
    /// The appeal was decided.
    pub appeal_decided: bool,
    /// The decision is in the lifelong file.
    pub entered: bool,
}

impl<'a> Concerned<'a> {
    /// The period of this rule, while nobody has done yet what it gives time for.
    pub fn running(&self, rule: PeriodRule) -> Option<&'a Period> {
        match rule {
            PeriodRule::Appeal => self.appeal.filter(|_| self.appeal_ground.is_none()),
            PeriodRule::AppealDecision => self.decision.filter(|_| !self.appeal_decided),
            PeriodRule::Verification => None,
        }
        .filter(|_| !self.is_final())
    }

    /// Whether nothing can change the outcome any more.
    pub fn is_final(&self) -> bool {
        self.entered || self.outcome.is_some_and(|outcome| !outcome.is_liable())
    }
}

/// A clue: what is read from the store and what the hands act on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clue {
    pub(crate) opening: Opening,
    pub(crate) acts: Vec<Act>,
}

/// Stored acts that no sequence of transitions makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the acts of the clue contradict each other")]
pub struct Inconsistent;

impl Clue {
    /// Opens a clue.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::Law`].
    pub fn open(
        id: ClueId,
        number: String,
        content: NewClue,
        by: Option<Officer>,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        content.check(at)?;
        let verification = law.start(PeriodRule::Verification, at)?;
        let opening = Opening { id, number, content, by, at, verification };
        Ok(Changed { clue: Self { opening, acts: Vec::new() }, since: None })
    }

    /// A clue as stored.
    ///
    /// # Errors
    /// [`Inconsistent`] when no sequence of transitions makes it.
    pub fn restore(opening: Opening, acts: Vec<Act>) -> Result<Self, Inconsistent> {
        let mut clue = Self { opening, acts: Vec::with_capacity(acts.len()) };
        for act in acts {
            clue.admits(&act.what).map_err(|_| Inconsistent)?;
            clue.acts.push(act);
        }
        Ok(clue)
    }

    /// How it began.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Its acts, oldest first.
    pub fn acts(&self) -> &[Act] {
        &self.acts
    }

    /// Its id.
    pub fn id(&self) -> ClueId {
        self.opening.id
    }

    /// How often it has changed; its opening was the first.
    pub fn revision(&self) -> Revision {
        Revision(1 + u32::try_from(self.acts.len()).expect("a clue has a few acts"))
    }

    /// The officers named, in order.
    pub fn concerned(&self) -> Vec<Concerned<'_>> {
        let named = self.acts.iter().filter_map(|act| match &act.what {
            What::Named { officer, .. } => Some(officer.police_number.as_str()),
            _ => None,
        });
        named.filter_map(|person| self.person(person)).collect()
    }

    /// The officer named with this police number.
    pub fn person(&self, police_number: &str) -> Option<Concerned<'_>> {
        let mut found: Option<Concerned<'_>> = None;
        for act in self.acts.iter().filter(|act| act.what.person() == Some(police_number)) {
            if let What::Named { officer, subject, ground } = &act.what {
                found = Some(Concerned {
                    officer,
                    subject: *subject,
                    ground,
                    statement: None,
                    outcome: None,
                    decided_at: None,
                    document_number: None,
                    appeal: None,
                    appeal_ground: None,
                    decision: None,
                    appeal_decided: false,
                    entered: false,
                });
            }
            let Some(person) = &mut found else { continue };
            match &act.what {
                What::Heard { statement, .. } => person.statement = Some(statement),
                What::Decided { outcome, document_number, .. } => {
                    person.outcome = Some(outcome);
                    person.decided_at = Some(act.at);
                    person.document_number = document_number.as_deref();
                }
                What::Served { appeal, .. } => person.appeal = Some(appeal),
                What::Appealed { ground, decision, .. } => {
                    person.appeal_ground = Some(ground);
                    person.decision = Some(decision);
                }
                What::Recomputed { period, .. } => match period.rule {
                    PeriodRule::Appeal => person.appeal = Some(period),
                    PeriodRule::AppealDecision => person.decision = Some(period),
                    PeriodRule::Verification => {}
                },
                What::AppealDecided { outcome, .. } => {
                    person.outcome = Some(outcome);
                    person.appeal_decided = true;
                }
                What::Entered { .. } => person.entered = true,
                What::Overdue
                | What::FindingConfirmed
                | What::Verified { .. }
                | What::Named { .. }
                | What::Reviewed { .. }
                | What::Corrected { .. } => {}
            }
        }
        found
    }

    fn did(&self, code: &str) -> bool {
        self.acts.iter().any(|act| act.what.code() == code)
    }

    /// Whether it comes from a finding that an officer of supervision has confirmed.
    fn is_of_confirmed_finding(&self) -> bool {
        let opened = self.opening.content.source == Source::Finding && self.opening.by.is_some();
        opened || self.did("finding_confirmed")
    }

    /// An officer of supervision has confirmed the finding that the clue comes from. Nothing to do
    /// a second time, or where that is how the clue began.
    pub fn finding_confirmed(self, by: &Officer, at: Timestamp) -> Changed {
        let since = Some(self.acts.len());
        match self.clone().add(Some(by), at, [What::FindingConfirmed]) {
            Ok(changed) => changed,
            Err(_) => Changed { clue: self, since },
        }
    }

    /// Whether the legal department may not determine it.
    pub fn concerns_legal(&self) -> bool {
        self.acts.iter().any(|act| matches!(act.what, What::Verified { concerns_legal: true, .. }))
    }

    /// Which hand it waits for.
    pub fn stage(&self) -> Stage {
        let concerned = self.concerned();
        if !self.did("verified") {
            Stage::Verification
        } else if concerned.iter().any(|person| person.statement.is_none()) {
            Stage::Hearing
        } else if !self.did("reviewed") {
            Stage::Determination
        } else if !self.did("decided") || concerned.iter().any(|person| person.outcome.is_none()) {
            Stage::Decision
        } else if concerned.iter().any(|person| !person.is_final()) {
            Stage::Remedies
        } else {
            Stage::Closed
        }
    }

    /// Whether the clue waits for this act.
    pub(crate) fn admits(&self, what: &What) -> Result<(), Refusal> {
        let stage = self.stage();
        let at = |wanted| if stage == wanted { Ok(()) } else { Err(Refusal::Stage) };
        let of = |person: &str| self.person(person).ok_or(Refusal::NotNamed);
        let owed = |open: bool| if open { Ok(()) } else { Err(Refusal::NotOwed) };
        match what {
            What::Overdue => {
                at(Stage::Verification)?;
                owed(!self.did("overdue"))
            }
            // It never waits for a hand: the finding goes its own way beside the clue.
            What::FindingConfirmed => owed(!self.is_of_confirmed_finding()),
            What::Verified { .. } => at(Stage::Verification),
            What::Named { officer, .. } => {
                let last = self.acts.last().map(|act| act.what.code());
                let fresh = self.person(&officer.police_number).is_none();
                let in_turn = matches!(last, Some("verified" | "named")) && fresh;
                if in_turn { Ok(()) } else { Err(Refusal::Stage) }
            }
            What::Heard { person, .. } => {
                at(Stage::Hearing)?;
                owed(of(person)?.statement.is_none())
            }
            What::Reviewed { .. } if stage == Stage::Hearing => Err(Refusal::NotHeard),
            What::Reviewed { .. } => at(Stage::Determination),
            What::Decided { person, outcome, document_number } => {
                at(Stage::Decision)?;
                let numbered = outcome.is_liable() == document_number.is_some();
                match person {
                    Some(person) => owed(of(person)?.outcome.is_none() && numbered),
                    None => owed(self.concerned().is_empty() && !outcome.is_liable() && numbered),
                }
            }
            What::Served { person, .. } => {
                at(Stage::Remedies)?;
                let person = of(person)?;
                owed(!person.is_final() && person.appeal.is_none())
            }
            What::Appealed { person, .. } => {
                let person = of(person)?;
                if person.entered && person.appeal_ground.is_none() {
                    return Err(Refusal::AppealEnded);
                }
                let is_open = person.appeal.is_some() && !person.is_final();
                owed(is_open && person.appeal_ground.is_none())
            }
            What::AppealDecided { person, .. } => {
                let person = of(person)?;
                owed(person.appeal_ground.is_some() && !person.appeal_decided)
            }
            What::Recomputed { person, period, .. } => {
                owed(of(person)?.running(period.rule).is_some())
            }
            What::Entered { person } => {
                let person = of(person)?;
                let undecided = person.appeal_ground.is_some() && !person.appeal_decided;
                owed(person.appeal.is_some() && !undecided && !person.is_final())
            }
            What::Corrected { person, .. } => {
                let is_entered = self.person(person).is_some_and(|person| person.entered);
                if is_entered { Ok(()) } else { Err(Refusal::NoEntry) }
            }
        }
    }
}

/// A clue after a transition, with the acts of that transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    pub(crate) clue: Clue,
    /// How many acts there were before; none when the clue was just opened.
    pub(crate) since: Option<usize>,
}

impl Changed {
    /// The clue as it is now.
    pub fn clue(&self) -> &Clue {
        &self.clue
    }

    /// Whether it was just opened.
    pub fn is_opened(&self) -> bool {
        self.since.is_none()
    }

    /// The acts added, each with the revision it made; empty when there was nothing to do.
    pub fn added(&self) -> impl Iterator<Item = (Revision, &Act)> {
        let since = self.since.unwrap_or(self.clue.acts.len());
        let numbered = (2..).map(Revision).zip(&self.clue.acts);
        numbered.skip(since)
    }

    /// The revision that was read; 0 when the clue is new.
    pub fn before(&self) -> Revision {
        let acts = |since| u32::try_from(since).expect("a clue has a few acts");
        Revision(self.since.map_or(0, |since| 1 + acts(since)))
    }
}
