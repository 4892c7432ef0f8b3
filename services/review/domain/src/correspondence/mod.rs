//! What bureau and procuratorate write to each other beside reviewed requests.

mod channel;
mod notice;
mod refusal;

pub use channel::{Channel, OpenSending, OpenSendingId, Paper};
pub use notice::{
    Incoming, ItemAnswer, ItemResult, NoticeAnswer, NoticeChanged, NoticeEvent, NoticeItem,
    NoticeStage, Response, ViolationNotice, ViolationNoticeId,
};
pub use refusal::CorrespondenceRefusal;

use jiff::Timestamp;

/// That the procuratorate has a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFor {
    /// Organ id, e.g. `procuratorate:619921`.
    pub receiver: String,
    /// When it was received, by the receiver's signed receipt.
    pub received_at: Timestamp,
}
