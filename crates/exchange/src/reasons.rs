//! The ways in which an exchange can be refused.

gongxin_kernel::reasons! {
    ENVELOPE_NOT_SIGNED, Unauthenticated, "来文签名无效或发送机关未登记", "the envelope is not signed by an organ known here";
    ENVELOPE_INVALID, Invalid, "来文内容不完整或不规范", "the envelope is not complete";
    ENVELOPE_KEY_REUSED, Conflict, "同一来文编号已用于不同内容", "this envelope key was used before with other content";
    ENVELOPE_NOT_FOR_US, Denied, "来文的接收机关不是本机关", "the envelope is addressed to another organ";
    RECEIPT_NOT_VALID, Internal, "对方签收回执无效", "the other organ's receipt does not stand for what was sent";
}
