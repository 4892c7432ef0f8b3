//! A review request: what was asked, the returns for correction, the opinion, the decision.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::{Event, ExitId, Officer, Period, SuspectId};
use gongxin_kernel::words;

gongxin_kernel::id! {
    /// Names one review request.
    ReviewRequestId
}

words! {
    /// Matters that can be put to the legal department.
    ReviewItem {
        /// Request for approval of arrest (RV-06).
        ArrestRequest = "arrest_request", "提请批准逮捕";
        /// Transfer for prosecution (RV-08).
        ProsecutionTransfer = "prosecution_transfer", "移送审查起诉";
        /// Report on a supplementary investigation (RV-09).
        SupplementaryReport = "supplementary_report", "补充侦查报告";
    }
}

words! {
    /// Parts of a dossier.
    DossierPart {
        /// Draft of the paper that is to leave.
        Draft = "draft", "文书稿";
        /// Filing decision.
        FilingDecision = "filing_decision", "立案决定书";
        /// Detention papers.
        DetentionPapers = "detention_papers", "拘留证、拘留通知书";
        /// Interrogation record.
        InterrogationRecord = "interrogation_record", "讯问笔录";
        /// Evidence list.
        EvidenceList = "evidence_list", "证据清单";
        /// Statement on social danger (PCR 133).
        SocialDanger = "social_danger", "社会危险性说明";
        /// Identity of the suspect.
        Identity = "identity", "身份材料";
        /// Report that the investigation is concluded.
        ConclusionReport = "conclusion_report", "侦查终结报告书";
        /// The volume of the file that goes to prosecution (PCR 287).
        LitigationFile = "litigation_file", "诉讼卷";
        /// What goes with it: things seized, frozen, kept.
        TransferList = "transfer_list", "随案移送清单";
    }
}

words! {
    /// What a reviewer can conclude.
    Opinion {
        /// Pass.
        Pass = "pass", "同意";
        /// Refuse.
        Refuse = "refuse", "不同意";
    }
}

impl ReviewItem {
    /// The parts a dossier must have, by item and by whether the suspect is held.
    pub fn required(self, held: bool) -> &'static [DossierPart] {
        use DossierPart::{
            ConclusionReport, DetentionPapers, Draft, EvidenceList, FilingDecision, Identity,
            InterrogationRecord, LitigationFile, SocialDanger, TransferList,
        };
        match (self, held) {
            (Self::ArrestRequest, true) => &[
                Draft,
                FilingDecision,
                DetentionPapers,
                InterrogationRecord,
                EvidenceList,
                SocialDanger,
                Identity,
            ],
            (Self::ArrestRequest, false) => {
                &[Draft, FilingDecision, InterrogationRecord, EvidenceList, SocialDanger, Identity]
            }
            (Self::ProsecutionTransfer, _) => {
                &[Draft, ConclusionReport, LitigationFile, TransferList, EvidenceList, Identity]
            }
            (Self::SupplementaryReport, _) => &[Draft, EvidenceList],
        }
    }
}

/// A matter put to the legal department.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The request's id.
    pub id: ReviewRequestId,
    /// Whom it is about.
    pub suspect: SuspectId,
    /// What is asked.
    pub item: ReviewItem,
    /// Dossier parts that are there.
    pub parts: BTreeSet<DossierPart>,
    /// Why the unit asks.
    pub ground: String,
    /// What was found on each task of a return for supplementary investigation, in their order;
    /// empty for every other item.
    pub findings: Vec<String>,
    /// Who submitted it first.
    pub submitted_by: Officer,
    /// Returns for correction that were answered, in their order.
    pub answered: Vec<Answered>,
    /// Where it stands.
    pub stage: RequestStage,
}

/// Where a request stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RequestStage {
    /// Before the reviewer.
    Submitted,
    /// Back with the unit for correction (退回补正).
    Returned(Correction),
    /// The opinion is given; the approver decides.
    Reviewed(Review),
    /// Decided.
    Decided(Review, Decision),
}

/// A return for correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// What must be put right, item by item.
    pub defects: Vec<String>,
    /// Who returned it.
    pub reviewer: Officer,
    /// When the answer is due.
    pub clock: Period,
    /// Whether it was not answered in time.
    pub overdue: bool,
}

/// A return for correction that was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The return.
    pub correction: Correction,
    /// One answer for each defect, in their order.
    pub answers: Vec<String>,
    /// Who answered.
    pub officer: Officer,
}

/// The review opinion (审核意见).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Review {
    /// The conclusion.
    pub opinion: Opinion,
    /// Its grounds.
    pub text: String,
    /// Who gave it.
    pub reviewer: Officer,
}

/// The approver's decision (审批).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What was decided.
    pub verdict: Verdict,
    /// Written reasons; never empty when the decision differs from the opinion (不同审核意见备案).
    pub reasons: String,
    /// Who decided.
    pub approver: Officer,
}

/// What the approver decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The request goes out, as this exit under this number.
    Approve {
        /// The exit that is made.
        exit: ExitId,
        /// Number of the outgoing document.
        document_number: String,
    },
    /// The request goes nowhere.
    Refuse,
}

impl Correction {
    /// Marks that the answer at `at` is too late, unless that was marked before.
    pub(crate) fn lapse(&mut self, request: ReviewRequestId, at: Timestamp) -> Option<Event> {
        if self.overdue || at <= self.clock.due_at {
            return None;
        }
        self.overdue = true;
        Some(Event::CorrectionOverdue { request })
    }
}

impl Verdict {
    /// Whether this is not what the opinion advised.
    pub fn differs_from(&self, opinion: Opinion) -> bool {
        matches!(self, Self::Approve { .. }) != (opinion == Opinion::Pass)
    }
}

impl Request {
    /// How often it was returned for correction.
    pub fn returns(&self) -> usize {
        self.answered.len() + usize::from(matches!(self.stage, RequestStage::Returned(_)))
    }

    /// 1 the first time it lies before a reviewer, one more after each answered correction.
    pub fn round(&self) -> u32 {
        u32::try_from(self.answered.len() + 1).unwrap_or(u32::MAX)
    }

    /// Whether the officer reviewed it: returned it at any time or gave the opinion.
    pub fn is_reviewer(&self, officer: &Officer) -> bool {
        let returned =
            self.answered.iter().any(|answered| answered.correction.reviewer.is(officer));
        let now = match &self.stage {
            RequestStage::Submitted => false,
            RequestStage::Returned(correction) => correction.reviewer.is(officer),
            RequestStage::Reviewed(review) | RequestStage::Decided(review, _) => {
                review.reviewer.is(officer)
            }
        };
        returned || now
    }
}

impl RequestStage {
    /// The stable code that is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Returned(_) => "returned",
            Self::Reviewed(_) => "reviewed",
            Self::Decided(_, Decision { verdict: Verdict::Approve { .. }, .. }) => "approved",
            Self::Decided(_, Decision { verdict: Verdict::Refuse, .. }) => "refused",
        }
    }
}
