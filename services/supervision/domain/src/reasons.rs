//! The stable reasons with which this service refuses; each has a page in `docs/errors/`.

gongxin_kernel::reasons! {
    FINDING_NOT_FOUND, NotFound, "没有此执法问题", "there is no such finding in this bureau";
    FINDING_STAGE, WrongState, "该执法问题当前所处环节不能办理此事项", "the finding's stage does not allow this";
    FINDING_OF_OWN_UNIT, Denied, "不得认定、督办、确认本单位的执法问题", "nobody judges a finding about the own unit";
    FINDING_OF_OTHER_UNIT, Denied, "只能由问题所在单位整改", "only the unit concerned rectifies a finding";
    RECTIFY_BY_PAST, Invalid, "整改期限必须晚于现在", "the date to rectify must be in the future";
    NOT_A_VIOLATION, WrongState, "未认定为违法违规的，不得移送线索", "only a violation is sent on as a clue";
    CLUE_ALREADY_SENT, WrongState, "线索已经移送", "the clue was sent already";
    SUPERVISION_TEXT_INVALID, Invalid, "文字缺失、过长或者含有不能显示的字符", "a text is missing, too long or not plain";
    SUPERVISION_VALUE_INVALID, Invalid, "填写的内容有误", "a value cannot be read";
    TIMELINE_NOT_FOUND, NotFound, "没有此案件的执法记录", "nothing is known of this case, or not yet";
    RECORDING_TIME_IMPOSSIBLE, Invalid, "录制起止时间不可能", "a recording ends after it began and not in the future";
    FORBIDDEN_MEASURE, Invalid, "该指标禁止用于考评", "this measure is forbidden as score, rank or target";
    SCHEME_ITEMS_INVALID, Invalid, "考评项目缺失、过多、重复或者分值不当", "the items of a scheme are none, too many, repeated or of impossible points";
    SCHEME_NOT_FOUND, NotFound, "没有此考评方案", "there is no such scheme in this bureau";
}
