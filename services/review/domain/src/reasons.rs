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
    INVESTIGATION_NOT_CONCLUDED, WrongState, "侦查尚未终结，不能移送审查起诉", "the investigation is not concluded, so nothing can be transferred for prosecution";
    INVESTIGATION_STAGE, WrongState, "侦查不在此环节", "the investigation has passed this step, or has not come to it";
    ANSWER_OF_OTHER_MATTER, WrongState, "该答复与所涉出口文书的事项不符", "the answer does not belong to the matter of this exit";
    SUPPLEMENTARY_RETURNS_EXHAUSTED, WrongState, "退回补充侦查以二次为限", "a case is returned for supplementary investigation twice at most";
    EXIT_NOT_PROSECUTED, WrongState, "检察机关尚未就此提起公诉", "the procuratorate has not prosecuted on this exit";
    REVIEW_REQUEST_STAGE, WrongState, "该报审事项不在此环节", "the review request is at another stage";
    SEPARATION_OF_DUTIES, Denied, "办案、审核、审批须由不同人员担任", "handling, reviewing and approving must be done by different officers";
    RETURNS_EXHAUSTED, WrongState, "退回补正已达规定次数", "the request was returned as often as the bureau allows";
    CORRECTION_WITHOUT_TIME, WrongState, "羁押期限将满，已无补正时间，请直接提出审核意见", "custody ends too soon for a correction; give the opinion instead";
    CORRECTION_ITEMS_INVALID, Invalid, "补正事项应为一至五十项且逐项答复", "defects must be 1 to 50 texts, with one answer each";
    DIFFERENCE_REASONS_REQUIRED, Invalid, "审批决定与审核意见不一致的，必须写明理由", "a decision that differs from the opinion needs written reasons";
    EXIT_NOT_DELIVERED, WrongState, "该文书尚未送达对方机关", "the other organ has not signed for this exit";
    EXIT_ALREADY_RECORDED, Conflict, "该文书已有不同的签收或者决定记录", "another receipt or answer is recorded for this exit";
    ONLY_EXIT, WrongState, "向检察院、法院移送须经法制部门统一出口", "papers for the procuratorate or the court leave by the legal department's exit only";
    REVIEW_TEXT_INVALID, Invalid, "文字不得为空，也不得超过规定字数", "a text is empty or too long";
    DELIBERATION_NOT_FOUND, NotFound, "该案件中没有此集体议案", "the case has no such deliberation";
    DELIBERATION_MEMBERS_INVALID, Invalid, "参加议案的人员不符合规定", "the members named are not a body that can deliberate";
    DELIBERATION_ALREADY_CALLED, WrongState, "该报审事项已提请集体议案", "a deliberation on this request was called and stands";
    DELIBERATION_CONCLUDED, WrongState, "该集体议案已有结论", "the deliberation is concluded";
    NOT_DELIBERATION_MEMBER, Denied, "不是该集体议案的参加人员", "the caller is not a member of the deliberation under a post he or she holds";
    DELIBERATION_ALREADY_SPOKEN, WrongState, "每名参加人员只发表一次意见、表决一次", "each member gives opinion and vote once";
    DELIBERATION_VOTING_ENDED, WrongState, "主持人已经表决，不再接受其他意见", "the chair has spoken, and nobody speaks after the chair";
    DELIBERATION_CHAIR_SPEAKS_LAST, WrongState, "主持人应当最后发表意见和表决", "the chair speaks and votes last, once two thirds are reached";
    DELIBERATION_QUORUM_MISSING, WrongState, "发表意见的人员不足三分之二", "fewer than two thirds of the members have spoken";
    DELIBERATION_CHAIR_TO_SPEAK, WrongState, "主持人尚未发表意见和表决", "the chair has not spoken yet";
    DELIBERATION_WITHOUT_OUTCOME, WrongState, "没有一种意见超过参加人员半数，须另行议案", "no vote has more than half of the members; another session is needed";
    DELIBERATION_REQUIRED, WrongState, "该事项应当先经集体议案", "the request must be deliberated before it is decided";
    DELIBERATION_NOT_CONCLUDED, WrongState, "集体议案尚无结论", "the deliberation on the request is not concluded";
    DEVIATION_REASONS_REQUIRED, Invalid, "审批决定与集体议案结论不一致的，必须写明理由", "a decision that departs from the deliberation needs written reasons";
}
