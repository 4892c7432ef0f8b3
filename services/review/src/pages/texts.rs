//! Every text of this service's pages.

gongxin_pages::texts! {
    CASES = "案件", "Cases";
    CASE = "案件详情", "Case";
    CASE_NUMBER = "案件编号", "Case number";
    CHARGE = "罪名", "Charge";
    UNIT = "办案单位", "Handling unit";
    SUSPECTS = "犯罪嫌疑人", "Suspects";
    OPEN_REQUESTS = "未办结报审", "Open requests";
    NEXT_DUE = "最近到期", "Next due";
    STATE = "状态", "State";
    CUSTODY_OVERDUE = "超期羁押", "Custody overdue";
    NO_CASES = "还没有案件", "No cases yet";
    NO_CASES_HINT = "立案后，案件自动到达法制部门。", "Cases arrive here by themselves once they are filed.";
    MEASURE = "强制措施", "Measure";
    PAPER = "文书编号", "Document number";
    SINCE = "起始时间", "Since";
    DUE = "期限", "Due";
    HOW_COMPUTED = "期限计算", "How it is computed";
    ASSUMED = "节假日安排未公布，暂按周末推算", "Rests on a year without published days off";
    REQUESTS = "报审事项", "Review requests";
    NO_REQUESTS = "还没有报审事项", "No review requests";
    ITEM = "事项", "Matter";
    GROUND = "理由", "Ground";
    PARTS = "案卷材料", "Dossier parts";
    SUBMITTED_BY = "报送人", "Submitted by";
    RETURNED_BY = "退回人", "Returned by";
    DEFECTS = "补正事项", "Defects";
    ANSWERS = "补正答复", "Answers";
    OPINION = "审核意见", "Review opinion";
    DECISION = "审批", "Decision";
    REASONS = "审批理由", "Reasons";
    EXITS = "统一出口", "Exits";
    DOCUMENT = "出口文书", "Document";
    RECEIVER = "接收机关", "Receiver";
    RECEIVED_AT = "签收时间", "Received";
    ANSWER = "答复", "Answer";
    EXAMINATION = "预审终结", "Pre-trial examination concluded";
    CONCLUSION = "侦查终结", "Investigation concluded";
    TASKS = "补充侦查提纲", "Tasks of the return";
    FINDINGS = "补充侦查结果", "Findings on the tasks";
    RECEIPT = "存证回执", "Receipt";
    HISTORY = "办理过程", "History";
}
