//! The fourth hand: the decision on liability.

use gongxin_accountability_domain::{ClueId, Decide, Hand, Role, Verdict, What};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::DecideClueResponse;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// Word of the numbers of decisions on liability (执法过错责任追究决定书).
const WORD: &str = "执追";

/// What is decided on one officer; on the clue when it names nobody.
#[derive(Clone, Debug)]
pub(crate) struct Ruling {
    pub(crate) person: Option<String>,
    pub(crate) verdict: Verdict,
}

/// A decision.
#[derive(Debug)]
pub(crate) struct DecideClue {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) rulings: Vec<Ruling>,
    /// First word of document numbers.
    pub(crate) organ: String,
}

impl Command for DecideClue {
    const NAME: &'static str = "decide_clue";
    type Answer = DecideClueResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<DecideClueResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        clue.check_hand(&hand, Role::Decision)?;
        let mut decisions = Vec::new();
        for Ruling { person, verdict } in self.rulings.clone() {
            // A refused decision rolls back and takes no number.
            let document_number = match &verdict {
                Verdict::Liable { .. } => Some(super::next_number(tx, &self.organ, WORD).await?),
                Verdict::NoFault { .. } => None,
            };
            decisions.push(Decide { person, verdict, document_number });
        }
        let changed = clue.decide(decisions, &hand)?;
        super::record(tx, &changed).await?;
        let numbers = changed.added().filter_map(|(_, act)| match &act.what {
            What::Decided { document_number, .. } => document_number.clone(),
            _ => None,
        });
        Ok(DecideClueResponse {
            document_numbers: numbers.collect(),
            stage: convert::stage(changed.clue().stage()).into(),
        })
    }
}
