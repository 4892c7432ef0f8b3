//! The procuratorate's notice to correct a violation (纠正违法通知书, SPR 551–554): received,
//! answered item by item in the time that it gives, or overdue.

use gongxin_kernel::{Canonical, Officer, Revision, Unit, words};
use jiff::{SignedDuration, Timestamp};

use super::{CorrespondenceRefusal, SignedFor};
use crate::canonical::{officer, unit};
use crate::refusal::{LONG, SHORT, text};
use crate::{CaseId, ExitId, Refusal};

/// Items of a notice.
const MOST_ITEMS: usize = 50;

gongxin_kernel::id! {
    /// Names one notice; made out of its sender and number, so that one notice has one id.
    ViolationNoticeId
}

words! {
    /// What the bureau says to an item.
    ItemResult {
        /// It was corrected.
        Corrected = "corrected", "已纠正";
        /// It is not accepted, with reasons; the procuratorate checks again (SPR 554).
        NotAccepted = "not_accepted", "不采纳";
    }
}

/// One violation that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeItem {
    /// What was done.
    pub fact: String,
    /// The law that it broke.
    pub basis: String,
    /// What is to be corrected.
    pub demand: String,
}

/// A notice as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incoming {
    /// Its id.
    pub id: ViolationNoticeId,
    /// Number that the procuratorate gave it.
    pub number: String,
    /// Organ id of who sent it.
    pub sender: String,
    /// National case number.
    pub case_number: String,
    /// The case, when the legal department has it; otherwise the notice is a matter of its own.
    pub case: Option<CaseId>,
    /// The unit concerned.
    pub unit: Unit,
    /// What is to be corrected.
    pub items: Vec<NoticeItem>,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Last instant in which the answer is in time: the period is the notice's own (SPR 553).
    pub answer_due_at: Timestamp,
}

/// The answer to one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemAnswer {
    /// What has become of it.
    pub result: ItemResult,
    /// How it was corrected, or why it is not accepted.
    pub text: String,
}

/// The answer that is to be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The exit that carries it.
    pub exit: ExitId,
    /// Number of the document.
    pub document_number: String,
    /// One for each item, in their order.
    pub items: Vec<ItemAnswer>,
    /// Who answers, for the legal department.
    pub officer: Officer,
}

/// The answer that was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeAnswer {
    /// What was answered.
    pub response: Response,
    /// When.
    pub answered_at: Timestamp,
    /// Whether the time had ended.
    pub late: bool,
}

/// Where a notice stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeStage {
    /// To be answered.
    Open,
    /// The answer is on its way.
    Answered(NoticeAnswer),
    /// The procuratorate has signed for the answer.
    Delivered(NoticeAnswer, SignedFor),
}

/// A notice to correct a violation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViolationNotice {
    /// What came.
    pub incoming: Incoming,
    /// When it came.
    pub received_at: Timestamp,
    /// Since when its end is near.
    pub warn_at: Timestamp,
    /// Whether it was not answered in time.
    pub overdue: bool,
    /// Where it stands.
    pub stage: NoticeStage,
    /// How often it has changed.
    pub revision: Revision,
}

/// What happened to a notice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeEvent {
    /// It came.
    Received,
    /// Its time has ended without an answer.
    Overdue,
    /// It was answered.
    Answered,
    /// The procuratorate signed for the answer.
    AnswerDelivered,
}

/// What a transition gives; all of it is saved in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeChanged {
    /// The notice after it.
    pub notice: ViolationNotice,
    /// What happened, in order, each with the revision it made; empty when there was nothing to do.
    pub events: Vec<(Revision, NoticeEvent)>,
}

impl NoticeEvent {
    /// The event's public name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Received => "violation_notice.received",
            Self::Overdue => "violation_notice.overdue",
            Self::Answered => "violation_notice.answered",
            Self::AnswerDelivered => "violation_notice.answer_delivered",
        }
    }
}

impl Incoming {
    fn check(&self) -> Result<(), Refusal> {
        text("notice_number", &self.number, SHORT)?;
        text("unit.name", &self.unit.name, SHORT)?;
        if !(1..=MOST_ITEMS).contains(&self.items.len()) {
            return Err(Refusal::Items { field: "items" });
        }
        for item in &self.items {
            text("items.fact", &item.fact, LONG)?;
            text("items.basis", &item.basis, LONG)?;
            text("items.demand", &item.demand, LONG)?;
        }
        if self.answer_due_at <= self.issued_at {
            return Err(Refusal::ImpossibleTime);
        }
        Ok(())
    }

    /// Whether the paper says the same; which case it is matched to is no part of the paper.
    fn same_paper(&self, other: &Self) -> bool {
        *self == Self { case: self.case, ..other.clone() }
    }
}

impl ViolationNotice {
    /// Takes a notice in; its end is near from `warning` before it on.
    ///
    /// # Errors
    /// A text, the items, or a time for the answer that ends before the notice was issued.
    pub fn receive(
        incoming: Incoming,
        at: Timestamp,
        warning: SignedDuration,
    ) -> Result<NoticeChanged, CorrespondenceRefusal> {
        incoming.check()?;
        let warn_at = incoming.answer_due_at.saturating_sub(warning).unwrap_or(at).max(at);
        let notice = Self {
            warn_at: warn_at.min(incoming.answer_due_at),
            incoming,
            received_at: at,
            overdue: false,
            stage: NoticeStage::Open,
            revision: Revision::FIRST,
        };
        let events = vec![(notice.revision, NoticeEvent::Received)];
        Ok(NoticeChanged { notice, events })
    }

    /// The same notice came once more: nothing to do.
    ///
    /// # Errors
    /// [`CorrespondenceRefusal::NumberReused`] when it is another one.
    pub fn received_again(
        self,
        incoming: &Incoming,
    ) -> Result<NoticeChanged, CorrespondenceRefusal> {
        if self.incoming.same_paper(incoming) {
            return Ok(NoticeChanged { notice: self, events: Vec::new() });
        }
        Err(CorrespondenceRefusal::NumberReused)
    }

    /// Answers every item. An answer after the end is taken too, and said to be late; when nobody
    /// has marked the end yet, this does so first.
    ///
    /// # Errors
    /// [`CorrespondenceRefusal::Answered`], [`CorrespondenceRefusal::Answers`].
    pub fn answer(
        self,
        response: Response,
        at: Timestamp,
    ) -> Result<NoticeChanged, CorrespondenceRefusal> {
        if self.stage != NoticeStage::Open {
            return Err(CorrespondenceRefusal::Answered);
        }
        let each = response.items.iter().all(|item| text("items", &item.text, LONG).is_ok());
        if !each || response.items.len() != self.incoming.items.len() {
            return Err(CorrespondenceRefusal::Answers);
        }
        let late = at > self.incoming.answer_due_at;
        let mut changed = self.lapse(at);
        changed.notice.stage =
            NoticeStage::Answered(NoticeAnswer { response, answered_at: at, late });
        changed.and(NoticeEvent::Answered);
        Ok(changed)
    }

    /// Marks that the time has ended, unless it has not, that was marked, or it is answered.
    #[must_use]
    pub fn lapse(self, at: Timestamp) -> NoticeChanged {
        let ended = at > self.incoming.answer_due_at;
        let due = ended && !self.overdue && self.stage == NoticeStage::Open;
        let mut changed = NoticeChanged { notice: self, events: Vec::new() };
        if due {
            changed.notice.overdue = true;
            changed.and(NoticeEvent::Overdue);
        }
        changed
    }

    /// Records that the procuratorate signed for the answer; nothing when that is recorded.
    ///
    /// # Errors
    /// [`CorrespondenceRefusal::SignedForOtherwise`] when another receipt is there, or no answer.
    pub fn answer_delivered(
        mut self,
        signed_for: SignedFor,
    ) -> Result<NoticeChanged, CorrespondenceRefusal> {
        match &self.stage {
            NoticeStage::Delivered(_, before) if *before == signed_for => {
                Ok(NoticeChanged { notice: self, events: Vec::new() })
            }
            NoticeStage::Answered(answer) => {
                self.stage = NoticeStage::Delivered(answer.clone(), signed_for);
                let mut changed = NoticeChanged { notice: self, events: Vec::new() };
                changed.and(NoticeEvent::AnswerDelivered);
                Ok(changed)
            }
            NoticeStage::Delivered(..) | NoticeStage::Open => {
                Err(CorrespondenceRefusal::SignedForOtherwise)
            }
        }
    }

    /// The answer, once there is one.
    pub fn given(&self) -> Option<&NoticeAnswer> {
        match &self.stage {
            NoticeStage::Open => None,
            NoticeStage::Answered(answer) | NoticeStage::Delivered(answer, _) => Some(answer),
        }
    }

    /// The procuratorate's receipt for the answer, once there is one.
    pub fn signed_for(&self) -> Option<&SignedFor> {
        match &self.stage {
            NoticeStage::Delivered(_, signed_for) => Some(signed_for),
            NoticeStage::Open | NoticeStage::Answered(_) => None,
        }
    }

    /// One byte string for it as it stands.
    pub fn canonical(&self) -> Vec<u8> {
        let came = &self.incoming;
        let mut form = Canonical::new("review.violation_notice")
            .field("id", came.id.0.as_bytes())
            .field("number", &came.number)
            .field("sender", &came.sender)
            .field("case_number", &came.case_number)
            .optional("case", came.case.map(|case| *case.0.as_bytes()))
            .field("unit", unit(&came.unit))
            .instant("issued_at", came.issued_at)
            .instant("answer_due_at", came.answer_due_at)
            .instant("received_at", self.received_at)
            .instant("warn_at", self.warn_at)
            .field("overdue", [u8::from(self.overdue)])
            .field("revision", self.revision.0.to_be_bytes());
        for item in &came.items {
            form = form
                .field("fact", &item.fact)
                .field("basis", &item.basis)
                .field("demand", &item.demand);
        }
        if let Some(NoticeAnswer { response, answered_at, late }) = self.given() {
            form = form
                .field("exit", response.exit.0.as_bytes())
                .field("document_number", &response.document_number)
                .field("officer", officer(&response.officer))
                .instant("answered_at", *answered_at)
                .field("late", [u8::from(*late)]);
            for item in &response.items {
                form = form.field("result", item.result.code()).field("text", &item.text);
            }
        }
        if let Some(signed) = self.signed_for() {
            form = form
                .field("receiver", &signed.receiver)
                .instant("answer_received_at", signed.received_at);
        }
        form.finish()
    }
}

impl NoticeChanged {
    fn and(&mut self, event: NoticeEvent) {
        self.notice.revision = self.notice.revision.next();
        self.events.push((self.notice.revision, event));
    }
}
