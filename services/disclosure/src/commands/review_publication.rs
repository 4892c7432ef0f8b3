//! Decides whether the public sees a proposed text.

use gongxin_disclosure_domain::{self as domain, PublicationId, reasons};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::disclosure::v1::ReviewPublicationResponse;
use uuid::Uuid;

use crate::{events, store};

/// The reviewer's decision on a publication.
#[derive(Debug)]
pub(crate) struct ReviewPublication {
    pub(crate) id: PublicationId,
    pub(crate) review: domain::ReviewPublication,
}

impl Command for ReviewPublication {
    const NAME: &'static str = "review_publication";
    type Answer = ReviewPublicationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ReviewPublicationResponse, Fault> {
        let found = store::publications::find(tx.conn(), self.id).await?;
        let found = found.ok_or_else(|| Fault::new(&reasons::PUBLICATION_NOT_FOUND))?;
        let names = store::names::of(tx.conn(), found.matter.id).await?;
        let decided = found.review(self.review.clone(), &names)?;
        let (bureau, at) = (tx.bureau()?.clone(), tx.at());
        store::publications::decide(tx.conn(), &bureau, &decided, at).await?;
        tx.append(events::publication(&decided)?).await?;
        Ok(ReviewPublicationResponse {})
    }
}
