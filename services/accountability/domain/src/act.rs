//! The acts of the hands of a clue: what it consists of.

use jiff::Timestamp;
use uuid::Uuid;

use crate::{Liability, NoFault, Officer, Period};

/// A clause in the version that governs the conduct.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClauseRef {
    /// The clause.
    pub id: String,
    /// Its version: the first day in force.
    pub version: String,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The officer is liable.
    Liable {
        /// What follows.
        liability: Liability,
        /// The clause, attached by the person who decides.
        clause: ClauseRef,
        /// Facts and law.
        reason: String,
    },
    /// No liability.
    NoFault {
        /// The ground, of the closed list.
        ground: NoFault,
        /// Facts and law.
        reason: String,
    },
}

impl Outcome {
    /// Whether somebody is liable.
    pub fn is_liable(&self) -> bool {
        matches!(self, Self::Liable { .. })
    }

    /// Facts and law.
    pub fn reason(&self) -> &str {
        match self {
            Self::Liable { reason, .. } | Self::NoFault { reason, .. } => reason,
        }
    }
}

/// Which hand an officer is; nobody is two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Opens the clue, or confirms the finding that it comes from.
    Opening,
    /// Verifies, names and hears.
    Verification,
    /// Gives the opinion on liability.
    Determination,
    /// Decides.
    Decision,
    /// Serves.
    Service,
    /// Decides an appeal.
    Appeal,
    /// Keeps the lifelong files.
    Keeping,
}

/// One act; each made one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Act {
    /// Who; nobody where a period ended by itself.
    pub by: Option<Officer>,
    /// When.
    pub at: Timestamp,
    /// What.
    pub what: What,
}

/// What was done. Persons are named by police number once they are named in the clue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// Nobody verified the clue in time.
    Overdue,
    /// An officer of supervision confirmed the finding that the clue comes from.
    FindingConfirmed,
    /// The clue was verified.
    Verified {
        /// What was found.
        findings: String,
        /// The legal department may not determine it.
        concerns_legal: bool,
    },
    /// An officer concerned was named.
    Named {
        /// The officer.
        officer: Officer,
        /// Names the officer within the deadlines of this clue.
        subject: Uuid,
        /// Why.
        ground: String,
    },
    /// An officer named was heard.
    Heard {
        /// Who.
        person: String,
        /// In his or her own words.
        statement: String,
    },
    /// The opinion on liability was given.
    Reviewed {
        /// The opinion.
        opinion: String,
        /// By discipline inspection instead of the legal department.
        by_discipline: bool,
    },
    /// It was decided on an officer; or on the clue, which named nobody: then no fault.
    Decided {
        /// Who.
        person: Option<String>,
        /// What.
        outcome: Outcome,
        /// Number of the decision on liability (追究决定书).
        document_number: Option<String>,
    },
    /// The officer has the decision.
    Served {
        /// Who.
        person: String,
        /// When it was signed for.
        served_at: Timestamp,
        /// The time to appeal.
        appeal: Period,
    },
    /// The officer appealed.
    Appealed {
        /// Who.
        person: String,
        /// Why.
        ground: String,
        /// The time to decide it.
        decision: Period,
    },
    /// The appeal was decided.
    AppealDecided {
        /// Who.
        person: String,
        /// What stands from now on.
        outcome: Outcome,
        /// The decision appealed against stands.
        upheld: bool,
    },
    /// The law has changed, and with it the time to appeal or to decide an appeal.
    Recomputed {
        /// Whose appeal.
        person: String,
        /// The period now.
        period: Period,
        /// What of the law has changed.
        reason: String,
    },
    /// A final decision entered the lifelong file.
    Entered {
        /// Who.
        person: String,
    },
    /// A correction was laid over the entry.
    Corrected {
        /// Who.
        person: String,
        /// What is to be read with the entry.
        correction: String,
    },
}

impl What {
    /// The stable code under which it is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::FindingConfirmed => "finding_confirmed",
            Self::Verified { .. } => "verified",
            Self::Named { .. } => "named",
            Self::Heard { .. } => "heard",
            Self::Reviewed { .. } => "reviewed",
            Self::Decided { .. } => "decided",
            Self::Served { .. } => "served",
            Self::Appealed { .. } => "appealed",
            Self::AppealDecided { .. } => "appeal_decided",
            Self::Recomputed { .. } => "recomputed",
            Self::Entered { .. } => "entered",
            Self::Corrected { .. } => "corrected",
        }
    }

    /// The hand that does it; none where the officer concerned or the end of a period does.
    pub fn role(&self) -> Option<Role> {
        Some(match self {
            Self::FindingConfirmed => Role::Opening,
            Self::Verified { .. } | Self::Named { .. } | Self::Heard { .. } => Role::Verification,
            Self::Reviewed { .. } => Role::Determination,
            Self::Decided { .. } => Role::Decision,
            Self::Served { .. } => Role::Service,
            Self::AppealDecided { .. } => Role::Appeal,
            Self::Corrected { .. } => Role::Keeping,
            Self::Overdue
            | Self::Appealed { .. }
            | Self::Recomputed { .. }
            | Self::Entered { .. } => return None,
        })
    }

    /// The officer concerned.
    pub fn person(&self) -> Option<&str> {
        match self {
            Self::Named { officer, .. } => Some(&officer.police_number),
            Self::Heard { person, .. }
            | Self::Served { person, .. }
            | Self::Appealed { person, .. }
            | Self::AppealDecided { person, .. }
            | Self::Recomputed { person, .. }
            | Self::Entered { person }
            | Self::Corrected { person, .. } => Some(person),
            Self::Decided { person, .. } => person.as_deref(),
            Self::Overdue
            | Self::FindingConfirmed
            | Self::Verified { .. }
            | Self::Reviewed { .. } => None,
        }
    }
}
