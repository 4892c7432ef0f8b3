//! A finding: opened by the machine about a matter, carried to its end by officers.

use gongxin_kernel::{Canonical, Revision};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{CaseId, Determination, FindingId, FindingKind, Officer, Refusal, Stage, Text, Unit};

/// What a finding is about: case and unit, no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// The case.
    pub case: CaseId,
    /// Its number (案件编号), or the number of the report.
    pub case_number: String,
    /// The unit that handles it.
    pub unit: Unit,
}

/// How a finding came into being.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// Its name, which is that of the event that it comes from.
    pub id: FindingId,
    /// What it is about.
    pub kind: FindingKind,
    /// Case and unit.
    pub matter: Matter,
    /// What of the case it is about, e.g. a suspect's id in review; the case itself otherwise.
    pub subject: Uuid,
    /// Whether the limit had passed already; an early warning otherwise.
    pub alarm: bool,
    /// When.
    pub at: Timestamp,
}

/// What was done about a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are what each variant's line names")]
pub enum Act {
    /// The limit passed after an early warning.
    Alarmed,
    /// An officer said what the matter is, and why.
    Determined { determination: Determination, reason: Text },
    /// The unit was ordered to rectify by a date (督办).
    Supervised { instruction: Text, rectify_by: Timestamp },
    /// The date passed (催办).
    Reminded { rectify_by: Timestamp },
    /// The unit said what it did.
    Rectified { done: Text },
    /// It was found to be done.
    Confirmed { note: Text },
    /// The violation was sent on as a draft clue.
    ClueSent { clause: Text, ground: Text },
    /// Nothing more is to be done, and why.
    Closed { reason: Text },
}

impl Act {
    /// The event's public name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Alarmed => "finding.alarmed",
            Self::Determined { .. } => "finding.determined",
            Self::Supervised { .. } => "finding.supervised",
            Self::Reminded { .. } => "finding.reminded",
            Self::Rectified { .. } => "finding.rectified",
            Self::Confirmed { .. } => "finding.confirmed",
            Self::ClueSent { .. } => "finding.clue_sent",
            Self::Closed { .. } => "finding.closed",
        }
    }

    /// The officer's words.
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Alarmed | Self::Reminded { .. } => None,
            Self::Determined { reason: text, .. }
            | Self::Supervised { instruction: text, .. }
            | Self::Rectified { done: text }
            | Self::Confirmed { note: text }
            | Self::ClueSent { ground: text, .. }
            | Self::Closed { reason: text } => Some(text),
        }
    }
}

/// An act with its time and its officer; none where the clock did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// The act.
    pub act: Act,
    /// Who.
    pub by: Option<Officer>,
    /// When.
    pub at: Timestamp,
}

/// A finding: its opening and what was done since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    opening: Opening,
    done: Vec<Done>,
    stage: Stage,
}

impl Finding {
    /// A new finding, revision 1.
    pub fn open(opening: Opening) -> Self {
        let stage = if opening.alarm { Stage::Alarmed } else { Stage::Warned };
        Self { opening, done: Vec::new(), stage }
    }

    /// A stored finding; every act must be one that the acts before it allow.
    ///
    /// # Errors
    /// What the first impossible act is refused for.
    pub fn replay(opening: Opening, done: Vec<Done>) -> Result<Self, Refusal> {
        done.into_iter().try_fold(Self::open(opening), Self::with)
    }

    /// The limit has passed.
    ///
    /// # Errors
    /// [`Refusal::Stage`] unless it is an early warning.
    pub fn alarm(self, at: Timestamp) -> Result<Self, Refusal> {
        self.with(Done { act: Act::Alarmed, by: None, at })
    }

    /// What the early warning asked for was done in time; `reason` says so.
    ///
    /// # Errors
    /// [`Refusal::Stage`] unless it is an early warning.
    pub fn met_in_time(self, reason: Text, at: Timestamp) -> Result<Self, Refusal> {
        self.with(Done { act: Act::Closed { reason }, by: None, at })
    }

    /// The date to rectify has passed.
    ///
    /// # Errors
    /// [`Refusal::Stage`] unless it is supervised.
    pub fn remind(self, at: Timestamp) -> Result<Self, Refusal> {
        let rectify_by = self.rectify_by().ok_or(Refusal::Stage)?;
        self.with(Done { act: Act::Reminded { rectify_by }, by: None, at })
    }

    /// `officer` does `act`.
    ///
    /// # Errors
    /// Whatever stands against it: stage, unit, date.
    pub fn act(self, act: Act, officer: Officer, at: Timestamp) -> Result<Self, Refusal> {
        self.with(Done { act, by: Some(officer), at })
    }

    pub(crate) fn with(mut self, done: Done) -> Result<Self, Refusal> {
        self.stage = self.stage_after(&done)?;
        self.done.push(done);
        Ok(self)
    }

    /// The whole table of transitions.
    fn stage_after(&self, done: &Done) -> Result<Stage, Refusal> {
        self.check_unit(done)?;
        let by_clock = done.by.is_none();
        let lawful = self.determination() == Some(Determination::Lawful);
        match (&done.act, self.stage) {
            (Act::Alarmed, Stage::Warned) if by_clock => Ok(Stage::Alarmed),
            (Act::Closed { .. }, Stage::Warned) if by_clock => Ok(Stage::Closed),
            (Act::Reminded { .. }, Stage::Supervised) if by_clock => Ok(Stage::Supervised),
            (_, _) if by_clock => Err(Refusal::Stage),
            (Act::Determined { .. }, Stage::Alarmed) => Ok(Stage::Determined),
            (Act::Supervised { rectify_by, .. }, Stage::Determined | Stage::Rectified)
                if !lawful =>
            {
                if *rectify_by <= done.at {
                    return Err(Refusal::RectifyByPast);
                }
                Ok(Stage::Supervised)
            }
            (Act::Rectified { .. }, Stage::Supervised) => Ok(Stage::Rectified),
            (Act::Confirmed { .. }, Stage::Rectified) => Ok(Stage::Confirmed),
            (Act::Closed { .. }, Stage::Confirmed) => Ok(Stage::Closed),
            (Act::Closed { .. }, Stage::Determined) if lawful => Ok(Stage::Closed),
            (Act::ClueSent { .. }, stage) => {
                if self.clue_sent() {
                    return Err(Refusal::ClueAlreadySent);
                }
                if stage == Stage::Closed {
                    return Err(Refusal::Stage);
                }
                // A blemish is corrected and counted, never a clue.
                if self.determination() != Some(Determination::Violation) {
                    return Err(Refusal::NotAViolation);
                }
                Ok(stage)
            }
            _ => Err(Refusal::Stage),
        }
    }

    /// The unit concerned rectifies and judges nothing; all others the other way round.
    fn check_unit(&self, done: &Done) -> Result<(), Refusal> {
        let Some(officer) = &done.by else { return Ok(()) };
        let own = officer.unit.code == self.opening.matter.unit.code;
        match (matches!(done.act, Act::Rectified { .. }), own) {
            (true, true) | (false, false) => Ok(()),
            (true, false) => Err(Refusal::OtherUnit),
            (false, true) => Err(Refusal::OwnUnit),
        }
    }

    /// How it came into being.
    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// Its name.
    pub fn id(&self) -> FindingId {
        self.opening.id
    }

    /// Where it stands.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// What was done since it was opened, oldest first.
    pub fn done(&self) -> &[Done] {
        &self.done
    }

    /// How often it has changed.
    pub fn revision(&self) -> Revision {
        Revision(u32::try_from(self.done.len() + 1).unwrap_or(u32::MAX))
    }

    /// What an officer found it to be.
    pub fn determination(&self) -> Option<Determination> {
        self.done.iter().find_map(|done| match done.act {
            Act::Determined { determination, .. } => Some(determination),
            _ => None,
        })
    }

    /// Until when the unit has to rectify, while it is supervised.
    pub fn rectify_by(&self) -> Option<Timestamp> {
        let latest = self.done.iter().rev().find_map(|done| match done.act {
            Act::Supervised { rectify_by, .. } => Some(rectify_by),
            _ => None,
        });
        latest.filter(|_| self.stage == Stage::Supervised)
    }

    /// Whether it was sent on as a draft clue.
    pub fn clue_sent(&self) -> bool {
        self.done.iter().any(|done| matches!(done.act, Act::ClueSent { .. }))
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let Opening { id, kind, matter, subject, alarm, at } = &self.opening;
        let opened = Canonical::new("supervision.finding")
            .field("id", id.0)
            .field("kind", kind.code())
            .field("case", matter.case.0)
            .field("case_number", &matter.case_number)
            .field("unit", matter.unit.code.as_str())
            .field("unit_name", &matter.unit.name)
            .field("subject", subject)
            .field("alarm", [u8::from(*alarm)])
            .instant("opened_at", *at);
        self.done.iter().fold(opened, add).finish()
    }
}

fn add(form: Canonical, done: &Done) -> Canonical {
    let officer = done.by.as_ref();
    let form = form
        .field("act", done.act.name())
        .instant("at", done.at)
        .optional("police_number", officer.map(|officer| &officer.police_number))
        .optional("officer", officer.map(|officer| &officer.name))
        .optional("officer_unit", officer.map(|officer| officer.unit.code.as_str()))
        .optional("officer_unit_name", officer.map(|officer| &officer.unit.name))
        .optional("text", done.act.text().map(Text::as_str));
    match &done.act {
        Act::Determined { determination, .. } => form.field("determination", determination.code()),
        Act::Supervised { rectify_by, .. } | Act::Reminded { rectify_by } => {
            form.instant("rectify_by", *rectify_by)
        }
        Act::ClueSent { clause, .. } => form.field("clause", clause.as_str()),
        _ => form,
    }
}
