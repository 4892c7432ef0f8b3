//! The closed lists of accountability, each value with a stable code and its Chinese term.

use gongxin_kernel::words;

words! {
    /// The channel by which a clue came.
    Source {
        Legal = "legal", "法制部门";
        Discipline = "discipline", "纪检";
        Inspectorate = "inspectorate", "督察";
        Petition = "petition", "信访";
        CommandCentre = "command_centre", "指挥中心";
        Branch = "branch", "警种部门";
        Media = "media", "媒体曝光";
        FileReview = "file_review", "季度评查";
        Finding = "finding", "监督发现";
        Judicial = "judicial", "检法通报";
    }
}

words! {
    /// The class of the conduct (ACC-4).
    Conduct {
        NotDone = "not_done", "不作为";
        DoneWrongly = "done_wrongly", "乱作为";
        DoneLate = "done_late", "慢作为";
    }
}

words! {
    /// What follows for an officer at fault (ERR 13, 14), from the lightest to the gravest.
    Liability {
        AdmonitionTalk = "admonition_talk", "诫勉谈话";
        WrittenSelfCriticism = "written_self_criticism", "书面检查";
        NoCommendation = "no_commendation", "取消评先资格";
        CirculatedCriticism = "circulated_criticism", "通报批评";
        Suspension = "suspension", "停止执行职务";
        DeferredPromotion = "deferred_promotion", "延期晋级晋职";
        TransferOut = "transfer_out", "限期调离公安机关";
        Warning = "warning", "警告";
        Demerit = "demerit", "记过";
        MajorDemerit = "major_demerit", "记大过";
        Downgrade = "downgrade", "降级";
        Removal = "removal", "撤职";
        Expulsion = "expulsion", "开除";
    }
}

words! {
    /// Why there is no liability: the closed list of ERR 2 and 21, and a clue not borne out.
    NoFault {
        NotEstablished = "not_established", "查证不实";
        Blemish = "blemish", "属于执法瑕疵";
        LawChanged = "law_changed", "法律法规或者司法解释变化";
        LawUnclear = "law_unclear", "法律法规不明确或者解释不一致";
        Irresistible = "irresistible", "不能预见或者不能抗拒的原因";
        EvidenceDispute = "evidence_dispute", "对案件基本事实的争议可依证据规则合理解释";
        NewEvidence = "new_evidence", "出现新证据";
        DocumentRevoked = "document_revoked", "所依据的文书被撤销、变更";
        Counterpart = "counterpart", "执法相对人的过错";
    }
}

words! {
    /// The eight kinds of interference by insiders.
    Interference {
        Instruction = "instruction", "超越职权违法提出办案要求";
        Suggestion = "suggestion", "私下对案件定性提出意见";
        Property = "property", "要求违法查封、扣押或者处置财物";
        Papers = "papers", "超越职权批转案件材料";
        Meeting = "meeting", "要求私下会见当事人及其亲属、代理人";
        Favour = "favour", "为当事人请托说情";
        Inquiry = "inquiry", "打探案情、通风报信";
        Other = "other", "其他";
    }
}
