//! The second hand: the inspectorate verifies, names the officers concerned and hears them.

use gongxin_accountability_domain::{ClueId, Hand, Verify};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::{HearOfficerResponse, VerifyClueResponse};
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// A verification.
#[derive(Debug)]
pub(crate) struct VerifyClue {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) verify: Verify,
}

impl Command for VerifyClue {
    const NAME: &'static str = "verify_clue";
    type Answer = VerifyClueResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<VerifyClueResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.verify(self.verify.clone(), &hand)?;
        super::record(tx, &changed).await?;
        Ok(VerifyClueResponse { stage: convert::stage(changed.clue().stage()).into() })
    }
}

/// What an officer named said.
#[derive(Debug)]
pub(crate) struct HearOfficer {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) person: String,
    pub(crate) statement: String,
}

impl Command for HearOfficer {
    const NAME: &'static str = "hear_officer";
    type Answer = HearOfficerResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<HearOfficerResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.hear(self.person.clone(), self.statement.clone(), &hand)?;
        super::record(tx, &changed).await?;
        Ok(HearOfficerResponse { stage: convert::stage(changed.clue().stage()).into() })
    }
}
