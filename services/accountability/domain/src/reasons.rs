//! The stable reasons with which this service refuses; each has a page in `docs/errors/`.

gongxin_kernel::reasons! {
    CLUE_NOT_FOUND, NotFound, "没有此线索", "there is no such clue in this bureau";
    CLUE_INVALID, Invalid, "填写的内容有误", "the content is not valid";
    CLUE_OF_ORIGIN_EXISTS, WrongState, "该监督问题或者报告已经转为线索", "a clue of this finding or report exists";
    CLUE_STAGE, WrongState, "线索不在此环节", "the clue does not wait for this step";
    CONFLICT_OF_INTEREST, Denied, "与该线索有利害关系，应当回避", "the officer or unit is concerned by the clue and may not act in it";
    CLUE_HAND_TWICE, Denied, "已在该线索的其他环节经办，不得再经办", "each hand of a clue is another officer";
    CLUE_HAND_WRONG, Denied, "该线索由法制部门认定", "this clue is determined by the legal department";
    NOT_HEARD, WrongState, "尚未听取当事民警陈述，不得认定", "an officer named has not been heard";
    OFFICER_NOT_NAMED, Invalid, "该民警不在线索所列人员之中", "the officer is not named in the clue";
    DECISION_NOT_OWED, WrongState, "该民警没有待办的决定、送达或者申诉", "no decision, notice or appeal of this officer is open";
    APPEAL_PERIOD_ENDED, WrongState, "申诉期限已过，决定已生效", "the time to appeal has ended";
    FILE_ENTRY_NOT_FOUND, NotFound, "执法档案中没有此记录", "there is no such entry in the lifelong file";
    CLUE_PERIOD_UNKNOWN, Internal, "法律规则不可用，无法计算期限", "the rules give no period for this act";
}
