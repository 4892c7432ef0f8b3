//! What the facts of intake and review mean here: access, the public side, return visits.

mod intake;
mod review;

use futures::future::BoxFuture;
use gongxin_eventing::{Reactions, Tx, reasons};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1 as told;
use gongxin_proto::operations::v1::Envelope;
use gongxin_proto::review::v1 as reviewed;
use jiff::Timestamp;
use prost::{Message, Name};

/// Follows the logs of intake and review.
#[derive(Debug)]
pub(crate) struct Followed {
    /// Days within which a person is visited.
    pub(crate) visit_days: u16,
}

impl Reactions for Followed {
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            let at: Timestamp = event.time.parse().map_err(unreadable)?;
            if let Some(message) = read::<told::ReportRegistered>(event)? {
                return intake::registered(tx, message).await;
            }
            if let Some(message) = read::<told::FilingReviewExtended>(event)? {
                return intake::extended(tx, message, at).await;
            }
            if let Some(message) = read::<told::ReportPeriodRecomputed>(event)? {
                return intake::recomputed(tx, message).await;
            }
            if let Some(message) = read::<told::CaseFiled>(event)? {
                return intake::filed(tx, message, at, self.visit_days).await;
            }
            if let Some(message) = read::<told::CaseNotFiled>(event)? {
                return intake::not_filed(tx, message, at, self.visit_days).await;
            }
            if let Some(message) = read::<told::NonFilingNoticeServed>(event)? {
                return intake::notice_served(tx, message).await;
            }
            if let Some(message) = read::<told::ReconsiderationPeriodEnded>(event)? {
                return intake::reconsideration_ended(tx, message, at).await;
            }
            if let Some(message) = read::<reviewed::MeasureEntered>(event)? {
                return review::measure_entered(tx, message).await;
            }
            if let Some(message) = read::<reviewed::SuspectArrested>(event)? {
                return review::arrested(tx, message).await;
            }
            if let Some(message) = read::<reviewed::ExitDelivered>(event)? {
                return review::delivered(tx, message).await;
            }
            if let Some(message) = read::<reviewed::ProsecutionDecided>(event)? {
                return review::prosecution_decided(tx, message).await;
            }
            if let Some(message) = read::<reviewed::Judged>(event)? {
                return review::judged(tx, message).await;
            }
            Ok(())
        })
    }
}

/// The message of an event, when it is of this type.
fn read<M: Message + Name + Default>(event: &Envelope) -> Result<Option<M>, Fault> {
    if event.r#type != M::full_name() {
        return Ok(None);
    }
    M::decode(&*event.data).map(Some).map_err(unreadable)
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::EVENT_UNREADABLE).caused_by(cause)
}
