//! Proposes a text for publication.

use gongxin_disclosure_domain::{ClosedMatter, DocumentKind, Officer, Publication, PublicationId};
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::disclosure::v1::ProposePublicationResponse;
use uuid::Uuid;

use crate::{events, store};

/// A text, with the id it will have.
#[derive(Debug)]
pub(crate) struct ProposePublication {
    pub(crate) id: PublicationId,
    pub(crate) kind: DocumentKind,
    pub(crate) concerns: Vec<ClosedMatter>,
    pub(crate) case_number: String,
    pub(crate) text: String,
    pub(crate) officer: Officer,
}

impl Command for ProposePublication {
    const NAME: &'static str = "propose_publication";
    type Answer = ProposePublicationResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<ProposePublicationResponse, Fault> {
        let matter = store::matter_of_case(tx, &self.case_number).await?;
        let names = store::names::of(tx.conn(), matter.id).await?;
        let what = (self.kind, self.concerns.as_slice());
        let (text, officer) = (self.text.clone(), self.officer.clone());
        let publication = Publication::propose(self.id, matter, what, text, officer, &names)?;
        let (bureau, at) = (tx.bureau()?.clone(), tx.at());
        store::publications::insert(tx.conn(), &bureau, &publication, at).await?;
        tx.append(events::publication(&publication)?).await?;
        Ok(ProposePublicationResponse { publication_id: self.id.to_string() })
    }
}
