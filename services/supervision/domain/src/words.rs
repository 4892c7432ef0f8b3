//! Closed lists of the field's terms, each with the code that is stored and the Chinese term.

use gongxin_kernel::words;

words! {
    /// What a finding is about.
    FindingKind {
        FilingReviewOverdue = "filing_review_overdue", "立案审查超期（倒查）";
        NonFilingNoticeOverdue = "non_filing_notice_overdue", "不予立案通知书逾期未送达";
        CustodyOverdue = "custody_overdue", "超期羁押";
        CorrectionOverdue = "correction_overdue", "补正逾期";
        DirectSendingRefused = "direct_sending_refused", "绕过统一出口移送";
        RecordingMissing = "recording_missing", "讯问录音录像缺失";
        ReportUnregistered = "report_unregistered", "警情、报案未登记";
        ReportTurnedAway = "report_turned_away", "拒绝受理报案";
        SentPastGate = "sent_past_gate", "未经统一出口实际移送";
        ViolationNoticeOverdue = "violation_notice_overdue", "纠正违法通知书逾期未回复";
        RecordingDestroyed = "recording_destroyed", "录音录像被毁损";
        ReconsiderationOverdue = "reconsideration_overdue", "刑事复议逾期未决定";
        ExplanationOverdue = "explanation_overdue", "逾期未说明不立案理由";
        SupplementaryOverdue = "supplementary_overdue", "补充侦查逾期";
    }
}

impl FindingKind {
    /// Whether the matter is a clue at once, naming case and unit and neither person nor clause.
    /// A refused attempt to send past the exit is a finding only.
    pub fn clue_at_once(self) -> bool {
        matches!(
            self,
            Self::ReportUnregistered
                | Self::FilingReviewOverdue
                | Self::CustodyOverdue
                | Self::SentPastGate
                | Self::RecordingDestroyed
        )
    }
}

words! {
    /// Where a finding stands.
    Stage {
        Warned = "warned", "预警";
        Alarmed = "alarmed", "报警，待认定";
        Determined = "determined", "已认定";
        Supervised = "supervised", "督办中";
        Rectified = "rectified", "已整改，待确认";
        Confirmed = "confirmed", "已确认";
        Closed = "closed", "已办结";
    }
}

words! {
    /// What an officer found a matter to be.
    Determination {
        Lawful = "lawful", "有合法理由";
        Blemish = "blemish", "瑕疵";
        Violation = "violation", "违法违规";
    }
}

words! {
    /// What made a recording.
    DeviceKind {
        BodyWorn = "body_worn", "执法记录仪";
        Vehicle = "vehicle", "车载";
        HandlingArea = "handling_area", "办案区监控";
        InterrogationSystem = "interrogation_system", "审讯系统";
    }
}

words! {
    /// Stage of a case that a recording shows.
    RecordedStage {
        Response = "response", "接处警";
        Scene = "scene", "现场勘查";
        Search = "search", "搜查、扣押";
        Interrogation = "interrogation", "讯问";
    }
}

words! {
    /// What must be no score, rank or target, because it makes officers wish for the wrong thing.
    ForbiddenMeasure {
        CaseCount = "case_count", "立案数";
        ArrestCount = "arrest_count", "逮捕数";
        DetentionCount = "detention_count", "拘留数";
        Fines = "fines", "罚没数额";
        ClearanceRate = "clearance_rate", "破案率";
        ArrestRate = "arrest_rate", "批捕率";
        NonArrestRate = "non_arrest_rate", "不捕率";
        ReturnRate = "return_rate", "退查率";
    }
}

impl ForbiddenMeasure {
    /// The rule that forbids them (RF15).
    pub const RULE: &str = "公安部关于改革完善受案立案制度的意见（2015年）二（二）3";
}
