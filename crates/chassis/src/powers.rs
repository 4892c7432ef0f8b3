//! Which post gives which power: one table, tested as a matrix.

use gongxin_kernel::{Post, Power};

/// The powers of a post. Administrators hold no case power; auxiliaries hold none at all.
#[expect(clippy::match_same_arms, reason = "a table reads best with a line for each post")]
pub fn powers_of_post(post: Post) -> &'static [Power] {
    use Power::{
        Approve, ClearStep, DecideFiling, EnterMeasure, ExtendFilingReview, GiveOpinion,
        IssueQueryCode, MakeExit, ProposePublication, ReadCases, ReadDisclosure, ReadOperations,
        ReadReports, RecordReturnVisit, RegisterReport, ResolveQuarantine, ReviewPublication,
        RevokeAccess, SubmitForReview,
    };
    match post {
        Post::ReportOfficer => &[RegisterReport, ReadReports, IssueQueryCode],
        Post::CaseOfficer => &[
            RegisterReport,
            ReadReports,
            ReadCases,
            EnterMeasure,
            SubmitForReview,
            IssueQueryCode,
            ProposePublication,
        ],
        Post::UnitLegalOfficer => &[ReadReports, ReadCases, SubmitForReview, ProposePublication],
        Post::UnitHead => &[ReadReports, ReadCases],
        Post::CentreOfficer => &[
            ReadReports,
            ReadCases,
            ClearStep,
            IssueQueryCode,
            RevokeAccess,
            RecordReturnVisit,
            ReadDisclosure,
        ],
        Post::LegalReviewer => &[ReadReports, ReadCases, GiveOpinion],
        Post::SupervisionOfficer => &[ReadReports, ReadCases, ReadDisclosure],
        Post::LegalHead => {
            &[ReadReports, ReadCases, GiveOpinion, MakeExit, RevokeAccess, ReadDisclosure]
        }
        // Filing and its extension are decided by the head of the bureau (PCR 178, RF15).
        Post::DutyLeader | Post::BureauLeader => {
            &[ReadReports, ReadCases, DecideFiling, ExtendFilingReview, Approve, ReadDisclosure]
        }
        Post::CommandCentre => &[RegisterReport, ReadReports],
        Post::PetitionOfficer => &[RecordReturnVisit, ReadDisclosure],
        Post::Inspector => &[RecordReturnVisit, ReadDisclosure],
        Post::DisclosureReviewer => &[RevokeAccess, ReviewPublication, ReadDisclosure],
        Post::Administrator => &[ReadOperations, ResolveQuarantine],
        Post::DisciplineInspector
        | Post::PoliticalOfficer
        | Post::PropertyKeeper
        | Post::RecordingKeeper
        | Post::HandlingAreaKeeper
        | Post::Auxiliary => &[],
    }
}

/// What one service of the suite may ask of another.
pub fn powers_of_service() -> &'static [Power] {
    &[Power::ReplayLog, Power::ReadOperations]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole matrix, so that a changed right is seen in review.
    const MATRIX: &str = "\
report_officer: register_report read_reports issue_query_code
case_officer: register_report read_reports read_cases enter_measure submit_for_review issue_query_code propose_publication
unit_legal_officer: read_reports read_cases submit_for_review propose_publication
unit_head: read_reports read_cases
centre_officer: read_reports read_cases clear_step issue_query_code revoke_access record_return_visit read_disclosure
legal_reviewer: read_reports read_cases give_opinion
supervision_officer: read_reports read_cases read_disclosure
legal_head: read_reports read_cases give_opinion make_exit revoke_access read_disclosure
duty_leader: read_reports read_cases decide_filing extend_filing_review approve read_disclosure
bureau_leader: read_reports read_cases decide_filing extend_filing_review approve read_disclosure
inspector: record_return_visit read_disclosure
discipline_inspector: 
political_officer: 
petition_officer: record_return_visit read_disclosure
command_centre: register_report read_reports
disclosure_reviewer: revoke_access review_publication read_disclosure
property_keeper: 
recording_keeper: 
handling_area_keeper: 
administrator: read_operations resolve_quarantine
auxiliary: 
";

    #[test]
    fn the_matrix_of_posts_and_powers_is_as_agreed() {
        let line = |post: &Post| {
            let codes: Vec<&str> = powers_of_post(*post).iter().map(|p| p.code()).collect();
            format!("{}: {}\n", post.code(), codes.join(" "))
        };
        assert_eq!(Post::ALL.iter().map(line).collect::<String>(), MATRIX);
    }

    #[test]
    fn nobody_who_decides_also_registers_and_no_reviewer_handles() {
        for post in Post::ALL {
            let powers = powers_of_post(*post);
            let has = |power| powers.contains(&power);
            assert!(!(has(Power::DecideFiling) && has(Power::RegisterReport)), "{post:?}");
            assert!(!(has(Power::GiveOpinion) && has(Power::SubmitForReview)), "{post:?}");
            assert!(!(has(Power::GiveOpinion) && has(Power::Approve)), "{post:?}");
        }
    }
}
