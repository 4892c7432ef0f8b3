//! From a gRPC request to a command: who calls, with which power, under which request id.

use gongxin_eventing::trace::TraceContext;
use gongxin_eventing::{Command, Db};
use gongxin_kernel::{Actor, Fault, Power, Staff};
use gongxin_proto::HasRequestId;
use prost::Message;
use tonic::{Request, Response};

use crate::identity::Caller;
use crate::reasons;
use crate::status::{Answer, IntoStatus, request_digest, request_id};

/// The caller that the gate has checked.
///
/// # Errors
/// `NOT_SIGNED_IN` on a method that anybody may call.
pub fn caller<T>(request: &Request<T>) -> Result<&Caller, Fault> {
    request.extensions().get::<Caller>().ok_or_else(|| Fault::new(&reasons::NOT_SIGNED_IN))
}

/// Puts the trace on an outgoing call, so that what it causes belongs to it.
pub fn carry<T>(trace: &TraceContext, request: &mut Request<T>) {
    for (name, value) in trace.headers() {
        if let Ok(value) = value.parse() {
            request.metadata_mut().insert(name, value);
        }
    }
}

/// Carries out the command that `build` makes of a request by an officer with `power`, on the
/// officer's own bureau, once for each request id.
///
/// # Errors
/// As status: `NOT_SIGNED_IN`, `POWER_MISSING`, `REQUEST_ID_INVALID`, `REQUEST_ID_REUSED`, and
/// what `build` and the command refuse.
pub async fn command<M, C>(
    db: &Db,
    request: Request<M>,
    power: Power,
    build: impl FnOnce(&Staff, M) -> Result<C, Fault>,
) -> Answer<C::Answer>
where
    M: Message + HasRequestId,
    C: Command,
{
    carry_out(db, request, power, build).await.map(Response::new).map_err(IntoStatus::into_status)
}

async fn carry_out<M, C>(
    db: &Db,
    request: Request<M>,
    power: Power,
    build: impl FnOnce(&Staff, M) -> Result<C, Fault>,
) -> Result<C::Answer, Fault>
where
    M: Message + HasRequestId,
    C: Command,
{
    let staff = caller(&request)?.officer(power)?.clone();
    let message = request.into_inner();
    let id = request_id(message.request_id())?;
    let digest = request_digest(&message);
    let command = build(&staff, message)?;
    let bureau = staff.bureau.clone();
    db.command(Actor::Staff(staff), bureau, id, digest, command).await
}
