//! `schemes` and `scheme_items`: how units are scored, and which findings count.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, Tx};
use gongxin_kernel::{Fault, UnitCode};
use gongxin_supervision_domain::reasons::SCHEME_NOT_FOUND;
use gongxin_supervision_domain::{FindingId, FindingKind, Scheme, SchemeId, SchemeItem, Text};
use jiff::Timestamp;
use uuid::Uuid;

use super::{broken, known};

pub(crate) async fn insert(tx: &mut Tx, scheme: &Scheme) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    sqlx::query(
        "insert into schemes (id, bureau, name, defined_by, defined_at) values ($1, $2, $3, $4, $5)",
    )
    .bind(scheme.id.0)
    .bind(bureau.as_str())
    .bind(scheme.name.as_str())
    .bind(OfficerColumn::from(&scheme.defined_by))
    .bind(Ts(scheme.defined_at))
    .execute(tx.conn())
    .await
    .or_fault()?;
    for (item, position) in scheme.items.iter().zip(1_i32..) {
        sqlx::query(
            "insert into scheme_items (scheme_id, position, bureau, kind, points)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(scheme.id.0)
        .bind(position)
        .bind(bureau.as_str())
        .bind(item.kind.code())
        .bind(i32::try_from(item.points).map_err(broken)?)
        .execute(tx.conn())
        .await
        .or_fault()?;
    }
    Ok(())
}

/// The scheme with its items.
///
/// # Errors
/// `SCHEME_NOT_FOUND`.
pub(crate) async fn load(tx: &mut Tx, id: SchemeId) -> Result<Scheme, Fault> {
    let row: Option<(String, OfficerColumn, Ts)> =
        sqlx::query_as("select name, defined_by, defined_at from schemes where id = $1")
            .bind(id.0)
            .fetch_optional(tx.conn())
            .await
            .or_fault()?;
    let (name, by, at) = row.ok_or_else(|| Fault::new(&SCHEME_NOT_FOUND))?;
    Ok(Scheme {
        id,
        name: Text::new("name", name)?,
        items: items(tx, id).await?,
        defined_by: by.try_into()?,
        defined_at: at.0,
    })
}

/// The items of a scheme, which has at least one.
///
/// # Errors
/// `SCHEME_NOT_FOUND`.
pub(crate) async fn items(tx: &mut Tx, scheme: SchemeId) -> Result<Vec<SchemeItem>, Fault> {
    let rows: Vec<(String, i32)> = sqlx::query_as(
        "select kind, points from scheme_items where scheme_id = $1 order by position",
    )
    .bind(scheme.0)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    if rows.is_empty() {
        return Err(Fault::new(&SCHEME_NOT_FOUND));
    }
    let read = |(kind, points): (String, i32)| {
        let kind = known(&kind, FindingKind::of_code(&kind))?;
        Ok(SchemeItem { kind, points: points.unsigned_abs() })
    };
    rows.into_iter().map(read).collect()
}

/// The findings about `unit` that officers determined as a fault and confirmed in this time.
pub(crate) async fn confirmed(
    tx: &mut Tx,
    unit: &UnitCode,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<(FindingId, FindingKind)>, Fault> {
    let rows: Vec<(Uuid, String)> = sqlx::query_as(
        "select f.id, f.kind from findings f
           join finding_acts c on c.finding_id = f.id and c.act = 'confirmed'
           join finding_acts d on d.finding_id = f.id and d.act = 'determined'
          where f.unit_code = $1 and c.at >= $2 and c.at < $3
            and d.determination in ('blemish', 'violation')
          order by f.id",
    )
    .bind(unit.as_str())
    .bind(Ts(from))
    .bind(Ts(until))
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    let read = |(id, kind): (Uuid, String)| {
        Ok((FindingId(id), known(&kind, FindingKind::of_code(&kind))?))
    };
    rows.into_iter().map(read).collect()
}
