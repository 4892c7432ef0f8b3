//! The ways in which a call can fail before a service looks at it.

gongxin_kernel::reasons! {
    NOT_SIGNED_IN, Unauthenticated, "请先登录", "a bearer token is required";
    TOKEN_INVALID, Unauthenticated, "登录凭证无效或已过期", "the bearer token is not valid here, or has expired";
    POWER_MISSING, Denied, "您的岗位没有此项权限", "none of the caller's posts gives the power that this needs";
    WRONG_BUREAU, Denied, "不得办理其他公安机关的业务", "the record or unit belongs to another bureau";
    ID_INVALID, Invalid, "编号格式错误", "an id must be a UUID";
}
