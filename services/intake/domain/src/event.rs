//! What happened to a report, in this crate's own words; the contract's are mapped elsewhere.

use gongxin_kernel::Revision;
use gongxin_law::DocumentNumber;
use gongxin_law::identifiers::{CallNumber, CaseNumber};
use jiff::Timestamp;

use crate::{
    Channels, Nature, Officer, Period, Person, Receiver, Reconsidered, Report, ReportId, Source,
    Unit, Word,
};

/// A report after a transition, with the events of that transition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    report: Report,
    events: Vec<Event>,
}

impl Changed {
    pub(crate) fn new(report: Report, events: Vec<Event>) -> Self {
        Self { report, events }
    }

    /// The report as it is now.
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// What happened, oldest first; empty when there was nothing to do.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Whether there was nothing to do: no event, and the report as it was.
    pub fn is_nothing(&self) -> bool {
        self.events.is_empty()
    }

    /// The events, each with the revision it made; the last made the report's own.
    pub fn numbered(&self) -> impl Iterator<Item = (Revision, &Event)> {
        let count = u32::try_from(self.events.len()).expect("a transition has a few events");
        let before = self.report.state().revision.0 - count;
        (before + 1..).map(Revision).zip(&self.events)
    }

    /// The report and its events, to keep.
    pub fn into_parts(self) -> (Report, Vec<Event>) {
        (self.report, self.events)
    }
}

/// One thing that happened; each made one revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The report is in the register.
    Registered {
        /// The report.
        report_id: ReportId,
        /// Number of the report receipt.
        number: String,
        /// Where it comes from.
        source: Source,
        /// What kind of matter it is taken to be.
        nature: Nature,
        /// Call number, for a report through 110.
        call_number: Option<CallNumber>,
        /// When it was told.
        told_at: Timestamp,
        /// When it was entered.
        registered_at: Timestamp,
        /// The unit that handles it.
        unit: Unit,
        /// Who entered it.
        officer: Officer,
        /// The case accepted with it.
        case_number: Option<CaseNumber>,
        /// Charge or cause.
        charge: Option<String>,
        /// The filing review, when one started.
        filing_review: Option<Period>,
        /// How many items of evidence were handed in.
        evidence_items: usize,
        /// The earlier report that it repeats.
        repeat_of: Option<ReportId>,
        /// Number of that report's receipt.
        repeats: Option<String>,
        /// Where the reporter was told to turn to.
        channels: Channels,
    },
    /// A filing review got more time.
    FilingReviewExtended {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// Name of the extension in the rule.
        extension: String,
        /// Why.
        ground: String,
        /// Who granted it.
        approver: Officer,
        /// The period before.
        before: Period,
        /// The period now.
        after: Period,
    },
    /// The law has changed, and with it a period that runs, or what its end rests on.
    PeriodRecomputed {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The period before.
        before: Box<Period>,
        /// The period now.
        after: Box<Period>,
        /// What of the law has changed.
        reason: String,
    },
    /// The review ended without a decision; opens the trace-back (倒查), so it names no person.
    FilingReviewOverdue {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// The period that ended.
        filing_review: Period,
    },
    /// A criminal case is filed (立案).
    Filed {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The charge.
        charge: String,
        /// The unit that handles it.
        unit: Unit,
        /// Who decided.
        decided_by: Officer,
        /// Who registered the report.
        registered_by: Officer,
        /// Number of the decision.
        decision_number: DocumentNumber,
        /// Suspects as far as known.
        suspects: Vec<Person>,
        /// The decision came after the end of the review.
        was_overdue: bool,
    },
    /// Filing was refused (不予立案).
    NotFiled {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// Who decided.
        decided_by: Officer,
        /// Number of the notice.
        notice_number: DocumentNumber,
        /// By when it must be served; none when no reporter is known.
        notice: Option<Period>,
        /// The decision came after the end of the review.
        was_overdue: bool,
    },
    /// The matter is another organ's and goes to it (移送).
    Transferred {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The charge.
        charge: String,
        /// The unit that handled it.
        unit: Unit,
        /// Who decided.
        decided_by: Officer,
        /// The organ that receives it.
        receiver: Receiver,
        /// Number of the notice of transfer (移送案件通知书).
        document_number: DocumentNumber,
        /// The decision came after the end of the review.
        was_overdue: bool,
    },
    /// The complainant has the notice.
    NoticeServed {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// Number of the notice.
        notice_number: DocumentNumber,
        /// When it was signed for.
        served_at: Timestamp,
        /// The time to ask for reconsideration.
        reconsideration: Period,
    },
    /// The notice was not served in time.
    NoticeOverdue {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// The period that ended.
        notice: Period,
    },
    /// The complainant asks for reconsideration (复议).
    ReconsiderationRequested {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// When the request was received.
        received_at: Timestamp,
        /// By when it must be decided.
        decision: Period,
    },
    /// The reconsideration is decided.
    ReconsiderationDecided {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// The decision.
        reconsidered: Box<Reconsidered>,
        /// The decision came after its end.
        was_overdue: bool,
    },
    /// The reconsideration was not decided in time.
    ReconsiderationOverdue {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// The period that ended.
        decision: Period,
    },
    /// The procuratorate asks why the case was not filed.
    NonFilingQuestioned {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// Number of the procuratorate's notice.
        notice_number: String,
        /// When it was received.
        received_at: Timestamp,
        /// By when it must be answered.
        answer: Period,
    },
    /// The bureau explained to the procuratorate why the case was not filed.
    NonFilingExplained {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// Who answered.
        answered_by: Officer,
        /// Number of the answer (不立案理由说明书).
        document_number: DocumentNumber,
        /// The answer came after its end.
        was_overdue: bool,
    },
    /// The procuratorate was not answered in time.
    ExplanationOverdue {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
        /// The unit that handles it.
        unit: Unit,
        /// The period that ended.
        answer: Period,
    },
    /// Nobody asked for reconsideration in time.
    ReconsiderationEnded {
        /// The report.
        report_id: ReportId,
        /// The case.
        case_number: CaseNumber,
    },
    /// The reporter says that a unit turned him away, or refused evidence or a paper.
    TurnedAway {
        /// The report.
        report_id: ReportId,
        /// Number of its receipt.
        number: String,
        /// The unit that the reporter names.
        unit: Unit,
        /// What it did.
        word: Word,
        /// When, as the reporter says.
        happened_at: Timestamp,
    },
}
