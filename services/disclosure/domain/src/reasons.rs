//! The ways in which disclosure refuses.

gongxin_kernel::reasons! {
    DISCLOSURE_INVALID, Invalid, "填写的内容有误", "a field of the request is not right";
    ACCESS_NOT_FOUND, NotFound, "没有此接报案回执的查询权限记录", "no report of this bureau has this number";
    CODE_NOT_FOUND, NotFound, "没有此查询码，或已撤销", "no live query code has this id";
    CODES_EXHAUSTED, WrongState, "此案有效查询码已达上限，请先撤销", "the report has as many live codes as it may have";
    KINSHIP_PROOF_REQUIRED, Invalid, "近亲属查询须提供关系证明", "family may query by proof of kinship only";
    VISIT_NOT_FOUND, NotFound, "没有此回访任务", "no return visit of this bureau has this id";
    VISIT_ALREADY_RECORDED, WrongState, "此回访已登记", "the return visit is recorded already";
    VISITOR_OF_HANDLING_UNIT, Denied, "回访不得由办案单位自行进行", "nobody of the handling unit asks how it did";
    PUBLICATION_NOT_FOUND, NotFound, "没有此公开事项", "no publication of this bureau has this id";
    PUBLICATION_DECIDED, WrongState, "此公开事项已审核", "the publication is decided already";
    PORTAL_REPORT_NOT_FOUND, NotFound, "没有此网上报案", "no portal report of this bureau has this id";
    PORTAL_REPORT_REGISTERED, WrongState, "此网上报案已登记", "the portal report is registered already";
    NOT_PUBLISHABLE, WrongState, "依法不得公开", "the law closes this kind of document or matter to the public";
    NAME_NOT_MASKED, WrongState, "文本中有未作隐名处理的姓名", "the text has the name of a person of the case";
    OWN_PUBLICATION, Denied, "不得审核本人提请公开的事项", "nobody reviews his or her own proposal";
}
