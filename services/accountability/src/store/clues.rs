//! `clues`: one row a clue.

use gongxin_accountability_domain::{
    Clue, ClueId, Conduct, NewClue, Officer, Opening, Period, Source, Unit,
};
use gongxin_chassis::Place;
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, reasons::DATABASE_CONFLICT};
use gongxin_kernel::{BureauCode, Fault, Revision};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::PeriodColumn;
use super::{broken, known};

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    number: String,
    source: String,
    conduct: String,
    case_number: Option<String>,
    unit_code: String,
    unit_name: String,
    facts: String,
    occurred_at: Ts,
    origin: Option<Uuid>,
    opened_by: Option<OfficerColumn>,
    opened_at: Ts,
    verification: PeriodColumn,
}

pub(super) async fn find(conn: &mut PgConnection, id: ClueId) -> Result<Option<Opening>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, number, source, conduct, case_number, unit_code, unit_name, facts, occurred_at,
                origin, opened_by, opened_at, verification
           from clues where id = $1",
    )
    .bind(id.0)
    .fetch_optional(conn)
    .await
    .or_fault()?;
    row.map(Opening::try_from).transpose()
}

/// The clue that comes from a finding or report.
pub(super) async fn of_origin(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    origin: Uuid,
) -> Result<Option<Uuid>, Fault> {
    sqlx::query_scalar("select id from clues where bureau = $1 and origin = $2")
        .bind(bureau.as_str())
        .bind(origin)
        .fetch_optional(conn)
        .await
        .or_fault()
}

impl TryFrom<Row> for Opening {
    type Error = Fault;

    fn try_from(row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: ClueId(row.id),
            number: row.number,
            content: NewClue {
                source: known(&row.source, Source::of_code(&row.source))?,
                conduct: known(&row.conduct, Conduct::of_code(&row.conduct))?,
                case_number: row.case_number.map(|n| n.parse()).transpose().map_err(broken)?,
                unit: Unit { code: row.unit_code.parse().map_err(broken)?, name: row.unit_name },
                facts: row.facts,
                occurred_at: row.occurred_at.0,
                origin: row.origin,
            },
            by: row.opened_by.map(Officer::try_from).transpose()?,
            at: row.opened_at.0,
            verification: Period::try_from(row.verification)?,
        })
    }
}

pub(super) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    clue: &Clue,
) -> Result<(), Fault> {
    let Opening { id, number, content, by, at, verification } = clue.opening();
    sqlx::query(
        "insert into clues (id, bureau, number, source, conduct, case_number, unit_code, unit_name,
                facts, occurred_at, opened_by, opened_at, verification, stage, revision, origin)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
    )
    .bind(id.0)
    .bind(bureau.as_str())
    .bind(number)
    .bind(content.source.code())
    .bind(content.conduct.code())
    .bind(content.case_number.as_ref().map(ToString::to_string))
    .bind(content.unit.code.as_str())
    .bind(&content.unit.name)
    .bind(&content.facts)
    .bind(Ts(content.occurred_at))
    .bind(by.as_ref().map(OfficerColumn::from))
    .bind(Ts(*at))
    .bind(PeriodColumn::from(verification))
    .bind(clue.stage().code())
    .bind(clue.revision().0.cast_signed())
    .bind(content.origin)
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

/// Writes where the clue stands; `before` is the revision that was read.
pub(super) async fn update(
    conn: &mut PgConnection,
    clue: &Clue,
    before: Revision,
) -> Result<(), Fault> {
    let done =
        sqlx::query("update clues set stage = $3, revision = $4 where id = $1 and revision = $2")
            .bind(clue.id().0)
            .bind(before.0.cast_signed())
            .bind(clue.stage().code())
            .bind(clue.revision().0.cast_signed())
            .execute(conn)
            .await
            .or_fault()?;
    match done.rows_affected() {
        1 => Ok(()),
        _ => Err(Fault::new(&DATABASE_CONFLICT)),
    }
}

/// A clue in a list: the matter, no person.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) number: String,
    pub(crate) stage: String,
    pub(crate) case_number: Option<String>,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) opened_at: Ts,
    /// End of the time to verify, while the clue waits for it.
    pub(crate) due_at: Option<Ts>,
}

/// At most `limit` clues of the bureau that come after `after`, newest first.
pub(crate) async fn lines(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    after: Option<Place>,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select id, number, stage, case_number, unit_code, unit_name, opened_at,
                case when stage = 'verification' then (verification).due_at end as due_at
           from clues
          where bureau = $1 and ($2::timestamptz is null or (opened_at, id) < ($2, $3))
          order by opened_at desc, id desc limit $4",
    )
    .bind(bureau.as_str())
    .bind(after.map(|place| Ts(place.at)))
    .bind(after.map(|place| place.id))
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}
