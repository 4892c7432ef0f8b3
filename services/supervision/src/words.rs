//! What readers of timelines and pages see for the subjects of events.

use gongxin_pages::Text;

/// What an event is called, by its subject; the subject itself when it is not known here.
pub(crate) fn event(subject: &str) -> Text {
    let (zh, en) = match subject {
        "report.registered" => ("接报登记，出具接报案回执", "Report registered"),
        "case.filing_review_extended" => ("延长立案审查期限", "Filing review extended"),
        "case.filing_review_overdue" => ("立案审查超期，启动倒查", "Filing review overdue"),
        "case.filed" => ("决定立案", "Filed"),
        "case.not_filed" => ("决定不予立案", "Not filed"),
        "case.non_filing_notice_served" => ("不予立案通知书已送达", "Notice of non-filing served"),
        "case.non_filing_notice_overdue" => {
            ("不予立案通知书逾期未送达", "Notice of non-filing overdue")
        }
        "case.reconsideration_period_ended" => ("复议申请期限届满", "Reconsideration period ended"),
        "case.received" => ("法制部门收案", "Case received"),
        "suspect.measure_entered" => ("录入强制措施", "Measure entered"),
        "suspect.detention_extended" => ("延长拘留期限", "Detention extended"),
        "suspect.custody_overdue" => ("羁押期限届满未作处理", "Custody overdue"),
        "suspect.released" => ("释放", "Released"),
        "suspect.arrested" => ("执行逮捕", "Arrested"),
        "request.submitted" => ("报送审核", "Submitted for review"),
        "request.returned" => ("退回补正", "Returned for correction"),
        "request.correction_overdue" => ("补正逾期", "Correction overdue"),
        "request.reviewed" => ("提出审核意见", "Review opinion given"),
        "request.decided" => ("审批", "Decided"),
        "gate.direct_sending_refused" => ("拒绝绕过统一出口移送", "Direct sending refused"),
        "exit.delivered" => ("出口文书送达", "Exit delivered"),
        "exit.answered" => ("收到检察机关决定", "Decision received"),
        "finding.opened" => ("发现执法问题", "Finding opened"),
        "finding.alarmed" => ("预警转为报警", "Warning became an alarm"),
        "finding.determined" => ("认定", "Determined"),
        "finding.supervised" => ("督办", "Supervised"),
        "finding.reminded" => ("整改逾期催办", "Rectification overdue"),
        "finding.rectified" => ("单位整改", "Rectified by the unit"),
        "finding.confirmed" => ("确认整改", "Confirmed"),
        "finding.clue_sent" => ("移送线索", "Sent on as a draft clue"),
        "finding.closed" => ("办结", "Closed"),
        "recording.registered" => ("登记录音录像", "Recording registered"),
        "scheme.defined" => ("制定考评方案", "Evaluation scheme defined"),
        other => return other.into(),
    };
    Text::new(zh, en)
}

/// Who acted, where a fact names no officer.
pub(crate) fn actor_kind(code: &str) -> Text {
    let (zh, en) = match code {
        "officer" => ("民警", "Officer"),
        "period" => ("期限届满，系统自动记录", "By the clock"),
        "organ" => ("检察院、法院", "Other organ"),
        "system" => ("系统", "System"),
        other => return other.into(),
    };
    Text::new(zh, en)
}
