//! Which post gives which power: one table, tested as a matrix.

use gongxin_kernel::{Post, Power};

/// The powers of a post. Administrators hold no case power; auxiliaries hold none at all.
#[expect(clippy::match_same_arms, reason = "a table reads best with a line for each post")]
pub fn powers_of_post(post: Post) -> &'static [Power] {
    use Power::{
        Approve, ClearStep, DecideFiling, DefineScheme, DetermineFinding, EnterMeasure,
        ExtendFilingReview, GiveOpinion, MakeExit, ReadCases, ReadFindings, ReadOperations,
        ReadReports, RectifyFinding, RegisterRecording, RegisterReport, ResolveQuarantine,
        SubmitForReview,
    };
    match post {
        Post::ReportOfficer => &[RegisterReport, ReadReports],
        Post::CaseOfficer => &[
            RegisterReport,
            ReadReports,
            ReadCases,
            EnterMeasure,
            SubmitForReview,
            RegisterRecording,
        ],
        Post::UnitLegalOfficer => {
            &[ReadReports, ReadCases, SubmitForReview, ReadFindings, RectifyFinding]
        }
        Post::UnitHead => &[ReadReports, ReadCases, ReadFindings, RectifyFinding],
        Post::CentreOfficer => &[ReadReports, ReadCases, ClearStep],
        Post::LegalReviewer => &[ReadReports, ReadCases, GiveOpinion],
        Post::SupervisionOfficer => &[ReadReports, ReadCases, ReadFindings, DetermineFinding],
        Post::LegalHead => {
            &[ReadReports, ReadCases, GiveOpinion, MakeExit, ReadFindings, DefineScheme]
        }
        // Filing and its extension are decided by the head of the bureau (PCR 178, RF15).
        Post::DutyLeader | Post::BureauLeader => {
            &[ReadReports, ReadCases, DecideFiling, ExtendFilingReview, Approve, ReadFindings]
        }
        Post::CommandCentre => &[RegisterReport, ReadReports],
        Post::Administrator => &[ReadOperations, ResolveQuarantine],
        Post::RecordingKeeper | Post::HandlingAreaKeeper => &[RegisterRecording],
        Post::Inspector
        | Post::DisciplineInspector
        | Post::PoliticalOfficer
        | Post::PetitionOfficer
        | Post::DisclosureReviewer
        | Post::PropertyKeeper
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
report_officer: register_report read_reports
case_officer: register_report read_reports read_cases enter_measure submit_for_review register_recording
unit_legal_officer: read_reports read_cases submit_for_review read_findings rectify_finding
unit_head: read_reports read_cases read_findings rectify_finding
centre_officer: read_reports read_cases clear_step
legal_reviewer: read_reports read_cases give_opinion
supervision_officer: read_reports read_cases read_findings determine_finding
legal_head: read_reports read_cases give_opinion make_exit read_findings define_scheme
duty_leader: read_reports read_cases decide_filing extend_filing_review approve read_findings
bureau_leader: read_reports read_cases decide_filing extend_filing_review approve read_findings
inspector: 
discipline_inspector: 
political_officer: 
petition_officer: 
command_centre: register_report read_reports
disclosure_reviewer: 
property_keeper: 
recording_keeper: register_recording
handling_area_keeper: register_recording
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
            assert!(!(has(Power::DetermineFinding) && has(Power::RectifyFinding)), "{post:?}");
        }
    }
}
