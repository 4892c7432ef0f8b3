//! The closed lists of disclosure, each value with a stable code and its Chinese term.

use gongxin_kernel::words;

words! {
    /// Who may query a report (DSC 22: reporter, victim, guardian, family).
    Holder {
        Reporter = "reporter", "报案人、控告人、举报人";
        Victim = "victim", "被害人";
        Family = "family", "监护人、近亲属";
    }
}

words! {
    /// Why a code stops working.
    RevocationGround {
        OpposingParty = "opposing_party", "系对方当事人或嫌疑人";
        VictimAsks = "victim_asks", "被害人要求停止查询";
        CodeLost = "code_lost", "查询码遗失或泄露";
    }
}

words! {
    /// What is proposed to be published.
    DocumentKind {
        PublicSecurityPenalty = "public_security_penalty", "治安管理处罚决定";
        OtherPenalty = "other_penalty", "其他行政处罚决定";
        Reconsideration = "reconsideration", "行政复议决定";
        CriminalPaper = "criminal_paper", "刑事侦查文书";
        Statistics = "statistics", "统计数据";
        AnonymisedReasoning = "anonymised_reasoning", "匿名化说理";
    }
}

words! {
    /// What a matter concerns, as far as it closes it to publication.
    ClosedMatter {
        Minor = "minor", "涉及未成年人";
        SexualOffence = "sexual_offence", "性侵害案件";
        Secret = "secret", "涉及国家秘密、警务工作秘密";
    }
}

impl DocumentKind {
    /// The rule that keeps every document of this kind inside; none where the kind is open.
    /// Records of public-security violations are sealed since 2026-01-01 (PSA25 136).
    pub fn closed_by(self) -> Option<&'static str> {
        match self {
            Self::PublicSecurityPenalty => Some("治安管理处罚法（2025年修订）第一百三十六条"),
            Self::CriminalPaper => Some("公安机关执法公开规定"),
            Self::OtherPenalty
            | Self::Reconsideration
            | Self::Statistics
            | Self::AnonymisedReasoning => None,
        }
    }
}

impl ClosedMatter {
    /// The rule that keeps matters of this sort inside.
    pub fn closed_by(self) -> &'static str {
        match self {
            Self::Minor => "公安机关执法公开规定（涉及未成年人的不公开）",
            Self::SexualOffence => "公安机关执法公开规定（个人隐私）",
            Self::Secret => "公安机关执法公开规定",
        }
    }
}
