//! What the facts of other services mean here.

mod case_filed;

use futures::future::BoxFuture;
use gongxin_eventing::{Reactions, Tx, reasons};
use gongxin_kernel::Fault;
use gongxin_proto::intake::v1::CaseFiled;
use gongxin_proto::operations::v1::Envelope;
use prost::{Message as _, Name as _};

/// Follows the log of intake.
#[derive(Debug)]
pub(crate) struct Intake;

impl Reactions for Intake {
    fn apply<'t>(
        &'t self,
        tx: &'t mut Tx,
        event: &'t Envelope,
    ) -> BoxFuture<'t, Result<(), Fault>> {
        Box::pin(async move {
            if event.r#type != CaseFiled::full_name() {
                return Ok(());
            }
            let message = CaseFiled::decode(&*event.data).map_err(unreadable)?;
            case_filed::apply(tx, message).await
        })
    }
}

fn unreadable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Fault {
    Fault::new(&reasons::EVENT_UNREADABLE).caused_by(cause)
}
