//! The third hand: the opinion on liability.

use gongxin_accountability_domain::{ClueId, Hand};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::ReviewClueResponse;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// An opinion.
#[derive(Debug)]
pub(crate) struct ReviewClue {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) opinion: String,
}

impl Command for ReviewClue {
    const NAME: &'static str = "review_clue";
    type Answer = ReviewClueResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ReviewClueResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.review(self.opinion.clone(), &hand)?;
        super::record(tx, &changed).await?;
        Ok(ReviewClueResponse { stage: convert::stage(changed.clue().stage()).into() })
    }
}
