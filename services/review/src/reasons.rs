//! The ways in which this service refuses before or beside its domain.

gongxin_kernel::reasons! {
    NOT_YOUR_UNIT, Denied, "该案件由其他单位办理", "the case is handled by another unit than the caller's";
    REVIEW_VALUE_INVALID, Invalid, "字段取值无效", "a field is missing or has a value that this method does not take";
    EXIT_DELIVERY_PENDING, Unavailable, "本机关尚在登记该文书的签收回执，请稍后再送", "the receipt of the exit that is answered is being recorded; deliver the same envelope again";
}
