//! `events` and `unsequenced`: the outbox.

use gongxin_kernel::{BureauCode, EventId, Fault, Revision};
use gongxin_proto::operations::v1::Envelope;
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::OrFault as _;
use crate::{NewEvent, Past, Ts, reasons};

/// An event on its way, with its bureau and its actor.
pub(crate) type Appended = (BureauCode, String, NewEvent);

/// Writes events in their order, in one statement.
pub(crate) async fn insert(
    conn: &mut PgConnection,
    at: Timestamp,
    written_by: &str,
    events: &[Appended],
) -> Result<(), Fault> {
    let broken = |cause: String| Fault::new(&reasons::INVARIANT_BROKEN).caused_by(cause);
    let mut salts = vec![[0; 96]; events.len()];
    for salt in &mut salts {
        getrandom::fill(salt).map_err(|e| broken(e.to_string()))?;
    }
    let version = |event: &NewEvent| i32::try_from(event.version().0);
    let versions: Vec<i32> = events
        .iter()
        .map(|(_, _, event)| version(event))
        .collect::<Result<_, _>>()
        .map_err(|e| broken(e.to_string()))?;
    let of = |part: fn(&NewEvent) -> &str| -> Vec<&str> {
        events.iter().map(|(_, _, event)| part(event)).collect()
    };
    let views: Vec<String> = events.iter().map(|(_, _, event)| event.view().to_string()).collect();
    sqlx::query(
        "with written as (
             insert into events (id, bureau, aggregate, version, subject, type, at, actor, data,
                                 view, canonical, salts, traceparent, tracestate, written_by)
             select id, bureau, aggregate, version, subject, type, $14, actor, data, view, canonical,
                    salts, traceparent, tracestate, $15
               from unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::text[], $6::text[],
                           $7::text[], $8::bytea[], $9::text[], $10::bytea[], $11::bytea[],
                           $12::text[], $13::text[])
                    with ordinality as given (id, bureau, aggregate, version, subject, type, actor,
                           data, view, canonical, salts, traceparent, tracestate, n)
              order by n
             returning ordinal)
         insert into unsequenced (ordinal) select ordinal from written",
    )
    .bind(events.iter().map(|(_, _, event)| event.id().0).collect::<Vec<_>>())
    .bind(events.iter().map(|(bureau, _, _)| bureau.as_str()).collect::<Vec<_>>())
    .bind(events.iter().map(|(_, _, event)| event.aggregate()).collect::<Vec<_>>())
    .bind(versions)
    .bind(of(NewEvent::subject))
    .bind(of(NewEvent::type_name))
    .bind(events.iter().map(|(_, actor, _)| actor.as_str()).collect::<Vec<_>>())
    .bind(events.iter().map(|(_, _, event)| event.data()).collect::<Vec<_>>())
    .bind(views)
    .bind(events.iter().map(|(_, _, event)| event.canonical().as_slice()).collect::<Vec<_>>())
    .bind(salts.iter().map(<[u8; 96]>::as_slice).collect::<Vec<_>>())
    .bind(of(|event| &event.trace().traceparent))
    .bind(of(|event| &event.trace().tracestate))
    .bind(Ts(at))
    .bind(written_by)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// An event as stored, with what its leaf is made of.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Stored {
    pub(crate) ordinal: i64,
    pub(crate) id: Uuid,
    pub(crate) bureau: String,
    pub(crate) aggregate: Uuid,
    pub(crate) version: i32,
    pub(crate) subject: String,
    #[sqlx(rename = "type")]
    pub(crate) type_name: String,
    pub(crate) at: Ts,
    pub(crate) data: Vec<u8>,
    pub(crate) view: String,
    pub(crate) canonical: Vec<u8>,
    pub(crate) salts: Vec<u8>,
    pub(crate) traceparent: String,
    pub(crate) tracestate: String,
}

impl Stored {
    /// The event as others see it, at place `sequence` of the log `source`.
    pub(crate) fn envelope(self, sequence: u64, source: &str, incarnation: &str) -> Envelope {
        Envelope {
            sequence,
            incarnation: incarnation.to_owned(),
            event_id: self.id.to_string(),
            r#type: self.type_name,
            source: source.to_owned(),
            bureau: self.bureau,
            aggregate: self.aggregate.to_string(),
            version: self.version.unsigned_abs(),
            time: self.at.0.to_string(),
            data: self.data,
            traceparent: self.traceparent,
            tracestate: self.tracestate,
            subject: self.subject,
        }
    }
}

/// Committed events without a number, in the order in which each aggregate's were written.
pub(crate) async fn unsequenced(conn: &mut PgConnection, limit: i64) -> Result<Vec<Stored>, Fault> {
    sqlx::query_as(
        "select e.ordinal, e.id, e.bureau, e.aggregate, e.version, e.subject, e.type, e.at, e.data,
                e.view, e.canonical, e.salts, e.traceparent, e.tracestate
           from unsequenced u join events e on e.ordinal = u.ordinal
          order by u.ordinal limit $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}

/// Of `ids`, the events whose predecessor in the same aggregate has no number yet.
pub(crate) async fn waiting_for_predecessor(
    conn: &mut PgConnection,
    ids: &[Uuid],
) -> Result<Vec<Uuid>, Fault> {
    sqlx::query_scalar(
        "select e.id from events e
          where e.id = any($1) and e.version > 1
            and not exists (select from events p join log l on l.event_id = p.id
                             where p.aggregate = e.aggregate and p.version = e.version - 1)",
    )
    .bind(ids)
    .fetch_all(conn)
    .await
    .or_fault()
}

pub(crate) async fn clear(conn: &mut PgConnection, ordinals: &[i64]) -> Result<u64, Fault> {
    let done = sqlx::query("delete from unsequenced where ordinal = any($1)")
        .bind(ordinals)
        .execute(conn)
        .await
        .or_fault()?;
    Ok(done.rows_affected())
}

/// Data of all events of `aggregate`, in order.
pub(crate) async fn contents(
    conn: &mut PgConnection,
    aggregate: Uuid,
) -> Result<Vec<Vec<u8>>, Fault> {
    sqlx::query_scalar("select data from events where aggregate = $1 order by version")
        .bind(aggregate)
        .fetch_all(conn)
        .await
        .or_fault()
}

/// Version and data of the newest event of `aggregate`.
pub(crate) async fn newest(
    conn: &mut PgConnection,
    aggregate: Uuid,
) -> Result<Option<(i32, Vec<u8>)>, Fault> {
    sqlx::query_as(
        "select version, data from events where aggregate = $1 order by version desc limit 1",
    )
    .bind(aggregate)
    .fetch_optional(conn)
    .await
    .or_fault()
}

pub(crate) async fn find(conn: &mut PgConnection, id: Uuid) -> Result<Option<Stored>, Fault> {
    sqlx::query_as(
        "select ordinal, id, bureau, aggregate, version, subject, type, at, data, view, canonical,
                salts, traceparent, tracestate
           from events where id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
    .or_fault()
}

/// What has happened to an aggregate, oldest first.
pub(crate) async fn history(conn: &mut PgConnection, aggregate: Uuid) -> Result<Vec<Past>, Fault> {
    let rows: Vec<(i32, Ts, String, String)> = sqlx::query_as(
        "select version, at, subject, actor from events where aggregate = $1 order by version",
    )
    .bind(aggregate)
    .fetch_all(conn)
    .await
    .or_fault()?;
    let read = |(version, at, subject, actor): (i32, Ts, _, _)| Past {
        version: Revision(version.unsigned_abs()),
        at: at.0,
        subject,
        actor,
    };
    Ok(rows.into_iter().map(read).collect())
}

/// The event that made an aggregate this version.
pub(crate) async fn of_version(
    conn: &mut PgConnection,
    aggregate: Uuid,
    version: Revision,
) -> Result<Option<EventId>, Fault> {
    let id = sqlx::query_scalar("select id from events where aggregate = $1 and version = $2")
        .bind(aggregate)
        .bind(version.0.cast_signed())
        .fetch_optional(conn)
        .await
        .or_fault()?;
    Ok(id.map(EventId))
}
