//! Sends a paper of the detention house by a channel that the law leaves open: no review.

use std::sync::Arc;

use gongxin_chassis::reasons::WRONG_BUREAU;
use gongxin_eventing::{Command, Tx};
use gongxin_kernel::Fault;
use gongxin_proto::exchange::v1::OpenChannelPaper;
use gongxin_proto::exchange::v1::envelope::Document;
use gongxin_proto::review::v1::SendByOpenChannelResponse;
use gongxin_review_domain::{OpenSending, OpenSendingId, Paper, Refusal};
use uuid::Uuid;

use crate::organ::Organ;
use crate::store::open_sendings::{self, Sent};
use crate::store::outgoing_papers::{self, PaperOf};
use crate::{correspondence, store};

pub(crate) struct SendByOpenChannel {
    pub(crate) id: OpenSendingId,
    pub(crate) paper: Paper,
    pub(crate) organ: Arc<Organ>,
}

impl Command for SendByOpenChannel {
    const NAME: &'static str = "send_by_open_channel";
    type Answer = SendByOpenChannelResponse;

    /// The case too, which is read as a whole.
    fn aggregates(&self) -> Vec<Uuid> {
        [self.id.0].into_iter().chain(self.paper.case.map(|case| case.0)).collect()
    }

    async fn run(&self, tx: &mut Tx) -> Result<SendByOpenChannelResponse, Fault> {
        // The organ's key is that of one bureau.
        if *tx.bureau()? != self.organ.bureau {
            return Err(Fault::new(&WRONG_BUREAU));
        }
        let (case_number, suspect_name) = self.about(tx).await?;
        let (bureau, at) = (tx.bureau()?.clone(), tx.at());
        let sending = OpenSending::send(self.id, self.paper.clone(), at)?;
        open_sendings::insert(tx.conn(), &bureau, &sending).await?;
        let sent = Sent { sending, case_number: case_number.clone() };
        let event = correspondence::append_sent(tx, &sent).await?;
        let channel = self.paper.channel;
        let document = Document::OpenChannelPaper(OpenChannelPaper {
            document_number: self.paper.document_number.clone(),
            title: self.paper.title.clone(),
            channel: channel.code().to_owned(),
            ground: channel.ground().to_owned(),
            about: self.paper.about.clone(),
            case_number,
            suspect_name,
        });
        let sealed = correspondence::seal(&self.organ, self.id.0, at, document);
        let of = PaperOf::Sending(self.id);
        outgoing_papers::insert(tx.conn(), &bureau, (self.id.0, of), event, &sealed).await?;
        Ok(SendByOpenChannelResponse { sending_id: self.id.to_string() })
    }
}

impl SendByOpenChannel {
    /// Number of the case and name of the suspect; both empty when it is about none.
    async fn about(&self, tx: &mut Tx) -> Result<(String, String), Fault> {
        let Some(case) = self.paper.case else {
            return match self.paper.suspect {
                Some(_) => Err(Refusal::SuspectNotFound.into()),
                None => Ok((String::new(), String::new())),
            };
        };
        let case = store::load(tx, case).await?;
        let name = match self.paper.suspect {
            Some(suspect) => case.suspect(suspect)?.name.clone(),
            None => String::new(),
        };
        Ok((case.number().to_owned(), name))
    }
}
