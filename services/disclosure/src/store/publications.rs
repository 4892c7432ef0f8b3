//! `publications`, and the texts that the public sees, `public_documents`.

use gongxin_disclosure_domain::{
    DocumentKind, Publication, PublicationId, PublicationStage, ReportId,
};
use gongxin_eventing::{OfficerColumn, OrFault as _, Ts};
use gongxin_kernel::{BureauCode, Fault, Revision};
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use super::columns::{broken, known};
use super::matters;

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    report: Uuid,
    kind: String,
    text: String,
    proposed_by: OfficerColumn,
    stage: String,
    reviewed_by: Option<OfficerColumn>,
    reasons: Option<String>,
    revision: i32,
}

pub(crate) async fn insert(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    publication: &Publication,
    at: Timestamp,
) -> Result<(), Fault> {
    sqlx::query(
        "insert into publications (id, bureau, report, kind, text, proposed_by, proposed_at,
                                   stage, revision)
         values ($1, $2, $3, $4, $5, $6, $7, 'proposed', 1)",
    )
    .bind(publication.id.0)
    .bind(bureau.as_str())
    .bind(publication.matter.id.0)
    .bind(publication.kind.code())
    .bind(&publication.text)
    .bind(OfficerColumn::from(&publication.proposed_by))
    .bind(Ts(at))
    .execute(conn)
    .await
    .or_fault()?;
    Ok(())
}

pub(crate) async fn find(
    conn: &mut PgConnection,
    id: PublicationId,
) -> Result<Option<Publication>, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, report, kind, text, proposed_by, stage, reviewed_by, reasons, revision
           from publications where id = $1",
    )
    .bind(id.0)
    .fetch_optional(&mut *conn)
    .await
    .or_fault()?;
    let Some(row) = row else { return Ok(None) };
    let matter = matters::find(conn, ReportId(row.report)).await?;
    let (matter, _) = matter.ok_or_else(|| broken("a publication without its matter"))?;
    let stage = match (row.stage.as_str(), row.reviewed_by, row.reasons) {
        ("proposed", None, None) => PublicationStage::Proposed,
        ("approved", Some(by), None) => PublicationStage::Approved { by: by.try_into()? },
        ("refused", Some(by), Some(reasons)) => {
            PublicationStage::Refused { by: by.try_into()?, reasons }
        }
        _ => return Err(broken("a publication in no known stage")),
    };
    Ok(Some(Publication {
        id: PublicationId(row.id),
        matter,
        kind: known(DocumentKind::of_code(&row.kind))?,
        text: row.text,
        proposed_by: row.proposed_by.try_into()?,
        stage,
        revision: Revision(row.revision.unsigned_abs()),
    }))
}

/// Writes the reviewer's decision; an approved text goes to the public side.
pub(crate) async fn decide(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    publication: &Publication,
    at: Timestamp,
) -> Result<(), Fault> {
    let (stage, by, reasons) = match &publication.stage {
        PublicationStage::Proposed => return Err(broken("nothing is decided")),
        PublicationStage::Approved { by } => ("approved", by, None),
        PublicationStage::Refused { by, reasons } => ("refused", by, Some(reasons)),
    };
    sqlx::query(
        "update publications set stage = $2, reviewed_by = $3, reasons = $4, revision = $5
          where id = $1 and stage = 'proposed'",
    )
    .bind(publication.id.0)
    .bind(stage)
    .bind(OfficerColumn::from(by))
    .bind(reasons)
    .bind(publication.revision.0.cast_signed())
    .execute(&mut *conn)
    .await
    .or_fault()?;
    if reasons.is_none() {
        sqlx::query(
            "insert into public_documents (id, bureau, kind, text, published_at)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(publication.id.0)
        .bind(bureau.as_str())
        .bind(publication.kind.code())
        .bind(&publication.text)
        .bind(Ts(at))
        .execute(conn)
        .await
        .or_fault()?;
    }
    Ok(())
}

/// A publication in the queue.
#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Line {
    pub(crate) id: Uuid,
    pub(crate) kind: String,
    pub(crate) case_number: Option<String>,
    pub(crate) proposed_at: Ts,
    pub(crate) stage: String,
}

/// The first of the queue: proposed ones, the oldest first, then decided ones, the latest first.
pub(crate) async fn queue(
    conn: &mut PgConnection,
    bureau: &BureauCode,
    limit: i64,
) -> Result<Vec<Line>, Fault> {
    sqlx::query_as(
        "select p.id, p.kind, m.case_number, p.proposed_at, p.stage
           from publications p join matters m using (report)
          where p.bureau = $1
          order by p.stage <> 'proposed', case when p.stage = 'proposed' then p.proposed_at end,
                   p.proposed_at desc, p.id
          limit $2",
    )
    .bind(bureau.as_str())
    .bind(limit)
    .fetch_all(conn)
    .await
    .or_fault()
}
