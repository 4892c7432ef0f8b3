//! The ways in which review and exit refuse.

gongxin_kernel::reasons! {
    CASE_NOT_FOUND, NotFound, "法制部门尚未收到该案件", "the legal department does not have this case, or not yet";
    SUSPECT_NOT_FOUND, NotFound, "该案件中没有此犯罪嫌疑人", "the case has no such suspect";
    REVIEW_REQUEST_NOT_FOUND, NotFound, "该案件中没有此报审事项", "the case has no such review request";
    EXIT_NOT_FOUND, NotFound, "该案件中没有此出口文书", "the case has no such exit";
    MEASURE_IN_FORCE, WrongState, "该犯罪嫌疑人已被采取强制措施", "a measure against this suspect is in force";
    MEASURE_TIME_IMPOSSIBLE, Invalid, "时间不得晚于现在，也不得早于所涉措施开始之时", "the time is in the future or before the measure it belongs to";
    MEASURE_PERIOD_UNKNOWN, Invalid, "该时间没有可适用的期限规定", "no rule in force gives a period for that time";
    SUSPECT_NOT_DETAINED, WrongState, "该犯罪嫌疑人不在提请批准逮捕前的拘留阶段", "the suspect is not in detention before a request for arrest";
    DETENTION_ENDED, WrongState, "拘留期限已届满，不得再延长", "the detention has ended and cannot be extended";
    DETENTION_EXTENSION_REFUSED, WrongState, "法律不允许该项延长", "the law does not allow this extension";
    SUSPECT_NOT_IN_CUSTODY, WrongState, "该犯罪嫌疑人未被羁押，也未取保候审", "the suspect is neither in custody nor on bail";
    ARREST_NOT_APPROVED, WrongState, "检察机关尚未批准逮捕", "the procuratorate has not approved the arrest";
    REVIEW_CLOCK_NOT_ENDED, WrongState, "没有此项已届满的期限", "no such running period has ended";
    SUSPECT_NOT_REQUESTABLE, WrongState, "该犯罪嫌疑人现处阶段不能报审此事项", "this cannot be requested while the suspect is at this stage";
    REVIEW_REQUEST_OPEN, WrongState, "同一事项已有未办结的报审", "a request of this kind is open for the suspect";
    DOSSIER_INCOMPLETE, Invalid, "案卷材料不齐", "required parts of the dossier are missing";
    REVIEW_REQUEST_STAGE, WrongState, "该报审事项不在此环节", "the review request is at another stage";
    SEPARATION_OF_DUTIES, Denied, "办案、审核、审批须由不同人员担任", "handling, reviewing and approving must be done by different officers";
    RETURNS_EXHAUSTED, WrongState, "退回补正已达规定次数", "the request was returned as often as the bureau allows";
    CORRECTION_WITHOUT_TIME, WrongState, "羁押期限将满，已无补正时间，请直接提出审核意见", "custody ends too soon for a correction; give the opinion instead";
    CORRECTION_ITEMS_INVALID, Invalid, "补正事项应为一至五十项且逐项答复", "defects must be 1 to 50 texts, with one answer each";
    DIFFERENCE_REASONS_REQUIRED, Invalid, "审批决定与审核意见不一致的，必须写明理由", "a decision that differs from the opinion needs written reasons";
    EXIT_NOT_DELIVERED, WrongState, "该文书尚未送达对方机关", "the other organ has not signed for this exit";
    EXIT_ALREADY_RECORDED, Conflict, "该文书已有不同的签收或者决定记录", "another receipt or answer is recorded for this exit";
    ONLY_EXIT, WrongState, "向检察院、法院移送须经法制部门统一出口", "papers for the procuratorate or the court leave by the legal department's exit only";
    VIOLATION_NOTICE_NOT_FOUND, NotFound, "没有此纠正违法通知书", "there is no such violation notice";
    VIOLATION_NOTICE_ANSWERED, WrongState, "该纠正违法通知书已回复", "the violation notice is answered";
    VIOLATION_NOTICE_NUMBER_REUSED, Conflict, "同一文号的纠正违法通知书内容不同", "the number stands for a violation notice with other content";
    VIOLATION_ANSWER_INVALID, Invalid, "应逐项回复，每项写明结果和一至四千字的说明", "there must be one answer with a text for each item of the notice";
    CHANNEL_NOT_BY_EXCHANGE, WrongState, "该渠道不经本系统发送", "papers of this open channel are not sent from here";
    REVIEW_TEXT_INVALID, Invalid, "文字不得为空，也不得超过规定字数", "a text is empty or too long";
}
