//! Every text of this service's pages.

gongxin_pages::texts! {
    FINDINGS = "执法问题", "Findings";
    FINDING = "执法问题详情", "Finding";
    KIND = "问题", "Kind";
    CASE = "执法全过程", "Case";
    CASE_NUMBER = "案件编号", "Case number";
    UNIT = "所在单位", "Unit";
    STATE = "状态", "State";
    OPENED_AT = "发现时间", "Opened";
    RECTIFY_BY = "整改期限", "Rectify by";
    DETERMINATION = "认定", "Determination";
    CLUE = "移送线索", "Draft clue";
    SENT = "已移送", "Sent";
    HISTORY = "办理过程", "History";
    TIMELINE = "时间线", "Timeline";
    TRACE = "调用链路", "Trace";
    RECORDINGS = "录音录像", "Recordings";
    DEVICE = "设备", "Device";
    RECORDED_STAGE = "环节", "Stage";
    RECORDED_BY = "录制民警", "Recorded by";
    BEGAN_AT = "录制开始", "Began";
    REGISTERED_AT = "登记时间", "Registered";
    NO_FINDINGS = "没有执法问题", "No findings";
    NO_FINDINGS_HINT = "期限届满、录音录像缺失等情形出现时，系统自动列出。", "Findings are opened by themselves when a limit passes or a recording is missing.";
    NO_RECORDINGS = "还没有登记录音录像", "No recordings yet";
}
