//! Findings about matters (case and unit) and what officers make of them; recordings.
//!
//! A [`Finding`] is its opening and the acts that followed. Each transition takes the finding and
//! gives it with one act more, or a [`Refusal`]. Nothing here performs I/O or reads a clock.

mod finding;
pub mod reasons;
mod recording;
mod refusal;
mod scheme;
mod text;
mod words;

pub use finding::{Act, Done, Finding, Matter, Opening};
pub use gongxin_kernel::{Officer, Unit};
pub use recording::{Digest, NewRecording, Recording, Watch};
pub use refusal::Refusal;
pub use scheme::{Deduction, Measure, Scheme, SchemeItem, score};
pub use text::Text;
pub use words::{Determination, DeviceKind, FindingKind, ForbiddenMeasure, RecordedStage, Stage};

gongxin_kernel::id! {
    /// Names one case for ever: the id of its report, in every service.
    CaseId
}

gongxin_kernel::id! {
    /// Names one finding for ever: the id of the event that it comes from, so that one breach has
    /// one finding.
    FindingId
}

gongxin_kernel::id! {
    /// Names a suspect, as review does.
    SuspectId
}

gongxin_kernel::id! {
    /// Names one recording for ever.
    RecordingId
}

gongxin_kernel::id! {
    /// Names one evaluation scheme for ever.
    SchemeId
}

#[cfg(test)]
mod tests;
