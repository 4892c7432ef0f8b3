//! Evaluation schemes: points off for confirmed findings, never for numbers of cases or rates.

use gongxin_kernel::Canonical;
use jiff::Timestamp;

use crate::{FindingId, FindingKind, ForbiddenMeasure, Officer, Refusal, SchemeId, Text};

/// Most items of a scheme.
const MOST_ITEMS: usize = 50;
/// A score begins here and never falls below nothing.
const FULL: u32 = 100;

/// What somebody wants to measure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Confirmed findings of a kind.
    Findings(FindingKind),
    /// What must not be measured.
    Forbidden(ForbiddenMeasure),
}

/// One item of a scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemeItem {
    /// Findings of this kind count.
    pub kind: FindingKind,
    /// Points off for each.
    pub points: u32,
}

/// A defined scheme; nothing of it ever changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scheme {
    /// Its name for ever.
    pub id: SchemeId,
    /// What people call it.
    pub name: Text,
    /// Its items, each kind once.
    pub items: Vec<SchemeItem>,
    /// Who defined it.
    pub defined_by: Officer,
    /// When.
    pub defined_at: Timestamp,
}

impl Scheme {
    /// Defines a scheme of these measures, each with its points.
    ///
    /// # Errors
    /// [`Refusal::ForbiddenMeasure`] for the first measure that is forbidden;
    /// [`Refusal::SchemeItems`] when there are none or too many, one is repeated, or its points are
    /// not 1 to 100.
    pub fn define(
        id: SchemeId,
        name: Text,
        measures: &[(Measure, u32)],
        defined_by: Officer,
        defined_at: Timestamp,
    ) -> Result<Self, Refusal> {
        if measures.is_empty() || measures.len() > MOST_ITEMS {
            return Err(Refusal::SchemeItems);
        }
        let mut items: Vec<SchemeItem> = Vec::with_capacity(measures.len());
        for (measure, points) in measures {
            let kind = match measure {
                Measure::Findings(kind) => *kind,
                Measure::Forbidden(measure) => return Err(Refusal::ForbiddenMeasure(*measure)),
            };
            let is_repeated = items.iter().any(|item| item.kind == kind);
            if is_repeated || !(1..=FULL).contains(points) {
                return Err(Refusal::SchemeItems);
            }
            items.push(SchemeItem { kind, points: *points });
        }
        Ok(Self { id, name, items, defined_by, defined_at })
    }

    /// The canonical form, of which the log keeps the digest.
    pub fn canonical(&self) -> Vec<u8> {
        let head = Canonical::new("supervision.scheme")
            .field("id", self.id.0)
            .field("name", self.name.as_str())
            .field("defined_by", &self.defined_by.police_number)
            .instant("defined_at", self.defined_at);
        let add = |form: Canonical, item: &SchemeItem| {
            form.field("kind", item.kind.code()).field("points", item.points.to_be_bytes())
        };
        self.items.iter().fold(head, add).finish()
    }
}

/// Points off for one finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deduction {
    /// The finding that explains it.
    pub finding: FindingId,
    /// Its kind.
    pub kind: FindingKind,
    /// The points.
    pub points: u32,
}

/// What these confirmed findings cost by `items`, and the score that is left of 100.
pub fn score(
    items: &[SchemeItem],
    confirmed: &[(FindingId, FindingKind)],
) -> (u32, Vec<Deduction>) {
    let deduction = |(finding, kind): &(FindingId, FindingKind)| {
        let item = items.iter().find(|item| item.kind == *kind)?;
        Some(Deduction { finding: *finding, kind: *kind, points: item.points })
    };
    let deductions: Vec<Deduction> = confirmed.iter().filter_map(deduction).collect();
    let off = deductions.iter().fold(0_u32, |sum, each| sum.saturating_add(each.points));
    (FULL.saturating_sub(off), deductions)
}
