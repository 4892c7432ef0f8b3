//! The stable reasons with which this service refuses; each has a page in `docs/errors/`.

gongxin_kernel::reasons! {
    REPORT_NOT_FOUND, NotFound, "没有此接报记录", "there is no such report in this bureau";
    REPORT_INVALID, Invalid, "填写的内容有误", "the content is not valid";
    CASE_NUMBER_MISMATCH, Internal, "案件编号与案件性质不符", "a case number was missing, or given where no case is opened";
    NOT_UNDER_REVIEW, WrongState, "该接报案不在立案审查中", "the report is not under filing review";
    REVIEW_OVERDUE, WrongState, "立案审查期限已过，不能再延长", "the filing review has ended and cannot be extended";
    EXTENSION_REFUSED, WrongState, "不符合延长立案审查期限的规定", "the rule does not allow this extension";
    GROUND_REQUIRED, Invalid, "必须写明事实和法律依据", "the ground must be given";
    OWN_MATTER, Denied, "接报案登记民警不得审批本人登记的案件", "the officer who registered the report does not decide it";
    DUTY_CRIME, Denied, "职务犯罪由监察机关管辖，公安机关不得立案，应当移送监察委员会", "a duty crime is the supervisory commission's: it is transferred, not filed";
    NOTICE_NOT_OWED, WrongState, "没有待送达的不予立案通知书", "no notice of non-filing is waiting to be served";
    RECONSIDERATION_NOT_OPEN, WrongState, "没有可以申请或者有待决定的复议", "no reconsideration can be asked for or waits to be decided";
    RECONSIDERATION_TOO_LATE, WrongState, "复议申请期限已过", "the time to ask for reconsideration has ended";
    TOOK_PART, Denied, "登记接报案或者作出不予立案决定的民警不得参与复议", "who registered the report or refused to file it takes no part in its reconsideration";
    QUESTION_NOT_OPEN, WrongState, "没有可以录入或者有待答复的要求说明不立案理由通知书", "no demand for the reasons of non-filing can be entered or waits for an answer";
    CALL_NOT_FOUND, NotFound, "没有此接警记录", "there is no call of this number in this bureau";
    CALL_INVALID, Invalid, "接警内容有误", "the content of the call is not valid";
    CALL_DIFFERS, Conflict, "该接警编号已登记，内容不一致；已登记的内容未被覆盖", "a call of this number is in the register with other content, which was not overwritten";
    CALL_SETTLED, WrongState, "该警情已登记为其他接报案", "another report settled this call";
    CALL_NOT_OPEN, WrongState, "该警情已登记为接报案或者已核销", "the call is in a report or justified";
    CALL_OF_OWN_UNIT, Denied, "处警单位的民警不得核销本单位的警情", "an officer of the unit that was dispatched does not justify its call";
    LAW_UNAVAILABLE, Internal, "法律规则不可用，无法计算期限", "the rules give no period for this act";
}
