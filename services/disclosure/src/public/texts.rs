//! Every text of the public pages.

use gongxin_pages::{Text, Tone};

gongxin_pages::texts! {
    SERVICE = "执法公开", "Disclosure";
    QUERY = "案件查询", "Look up a report";
    VERIFY = "回执核验", "Check a receipt";
    PUBLISHED = "公开文书", "Published documents";
    EMERGENCY = "紧急情况请拨打110", "In an emergency call 110 at once";
    QUERY_LEAD = "报案人、控告人、举报人、被害人及其近亲属，凭接报案回执号和查询码查询办理进展。",
        "Reporters, victims and their family see how far a report has come, by receipt number and query code.";
    NUMBER = "接报案回执号", "Receipt number";
    NUMBER_HINT = "印在回执上，例如：明公（城关）接报字〔2026〕1号；括号可用 [ ]。",
        "Printed on the receipt; [ ] may be typed for the brackets.";
    CODE = "查询码", "Query code";
    CODE_HINT = "10 位字母和数字，不分大小写。", "Ten letters and digits, in either case.";
    SEND_QUERY = "查询", "Look up";
    NOTHING = "没有可以显示的结果", "Nothing to show";
    NOTHING_BODY = "请核对回执号和查询码。连续输错五次，一小时内不能查询。仍查不到的，请持身份证件到接报案单位咨询。",
        "Please check number and code. After five wrong tries nothing is shown for an hour. If it still fails, ask at the station with your identity card.";
    AGAIN = "重新查询", "Try again";
    RESULT = "查询结果", "Result";
    UNIT = "办案单位", "Unit in charge";
    STAGE = "当前进展", "Stage";
    REGISTERED = "登记时间", "Registered";
    CONTACT = "咨询电话和地址", "Where to ask";
    COMPLAINT = "投诉举报", "Complaints";
    COMPLAINT_HOW = "公安机关违法违纪举报电话 12389；也可以向人民检察院反映。",
        "Police complaints line 12389; the procuratorate takes complaints as well.";
    NEXT = "期限和救济途径", "Periods and remedies";
    STEPS = "办理过程", "What has been done";
    ONLY_STEPS = "为保护当事人隐私和办案需要，这里只显示进展和日期。",
        "To protect those concerned only stages and dates are shown.";
    UNKNOWN_STEP = "其他进展", "Other step";
    VERIFY_LEAD = "把可验证回执的全部文字粘贴到下面，核对它是否由本局公开日志签署、内容有没有被改动。",
        "Paste the whole text of a verifiable receipt to see whether this bureau's log signed exactly this.";
    RECEIPT = "回执文字", "Text of the receipt";
    SEND_VERIFY = "核验", "Check";
    GENUINE = "回执真实，内容未被改动", "Genuine and unchanged";
    GENUINE_BODY = "本局日志签署过与此完全一致的内容。", "The log has signed exactly this content.";
    NOT_GENUINE = "回执不能通过核验", "The receipt does not hold";
    NOT_GENUINE_BODY = "文字不完整、被改动过，或者不是本局日志签署的。请重新完整复制后再试；仍不能通过的，请保留原件并向上级公安机关或人民检察院反映。",
        "The text is incomplete, was changed, or was not signed by this bureau's log. Copy all of it and try again; if it still fails keep the original and turn to the superior police organ or the procuratorate.";
    SAYS = "回执载明", "What the receipt says";
    OFFLINE = "不信任本网站？自己核验", "Do not trust this site? Check it yourself";
    OFFLINE_BODY = "核验程序 gongxin-verify 是公开源码，在您自己的电脑上断网也能运行：把回执存成文件 receipt.txt，向任何监督机关或者见证人索取本局日志公钥存成 keys.txt，然后执行：",
        "The program gongxin-verify is open source and runs on your own computer without a network: save the receipt as receipt.txt, get the log's public keys from any supervising organ or witness as keys.txt, then run:";
    REPORT = "网上报案", "Report online";
    REPORT_LEAD = "提交后立即得到可核验的回执。本局收到后按接报案登记，三日内与您联系，另行出具接报案回执。",
        "You get a receipt at once that anybody can check. The bureau registers the report, contacts you within three days and gives you the report receipt.";
    NAME = "姓名", "Name";
    PHONE = "联系电话", "Telephone";
    PHONE_HINT = "只用于与您联系。", "Used to contact you and for nothing else.";
    PLACE = "发生地点", "Where it happened";
    FACTS = "事情经过", "What happened";
    FACTS_HINT = "时间、人物、经过和损失；不超过4000字。", "When, who, what, and the loss; at most 4,000 characters.";
    SEND_REPORT = "提交报案", "Send the report";
    RECEIVED = "报案已收到", "Your report was taken in";
    RECEIVED_BODY = "请保存下面的回执全文：任何人凭它都能核对本局何时收到您的报案。",
        "Keep the whole text of the receipt: with it anybody can check when the bureau took your report in.";
    KEEP = "您的回执", "Your receipt";
    RECEIPT_HINT = "请完整复制保存，也可以立即核验。", "Copy and keep all of it; it can be checked at once.";
    NO_DOCUMENTS = "暂无公开文书", "Nothing published yet";
    NO_DOCUMENTS_HINT = "依法可以公开的文书经审核、隐名处理后在此公布；治安违法记录依法封存，不在此公布。",
        "Documents that the law opens are published here after review and masking of names; sealed records are not.";
    AWAY = "暂时无法查询", "Not possible at the moment";
    AWAY_BODY = "请稍后再试。", "Please try again later.";
    NO_PAGE = "没有这个页面", "No such page";
}

/// The stage of a matter in plain words.
pub(super) fn stage(code: &str) -> (Tone, Text) {
    match code {
        "filing_review" => (Tone::Info, Text::new("正在审查是否立案", "being reviewed for filing")),
        "filed" => (Tone::Good, Text::new("已立案侦查", "filed, under investigation")),
        "not_filed" => (Tone::Neutral, Text::new("决定不予立案", "not filed")),
        "administrative" => {
            (Tone::Good, Text::new("已作为行政案件受理", "accepted as administrative case"))
        }
        "not_police" => {
            (Tone::Neutral, Text::new("不属于公安机关管辖，已告知", "not a police matter, told so"))
        }
        _ => (Tone::Neutral, Text::new("已并入此前的报案", "linked to an earlier report")),
    }
}

/// A step of its way in plain words.
pub(super) fn step(code: &str) -> Text {
    match code {
        "registered" => Text::new("接报案登记，出具回执", "registered, receipt given"),
        "extended" => Text::new("立案审查期限依法延长", "period of review lawfully extended"),
        "filed" => Text::new("决定立案", "filed"),
        "not_filed" => Text::new("决定不予立案", "not filed"),
        "notice_served" => Text::new("不予立案通知书已送达", "notice of non-filing served"),
        "reconsideration_ended" => {
            Text::new("申请复议期限届满", "time to ask for reconsideration ended")
        }
        "measure" => Text::new("已依法采取强制措施", "a compulsory measure was taken"),
        "arrested" => Text::new("已依法执行逮捕", "an arrest was carried out"),
        "transferred" => {
            Text::new("已移送人民检察院审查起诉", "sent to the procuratorate for prosecution")
        }
        "returned" => Text::new(
            "人民检察院退回补充侦查",
            "returned by the procuratorate for supplementary investigation",
        ),
        "prosecuted" => Text::new("人民检察院已提起公诉", "prosecuted"),
        "not_prosecuted" => {
            Text::new("人民检察院决定不起诉", "the procuratorate decided not to prosecute")
        }
        "judged" => Text::new("人民法院已作出一审判决", "judged at first instance"),
        _ => UNKNOWN_STEP,
    }
}

/// What runs until `until`, and what the reader can do.
pub(super) fn clock(code: &str, until: &str) -> Text {
    match code {
        "filing_review" => Text::made(
            format!(
                "公安机关应当在 {until} 前决定是否立案。逾期没有答复的，可以向本局法制部门反映，或者申请人民检察院进行立案监督。"
            ),
            format!(
                "The decision on filing is due by {until}. If none comes, turn to the legal department or ask the procuratorate for filing supervision."
            ),
        ),
        "notice" => Text::made(
            format!("不予立案通知书应当在 {until} 前送达控告人。"),
            format!("The notice of non-filing is to be served by {until}."),
        ),
        _ => Text::made(
            format!(
                "不服不予立案决定的，可以在 {until} 前向作出决定的公安机关申请复议；也可以申请人民检察院进行立案监督。"
            ),
            format!(
                "Reconsideration can be asked for until {until}; the procuratorate can be asked for filing supervision."
            ),
        ),
    }
}

/// The name of a line of a receipt.
pub(super) fn line(key: &str) -> Text {
    match key {
        "event" => Text::new("事项", "Event"),
        "number" => NUMBER,
        "portal-number" => Text::new("网上报案号", "Portal number"),
        "case-number" | "case" => Text::new("案件编号", "Case number"),
        "revision" => Text::new("版本", "Revision"),
        "source" => Text::new("来源", "Source"),
        "nature" => Text::new("性质", "Nature"),
        "received-at" => Text::new("收到时间", "Taken in at"),
        "channel" => Text::new("报案渠道", "Channel"),
        "told-at" => Text::new("接报时间", "Told at"),
        "registered-at" => Text::new("登记时间", "Registered at"),
        "unit" => UNIT,
        "evidence-items" => Text::new("接受证据件数", "Items of evidence"),
        "document-number" | "document" => Text::new("文书号", "Document number"),
        "document-kind" => Text::new("文书种类", "Kind of document"),
        "verification-code" => Text::new("核验码", "Verification code"),
        "document-digest" => Text::new("文书摘要（SHA-256）", "Digest of the document"),
        "served-at" => Text::new("送达时间", "Served at"),
        "due-at" => Text::new("期限", "Due at"),
        "call-number" => Text::new("110警单号", "110 call"),
        "notice-number" => Text::new("通知书号", "Notice number"),
        "receiving-organ" => Text::new("接收机关", "Receiving organ"),
        "repeats" => Text::new("此前的报案", "Earlier report"),
        "outcome" => Text::new("结果", "Outcome"),
        "stage" => STAGE,
        "finding" => Text::new("发现的问题", "Finding"),
        "happened-at" => Text::new("发生时间", "Happened at"),
        "done-at" => Text::new("完成时间", "Done at"),
        "digest" => Text::new("内容摘要值", "Digest of the content"),
        "inquiry" => Text::new("查询方式", "How to ask"),
        "complaint" => Text::new("投诉渠道", "Where to complain"),
        other => Text::from(other),
    }
}
