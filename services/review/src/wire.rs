//! Domain values as the contracts write them.

use gongxin_proto::common::v1 as common;
use gongxin_proto::review::v1 as proto;
use gongxin_review_domain::{
    ArrestDecision, CourtVerdict, ExitStage, MeasureKind, Opinion, Outcome, Period, RequestStage,
    ReviewItem, Stage, Verdict,
};

pub(crate) fn period(period: &Period) -> common::Period {
    common::Period {
        rule: period.rule.code().to_owned(),
        rule_version: period.version.clone(),
        due_at: period.due_at.to_string(),
        assumed: period.assumed,
    }
}

pub(crate) fn measure_kind(kind: MeasureKind) -> proto::MeasureKind {
    match kind {
        MeasureKind::Detention => proto::MeasureKind::Detention,
        MeasureKind::Bail => proto::MeasureKind::Bail,
    }
}

pub(crate) fn suspect_stage(stage: &Stage) -> proto::MeasureStage {
    match stage {
        Stage::Free => proto::MeasureStage::Free,
        Stage::Detained(_) => proto::MeasureStage::Detained,
        Stage::ArrestRequested(_) => proto::MeasureStage::ArrestRequested,
        Stage::ArrestApproved(_) => proto::MeasureStage::ArrestApproved,
        Stage::Arrested(_) => proto::MeasureStage::Arrested,
        Stage::ReleaseDue(_) => proto::MeasureStage::ReleaseDue,
        Stage::Released(_) => proto::MeasureStage::Released,
        Stage::Bail(_) => proto::MeasureStage::Bail,
        Stage::Transferred(_) => proto::MeasureStage::Transferred,
        Stage::Supplementing(_) => proto::MeasureStage::Supplementing,
        Stage::Prosecuted(_) => proto::MeasureStage::Prosecuted,
        Stage::NotProsecuted(_) => proto::MeasureStage::NotProsecuted,
        Stage::Judged(CourtVerdict::Convicted, _) => proto::MeasureStage::Convicted,
        Stage::Judged(CourtVerdict::Acquitted, _) => proto::MeasureStage::Acquitted,
    }
}

pub(crate) fn item(item: ReviewItem) -> proto::ReviewItem {
    match item {
        ReviewItem::ArrestRequest => proto::ReviewItem::ArrestRequest,
        ReviewItem::ProsecutionTransfer => proto::ReviewItem::ProsecutionTransfer,
        ReviewItem::SupplementaryReport => proto::ReviewItem::SupplementaryReport,
    }
}

pub(crate) fn opinion(opinion: Opinion) -> proto::Opinion {
    match opinion {
        Opinion::Pass => proto::Opinion::Pass,
        Opinion::Refuse => proto::Opinion::Refuse,
    }
}

pub(crate) fn request_stage(stage: &RequestStage) -> proto::RequestStage {
    match stage {
        RequestStage::Submitted => proto::RequestStage::Submitted,
        RequestStage::Returned(_) => proto::RequestStage::Returned,
        RequestStage::Reviewed(_) => proto::RequestStage::Reviewed,
        RequestStage::Decided(_, decision) => match decision.verdict {
            Verdict::Approve { .. } => proto::RequestStage::Approved,
            Verdict::Refuse => proto::RequestStage::Refused,
        },
    }
}

pub(crate) fn exit_stage(stage: &ExitStage) -> proto::ExitStage {
    match stage {
        ExitStage::Ready => proto::ExitStage::Ready,
        ExitStage::Delivered(_) => proto::ExitStage::Delivered,
        ExitStage::Answered(..) => proto::ExitStage::Answered,
    }
}

pub(crate) fn arrest_decision(decision: ArrestDecision) -> proto::ArrestDecision {
    match decision {
        ArrestDecision::Approved => proto::ArrestDecision::Approved,
        ArrestDecision::Refused => proto::ArrestDecision::Refused,
    }
}

/// What was decided on a transfer for prosecution; nothing of an arrest.
pub(crate) fn prosecution_outcome(outcome: &Outcome) -> proto::ProsecutionOutcome {
    match outcome {
        Outcome::Arrest(_) => proto::ProsecutionOutcome::Unspecified,
        Outcome::Prosecuted => proto::ProsecutionOutcome::Prosecuted,
        Outcome::NotProsecuted => proto::ProsecutionOutcome::NotProsecuted,
        Outcome::Returned(_) => proto::ProsecutionOutcome::Returned,
    }
}
