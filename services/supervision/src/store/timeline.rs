//! `timeline`: every event of the followed services, and this service's own events of a case.

use gongxin_eventing::{OrFault as _, Ts, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::{CaseId, Unit};
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

/// One fact of a case, as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Arrived {
    pub(crate) event: Uuid,
    pub(crate) case: CaseId,
    pub(crate) source: String,
    pub(crate) sequence: i64,
    pub(crate) at: Timestamp,
    pub(crate) subject: String,
    pub(crate) unit: Option<Unit>,
    pub(crate) actor_kind: &'static str,
    pub(crate) police_number: Option<String>,
    pub(crate) trace_id: Option<String>,
}

pub(crate) async fn insert(tx: &mut Tx, fact: &Arrived) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    sqlx::query(
        "insert into timeline (event_id, bureau, case_id, source, sequence, at, subject,
                               unit_code, unit_name, actor_kind, police_number, trace_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(fact.event)
    .bind(bureau.as_str())
    .bind(fact.case.0)
    .bind(&fact.source)
    .bind(fact.sequence)
    .bind(Ts(fact.at))
    .bind(&fact.subject)
    .bind(fact.unit.as_ref().map(|unit| unit.code.as_str()))
    .bind(fact.unit.as_ref().map(|unit| unit.name.as_str()))
    .bind(fact.actor_kind)
    .bind(&fact.police_number)
    .bind(&fact.trace_id)
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// One entry, as it is read.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) event_id: Uuid,
    pub(crate) at: Ts,
    pub(crate) subject: String,
    pub(crate) source: String,
    pub(crate) unit_code: Option<String>,
    pub(crate) unit_name: Option<String>,
    pub(crate) actor_kind: String,
    pub(crate) police_number: Option<String>,
    pub(crate) trace_id: Option<String>,
}

/// Everything that happened to a case, in order of time, then of arrival. Clues are not on it.
pub(crate) async fn of(conn: &mut PgConnection, case: CaseId) -> Result<Vec<Entry>, Fault> {
    sqlx::query_as(
        "select event_id, at, subject, source, unit_code, unit_name, actor_kind, police_number,
                trace_id
           from (select event_id, at, subject, source, unit_code, unit_name, actor_kind,
                        police_number, trace_id, arrived, 0 as own
                   from timeline where case_id = $1
                 union all
                 select e.id, e.at, e.subject, 'supervision', f.unit_code, f.unit_name,
                        case when e.actor like 'staff:%' then 'officer'
                             when e.actor like 'deadline:%' then 'period' else 'system' end,
                        substring(e.actor from '^staff:(.+)$'),
                        substring(e.traceparent from '^[0-9a-f]{2}-([0-9a-f]{32})-'), e.ordinal, 1
                   from findings f join events e on e.aggregate = f.id
                  where f.case_id = $1 and e.subject <> 'finding.clue_sent'
                 union all
                 select e.id, e.at, e.subject, 'supervision', null, null, 'officer',
                        substring(e.actor from '^staff:(.+)$'),
                        substring(e.traceparent from '^[0-9a-f]{2}-([0-9a-f]{32})-'), e.ordinal, 1
                   from recordings r join events e on e.aggregate = r.id
                  where r.case_id = $1) as facts
          order by at, own, arrived",
    )
    .bind(case.0)
    .fetch_all(conn)
    .await
    .or_fault()
}
