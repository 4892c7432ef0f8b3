//! The commands: what an officer does about a finding, registering a recording, defining a scheme.

mod act_on_finding;
mod define_scheme;
mod register_recording;

pub(crate) use act_on_finding::{
    ActOnFinding, CloseFinding, ConfirmFinding, DetermineFinding, RectifyFinding, SendClue,
    SuperviseFinding,
};
pub(crate) use define_scheme::DefineScheme;
pub(crate) use register_recording::RegisterRecording;
