//! What readers of histories, receipts and pages see for the codes that are stored.

use gongxin_pages::Text;

/// What an event is called, by its subject; the subject itself when it is none of ours.
pub(crate) fn event(subject: &str) -> Text {
    let (zh, en) = match subject {
        "case.received" => ("法制部门收案", "Case received"),
        "suspect.measure_entered" => ("录入强制措施", "Measure entered"),
        "suspect.detained_again" => ("释放后再次拘留，期限重新起算", "Detained again, clock anew"),
        "suspect.detention_extended" => ("延长拘留期限", "Detention extended"),
        "suspect.custody_overdue" => ("羁押期限届满未作处理", "Custody overdue"),
        "suspect.released" => ("释放", "Released"),
        "suspect.bail_lifted" => ("解除取保候审", "Bail lifted"),
        "suspect.arrested" => ("执行逮捕", "Arrested"),
        "request.submitted" => ("报送审核", "Submitted for review"),
        "request.returned" => ("退回补正", "Returned for correction"),
        "request.correction_overdue" => ("补正逾期", "Correction overdue"),
        "request.reviewed" => ("提出审核意见", "Review opinion given"),
        "request.decided" => ("审批", "Decided"),
        "gate.direct_sending_refused" => ("拒绝绕过统一出口移送", "Direct sending refused"),
        "exit.delivered" => ("出口文书送达", "Exit delivered"),
        "exit.answered" => ("收到检察机关决定", "Decision received"),
        other => return other.into(),
    };
    Text::new(zh, en)
}

/// Where a suspect stands.
pub(crate) fn suspect_stage(code: &str) -> Text {
    let (zh, en) = match code {
        "free" => ("未采取强制措施", "No measure"),
        "detained" => ("拘留", "Detained"),
        "arrest_requested" => ("提请批准逮捕中", "Arrest requested"),
        "arrest_approved" => ("已批准逮捕，待执行", "Arrest approved"),
        "arrested" => ("逮捕", "Arrested"),
        "release_due" => ("应当立即释放", "Release due"),
        "released" => ("已释放或者已解除取保候审", "Released, or bail lifted"),
        "bail" => ("取保候审", "On bail"),
        other => return other.into(),
    };
    Text::new(zh, en)
}

/// Where a request stands.
pub(crate) fn request_stage(code: &str) -> Text {
    let (zh, en) = match code {
        "submitted" => ("待审核", "Before the reviewer"),
        "returned" => ("退回补正", "Returned for correction"),
        "reviewed" => ("待审批", "Before the approver"),
        "approved" => ("已批准", "Approved"),
        "refused" => ("未批准", "Refused"),
        other => return other.into(),
    };
    Text::new(zh, en)
}

/// Where an exit stands.
pub(crate) fn exit_stage(code: &str) -> Text {
    let (zh, en) = match code {
        "ready" => ("待送达", "Ready"),
        "delivered" => ("对方已签收", "Delivered"),
        "answered" => ("已有答复", "Answered"),
        other => return other.into(),
    };
    Text::new(zh, en)
}
