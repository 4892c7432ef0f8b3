//! Every text that the components themselves show.

crate::texts! {
    PRODUCT = "公信", "Gongxin";
    DEMO = "演示环境，人员、案件均为虚构，仅供演示", "DEMO ONLY: every person and case is invented";
    SKIP = "跳到正文", "Skip to content";
    NAVIGATION = "主导航", "Main navigation";
    SIGN_IN = "民警登录", "Sign in";
    SIGN_OUT = "退出", "Sign out";
    BACK = "返回", "Back";
    BEIJING_TIME = "本页时间均为北京时间", "All times are Beijing time (UTC+8)";
    MADE_AT = "本页生成于", "Page made at";
    OPTIONAL = "选填", "optional";
    CHOOSE = "请选择", "Please choose";
    CORRECT = "请更正以下内容", "Please correct the following";
    CORRECT_THIS = "请更正：", "Correct:";
    PROOF = "存证", "Proof";
    DONE = "已完成", "Done";
    PENDING = "待办", "To do";
    OPEN_ENDED = "尚无期限", "No date yet";
    PAGES = "分页", "Pages";
    EARLIER_PAGE = "上一页", "Previous";
    LATER_PAGE = "下一页", "Next";
    GROUNDS = "法律依据", "Law";
    REMEDIES = "权利救济", "Remedies";
    SEAL = "盖章处", "Place of the seal";
    SIGNED_FOR = "签收人", "Signed for by";
    SIGNED_ON = "　　　　年　　月　　日", "date";
    HANDLING_UNIT = "承办单位", "Handling unit";
    VERIFICATION_CODE = "核验码", "Verification code";
    DIGEST = "文书摘要（SHA-256）", "Digest";
    REASON_CODE = "原因代码", "Reason";
    REFERENCE = "查询编号", "Reference";
    WHAT_TO_DO = "您可以", "What you can do";
    PROBLEM_INVALID = "填写的内容有误", "The content is not right";
    PROBLEM_UNAUTHENTICATED = "请先登录", "Please sign in first";
    PROBLEM_DENIED = "您无权办理此事项", "You may not do this";
    PROBLEM_NOT_FOUND = "没有找到", "Not found";
    PROBLEM_STATE = "当前状态不能办理", "Not possible in the present state";
    PROBLEM_UNAVAILABLE = "暂时无法办理", "Not possible at the moment";
    PROBLEM_INTERNAL = "系统出现错误", "Something went wrong";
    DO_CORRECT = "按提示更正后重新提交。", "Correct what is named here and send it again.";
    DO_SIGN_IN = "登录后再试。", "Sign in and try again.";
    DO_ASK = "如因工作需要办理，请与本单位法制员或系统管理员联系。",
        "If your work needs it, ask the legal officer of your unit or the administrator.";
    DO_CHECK = "核对编号或网址，或返回列表查找。",
        "Check the number or the address, or go back to the list.";
    DO_RELOAD = "返回上一页刷新，查看最新状态后再决定。",
        "Go back, reload to see the latest state, then decide again.";
    DO_RETRY = "稍后再试，已提交的内容不会重复登记。",
        "Try again later; what you sent will not be entered twice.";
    DO_REPORT = "请把查询编号告知系统管理员。",
        "Please tell the administrator the reference number.";
}
