//! `findings` and `finding_acts`: what was found, and what was done about it.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, Tx, reasons::DATABASE_CONFLICT};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::reasons::FINDING_NOT_FOUND;
use gongxin_supervision_domain::{
    Act, CaseId, Determination, Done, Finding, FindingId, FindingKind, Matter, Opening, Stage, Text,
};
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns;
use super::{broken, known};

#[derive(sqlx::FromRow)]
struct Row {
    kind: String,
    case_id: Uuid,
    case_number: String,
    unit_code: String,
    unit_name: String,
    subject: Uuid,
    alarm: bool,
    opened_at: Ts,
    stage: String,
}

#[derive(sqlx::FromRow)]
struct ActRow {
    act: String,
    determination: Option<String>,
    text: Option<String>,
    rectify_by: Option<Ts>,
    clause: Option<String>,
    officer: Option<OfficerColumn>,
    at: Ts,
}

/// # Errors
/// `FINDING_NOT_FOUND`.
pub(crate) async fn load(tx: &mut Tx, id: FindingId) -> Result<Finding, Fault> {
    find(tx, id).await?.ok_or_else(|| Fault::new(&FINDING_NOT_FOUND))
}

/// The finding, with its acts replayed: a stage that its acts do not give is a defect.
pub(crate) async fn find(tx: &mut Tx, id: FindingId) -> Result<Option<Finding>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select kind, case_id, case_number, unit_code, unit_name, subject, alarm, opened_at, stage
           from findings where id = $1",
    )
    .bind(id.0)
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok(None) };
    let acts: Vec<ActRow> = sqlx::query_as(
        "select act, determination, text, rectify_by, clause, officer, at
           from finding_acts where finding_id = $1 order by revision",
    )
    .bind(id.0)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    let stage = known(&row.stage, Stage::of_code(&row.stage))?;
    let unit = columns::unit(&row.unit_code, row.unit_name)?;
    let opening = Opening {
        id,
        kind: known(&row.kind, FindingKind::of_code(&row.kind))?,
        matter: Matter { case: CaseId(row.case_id), case_number: row.case_number, unit },
        subject: row.subject,
        alarm: row.alarm,
        at: row.opened_at.0,
    };
    let done = acts.into_iter().map(done).collect::<Result<_, Fault>>()?;
    let finding = Finding::replay(opening, done).map_err(broken)?;
    if finding.stage() != stage {
        return Err(broken("a finding's stage is not that of its acts"));
    }
    Ok(Some(finding))
}

fn done(row: ActRow) -> Result<Done, Fault> {
    let text = || match row.text.clone() {
        Some(text) => Text::new("text", text).map_err(broken),
        None => Err(broken("an act without its text")),
    };
    let rectify_by = || row.rectify_by.map(|at| at.0).ok_or_else(|| broken("no date to rectify"));
    let act = match row.act.as_str() {
        "alarmed" => Act::Alarmed,
        "determined" => {
            let code = row.determination.clone().unwrap_or_default();
            let determination = known(&code, Determination::of_code(&code))?;
            Act::Determined { determination, reason: text()? }
        }
        "supervised" => Act::Supervised { instruction: text()?, rectify_by: rectify_by()? },
        "reminded" => Act::Reminded { rectify_by: rectify_by()? },
        "rectified" => Act::Rectified { done: text()? },
        "confirmed" => Act::Confirmed { note: text()? },
        "clue_sent" => {
            let clause = row.clause.clone().unwrap_or_default();
            let clause = Text::new("clause", clause).map_err(broken)?;
            Act::ClueSent { clause, ground: text()? }
        }
        "closed" => Act::Closed { reason: text()? },
        other => return Err(broken(format!("unknown act {other:?} in the database"))),
    };
    let by = row.officer.map(TryInto::try_into).transpose()?;
    Ok(Done { act, by, at: row.at.0 })
}

pub(crate) async fn insert(tx: &mut Tx, finding: &Finding) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let opening = finding.opening();
    sqlx::query(
        "insert into findings (id, bureau, kind, case_id, case_number, unit_code, unit_name,
                               subject, alarm, opened_at, stage, revision)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
    )
    .bind(opening.id.0)
    .bind(bureau.as_str())
    .bind(opening.kind.code())
    .bind(opening.matter.case.0)
    .bind(&opening.matter.case_number)
    .bind(opening.matter.unit.code.as_str())
    .bind(&opening.matter.unit.name)
    .bind(opening.subject)
    .bind(opening.alarm)
    .bind(Ts(opening.at))
    .bind(finding.stage().code())
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// Adds the last act and brings the stage up to date.
///
/// # Errors
/// `DATABASE_CONFLICT` when the finding has changed since it was loaded.
pub(crate) async fn advance(tx: &mut Tx, finding: &Finding, done: &Done) -> Result<(), Fault> {
    let revision = i32::try_from(finding.revision().0).map_err(broken)?;
    let changed = sqlx::query(
        "update findings set stage = $2, rectify_by = $3, revision = $4
          where id = $1 and revision = $4 - 1",
    )
    .bind(finding.id().0)
    .bind(finding.stage().code())
    .bind(finding.rectify_by().map(Ts))
    .bind(revision)
    .execute(tx.conn())
    .await
    .or_fault()?;
    if changed.rows_affected() != 1 {
        return Err(Fault::new(&DATABASE_CONFLICT).caused_by("the finding has another revision"));
    }
    insert_act(tx, finding.id(), revision, done).await
}

async fn insert_act(
    tx: &mut Tx,
    finding: FindingId,
    revision: i32,
    done: &Done,
) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let act = done.act.name().trim_start_matches("finding.");
    let (mut determination, mut rectify_by, mut clause) = (None, None, None);
    match &done.act {
        Act::Determined { determination: found, .. } => determination = Some(found.code()),
        Act::Supervised { rectify_by: by, .. } | Act::Reminded { rectify_by: by } => {
            rectify_by = Some(Ts(*by));
        }
        Act::ClueSent { clause: proposed, .. } => clause = Some(proposed.as_str()),
        _ => {}
    }
    sqlx::query(
        "insert into finding_acts (finding_id, revision, bureau, act, determination, text,
                                   rectify_by, clause, officer, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(finding.0)
    .bind(revision)
    .bind(bureau.as_str())
    .bind(act)
    .bind(determination)
    .bind(done.act.text().map(Text::as_str))
    .bind(rectify_by)
    .bind(clause)
    .bind(done.by.as_ref().map(OfficerColumn::from))
    .bind(Ts(done.at))
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

/// A finding in the queue.
#[derive(Clone, Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) stage: String,
    pub(crate) case_id: Uuid,
    pub(crate) case_number: String,
    pub(crate) unit_code: String,
    pub(crate) unit_name: String,
    pub(crate) opened_at: Ts,
    pub(crate) rectify_by: Option<Ts>,
}

/// Which findings a list shows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wanted {
    /// Those of this case alone.
    pub(crate) case: Option<CaseId>,
    /// Those that are not closed.
    pub(crate) open_only: bool,
    /// Those that come after this one.
    pub(crate) after: Option<FindingId>,
    pub(crate) limit: i64,
}

/// Findings, newest first: the ids of events are ordered by time.
pub(crate) async fn lines(conn: &mut PgConnection, wanted: Wanted) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select id, kind, stage, case_id, case_number, unit_code, unit_name, opened_at, rectify_by
           from findings
          where ($1::uuid is null or case_id = $1) and (not $2 or stage <> 'closed')
            and ($3::uuid is null or id < $3)
          order by id desc limit $4",
    )
    .bind(wanted.case.map(|case| case.0))
    .bind(wanted.open_only)
    .bind(wanted.after.map(|finding| finding.0))
    .bind(wanted.limit)
    .fetch_all(conn)
    .await
    .or_fault()
}
