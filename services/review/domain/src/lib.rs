//! The case in the legal department: every review in one place, every paper through one exit.
//!
//! [`CaseFile`] is the one aggregate. Its transitions consume it and give a [`Changed`]: the new
//! state, what happened, and what that does to the running clocks; or a typed [`Refusal`].
//! Nothing performs I/O or reads a clock: time and law come in as arguments.

mod ballot;
mod case;
mod correspondence;
mod custody;
mod deliberation;
mod deliberation_refusal;
mod exit;
mod gate;
mod obligation;
mod prosecution;
mod request;
mod review;
mod suspect;

mod canonical;
mod event;
mod period;
pub mod reasons;
mod recompute;
mod refusal;
mod snapshot;

pub use ballot::{Ballot, Tally, Vote};
pub use case::{CaseFile, CaseId, Changed, Filed, NewSuspect};
pub use correspondence::{
    Channel, CorrespondenceRefusal, Incoming, ItemAnswer, ItemResult, NoticeAnswer, NoticeChanged,
    NoticeEvent, NoticeItem, NoticeStage, OpenSending, OpenSendingId, Paper, Response, SignedFor,
    ViolationNotice, ViolationNoticeId,
};
pub use custody::{CarriedOut, DetentionExtension};
pub use deliberation::{
    Call, Conclusion, Deliberation, DeliberationGround, DeliberationId, FEWEST_MEMBERS,
    MOST_MEMBERS, Member, MemberPost,
};
pub use deliberation_refusal::DeliberationRefusal;
pub use event::{Event, Recorded};
pub use exit::{
    Answer, ArrestDecision, CourtVerdict, Delivery, Exit, ExitId, ExitStage, Outcome,
    ProsecutionDecision, Return,
};
pub use gongxin_kernel::{Officer, Unit};
pub use obligation::{departs, may_be_marked};
pub use period::{ClockChange, ClockRule, Law, Parameters, Period};
pub use prosecution::{ConclusionStep, Investigation, Signed};
pub use refusal::Refusal;
pub use request::{
    Answered, Correction, Decision, DossierPart, Opinion, Request, RequestStage, Review,
    ReviewItem, ReviewRequestId, Verdict,
};
pub use review::Submission;
pub use snapshot::{ExitRow, Inconsistent, RequestRow, Snapshot, SuspectRow};
pub use suspect::{Bail, Custody, MeasureKind, Release, Ruling, Stage, Suspect, SuspectId};
