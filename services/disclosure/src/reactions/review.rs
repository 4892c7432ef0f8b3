//! What review tells that a victim may know: that a compulsory measure was taken and when, and what
//! became of the case with procuratorate and court (DSC 22).

use gongxin_eventing::Tx;
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{
    ExitDelivered, Judged, MeasureEntered, ProsecutionDecided, ProsecutionOutcome, ReviewItem,
    SuspectArrested,
};

use super::unreadable;
use crate::store::public_side;

pub(super) async fn measure_entered(tx: &mut Tx, event: MeasureEntered) -> Result<(), Fault> {
    step(tx, &event.case_id, ("measure", &event.started_at)).await
}

pub(super) async fn arrested(tx: &mut Tx, event: SuspectArrested) -> Result<(), Fault> {
    step(tx, &event.case_id, ("arrested", &event.executed_at)).await
}

/// A request for arrest is between the organs; a transfer for prosecution is to be told.
pub(super) async fn delivered(tx: &mut Tx, event: ExitDelivered) -> Result<(), Fault> {
    match event.item() {
        ReviewItem::ProsecutionTransfer | ReviewItem::SupplementaryReport => {
            step(tx, &event.case_id, ("transferred", &event.received_at)).await
        }
        ReviewItem::ArrestRequest | ReviewItem::Unspecified => Ok(()),
    }
}

pub(super) async fn prosecution_decided(
    tx: &mut Tx,
    event: ProsecutionDecided,
) -> Result<(), Fault> {
    let what = match event.outcome() {
        ProsecutionOutcome::Prosecuted => "prosecuted",
        ProsecutionOutcome::NotProsecuted => "not_prosecuted",
        ProsecutionOutcome::Returned => "returned",
        ProsecutionOutcome::Unspecified => return Err(unreadable("no known outcome")),
    };
    step(tx, &event.case_id, (what, &event.received_at)).await
}

pub(super) async fn judged(tx: &mut Tx, event: Judged) -> Result<(), Fault> {
    step(tx, &event.case_id, ("judged", &event.received_at)).await
}

/// A case keeps the id of its report.
async fn step(tx: &mut Tx, case: &str, (what, at): (&'static str, &str)) -> Result<(), Fault> {
    let (report, at) = (case.parse().map_err(unreadable)?, at.parse().map_err(unreadable)?);
    let bureau = tx.bureau()?.clone();
    public_side::step(tx.conn(), &bureau, report, (what, at)).await
}
