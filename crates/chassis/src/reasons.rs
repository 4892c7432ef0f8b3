//! The ways in which a call can fail before a service looks at it.

gongxin_kernel::reasons! {
    NOT_SIGNED_IN, Unauthenticated, "请先登录", "a bearer token is required";
    TOKEN_INVALID, Unauthenticated, "登录凭证无效或已过期", "the bearer token is not valid here, or has expired";
    POWER_MISSING, Denied, "您的岗位没有此项权限", "none of the caller's posts gives the power that this needs";
    WRONG_BUREAU, Denied, "不得办理其他公安机关的业务", "the record or unit belongs to another bureau";
    KEYS_UNAVAILABLE, Unavailable, "身份认证服务的密钥尚未取得，请稍后重试", "the keys of the identity provider have not been fetched yet";
    ISSUER_UNAVAILABLE, Unavailable, "身份认证服务暂时无法访问，请稍后重试", "the identity provider does not answer as it should";
    SIGN_IN_FAILED, Unauthenticated, "登录未完成，请重新登录", "the sign-in was not completed; start it again";
    SIGN_IN_TARGET, Invalid, "登录后的返回地址不属于本系统", "a sign-in leads back to a path of this service alone";
    CROSS_SITE, Denied, "请求来自其他网站，已拒绝", "the form was not sent by a page of this service";
    PAGE_NOT_FOUND, NotFound, "没有此页面", "there is no page at this address";
    TOO_SLOW, Unavailable, "处理超时，请稍后重试", "the answer took longer than a call may take";
    PAGE_TOKEN_INVALID, Invalid, "翻页标记无效", "the page token was not given by this list";
    ID_INVALID, Invalid, "编号格式错误", "an id must be a UUID";
    NO_DUE_DATE, Invalid, "无法计算期限", "there is no due date";
}
