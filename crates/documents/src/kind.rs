//! The id of a document, and the closed lists: what is issued, and to whom.

use gongxin_kernel::{id, words};

id! {
    /// Names a document for ever.
    DocumentId
}

words! {
    /// What kind of document (文书种类) it is; the term is its title.
    Kind {
        ReportReceipt = "report_receipt", "接报案回执";
        AcceptanceReceipt = "acceptance_receipt", "受案回执";
        FilingDecision = "filing_decision", "立案决定书";
        NonFilingNotice = "non_filing_notice", "不予立案通知书";
        TransferNotice = "transfer_notice", "移送案件通知书";
        ReconsiderationDecision = "reconsideration_decision", "刑事复议决定书";
        NonFilingReasons = "non_filing_reasons", "不立案理由说明书";
        LiabilityDecision = "liability_decision", "执法过错责任追究决定书";
    }
}

words! {
    /// Whom a document is addressed to.
    Role {
        Reporter = "reporter", "报案人";
        Procuratorate = "procuratorate", "人民检察院";
        OfficerConcerned = "officer_concerned", "当事民警";
    }
}
