//! The channels that the law leaves open beside the one exit, and what was sent by one.

use gongxin_kernel::{Canonical, Officer, Revision, words};
use jiff::Timestamp;

use super::{CorrespondenceRefusal, SignedFor};
use crate::canonical::officer;
use crate::refusal::{LONG, SHORT, text};
use crate::{CaseId, SuspectId};

gongxin_kernel::id! {
    /// Names one paper sent by an open channel; also the key of its envelope.
    OpenSendingId
}

words! {
    /// The closed list of open channels (RUN-2): none of them is ever gated.
    Channel {
        /// The detention house and its resident procurators.
        ResidentProcurators = "resident_procurators", "看守所与驻所检察";
        /// Handovers to the supervisory commission.
        SupervisoryHandover = "supervisory_handover", "向监察机关移送问题线索";
        /// An officer's own report or complaint.
        OwnReport = "own_report", "民警本人检举、控告、申诉";
        /// Parties and lawyers.
        PartiesAndLawyers = "parties_and_lawyers", "当事人、辩护人、诉讼代理人";
        /// A witness officer's summons.
        WitnessSummons = "witness_summons", "民警出庭作证";
    }
}

impl Channel {
    /// The law on which it is open, for people.
    pub fn ground(self) -> &'static str {
        match self {
            Self::ResidentProcurators => {
                "《看守所条例》第八条；《人民检察院组织法》第十七条、第二十条"
            }
            Self::SupervisoryHandover => "《监察法》关于向监察机关移送职务违法犯罪问题线索的规定",
            Self::OwnReport => "《宪法》第四十一条",
            Self::PartiesAndLawyers => "《刑事诉讼法》第十四条、第四十九条、第一百一十七条",
            Self::WitnessSummons => "《刑事诉讼法》第五十九条、第一百九十二条",
        }
    }

    /// Whether its papers go to the procuratorate by the exchange. The others belong to persons
    /// or go elsewhere: this system neither carries nor sees them.
    pub fn by_exchange(self) -> bool {
        self == Self::ResidentProcurators
    }
}

/// A paper to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paper {
    /// By which channel.
    pub channel: Channel,
    /// Number of the paper.
    pub document_number: String,
    /// Its title.
    pub title: String,
    /// What it is about.
    pub about: String,
    /// Its case, if it is about one.
    pub case: Option<CaseId>,
    /// Its suspect, if it is about one.
    pub suspect: Option<SuspectId>,
    /// Who sends it.
    pub officer: Officer,
}

/// A paper that was sent by an open channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSending {
    /// Its id.
    pub id: OpenSendingId,
    /// What was sent.
    pub paper: Paper,
    /// When.
    pub sent_at: Timestamp,
    /// Once the procuratorate has signed for it.
    pub signed_for: Option<SignedFor>,
    /// How often it has changed.
    pub revision: Revision,
}

impl OpenSending {
    /// Sends a paper: without review, for the law says so.
    ///
    /// # Errors
    /// [`CorrespondenceRefusal::NotByExchange`], a text.
    pub fn send(
        id: OpenSendingId,
        paper: Paper,
        at: Timestamp,
    ) -> Result<Self, CorrespondenceRefusal> {
        if !paper.channel.by_exchange() {
            return Err(CorrespondenceRefusal::NotByExchange);
        }
        text("document_number", &paper.document_number, SHORT)?;
        text("title", &paper.title, SHORT)?;
        text("about", &paper.about, LONG)?;
        Ok(Self { id, paper, sent_at: at, signed_for: None, revision: Revision::FIRST })
    }

    /// Records the receipt; none when the same one is there.
    ///
    /// # Errors
    /// [`CorrespondenceRefusal::SignedForOtherwise`].
    pub fn delivered(
        mut self,
        signed_for: SignedFor,
    ) -> Result<Option<Self>, CorrespondenceRefusal> {
        match &self.signed_for {
            Some(before) if *before == signed_for => Ok(None),
            Some(_) => Err(CorrespondenceRefusal::SignedForOtherwise),
            None => {
                self.signed_for = Some(signed_for);
                self.revision = self.revision.next();
                Ok(Some(self))
            }
        }
    }

    /// One byte string for it as it stands.
    pub fn canonical(&self) -> Vec<u8> {
        let paper = &self.paper;
        let form = Canonical::new("review.open_sending")
            .field("id", self.id.0.as_bytes())
            .field("channel", paper.channel.code())
            .field("document_number", &paper.document_number)
            .field("title", &paper.title)
            .field("about", &paper.about)
            .optional("case", paper.case.map(|case| *case.0.as_bytes()))
            .optional("suspect", paper.suspect.map(|suspect| *suspect.0.as_bytes()))
            .field("officer", officer(&paper.officer))
            .instant("sent_at", self.sent_at)
            .field("revision", self.revision.0.to_be_bytes());
        match &self.signed_for {
            None => form.finish(),
            Some(signed) => form
                .field("receiver", &signed.receiver)
                .instant("received_at", signed.received_at)
                .finish(),
        }
    }
}
