//! `recordings`: what was registered, for ever.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, Tx};
use gongxin_kernel::Fault;
use gongxin_supervision_domain::{
    CaseId, DeviceKind, Digest, NewRecording, RecordedStage, Recording, RecordingId, SuspectId,
    Text,
};
use uuid::Uuid;

use super::{broken, known};

pub(crate) async fn insert(tx: &mut Tx, recording: &Recording) -> Result<(), Fault> {
    let bureau = tx.bureau()?.clone();
    let content = &recording.content;
    sqlx::query(
        "insert into recordings (id, bureau, case_id, device, stage, suspect_id, police_number,
                                 digest, began_at, ended_at, registered_by, registered_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind(recording.id.0)
    .bind(bureau.as_str())
    .bind(content.case.0)
    .bind(content.device.code())
    .bind(content.stage.code())
    .bind(content.suspect.map(|suspect| suspect.0))
    .bind(content.police_number.as_str())
    .bind(content.digest.0.as_slice())
    .bind(Ts(content.began_at))
    .bind(Ts(content.ended_at))
    .bind(OfficerColumn::from(&recording.registered_by))
    .bind(Ts(recording.registered_at))
    .execute(tx.conn())
    .await
    .or_fault()?;
    Ok(())
}

#[derive(sqlx::FromRow)]
struct Row {
    id: Uuid,
    device: String,
    stage: String,
    suspect_id: Option<Uuid>,
    police_number: String,
    digest: Vec<u8>,
    began_at: Ts,
    ended_at: Ts,
    registered_by: OfficerColumn,
    registered_at: Ts,
}

/// The recordings of a case, oldest first.
pub(crate) async fn of(tx: &mut Tx, case: CaseId) -> Result<Vec<Recording>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, device, stage, suspect_id, police_number, digest, began_at, ended_at,
                registered_by, registered_at
           from recordings where case_id = $1 order by id",
    )
    .bind(case.0)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    let read = |row: Row| {
        let content = NewRecording {
            case,
            device: known(&row.device, DeviceKind::of_code(&row.device))?,
            stage: known(&row.stage, RecordedStage::of_code(&row.stage))?,
            suspect: row.suspect_id.map(SuspectId),
            police_number: Text::new("police_number", row.police_number)?,
            digest: Digest(row.digest.try_into().map_err(|_| broken("a digest of odd length"))?),
            began_at: row.began_at.0,
            ended_at: row.ended_at.0,
        };
        Ok(Recording {
            id: RecordingId(row.id),
            content,
            registered_by: row.registered_by.try_into()?,
            registered_at: row.registered_at.0,
        })
    };
    rows.into_iter().map(read).collect()
}
