//! The commands: what an officer does about a finding, and registering a recording.

mod act_on_finding;
mod register_recording;

pub(crate) use act_on_finding::{
    ActOnFinding, CloseFinding, ConfirmFinding, DetermineFinding, RectifyFinding, SendClue,
    SuperviseFinding,
};
pub(crate) use register_recording::RegisterRecording;
