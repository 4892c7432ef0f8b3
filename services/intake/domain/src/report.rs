//! A report with its stage: what a store keeps and what every reader sees.

use gongxin_kernel::Revision;
use gongxin_law::DocumentNumber;
use gongxin_law::identifiers::CaseNumber;
use jiff::Timestamp;

use crate::{
    Deadline, Finding, Nature, NewReport, Officer, Question, Receiver, Reconsideration,
    Reconsidered, ReportId,
};

/// A report of the register; what it holds goes together, and only transitions change it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report(pub(crate) Snapshot);

/// All that a report holds, open to be read and to be restored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Its id.
    pub id: ReportId,
    /// Number of the report receipt (接报案回执).
    pub number: String,
    /// What was reported.
    pub content: NewReport,
    /// Who entered it.
    pub registered_by: Officer,
    /// When it was entered.
    pub registered_at: Timestamp,
    /// Where it stands.
    pub stage: Stage,
    /// How often it has changed: one event, one revision.
    pub revision: Revision,
}

/// Where a report stands, with the facts of that stage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Criminal: whether to file is under review (立案审查).
    FilingReview {
        /// The case accepted.
        case_number: CaseNumber,
        /// The time to decide.
        review: Deadline,
    },
    /// Criminal case filed (刑事立案).
    Filed {
        /// The case.
        case_number: CaseNumber,
        /// The time there was to decide.
        review: Deadline,
        /// The decision.
        decision: Decision,
    },
    /// Not filed (不予立案); filed after all where a reconsideration overturned that.
    NotFiled {
        /// The case.
        case_number: CaseNumber,
        /// The time there was to decide.
        review: Deadline,
        /// The decision.
        decision: Decision,
        /// The notice; none when no reporter is known, so that nobody can be served.
        notice: Option<Box<Notice>>,
        /// What the procuratorate asked, if it did.
        question: Option<Box<Question>>,
    },
    /// Transferred to the organ whose matter it is (移送, PCR 175).
    Transferred {
        /// The case.
        case_number: CaseNumber,
        /// The time there was to decide.
        review: Deadline,
        /// The decision.
        decision: Decision,
        /// The organ that receives it.
        receiver: Receiver,
    },
    /// Administrative case filed at once (行政立案, RF24-12).
    Administrative {
        /// The case.
        case_number: CaseNumber,
    },
    /// Closed: not a police matter; `content.told` says what the reporter was told.
    NotPolice,
    /// Linked to the report in `content.repeat_of` (PCR 175).
    Linked,
}

/// A decision on a filing review.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Facts and law.
    pub ground: String,
    /// Who decided.
    pub decided_by: Officer,
    /// When.
    pub decided_at: Timestamp,
    /// Number of the decision or notice.
    pub document_number: DocumentNumber,
}

/// The notice of non-filing (不予立案通知书).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// The time to serve it (PCR 178).
    pub deadline: Deadline,
    /// Its service, once that is recorded.
    pub served: Option<Service>,
}

/// The service of a notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// When it was signed for.
    pub served_at: Timestamp,
    /// The time to ask for reconsideration (PCR 179).
    pub reconsideration: Deadline,
    /// The request, once there is one.
    pub asked: Option<Box<Reconsideration>>,
}

impl Stage {
    /// The reconsideration that overturned non-filing, so that the case is filed.
    pub fn filed_after_all(&self) -> Option<&Reconsidered> {
        let Self::NotFiled { notice: Some(notice), .. } = self else { return None };
        let decided = notice.served.as_ref()?.asked.as_ref()?.decided.as_ref()?;
        decided.filing_number.is_some().then_some(decided)
    }

    /// The stable code under which the stage is stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::FilingReview { .. } => "filing_review",
            Self::Filed { .. } => "filed",
            Self::NotFiled { .. } if self.filed_after_all().is_some() => "filed",
            Self::NotFiled { .. } => "not_filed",
            Self::Transferred { .. } => "transferred",
            Self::Administrative { .. } => "administrative",
            Self::NotPolice => "not_police",
            Self::Linked => "linked",
        }
    }

    /// The term a Chinese reader knows.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::FilingReview { .. } => "立案审查中",
            Self::Filed { .. } => "已立案",
            Self::NotFiled { .. } if self.filed_after_all().is_some() => "已立案",
            Self::NotFiled { .. } => "不予立案",
            Self::Transferred { .. } => "已移送",
            Self::Administrative { .. } => "行政立案",
            Self::NotPolice => "不属于公安机关职责范围",
            Self::Linked => "重复报案，已关联",
        }
    }
}

impl Report {
    /// All that the report holds.
    pub fn state(&self) -> &Snapshot {
        &self.0
    }

    /// Its id.
    pub fn id(&self) -> ReportId {
        self.0.id
    }

    /// The case accepted with it.
    pub fn case_number(&self) -> Option<&CaseNumber> {
        match &self.0.stage {
            Stage::FilingReview { case_number, .. }
            | Stage::Filed { case_number, .. }
            | Stage::NotFiled { case_number, .. }
            | Stage::Transferred { case_number, .. }
            | Stage::Administrative { case_number } => Some(case_number),
            Stage::NotPolice | Stage::Linked => None,
        }
    }

    /// The filing review, running or over.
    pub fn filing_review(&self) -> Option<&Deadline> {
        match &self.0.stage {
            Stage::FilingReview { review, .. }
            | Stage::Filed { review, .. }
            | Stage::NotFiled { review, .. }
            | Stage::Transferred { review, .. } => Some(review),
            _ => None,
        }
    }

    /// The notice of non-filing, where one is owed or was served.
    pub fn notice(&self) -> Option<&Notice> {
        match &self.0.stage {
            Stage::NotFiled { notice, .. } => notice.as_deref(),
            _ => None,
        }
    }

    pub(crate) fn notice_mut(&mut self) -> Option<&mut Notice> {
        match &mut self.0.stage {
            Stage::NotFiled { notice, .. } => notice.as_deref_mut(),
            _ => None,
        }
    }

    /// Whether the filing review ran over its end at any time.
    pub fn was_overdue(&self) -> bool {
        self.filing_review().is_some_and(|review| review.lapsed_at.is_some())
    }

    /// The decision on the filing review.
    pub fn decision(&self) -> Option<&Decision> {
        match &self.0.stage {
            Stage::Filed { decision, .. }
            | Stage::NotFiled { decision, .. }
            | Stage::Transferred { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// The organ that the matter was transferred to.
    pub fn receiver(&self) -> Option<Receiver> {
        match &self.0.stage {
            Stage::Transferred { receiver, .. } => Some(*receiver),
            _ => None,
        }
    }

    /// The reporter's name, or a pseudonym (化名) with the end of the receipt number where the
    /// reporter asked for secrecy (PCR 173); none when nobody is known.
    pub fn reporter_shown(&self) -> Option<String> {
        let reporter = self.0.content.reporter.as_ref()?;
        if !reporter.secret {
            return Some(reporter.person.name.clone());
        }
        let digits: Vec<char> = self.0.number.chars().filter(char::is_ascii_digit).collect();
        let end: String = digits[digits.len().saturating_sub(2)..].iter().collect();
        Some(format!("化名{end}"))
    }
}

impl From<Report> for Snapshot {
    fn from(report: Report) -> Self {
        report.0
    }
}

/// A stored report whose parts contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("report {id} is inconsistent: {problem}")]
pub struct Inconsistent {
    /// The report.
    pub id: ReportId,
    /// What contradicts what.
    pub problem: &'static str,
}

impl TryFrom<Snapshot> for Report {
    type Error = Inconsistent;

    fn try_from(snapshot: Snapshot) -> Result<Self, Inconsistent> {
        match contradiction(&snapshot) {
            Some(problem) => Err(Inconsistent { id: snapshot.id, problem }),
            None => Ok(Self(snapshot)),
        }
    }
}

fn contradiction(snapshot: &Snapshot) -> Option<&'static str> {
    let nature = match &snapshot.stage {
        Stage::FilingReview { .. }
        | Stage::Filed { .. }
        | Stage::NotFiled { .. }
        | Stage::Transferred { .. } => Nature::Criminal,
        Stage::Administrative { .. } => Nature::Administrative,
        Stage::NotPolice => Nature::NotPolice,
        Stage::Linked => Nature::Repeat,
    };
    let decided = match &snapshot.stage {
        Stage::Filed { decision, .. }
        | Stage::NotFiled { decision, .. }
        | Stage::Transferred { decision, .. } => Some(decision),
        _ => None,
    };
    let notice = match &snapshot.stage {
        Stage::NotFiled { notice, .. } => Some(notice.as_deref()),
        _ => None,
    };
    let served = notice.flatten().and_then(|notice| notice.served.as_ref());
    let reconsidered = served
        .and_then(|service| service.asked.as_deref())
        .and_then(|asked| asked.decided.as_ref());
    let took_part = |officer: &Officer| {
        let number = &officer.police_number;
        *number == snapshot.registered_by.police_number
            || decided.is_some_and(|decision| decision.decided_by.police_number == *number)
    };
    let is_partial = |r: &Reconsidered| took_part(&r.decided_by) || took_part(&r.second_officer);
    let is_half =
        |r: &Reconsidered| (r.finding == Finding::Overturned) != r.filing_number.is_some();
    let before = |decision: &Decision| decision.decided_at < snapshot.registered_at;
    let own = |decision: &Decision| {
        decision.decided_by.police_number == snapshot.registered_by.police_number
    };
    let unserved = |service: &Service| decided.is_some_and(|d| service.served_at < d.decided_at);
    let checks = [
        (snapshot.content.nature != nature, "the stage is of another nature"),
        (snapshot.content.check(snapshot.registered_at).is_err(), "the content is not valid"),
        (snapshot.revision < least_revision(&snapshot.stage), "the revision is too low"),
        (decided.is_some_and(before), "decided before it was registered"),
        (decided.is_some_and(own), "decided by the officer who registered it"),
        (
            notice.is_some_and(|n| n.is_some() != snapshot.content.reporter.is_some()),
            "a notice goes with a reporter",
        ),
        (served.is_some_and(unserved), "served before it was decided"),
        (reconsidered.is_some_and(is_partial), "reconsidered by an officer who took part"),
        (reconsidered.is_some_and(is_half), "overturned without filing, or the reverse"),
    ];
    checks.iter().find(|(wrong, _)| *wrong).map(|(_, problem)| *problem)
}

/// One for the registration and one for each fact that an event of its own made.
fn least_revision(stage: &Stage) -> Revision {
    let lapsed = |deadline: &Deadline| u32::from(deadline.lapsed_at.is_some());
    let of_review = |review: &Deadline| {
        u32::try_from(review.period.grants.len()).unwrap_or(u32::MAX).saturating_add(lapsed(review))
    };
    let made = match stage {
        Stage::FilingReview { review, .. } => of_review(review),
        Stage::Filed { review, .. } | Stage::Transferred { review, .. } => {
            of_review(review).saturating_add(1)
        }
        Stage::NotFiled { review, notice, question, .. } => {
            let of_question = question.as_ref().map_or(0, |question| {
                1 + lapsed(&question.deadline) + u32::from(question.answer.is_some())
            });
            let of_notice = notice.as_ref().map_or(0, |notice| {
                let of_decided = |r: &Reconsidered| 1 + u32::from(r.filing_number.is_some());
                let of_asked = |asked: &Reconsideration| {
                    1 + lapsed(&asked.deadline) + asked.decided.as_ref().map_or(0, of_decided)
                };
                let of_service = |service: &Service| {
                    1 + lapsed(&service.reconsideration)
                        + service.asked.as_deref().map_or(0, of_asked)
                };
                lapsed(&notice.deadline) + notice.served.as_ref().map_or(0, of_service)
            });
            of_review(review).saturating_add(1 + of_notice + of_question)
        }
        Stage::Administrative { .. } | Stage::NotPolice | Stage::Linked => 0,
    };
    Revision(made.saturating_add(1))
}
