//! What readers of pages see for the codes that are stored.

use gongxin_pages::Text;

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
        "transferred" => ("审查起诉", "Examined for prosecution"),
        "supplementing" => ("退回补充侦查", "Supplementary investigation"),
        "prosecuted" => ("已提起公诉", "Prosecuted"),
        "not_prosecuted" => ("不起诉", "Not prosecuted"),
        "convicted" => ("一审判决有罪", "Convicted at first instance"),
        "acquitted" => ("一审宣告无罪", "Acquitted at first instance"),
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
