//! `envelopes`: what was signed for an exit, by us and by the other organ.

use gongxin_eventing::trace::TraceContext;
use gongxin_eventing::{OrFault as _, reasons};
use gongxin_kernel::{BureauCode, EventId, Fault};
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse};
use gongxin_review_domain::{CaseId, ExitId};
use prost::Message as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::broken;
use super::outgoing_papers::PaperOf;

/// Keeps the envelope of a new exit, with the trace of the decision that made it.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    exit: ExitId,
    event: EventId,
    sealed: &DeliverRequest,
) -> Result<(), Fault> {
    let trace = TraceContext::current();
    sqlx::query(
        "insert into envelopes (exit_id, bureau, event_id, sealed, traceparent, tracestate)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(exit.0)
    .bind(bureau.as_str())
    .bind(event.0)
    .bind(sealed.encode_to_vec())
    .bind(trace.traceparent)
    .bind(trace.tracestate)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// What an exit belongs to.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Owner {
    /// An approved request of a case.
    Case(CaseId),
    /// Something that no review request makes.
    Paper(PaperOf),
}

impl Owner {
    /// The aggregate that a receipt changes.
    pub(crate) fn aggregate(self) -> Uuid {
        match self {
            Self::Case(case) => case.0,
            Self::Paper(of) => of.aggregate(),
        }
    }
}

/// An exit that is to be delivered.
#[derive(Clone, Debug)]
pub(crate) struct Waiting {
    pub(crate) exit: ExitId,
    pub(crate) owner: Owner,
    pub(crate) bureau: BureauCode,
    pub(crate) sealed: DeliverRequest,
    /// Of the command that made the exit.
    pub(crate) trace: TraceContext,
}

/// Exits that are ready to go but `left_alone`, oldest first.
pub(crate) async fn ready(
    conn: &mut PgConnection,
    left_alone: &[Uuid],
    limit: i64,
) -> Result<Vec<Waiting>, Fault> {
    let rows: Vec<(Uuid, Uuid, String, Vec<u8>, String, String)> = sqlx::query_as(
        "select x.id, x.case_id, x.bureau, e.sealed, e.traceparent, e.tracestate
           from exits x join envelopes e on e.exit_id = x.id
          where x.stage = 'ready' and x.id <> all ($1) order by x.id limit $2",
    )
    .bind(left_alone)
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read =
        |(exit, case, bureau, sealed, traceparent, tracestate): (_, _, String, Vec<u8>, _, _)| {
            Ok(Waiting {
                exit: ExitId(exit),
                owner: Owner::Case(CaseId(case)),
                bureau: bureau.parse().map_err(broken)?,
                sealed: DeliverRequest::decode(&*sealed).map_err(broken)?,
                trace: TraceContext { traceparent, tracestate },
            })
        };
    rows.into_iter().map(read).collect()
}

/// The envelope of an exit as it was or will be sent.
pub(crate) async fn sealed(conn: &mut PgConnection, exit: ExitId) -> Result<DeliverRequest, Fault> {
    let sealed: Vec<u8> = sqlx::query_scalar("select sealed from envelopes where exit_id = $1")
        .bind(exit.0)
        .fetch_one(conn)
        .await
        .or_fault()?;
    DeliverRequest::decode(&*sealed).map_err(broken)
}

/// The event of the decision that made an exit of this case.
pub(crate) async fn event_of(
    conn: &mut PgConnection,
    case: CaseId,
    exit: ExitId,
) -> Result<Option<EventId>, Fault> {
    let event: Option<Uuid> = sqlx::query_scalar(
        "select e.event_id from envelopes e join exits x on x.id = e.exit_id
          where x.id = $1 and x.case_id = $2",
    )
    .bind(exit.0)
    .bind(case.0)
    .fetch_optional(conn)
    .await
    .or_fault()?;
    Ok(event.map(EventId))
}

/// Keeps what the other organ signed for the exit.
pub(crate) async fn keep_receipt(
    conn: &mut PgConnection,
    exit: ExitId,
    receipt: &DeliverResponse,
) -> Result<(), Fault> {
    let sql = "update envelopes set receipt = $2 where exit_id = $1 and receipt is null";
    one(sqlx::query(sql).bind(exit.0).bind(receipt.encode_to_vec()).execute(conn).await)
}

/// Keeps the envelope with the other organ's decision.
pub(crate) async fn keep_answer(
    conn: &mut PgConnection,
    exit: ExitId,
    answer: &DeliverRequest,
) -> Result<(), Fault> {
    let sql = "update envelopes set answer = $2 where exit_id = $1 and answer is null";
    one(sqlx::query(sql).bind(exit.0).bind(answer.encode_to_vec()).execute(conn).await)
}

/// Keeps the envelope with the court's judgment.
pub(crate) async fn keep_judgment(
    conn: &mut PgConnection,
    exit: ExitId,
    judgment: &DeliverRequest,
) -> Result<(), Fault> {
    let sql = "update envelopes set judgment = $2 where exit_id = $1 and judgment is null";
    one(sqlx::query(sql).bind(exit.0).bind(judgment.encode_to_vec()).execute(conn).await)
}

fn one(done: sqlx::Result<sqlx::postgres::PgQueryResult>) -> Result<(), Fault> {
    match done.or_fault()?.rows_affected() {
        1 => Ok(()),
        _ => Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by("an exit without its envelope")),
    }
}
