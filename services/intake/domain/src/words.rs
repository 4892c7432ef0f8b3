//! The closed lists of the register, each value with a stable code and its Chinese term.

use gongxin_kernel::words;

words! {
    /// Where a report comes from: a closed list.
    Source {
        Police110 = "police_110", "110指令";
        FoundAtWork = "found_at_work", "工作中发现";
        Report = "report", "报案";
        Accusation = "accusation", "控告";
        TipOff = "tip_off", "举报";
        Surrender = "surrender", "投案";
        BroughtIn = "brought_in", "扭送";
        TransferAdministrative = "transfer_administrative", "行政执法机关移送";
        TransferPolice = "transfer_police", "其他公安机关移送";
        TransferJudicial = "transfer_judicial", "检察院、法院、监察机关移送";
        AssignedBySuperior = "assigned_by_superior", "上级交办";
        Letter = "letter", "来信";
        Portal = "portal", "互联网、自助终端报案";
        Other = "other", "其他";
    }
}

words! {
    /// What kind of matter the first officer takes it to be.
    Nature {
        Criminal = "criminal", "刑事";
        Administrative = "administrative", "行政";
        NotPolice = "not_police", "不属于公安机关职责范围";
        Repeat = "repeat", "重复报案";
    }
}

impl Nature {
    /// Whether a case is accepted with the report, so that it needs a case number.
    pub fn opens_case(self) -> bool {
        matches!(self, Self::Criminal | Self::Administrative)
    }
}

words! {
    /// The ends of a filing review.
    Outcome {
        Filed = "filed", "立案";
        NotFiled = "not_filed", "不予立案";
        Transferred = "transferred", "移送";
    }
}

words! {
    /// The organ that a matter is transferred to: a closed list (PCR 14, 175, Supervision Law).
    Receiver {
        SupervisoryCommission = "supervisory_commission", "监察委员会";
        Procuratorate = "procuratorate", "人民检察院";
        Court = "court", "人民法院";
        OtherPolice = "other_police", "其他公安机关";
        StateSecurity = "state_security", "国家安全机关";
        Military = "military", "军队保卫部门";
        CoastGuard = "coast_guard", "中国海警局";
        Prison = "prison", "监狱";
    }
}

words! {
    /// The two ends of a reconsideration of non-filing.
    Finding {
        Upheld = "upheld", "维持不予立案决定";
        Overturned = "overturned", "撤销不予立案决定并立案";
    }
}

words! {
    /// Why a call needs no report: a closed list.
    CallJustification {
        Duplicate = "duplicate", "重复报警，已另行登记";
        NotPolice = "not_police", "不属于公安机关职责范围，已告知去处";
        NoIncident = "no_incident", "到场未发现警情";
        Nuisance = "nuisance", "骚扰、误报";
        HelpGiven = "help_given", "求助、咨询，已处置";
    }
}

words! {
    /// What a reporter says a unit did: a closed list (MGT-4).
    Word {
        TurnedAway = "turned_away", "拒绝受理";
        EvidenceRefused = "evidence_refused", "不收证据材料";
        NoPaperGiven = "no_paper_given", "不出具回执";
    }
}
