//! After the decision: notice, appeal, its decision, the lifelong file (ERR 26, 27).

use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Changed, Clue, Hand, Law, Officer, Outcome, PeriodRule, Problem, Refusal, Role, Verdict, What,
    check_prose,
};

/// Proof that an officer has the decision.
#[derive(Clone, Debug)]
pub struct Serve {
    /// Police number.
    pub person: String,
    /// When it was signed for.
    pub served_at: Timestamp,
}

/// The decision on an appeal.
#[derive(Clone, Debug)]
pub struct DecideAppeal {
    /// Police number.
    pub person: String,
    /// What is to stand.
    pub verdict: Verdict,
}

impl Clue {
    /// Records that an officer has the decision; starts the five days to appeal (ERR 26).
    ///
    /// # Errors
    /// [`Refusal::Stage`], [`Refusal::NotNamed`], [`Refusal::NotOwed`], [`Refusal::Invalid`],
    /// [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`], [`Refusal::Law`].
    pub fn serve(self, serve: Serve, hand: &Hand, law: Law<'_>) -> Result<Changed, Refusal> {
        let Serve { person, served_at } = serve;
        self.check_hand(hand, Role::Service)?;
        let decided_at = self.person(&person).ok_or(Refusal::NotNamed)?.decided_at;
        if served_at > hand.at {
            return Err(Refusal::field("served_at", Problem::InFuture));
        }
        if decided_at.is_some_and(|decided_at| served_at < decided_at) {
            return Err(Refusal::field("served_at", Problem::TooEarly));
        }
        let appeal = law.start(PeriodRule::Appeal, served_at)?;
        self.act(hand, [What::Served { person, served_at, appeal }])
    }

    /// The officer's own appeal, in time.
    ///
    /// # Errors
    /// [`Refusal::NotNamed`] for anybody else, [`Refusal::NotOwed`], [`Refusal::AppealEnded`],
    /// [`Refusal::Invalid`], [`Refusal::Law`].
    pub fn appeal(
        self,
        ground: String,
        officer: &Officer,
        at: Timestamp,
        law: Law<'_>,
    ) -> Result<Changed, Refusal> {
        let person = self.person(&officer.police_number).ok_or(Refusal::NotNamed)?;
        if person.appeal_ground.is_none() && person.appeal.is_some_and(|time| at > time.due_at) {
            return Err(Refusal::AppealEnded);
        }
        check_prose("ground", &ground)?;
        let decision = law.start(PeriodRule::AppealDecision, at)?;
        let person = officer.police_number.clone();
        self.add(Some(officer), at, [What::Appealed { person, ground, decision }])
    }

    /// Decides an appeal by a hand that took no part before; never to the officer's harm. What
    /// stands is final, and enters the lifelong file if it is liability.
    ///
    /// # Errors
    /// [`Refusal::NotNamed`], [`Refusal::NotOwed`], [`Refusal::Invalid`],
    /// [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`].
    pub fn decide_appeal(self, decide: DecideAppeal, hand: &Hand) -> Result<Changed, Refusal> {
        let DecideAppeal { person, verdict } = decide;
        self.check_hand(hand, Role::Appeal)?;
        let before = self.person(&person).ok_or(Refusal::NotNamed)?;
        let outcome = self.outcome(verdict, ["outcome.reason", "outcome.clause_id"])?;
        let stands = before.outcome.ok_or(Refusal::NotOwed)?;
        let upheld = match (stands, &outcome) {
            (
                Outcome::Liable { liability: was, clause: under, .. },
                Outcome::Liable { liability: is, clause, .. },
            ) => {
                if is > was {
                    return Err(Refusal::field("outcome.liability", Problem::Graver));
                }
                is == was && clause == under
            }
            _ => false,
        };
        let is_liable = outcome.is_liable();
        let decided = What::AppealDecided { person: person.clone(), outcome, upheld };
        let entered = is_liable.then_some(What::Entered { person });
        self.act(hand, std::iter::once(decided).chain(entered))
    }

    /// Notes that an officer let the time to appeal pass: the decision is final and enters the
    /// lifelong file. Nothing to do before the end, after an appeal, or a second time.
    pub fn appeal_period_ended(self, subject: Uuid, at: Timestamp) -> Changed {
        let since = Some(self.acts.len());
        let is_over = |person: &crate::Concerned<'_>| {
            person.subject == subject && person.appeal.is_some_and(|time| at > time.due_at)
        };
        let person = self.concerned().into_iter().find(is_over);
        let person = person.map(|person| person.officer.police_number.clone());
        let Some(entered) = person.map(|person| What::Entered { person }) else {
            return Changed { clue: self, since };
        };
        match self.clone().add(None, at, [entered]) {
            Ok(changed) => changed,
            Err(_) => Changed { clue: self, since },
        }
    }

    /// Lays a correction over an entry; the entry stays as it is.
    ///
    /// # Errors
    /// [`Refusal::NoEntry`], [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`],
    /// [`Refusal::Invalid`].
    pub fn correct(
        self,
        person: String,
        correction: String,
        hand: &Hand,
    ) -> Result<Changed, Refusal> {
        self.admits(&What::Corrected { person: person.clone(), correction: String::new() })?;
        self.check_hand(hand, Role::Keeping)?;
        check_prose("correction", &correction)?;
        self.act(hand, [What::Corrected { person, correction }])
    }
}
