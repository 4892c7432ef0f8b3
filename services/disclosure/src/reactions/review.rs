//! What review tells that a victim may know: that a compulsory measure was taken, and when.

use gongxin_eventing::Tx;
use gongxin_kernel::Fault;
use gongxin_proto::review::v1::{MeasureEntered, SuspectArrested};

use super::unreadable;
use crate::store::public_side;

pub(super) async fn measure_entered(tx: &mut Tx, event: MeasureEntered) -> Result<(), Fault> {
    step(tx, &event.case_id, ("measure", &event.started_at)).await
}

pub(super) async fn arrested(tx: &mut Tx, event: SuspectArrested) -> Result<(), Fault> {
    step(tx, &event.case_id, ("arrested", &event.executed_at)).await
}

/// A case keeps the id of its report.
async fn step(tx: &mut Tx, case: &str, (what, at): (&'static str, &str)) -> Result<(), Fault> {
    let (report, at) = (case.parse().map_err(unreadable)?, at.parse().map_err(unreadable)?);
    let bureau = tx.bureau()?.clone();
    public_side::step(tx.conn(), &bureau, report, (what, at)).await
}
