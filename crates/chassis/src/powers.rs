//! Which post gives which power: one table, tested as a matrix.

use gongxin_kernel::{Post, Power};

/// The powers of a post. Administrators hold no case power; auxiliaries hold none at all.
#[expect(clippy::match_same_arms, reason = "a table reads best with a line for each post")]
#[expect(clippy::too_many_lines, reason = "a table of posts and powers")]
pub fn powers_of_post(post: Post) -> &'static [Power] {
    use Power::{
        ActAsOfficer, AnswerProcuratorate, Approve, ClearStep, DecideClue, DecideFiling,
        DefineScheme, Deliberate, DetermineClue, DetermineFinding, EnterMeasure,
        ExtendFilingReview, GiveOpinion, IssueQueryCode, JustifyCall, MakeExit, OpenClue,
        ProposePublication, ReadBallots, ReadCases, ReadClues, ReadDisclosure, ReadFiles,
        ReadFindings, ReadInterference, ReadOperations, ReadReports, RecordCall, RecordReturnVisit,
        RectifyFinding, RegisterRecording, RegisterReport, ResolveQuarantine, ReviewPublication,
        RevokeAccess, SendByOpenChannel, ServeClueNotice, SubmitForReview, VerifyClue,
    };
    match post {
        Post::ReportOfficer => {
            &[RegisterReport, ReadReports, ActAsOfficer, IssueQueryCode, RecordCall]
        }
        Post::CaseOfficer => &[
            RegisterReport,
            ReadReports,
            ReadCases,
            EnterMeasure,
            SubmitForReview,
            ActAsOfficer,
            RegisterRecording,
            IssueQueryCode,
            ProposePublication,
        ],
        Post::UnitLegalOfficer => &[
            ReadReports,
            ReadCases,
            SubmitForReview,
            ActAsOfficer,
            ReadFindings,
            RectifyFinding,
            ProposePublication,
        ],
        Post::UnitHead => &[ReadReports, ReadCases, ActAsOfficer, ReadFindings, RectifyFinding],
        Post::CentreOfficer => &[
            ReadReports,
            ReadCases,
            ClearStep,
            ActAsOfficer,
            IssueQueryCode,
            RevokeAccess,
            RecordReturnVisit,
            ReadDisclosure,
            JustifyCall,
        ],
        Post::LegalReviewer => &[
            ReadReports,
            ReadCases,
            GiveOpinion,
            AnswerProcuratorate,
            ActAsOfficer,
            OpenClue,
            DetermineClue,
            ReadClues,
            Deliberate,
        ],
        Post::SupervisionOfficer => &[
            ReadReports,
            ReadCases,
            ActAsOfficer,
            OpenClue,
            ReadClues,
            ReadFindings,
            DetermineFinding,
            ReadDisclosure,
        ],
        Post::LegalHead => &[
            ReadReports,
            ReadCases,
            GiveOpinion,
            AnswerProcuratorate,
            MakeExit,
            ActAsOfficer,
            OpenClue,
            DetermineClue,
            ReadClues,
            ReadFindings,
            DefineScheme,
            RevokeAccess,
            ReadDisclosure,
            Deliberate,
        ],
        // As the head of the bureau, at nights and on days off; liability waits for the head.
        Post::DutyLeader => &[
            ReadReports,
            ReadCases,
            DecideFiling,
            ExtendFilingReview,
            Approve,
            ActAsOfficer,
            ReadFindings,
            ReadDisclosure,
            ReadBallots,
        ],
        // Filing and its extension are decided by the head of the bureau (PCR 178, RF15).
        Post::BureauLeader => &[
            ReadReports,
            ReadCases,
            DecideFiling,
            ExtendFilingReview,
            Approve,
            ActAsOfficer,
            DecideClue,
            ReadClues,
            ReadFindings,
            ReadDisclosure,
            ReadBallots,
        ],
        Post::Inspector => {
            &[ActAsOfficer, OpenClue, VerifyClue, ReadClues, RecordReturnVisit, ReadDisclosure]
        }
        Post::DisciplineInspector => &[
            ActAsOfficer,
            OpenClue,
            DetermineClue,
            ReadClues,
            ReadFiles,
            ReadInterference,
            ReadBallots,
        ],
        Post::PoliticalOfficer => &[ActAsOfficer, ServeClueNotice, ReadClues, ReadFiles],
        Post::PetitionOfficer => {
            &[ActAsOfficer, OpenClue, ReadClues, RecordReturnVisit, ReadDisclosure]
        }
        Post::CommandCentre => &[
            RegisterReport,
            ReadReports,
            ActAsOfficer,
            OpenClue,
            ReadClues,
            RecordCall,
            JustifyCall,
        ],
        Post::DisclosureReviewer => {
            &[ActAsOfficer, RevokeAccess, ReviewPublication, ReadDisclosure]
        }
        Post::PropertyKeeper => &[ActAsOfficer],
        Post::RecordingKeeper => &[ActAsOfficer, RegisterRecording],
        Post::HandlingAreaKeeper => &[ActAsOfficer, RegisterRecording],
        Post::DetentionOfficer => &[ActAsOfficer, SendByOpenChannel],
        Post::Administrator => &[ReadOperations, ResolveQuarantine],
        Post::Auxiliary => &[],
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
report_officer: register_report read_reports act_as_officer issue_query_code record_call
case_officer: register_report read_reports read_cases enter_measure submit_for_review act_as_officer register_recording issue_query_code propose_publication
unit_legal_officer: read_reports read_cases submit_for_review act_as_officer read_findings rectify_finding propose_publication
unit_head: read_reports read_cases act_as_officer read_findings rectify_finding
centre_officer: read_reports read_cases clear_step act_as_officer issue_query_code revoke_access record_return_visit read_disclosure justify_call
legal_reviewer: read_reports read_cases give_opinion answer_procuratorate act_as_officer open_clue determine_clue read_clues deliberate
supervision_officer: read_reports read_cases act_as_officer open_clue read_clues read_findings determine_finding read_disclosure
legal_head: read_reports read_cases give_opinion answer_procuratorate make_exit act_as_officer open_clue determine_clue read_clues read_findings define_scheme revoke_access read_disclosure deliberate
duty_leader: read_reports read_cases decide_filing extend_filing_review approve act_as_officer read_findings read_disclosure read_ballots
bureau_leader: read_reports read_cases decide_filing extend_filing_review approve act_as_officer decide_clue read_clues read_findings read_disclosure read_ballots
inspector: act_as_officer open_clue verify_clue read_clues record_return_visit read_disclosure
discipline_inspector: act_as_officer open_clue determine_clue read_clues read_files read_interference read_ballots
political_officer: act_as_officer serve_clue_notice read_clues read_files
petition_officer: act_as_officer open_clue read_clues record_return_visit read_disclosure
command_centre: register_report read_reports act_as_officer open_clue read_clues record_call justify_call
disclosure_reviewer: act_as_officer revoke_access review_publication read_disclosure
property_keeper: act_as_officer
recording_keeper: act_as_officer register_recording
handling_area_keeper: act_as_officer register_recording
detention_officer: act_as_officer send_by_open_channel
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
