//! The ways in which carrying facts can fail.

gongxin_kernel::reasons! {
    REQUEST_ID_REUSED, Conflict, "同一请求编号已用于不同内容", "this request_id was used before with other content";
    REQUEST_ID_INVALID, Invalid, "请求编号必须是 UUID", "request_id must be a UUID";
    DATABASE_UNAVAILABLE, Unavailable, "数据库暂时不可用，请稍后重试", "the database cannot be reached now; the same call may be repeated";
    DATABASE_CONFLICT, Stale, "数据已被他人更改，请重试", "others changed the same data at the same time; repeat the call";
    DATABASE_REFUSED, Internal, "数据库拒绝了本次写入", "the database refused a statement";
    INVARIANT_BROKEN, Internal, "系统内部约束被破坏", "an invariant of the program does not hold";
    RECEIPT_PENDING, Unavailable, "回执证明尚在生成，请稍后再取", "the event is committed, its proof is not ready yet";
    EVENT_NOT_FOUND, NotFound, "没有此事件", "there is no such event";
    EVENT_UNREADABLE, Internal, "事件内容无法解析", "the data of an event cannot be decoded";
    SOURCE_UNAVAILABLE, Unavailable, "来源服务暂时无法重放", "the source of a log cannot be reached for replay";
    LOG_FORKED, Internal, "来源日志与已读内容不一致", "a source's log is not the one that was followed before";
    BEHIND_EARLIER, WrongState, "同一对象的更早消息尚未处理", "an earlier message of the same aggregate is still set aside";
    QUARANTINE_NOT_FOUND, NotFound, "没有此隔离消息", "there is no such open message in quarantine";
    DOCUMENT_NOT_FOUND, NotFound, "没有此文书", "there is no such document";
    DOCUMENT_UNFIT, Internal, "文书内容不完整，未予签发", "a document does not say what it must";
    DOCUMENT_ALTERED, Internal, "文书与签发时的存证不一致，请勿使用并立即报告", "a document is not the one that was issued";
    REASON_REQUIRED, Invalid, "必须写明理由", "a reason is required";
}
