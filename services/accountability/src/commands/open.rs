//! Opens a clue about a matter.

use gongxin_accountability_domain::reasons::CLUE_OF_ORIGIN_EXISTS;
use gongxin_accountability_domain::{Clue, ClueId, Law, NewClue, Officer, Refusal};
use gongxin_chassis::reasons as chassis;
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::accountability::v1::OpenClueResponse;
use uuid::Uuid;

use crate::grpc::convert;
use crate::store;

/// A clue with the id it will have.
#[derive(Debug)]
pub(crate) struct OpenClue {
    id: ClueId,
    content: NewClue,
    by: Officer,
    organ: String,
    law: Law<'static>,
}

impl OpenClue {
    /// # Errors
    /// `WRONG_BUREAU` when the unit concerned is of another bureau.
    pub(crate) fn new(
        staff: &Staff,
        content: NewClue,
        organ: &str,
        law: Law<'static>,
    ) -> Result<Self, Fault> {
        if content.unit.code.bureau() != staff.bureau {
            let what = "must be a unit of the caller's bureau";
            return Err(Fault::field(&chassis::WRONG_BUREAU, "unit.code", what));
        }
        Ok(Self { id: ClueId::fresh(), content, by: staff.into(), organ: organ.to_owned(), law })
    }
}

impl Command for OpenClue {
    const NAME: &'static str = "open_clue";
    type Answer = OpenClueResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        // One clue for one origin, whoever comes first: a person, or the finding itself.
        std::iter::once(self.id.0).chain(self.content.origin).collect()
    }

    async fn run(&self, tx: &mut Tx) -> Result<OpenClueResponse, Fault> {
        let at = tx.at();
        // Checked before a number is taken, so that bad content costs no other caller a wait.
        self.content.check(at).map_err(Refusal::Invalid)?;
        if let Some(origin) = self.content.origin
            && store::of_origin(tx, origin).await?.is_some()
        {
            return Err(Fault::new(&CLUE_OF_ORIGIN_EXISTS));
        }
        let number = super::next_clue_number(tx, &self.organ).await?;
        let (content, by) = (self.content.clone(), Some(self.by.clone()));
        let changed = Clue::open(self.id, number, content, by, at, self.law)?;
        super::record(tx, &changed).await?;
        let opening = changed.clue().opening();
        Ok(OpenClueResponse {
            clue_id: self.id.to_string(),
            number: opening.number.clone(),
            verification: Some(convert::period(&opening.verification)),
        })
    }
}
