//! What each event is called, for histories, timelines and receipts of whatever service.

/// The name of an event by its subject `entity.event`, in Chinese and in English; nothing for a
/// subject that no contract has.
pub fn event_name(subject: &str) -> Option<(&'static str, &'static str)> {
    Some(match subject {
        // intake
        "report.registered" => ("接报登记，出具接报案回执", "Report registered"),
        "report.period_recomputed" => ("期限重新计算", "Period computed again"),
        "case.period_recomputed" => ("期限重新计算", "Period computed again"),
        "clue.period_recomputed" => ("期限重新计算", "Period computed again"),
        "case.filing_review_extended" => ("延长立案审查期限", "Filing review extended"),
        "case.filing_review_overdue" => ("立案审查超期，启动倒查", "Filing review overdue"),
        "case.filed" => ("决定立案", "Filed"),
        "case.not_filed" => ("决定不予立案", "Not filed"),
        "case.transferred" => ("决定移送其他机关", "Transferred"),
        "case.non_filing_notice_served" => ("不予立案通知书已送达", "Notice of non-filing served"),
        "case.non_filing_notice_overdue" => {
            ("不予立案通知书逾期未送达", "Notice of non-filing overdue")
        }
        "case.reconsideration_period_ended" => ("复议申请期限届满", "Reconsideration period ended"),
        "reconsideration.requested" => ("控告人申请复议", "Reconsideration requested"),
        "reconsideration.decided" => ("作出复议决定", "Reconsideration decided"),
        "reconsideration.overdue" => ("逾期未作复议决定", "Reconsideration overdue"),
        "non_filing.questioned" => ("检察机关要求说明不立案理由", "Asked why not filed"),
        "non_filing.explained" => ("向检察机关说明不立案理由", "Non-filing explained"),
        "non_filing.explanation_overdue" => {
            ("逾期未说明不立案理由", "Explanation of non-filing overdue")
        }
        "call.recorded" => ("110接警登记", "110 call recorded"),
        "call.settled" => ("警情已登记为接报案", "Call registered as a report"),
        "call.justified" => ("警情核销", "Call needs no report"),
        "call.unregistered" => ("日巡查发现警情未登记", "Call found unregistered"),
        "report.turned_away" => ("报案人反映被拒绝受理", "Reporter says turned away"),
        // review
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
        "request.marked_major" => ("列为重大疑难事项，须经集体议案", "Must be deliberated"),
        "deliberation.called" => ("提请集体议案", "Deliberation called"),
        "deliberation.concluded" => ("集体议案形成结论", "Deliberation concluded"),
        "gate.direct_sending_refused" => ("拒绝绕过统一出口移送", "Direct sending refused"),
        "exit.delivered" => ("出口文书送达", "Exit delivered"),
        "exit.answered" => ("收到检察机关决定", "Decision received"),
        "case.examination_concluded" => ("预审终结", "Pre-trial examination concluded"),
        "case.investigation_concluded" => ("侦查终结", "Investigation concluded"),
        "exit.prosecuted" => ("检察机关提起公诉", "Prosecuted"),
        "exit.not_prosecuted" => ("检察机关不起诉", "Not prosecuted"),
        "exit.returned_for_investigation" => {
            ("退回补充侦查", "Returned for supplementary investigation")
        }
        "exit.supplementary_overdue" => ("补充侦查逾期未报", "Supplementary investigation overdue"),
        "suspect.judged" => ("收到一审判决", "Judgment received"),
        "violation_notice.received" => ("收到检察机关纠正违法通知书", "Violation notice received"),
        "violation_notice.overdue" => {
            ("纠正违法通知书逾期未回复", "Answer to violation notice overdue")
        }
        "violation_notice.answered" => ("回复纠正违法通知书", "Violation notice answered"),
        "violation_notice.answer_delivered" => ("纠正违法回复送达", "Answer delivered"),
        "open_channel.sent" => ("经法定开放渠道发送", "Sent by an open channel"),
        "open_channel.delivered" => ("开放渠道文书送达", "Open-channel paper delivered"),
        // supervision
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
        // accountability
        "clue.opened" => ("登记线索", "Clue opened"),
        "clue.verification_overdue" => ("核查逾期", "Verification overdue"),
        "clue.finding_confirmed" => ("监督民警确认违法违规", "Finding confirmed by supervision"),
        "clue.verified" => ("完成核查", "Verified"),
        "clue.officer_named" => ("列明当事民警", "Officer concerned named"),
        "clue.heard" => ("听取当事民警陈述", "Officer concerned heard"),
        "clue.reviewed" => ("作出认定意见", "Opinion given"),
        "clue.decided" => ("作出追究决定", "Liability decided"),
        "clue.no_fault" => ("决定不予追究", "No fault"),
        "notice.served" => ("决定已送达", "Decision served"),
        "appeal.filed" => ("当事民警提出申诉", "Appeal filed"),
        "appeal.decided" => ("作出申诉决定", "Appeal decided"),
        "file.entered" => ("记入执法档案", "Entered in the lifelong file"),
        "file.corrected" => ("更正执法档案", "Entry corrected"),
        // disclosure
        "access.issued" => ("发放查询码", "Query code issued"),
        "access.revoked" => ("查询码失效", "Query code ended"),
        "visit.due" => ("待回访", "Return visit due"),
        "visit.overdue" => ("回访逾期", "Return visit overdue"),
        "visit.recorded" => ("完成回访", "Return visit made"),
        "visit.look_opened" => ("回访评价较低，转了解核实", "Low answer, look opened"),
        "portal.report_made" => ("提交网上报案", "Report made online"),
        "portal.report_received" => ("收到网上报案", "Portal report received"),
        "portal.contact_overdue" => ("网上报案逾期未联系", "Contact overdue"),
        "portal.report_registered" => ("网上报案已登记", "Portal report registered"),
        "publication.proposed" => ("提请公开", "Publication proposed"),
        "publication.refused" => ("决定不予公开", "Publication refused"),
        "publication.approved" => ("审核同意公开", "Publication approved"),
        // every service
        "document.issued" => ("签发文书", "Document issued"),
        "audit.head" => ("查阅记录链首入册", "Head of the audit chain"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::event_name;

    /// The contracts of all services, in which each event begins with its subject.
    const CONTRACTS: [&str; 7] = [
        include_str!("../gongxin/intake/v1/events.proto"),
        include_str!("../gongxin/review/v1/events.proto"),
        include_str!("../gongxin/supervision/v1/events.proto"),
        include_str!("../gongxin/accountability/v1/events.proto"),
        include_str!("../gongxin/disclosure/v1/events.proto"),
        include_str!("../gongxin/operations/v1/events.proto"),
        include_str!("../gongxin/documents/v1/events.proto"),
    ];

    /// `entity.event`, as comments name it.
    fn is_subject(word: &str) -> bool {
        let is_part = |part: &str| {
            part.len() > 2 && part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        };
        word.split_once('.').is_some_and(|(entity, event)| is_part(entity) && is_part(event))
    }

    #[test]
    fn every_event_of_the_contracts_has_a_name() {
        let subjects: Vec<&str> = CONTRACTS
            .iter()
            .flat_map(|text| text.lines())
            .filter_map(|line| line.trim_start().strip_prefix("//"))
            .flat_map(str::split_whitespace)
            .map(|word| word.trim_end_matches(['.', ',', ':', ';']))
            .filter(|word| is_subject(word))
            .collect();
        assert!(subjects.len() > 40, "{subjects:?}");
        let nameless: Vec<_> = subjects.iter().filter(|s| event_name(s).is_none()).collect();
        assert!(nameless.is_empty(), "{nameless:?}");
    }
}
