//! Registers a recording; one of an interrogation meets the watch that runs for the suspect.

use gongxin_eventing::{Command, Tx};
use gongxin_kernel::{Fault, Staff};
use gongxin_proto::supervision::v1::RegisterRecordingResponse;
use gongxin_supervision_domain::{
    NewRecording, Officer, Recording, RecordingId, Stage, Text, Watch,
};
use uuid::Uuid;

use crate::changes::{self, RECORDING};
use crate::{deadlines, store};

/// A recording to be registered.
#[derive(Debug)]
pub(crate) struct RegisterRecording {
    id: RecordingId,
    content: NewRecording,
    registered_by: Officer,
}

impl RegisterRecording {
    pub(crate) fn new(staff: &Staff, content: NewRecording) -> Self {
        Self { id: RecordingId::fresh(), content, registered_by: staff.into() }
    }

    /// The watches of the suspect that this recording meets, locked against their deadlines.
    async fn watches(&self, tx: &mut Tx) -> Result<Vec<Watch>, Fault> {
        let Some(suspect) = self.content.suspect else { return Ok(Vec::new()) };
        let mut watches = store::watches::open(tx, self.content.case, suspect).await?;
        watches.retain(|watch| watch.is_met_by(&self.content));
        tx.lock(watches.iter().map(|watch| watch.id.0).collect()).await?;
        Ok(watches)
    }
}

impl Command for RegisterRecording {
    const NAME: &'static str = "register_recording";
    type Answer = RegisterRecordingResponse;

    fn aggregates(&self) -> Vec<Uuid> {
        vec![self.content.case.0, self.id.0]
    }

    async fn run(&self, tx: &mut Tx) -> Result<RegisterRecordingResponse, Fault> {
        let head = store::cases::load(tx, self.content.case).await?;
        let watches = self.watches(tx).await?;
        let at = tx.at();
        let (content, officer) = (self.content.clone(), self.registered_by.clone());
        let recording = Recording::register(self.id, content, officer, at)?;
        changes::registered(tx, &recording, &head).await?;
        for watch in watches {
            meet(tx, &watch).await?;
        }
        Ok(RegisterRecordingResponse { recording_id: self.id.to_string() })
    }
}

/// Closes the watch, and its early warning. What comes after the limit is a breach all the same,
/// whether its deadline was looked at or not: the alarm stays until an officer determines it.
async fn meet(tx: &mut Tx, watch: &Watch) -> Result<(), Fault> {
    let at = tx.at();
    tx.meet_deadline(watch.id.0, RECORDING, watch.suspect.0, at).await?;
    let finding = store::findings::find(tx, watch.id).await?;
    let is_late = at > watch.due_at;
    match finding {
        Some(warned) if warned.stage() == Stage::Warned && !is_late => {
            let reason = Text::new("reason", "期限内已登记讯问录音录像，预警解除")?;
            changes::acted(tx, &warned.met_in_time(reason, at)?).await
        }
        Some(open) if open.stage() != Stage::Warned => Ok(()),
        None if !is_late => Ok(()),
        _ => deadlines::recording_missing(tx, watch.id, true).await,
    }
}
