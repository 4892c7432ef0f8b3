//! `recordings`: what was registered, for ever.

use gongxin_eventing::{OfficerColumn, OrFault as _, Ts, Tx, reasons::EVENT_NOT_FOUND};
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
    case_id: Uuid,
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

impl Row {
    fn read(self) -> Result<Recording, Fault> {
        let content = NewRecording {
            case: CaseId(self.case_id),
            device: known(&self.device, DeviceKind::of_code(&self.device))?,
            stage: known(&self.stage, RecordedStage::of_code(&self.stage))?,
            suspect: self.suspect_id.map(SuspectId),
            police_number: Text::new("police_number", self.police_number)?,
            digest: Digest(self.digest.try_into().map_err(|_| broken("a digest of odd length"))?),
            began_at: self.began_at.0,
            ended_at: self.ended_at.0,
        };
        Ok(Recording {
            id: RecordingId(self.id),
            content,
            registered_by: self.registered_by.try_into()?,
            registered_at: self.registered_at.0,
        })
    }
}

/// The recordings of a case, oldest first.
pub(crate) async fn of(tx: &mut Tx, case: CaseId) -> Result<Vec<Recording>, Fault> {
    let rows: Vec<Row> = sqlx::query_as(
        "select id, case_id, device, stage, suspect_id, police_number, digest, began_at, ended_at,
                registered_by, registered_at
           from recordings where case_id = $1 order by id",
    )
    .bind(case.0)
    .fetch_all(tx.conn())
    .await
    .or_fault()?;
    rows.into_iter().map(Row::read).collect()
}

/// One recording.
///
/// # Errors
/// `EVENT_NOT_FOUND` when there is no row of it.
pub(crate) async fn load(tx: &mut Tx, id: RecordingId) -> Result<Recording, Fault> {
    let row: Option<Row> = sqlx::query_as(
        "select id, case_id, device, stage, suspect_id, police_number, digest, began_at, ended_at,
                registered_by, registered_at
           from recordings where id = $1",
    )
    .bind(id.0)
    .fetch_optional(tx.conn())
    .await
    .or_fault()?;
    row.ok_or_else(|| Fault::new(&EVENT_NOT_FOUND))?.read()
}
