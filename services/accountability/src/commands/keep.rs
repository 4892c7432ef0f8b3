//! Lays a correction over an entry of a lifelong file.

use gongxin_accountability_domain::{ClueId, Hand};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::CorrectFileResponse;
use uuid::Uuid;

use crate::store;

/// A correction; the entry stays.
#[derive(Debug)]
pub(crate) struct CorrectFile {
    pub(crate) staff: Staff,
    pub(crate) clue: ClueId,
    pub(crate) person: String,
    pub(crate) correction: String,
}

impl Command for CorrectFile {
    const NAME: &'static str = "correct_file";
    type Answer = CorrectFileResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.clue.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<CorrectFileResponse, Fault> {
        let clue = store::load(tx, self.clue).await?;
        let hand = Hand::new(&self.staff, tx.at());
        let changed = clue.correct(self.person.clone(), self.correction.clone(), &hand)?;
        super::record(tx, &changed).await?;
        Ok(CorrectFileResponse {})
    }
}
