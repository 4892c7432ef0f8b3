//! `public_matters` and `public_steps`: the allow-list. What has no column here is never public.

use gongxin_eventing::{OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault};
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

/// A report as the public side knows it from the start.
pub(crate) struct Shown<'s> {
    pub(crate) report: Uuid,
    pub(crate) number: &'s str,
    pub(crate) unit_name: &'s str,
    pub(crate) registered_at: Timestamp,
    pub(crate) standing: Standing,
}

/// Where a matter stands, and what runs until when.
#[derive(Clone, Copy)]
pub(crate) struct Standing {
    pub(crate) stage: &'static str,
    pub(crate) clock: Option<(&'static str, Timestamp)>,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    shown: &Shown<'_>,
) -> Result<(), Fault> {
    let Standing { stage, clock } = shown.standing;
    sqlx::query(
        "insert into public_matters (report, bureau, number, unit_name, registered_at, stage,
                                     clock, clock_until)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(shown.report)
    .bind(bureau.as_str())
    .bind(shown.number)
    .bind(shown.unit_name)
    .bind(Ts(shown.registered_at))
    .bind(stage)
    .bind(clock.map(|(clock, _)| clock))
    .bind(clock.map(|(_, until)| Ts(until)))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn stand(
    conn: &mut PgConnection,
    report: Uuid,
    Standing { stage, clock }: Standing,
) -> Result<(), Fault> {
    sqlx::query(
        "update public_matters set stage = $2, clock = $3, clock_until = $4 where report = $1",
    )
    .bind(report)
    .bind(stage)
    .bind(clock.map(|(clock, _)| clock))
    .bind(clock.map(|(_, until)| Ts(until)))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Another end of what runs; nothing where something else runs by now.
pub(crate) async fn move_clock(
    conn: &mut PgConnection,
    report: Uuid,
    (clock, until): (&'static str, Timestamp),
) -> Result<(), Fault> {
    sqlx::query("update public_matters set clock_until = $3 where report = $1 and clock = $2")
        .bind(report)
        .bind(clock)
        .bind(Ts(until))
        .execute(conn)
        .await
        .or_fault()?;
    Ok(())
}

/// Adds a step; two services may tell theirs in any order.
pub(crate) async fn step(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    report: Uuid,
    (what, at): (&'static str, Timestamp),
) -> Result<(), Fault> {
    sqlx::query(
        "insert into public_steps (report, bureau, what, at) values ($1, $2, $3, $4)
         on conflict do nothing",
    )
    .bind(report)
    .bind(bureau.as_str())
    .bind(what)
    .bind(Ts(at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}
