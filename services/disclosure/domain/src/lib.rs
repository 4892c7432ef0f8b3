//! What parties and public may see: query access, return visit, publication. Pure.
//!
//! Each state changes only by its transitions, which give the state after or a fault. Nothing here
//! performs I/O, reads a clock or draws a random number.

mod access;
mod code;
mod portal;
mod publication;
pub mod reasons;
mod text;
mod visit;
mod words;

pub use access::{Access, Code, CodeId, IssueCode, MOST_CODES, Matter, ReportId, Revocation};
pub use code::{QueryCode, Salt, receipt_number};
pub use gongxin_kernel::{Officer, Unit};
pub use portal::{
    CONTACT_DAYS, CONTACT_RULE, Channel, PortalContent, PortalId, PortalReport, Registered,
};
pub use publication::{Publication, PublicationId, PublicationStage, ReviewPublication};
pub use visit::{Answer, LOW_RATING, RecordVisit, VISIT_RULE, Visit, VisitId};
pub use words::{ClosedMatter, DocumentKind, Holder, RevocationGround};
