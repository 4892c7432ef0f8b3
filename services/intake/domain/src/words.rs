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
    /// The two ends of a filing review.
    Outcome {
        Filed = "filed", "立案";
        NotFiled = "not_filed", "不予立案";
    }
}
