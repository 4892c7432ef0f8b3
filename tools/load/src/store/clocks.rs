//! Many running periods of intake: copies of one report, and whether all agree with the law.

use anyhow::Context as _;
use sqlx::PgConnection;

use super::run;

/// One when every event has its number.
pub(crate) const NUMBERED: &str =
    "select (not exists (select from intake.unsequenced))::int::bigint";
/// One when every running period was computed by the law in force.
pub(crate) const AGREE: &str = "select (not exists (
    select from intake.deadlines where state = 'running' and basis in (
        select id from intake.laws
         where id <> (select id from intake.laws order by started_at desc limit 1))))::int::bigint";
/// Events of periods that were computed again.
pub(crate) const TOLD: &str =
    "select count(*) from intake.events where subject = 'report.period_recomputed'";
pub(crate) const RUNNING: &str = "select count(*) from intake.deadlines where state = 'running'";

/// The day on which the periods end.
pub(crate) async fn last_day(admin: &mut PgConnection) -> anyhow::Result<String> {
    let day = sqlx::query_scalar(
        "select to_char(due_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD')
           from intake.deadlines limit 1",
    );
    Ok(day.fetch_one(admin).await?)
}

/// Copies the one report with its period, its deadline and its event.
pub(crate) async fn copy(admin: &mut PgConnection, count: u32) -> anyhow::Result<()> {
    let mut parts = vec![format!(
        "create temp table copies as
             select gen_random_uuid() as id, n from generate_series(1, {count}) n"
    )];
    let number = "'A619921' || lpad((100000 + n / 9000)::text, 6, '0') || '202601'
                  || lpad((n % 9000 + 1)::text, 4, '0')";
    for (table, changed) in [
        ("reports", format!("'id', c.id, 'number', 'bench ' || n, 'case_number', {number}")),
        ("report_periods", "'report', c.id".to_owned()),
        ("deadlines", "'id', gen_random_uuid(), 'aggregate', c.id, 'subject', c.id".to_owned()),
    ] {
        parts.push(format!(
            "insert into intake.{table}
             select r.*
               from (select * from intake.{table} limit 1) t
               cross join copies c
               cross join lateral jsonb_populate_record(null::intake.{table},
                              to_jsonb(t) || jsonb_build_object({changed})) r"
        ));
    }
    let event = "bureau, version, subject, type, at, actor, data, view, canonical, salts,
                 traceparent, tracestate, written_by";
    parts.push(format!(
        "with written as (
             insert into intake.events (id, aggregate, {event})
             select gen_random_uuid(), c.id, {event}
               from (select * from intake.events where subject = 'report.registered' limit 1) t,
                    copies c
             returning ordinal)
         insert into intake.unsequenced select ordinal from written"
    ));
    for part in parts {
        run(admin, &part).await.with_context(|| part.clone())?;
    }
    Ok(())
}
