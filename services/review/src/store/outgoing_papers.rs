//! `outgoing_papers`: what leaves by the one exit without a review request, and its receipt.

use gongxin_eventing::trace::TraceContext;
use gongxin_eventing::{OrFault as _, Ts, reasons};
use gongxin_kernel::{BureauCode, EventId, Fault};
use gongxin_proto::exchange::v1::{DeliverRequest, DeliverResponse};
use gongxin_review_domain::{ExitId, OpenSendingId, SignedFor, ViolationNoticeId};
use prost::Message as _;
use sqlx::PgConnection;
use uuid::Uuid;

use super::broken;
use super::envelopes::{Owner, Waiting};

/// What a paper is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum PaperOf {
    /// The answer to a notice.
    Notice(ViolationNoticeId),
    /// A paper sent by an open channel.
    Sending(OpenSendingId),
}

impl PaperOf {
    pub(super) fn aggregate(self) -> Uuid {
        self.parts().1
    }

    fn parts(self) -> (&'static str, Uuid) {
        match self {
            Self::Notice(id) => ("violation_notice_answer", id.0),
            Self::Sending(id) => ("open_sending", id.0),
        }
    }

    fn read(kind: &str, aggregate: Uuid) -> Result<Self, Fault> {
        match kind {
            "violation_notice_answer" => Ok(Self::Notice(ViolationNoticeId(aggregate))),
            "open_sending" => Ok(Self::Sending(OpenSendingId(aggregate))),
            other => Err(broken(format!("unknown kind of paper {other:?}"))),
        }
    }
}

/// Keeps the envelope of a new paper, with the trace of the command that made it.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    (id, of): (Uuid, PaperOf),
    event: EventId,
    sealed: &DeliverRequest,
) -> Result<(), Fault> {
    let trace = TraceContext::current();
    let (kind, aggregate) = of.parts();
    sqlx::query(
        "insert into outgoing_papers (id, bureau, kind, aggregate, event_id, sealed, traceparent,
                                      tracestate)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(id)
    .bind(bureau.as_str())
    .bind(kind)
    .bind(aggregate)
    .bind(event.0)
    .bind(sealed.encode_to_vec())
    .bind(trace.traceparent)
    .bind(trace.tracestate)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    bureau: String,
    kind: String,
    aggregate: Uuid,
    sealed: Vec<u8>,
    traceparent: String,
    tracestate: String,
}

/// Papers that are ready to go but `left_alone`, oldest first.
pub(crate) async fn ready(
    conn: &mut PgConnection,
    left_alone: &[Uuid],
    limit: i64,
) -> Result<Vec<Waiting>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, bureau, kind, aggregate, sealed, traceparent, tracestate
           from outgoing_papers
          where receipt is null and id <> all ($1) order by id limit $2",
    )
    .bind(left_alone)
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |row: Row| {
        Ok(Waiting {
            exit: ExitId(row.id),
            owner: Owner::Paper(PaperOf::read(&row.kind, row.aggregate)?),
            bureau: row.bureau.parse().map_err(broken)?,
            sealed: DeliverRequest::decode(&*row.sealed).map_err(broken)?,
            trace: TraceContext { traceparent: row.traceparent, tracestate: row.tracestate },
        })
    };
    rows.into_iter().map(read).collect()
}

/// How many papers the other organ has not signed for.
pub(crate) async fn count_ready(conn: &mut PgConnection) -> Result<u64, Fault> {
    let count: i64 =
        sqlx::query_scalar("select count(*) from outgoing_papers where receipt is null")
            .fetch_one(conn)
            .await
            .or_fault()?;
    Ok(count.unsigned_abs())
}

/// Keeps what the other organ signed for a paper.
pub(crate) async fn keep_receipt(
    conn: &mut PgConnection,
    id: Uuid,
    signed_for: &SignedFor,
    receipt: &DeliverResponse,
) -> Result<(), Fault> {
    let done = sqlx::query(
        "update outgoing_papers set receiver = $2, received_at = $3, receipt = $4
          where id = $1 and receipt is null",
    )
    .bind(id)
    .bind(&signed_for.receiver)
    .bind(Ts(signed_for.received_at))
    .bind(receipt.encode_to_vec())
    .execute(conn)
    .await
    .or_fault()?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Fault::new(&reasons::INVARIANT_BROKEN).caused_by("a receipt without its paper")),
    }
}

/// Who signed for a paper and when, of the two columns that are both there or both not.
pub(super) fn signed_for(receiver: Option<String>, received_at: Option<Ts>) -> Option<SignedFor> {
    Some(SignedFor { receiver: receiver?, received_at: received_at?.0 })
}
