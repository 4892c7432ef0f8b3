//! What callers can change, one file a command: load, decide in the domain, save, tell.

mod issue_query_code;
mod propose_publication;
mod record_return_visit;
mod register_portal_report;
mod review_publication;
mod revoke_access;

pub(crate) use issue_query_code::IssueQueryCode;
pub(crate) use propose_publication::ProposePublication;
pub(crate) use record_return_visit::RecordReturnVisit;
pub(crate) use register_portal_report::RegisterPortalReport;
pub(crate) use review_publication::ReviewPublication;
pub(crate) use revoke_access::RevokeAccess;
