//! What a member of a deliberation says, and how what was said is counted.

use gongxin_kernel::words;
use jiff::Timestamp;

words! {
    /// What a member votes for, and what a deliberation comes to.
    Vote {
        /// Approve.
        Approve = "approve", "同意";
        /// Refuse.
        Refuse = "refuse", "不同意";
        /// Return for correction.
        Return = "return", "退回补正";
    }
}

/// What one member said: sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ballot {
    /// Whose it is.
    pub police_number: String,
    /// What for.
    pub vote: Vote,
    /// The opinion that goes with it.
    pub opinion: String,
    /// When.
    pub given_at: Timestamp,
}

/// Votes by what they are for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// For approval.
    pub approve: u32,
    /// For refusal.
    pub refuse: u32,
    /// For return.
    pub returned: u32,
}

impl Tally {
    /// Counts ballots.
    pub fn of(ballots: &[Ballot]) -> Self {
        let mut tally = Self::default();
        for ballot in ballots {
            match ballot.vote {
                Vote::Approve => tally.approve += 1,
                Vote::Refuse => tally.refuse += 1,
                Vote::Return => tally.returned += 1,
            }
        }
        tally
    }

    /// How many are for this.
    pub fn count(self, vote: Vote) -> u32 {
        match vote {
            Vote::Approve => self.approve,
            Vote::Refuse => self.refuse,
            Vote::Return => self.returned,
        }
    }
}
