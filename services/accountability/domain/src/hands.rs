//! The hands after the opening: verification, determination, decision. No one is two of them.

use std::collections::BTreeSet;

use gongxin_kernel::{Post, Staff, UnitCode};
use gongxin_law::legal_day;
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    Act, Catalogue, Changed, ClauseRef, Clue, FieldError, Liability, NoFault, Officer, Outcome,
    Problem, Refusal, Role, What, check_prose, check_short,
};

/// Most officers that one clue names.
const MOST: usize = 20;

/// Who acts, and with which posts.
#[derive(Clone, Debug)]
pub struct Hand {
    /// The officer.
    pub officer: Officer,
    /// Posts held now.
    pub posts: BTreeSet<Post>,
    /// When.
    pub at: Timestamp,
}

impl Hand {
    /// The officer who has signed in, acting at `at`.
    pub fn new(staff: &Staff, at: Timestamp) -> Self {
        Self { officer: staff.into(), posts: staff.posts.clone(), at }
    }
}

/// An officer to be named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The officer.
    pub officer: Officer,
    /// Names the officer within the deadlines of the clue.
    pub subject: Uuid,
    /// Why; required.
    pub ground: String,
}

/// A verification.
#[derive(Clone, Debug)]
pub struct Verify {
    /// What was found; required.
    pub findings: String,
    /// Officers concerned.
    pub named: Vec<Named>,
    /// A reviewer, the legal department or the committee may be liable.
    pub concerns_legal: bool,
    /// The legal department, which never determines on its own officers.
    pub legal_unit: UnitCode,
}

/// What is to be decided on one officer, before the clause is looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Liable under a clause.
    Liable {
        /// What follows.
        liability: Liability,
        /// The clause.
        clause: String,
        /// Facts and law; required.
        reason: String,
    },
    /// Not liable.
    NoFault {
        /// The ground.
        ground: NoFault,
        /// Facts and law; required.
        reason: String,
    },
}

/// A decision: for each officer a verdict and, for liability, the number of its paper.
#[derive(Clone, Debug)]
pub struct Decide {
    /// Police number, none where the clue names nobody.
    pub person: Option<String>,
    /// What is decided.
    pub verdict: Verdict,
    /// Number of the decision on liability.
    pub document_number: Option<String>,
}

impl Clue {
    /// Verifies the clue and names the officers concerned.
    ///
    /// # Errors
    /// [`Refusal::Stage`], [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`],
    /// [`Refusal::Invalid`].
    pub fn verify(self, verify: Verify, hand: &Hand) -> Result<Changed, Refusal> {
        let Verify { findings, named, concerns_legal, legal_unit } = verify;
        self.check_hand(hand, Role::Verification)?;
        check_prose("findings", &findings)?;
        check_named(&named)?;
        let conflict = |person: &Officer| {
            person.police_number == hand.officer.police_number
                || person.unit.code == hand.officer.unit.code
                || self.roles_of(&person.police_number).any(|role| role == Role::Opening)
        };
        if named.iter().any(|named| conflict(&named.officer)) {
            return Err(Refusal::ConflictOfInterest);
        }
        let of_legal = |unit: &UnitCode| *unit == legal_unit;
        let concerns_legal = concerns_legal
            || of_legal(&self.opening.content.unit.code)
            || named.iter().any(|named| of_legal(&named.officer.unit.code));
        let verified = What::Verified { findings, concerns_legal };
        let names = named.into_iter().map(|Named { officer, subject, ground }| What::Named {
            officer,
            subject,
            ground,
        });
        self.act(hand, std::iter::once(verified).chain(names))
    }

    /// Notes that nobody verified the clue in time. Nothing to do before the end, after the
    /// verification, or a second time.
    pub fn verification_overdue(self, at: Timestamp) -> Changed {
        let since = Some(self.acts.len());
        let is_over = at > self.opening.verification.due_at;
        match self.clone().add(None, at, is_over.then_some(What::Overdue)) {
            Ok(changed) => changed,
            Err(_) => Changed { clue: self, since },
        }
    }

    /// Records what an officer named said.
    ///
    /// # Errors
    /// [`Refusal::Stage`], [`Refusal::NotNamed`], [`Refusal::NotOwed`] when heard before,
    /// [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`], [`Refusal::Invalid`].
    pub fn hear(self, person: String, statement: String, hand: &Hand) -> Result<Changed, Refusal> {
        self.check_hand(hand, Role::Verification)?;
        check_prose("statement", &statement)?;
        self.act(hand, [What::Heard { person, statement }])
    }

    /// Gives the opinion on liability: the legal department, or discipline inspection where the
    /// legal department itself is concerned (ACC-13).
    ///
    /// # Errors
    /// [`Refusal::NotHeard`], [`Refusal::Stage`], [`Refusal::ConflictOfInterest`],
    /// [`Refusal::HandTwice`], [`Refusal::WrongHand`], [`Refusal::Invalid`].
    pub fn review(self, opinion: String, hand: &Hand) -> Result<Changed, Refusal> {
        self.check_hand(hand, Role::Determination)?;
        let holds = |post| hand.posts.contains(&post);
        let is_legal = holds(Post::LegalReviewer) || holds(Post::LegalHead);
        let by_discipline = self.concerns_legal();
        if by_discipline && (is_legal || !holds(Post::DisciplineInspector)) {
            return Err(Refusal::ConflictOfInterest);
        }
        if !by_discipline && !is_legal {
            return Err(Refusal::WrongHand);
        }
        check_prose("opinion", &opinion)?;
        self.act(hand, [What::Reviewed { opinion, by_discipline }])
    }

    /// Decides on every officer named, or closes a clue that named nobody.
    ///
    /// # Errors
    /// [`Refusal::Stage`], [`Refusal::NotNamed`], [`Refusal::ConflictOfInterest`],
    /// [`Refusal::HandTwice`], [`Refusal::Invalid`].
    pub fn decide(self, decisions: Vec<Decide>, hand: &Hand) -> Result<Changed, Refusal> {
        self.check_hand(hand, Role::Decision)?;
        if self.stage() != crate::Stage::Decision {
            return Err(Refusal::Stage);
        }
        let concerned = self.concerned();
        let mut left: BTreeSet<Option<&str>> =
            concerned.iter().map(|person| Some(person.officer.police_number.as_str())).collect();
        if left.is_empty() {
            left.insert(None);
        }
        for Decide { person, .. } in &decisions {
            if !left.remove(&person.as_deref()) {
                return Err(match person {
                    Some(name) if self.person(name).is_none() => Refusal::NotNamed,
                    Some(_) => Refusal::field("outcomes", Problem::Repeated),
                    None => Refusal::field("outcomes.police_number", Problem::Required),
                });
            }
        }
        if !left.is_empty() {
            return Err(Refusal::field("outcomes", Problem::Required));
        }
        let mut acts = Vec::new();
        for Decide { person, verdict, document_number } in decisions {
            if person.is_none() && matches!(verdict, Verdict::Liable { .. }) {
                return Err(Refusal::field("outcomes.liability", Problem::NotWanted));
            }
            let fields = ["outcomes.reason", "outcomes.clause_id"];
            let outcome = self.outcome(verdict, fields)?;
            acts.push(What::Decided { person, outcome, document_number });
        }
        self.act(hand, acts)
    }

    /// The verdict with its clause in the version of the day of the conduct; `fields` name reason
    /// and clause in the contract.
    pub(crate) fn outcome(
        &self,
        verdict: Verdict,
        fields: [&'static str; 2],
    ) -> Result<Outcome, Refusal> {
        let [reason_field, clause_field] = fields;
        match verdict {
            Verdict::NoFault { ground, reason } => {
                check_prose(reason_field, &reason)?;
                Ok(Outcome::NoFault { ground, reason })
            }
            Verdict::Liable { liability, clause, reason } => {
                check_prose(reason_field, &reason)?;
                let day = legal_day(self.opening.content.occurred_at);
                let clause = Catalogue::builtin().find(&clause, day);
                let clause =
                    clause.ok_or_else(|| Refusal::field(clause_field, Problem::UnknownClause))?;
                let clause = ClauseRef { id: clause.id.clone(), version: clause.from.to_string() };
                Ok(Outcome::Liable { liability, clause, reason })
            }
        }
    }

    /// Whether the officer may be this hand: not concerned, not of a unit concerned, and no other
    /// hand of this clue before.
    ///
    /// # Errors
    /// [`Refusal::ConflictOfInterest`], [`Refusal::HandTwice`].
    pub fn check_hand(&self, hand: &Hand, role: Role) -> Result<(), Refusal> {
        let Officer { police_number, unit, .. } = &hand.officer;
        let concerned = self.concerned();
        let is_concerned = unit.code == self.opening.content.unit.code
            || concerned.iter().any(|person| {
                person.officer.police_number == *police_number
                    || person.officer.unit.code == unit.code
            });
        if is_concerned {
            return Err(Refusal::ConflictOfInterest);
        }
        if self.roles_of(police_number).any(|was| was != role) {
            return Err(Refusal::HandTwice);
        }
        Ok(())
    }

    /// The hands that an officer has been.
    pub fn roles_of<'a>(&'a self, police_number: &'a str) -> impl Iterator<Item = Role> + 'a {
        let opened = self.opening.by.as_ref().is_some_and(|by| by.police_number == police_number);
        let acts = self
            .acts
            .iter()
            .filter(move |act| act.by.as_ref().is_some_and(|by| by.police_number == police_number));
        opened.then_some(Role::Opening).into_iter().chain(acts.filter_map(|act| act.what.role()))
    }

    pub(crate) fn act(
        self,
        hand: &Hand,
        acts: impl IntoIterator<Item = What>,
    ) -> Result<Changed, Refusal> {
        self.add(Some(&hand.officer), hand.at, acts)
    }

    pub(crate) fn add(
        mut self,
        by: Option<&Officer>,
        at: Timestamp,
        acts: impl IntoIterator<Item = What>,
    ) -> Result<Changed, Refusal> {
        let since = Some(self.acts.len());
        for what in acts {
            self.admits(&what)?;
            self.acts.push(Act { by: by.cloned(), at, what });
        }
        Ok(Changed { clue: self, since })
    }
}

fn check_named(named: &[Named]) -> Result<(), Refusal> {
    let mut errors: Vec<FieldError> = Vec::new();
    for Named { officer, ground, .. } in named {
        errors.extend(check_prose("officers.ground", ground).err().unwrap_or_default());
        for (field, text) in [
            ("officers.officer.police_number", &officer.police_number),
            ("officers.officer.name", &officer.name),
            ("officers.officer.unit.name", &officer.unit.name),
        ] {
            errors.extend(check_short(field, text).err().unwrap_or_default());
        }
    }
    let numbers: BTreeSet<&str> = named.iter().map(|n| n.officer.police_number.as_str()).collect();
    if numbers.len() < named.len() || named.len() > MOST {
        errors.push(FieldError { field: "officers", problem: Problem::Repeated });
    }
    errors.dedup();
    if errors.is_empty() { Ok(()) } else { Err(Refusal::Invalid(errors)) }
}
