//! When a period ends: counting, extensions, pauses, holidays.
//!
//! Where the law allows more than one reading, the adopted one stands beside the code that
//! applies it. The letters are those of the fact base, Appendix E.1.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::explain::{NeverMoved, Step};
use crate::zone::{days_after, hours_after, months_after};
use crate::{
    Amount, Calendar, Count, Extension, LawError, Lead, PauseGround, Rule, Unit, first_instant,
    last_instant, legal_day,
};

/// The end of a period and how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The last instant of the period; an act at this instant is in time, after it is late.
    ///
    /// A period in hours ends on its exact minute. Any other ends with its last day, at
    /// 23:59:59.999999 in Asia/Shanghai, the last microsecond before midnight.
    pub at: Timestamp,
    /// The last day; none for a period in hours.
    pub last_day: Option<Date>,
    /// When to warn; never before the start.
    pub warn_at: Timestamp,
    /// The date rests on a year without a notice of days off, of which only weekends are known.
    pub assumed: bool,
    /// How the end was found, in order.
    pub steps: Vec<Step>,
}

impl Due {
    /// Whether an act at `now` comes too late.
    pub fn is_late(&self, now: Timestamp) -> bool {
        now > self.at
    }

    /// The explanation in Chinese, a line a step.
    pub fn render_zh(&self) -> Vec<String> {
        self.steps.iter().map(Step::render_zh).collect()
    }

    /// The explanation in English, a line a step.
    pub fn render_en(&self) -> Vec<String> {
        self.steps.iter().map(Step::render_en).collect()
    }
}

/// What a period starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// An instant; its day is taken in Asia/Shanghai.
    At(Timestamp),
    /// A day whose time is not known; no start for a period in hours.
    On(Date),
}

impl From<Timestamp> for Start {
    fn from(at: Timestamp) -> Self {
        Self::At(at)
    }
}

impl From<Date> for Start {
    fn from(day: Date) -> Self {
        Self::On(day)
    }
}

impl Start {
    /// The day in Asia/Shanghai.
    pub fn day(self) -> Date {
        match self {
            Self::At(at) => legal_day(at),
            Self::On(day) => day,
        }
    }

    fn instant(self) -> Result<Timestamp, LawError> {
        match self {
            Self::At(at) => Ok(at),
            Self::On(day) => first_instant(day),
        }
    }
}

/// An extension that was granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Name of the extension in the rule.
    pub extension: String,
    /// The total or the addition granted, when less than the rule allows; else all of it.
    pub amount: Option<u16>,
}

impl Grant {
    /// All that the extension allows.
    pub fn full(extension: impl Into<String>) -> Self {
        Self { extension: extension.into(), amount: None }
    }

    /// The total reached, or the number added, by what the extension's amount is.
    pub fn of(extension: impl Into<String>, amount: u16) -> Self {
        Self { extension: extension.into(), amount: Some(amount) }
    }
}

/// A time that does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// The day it begins; this day still counts.
    pub from: Date,
    /// The day it ends; the period goes on the day after.
    pub to: Date,
    /// Why.
    pub ground: PauseGround,
}

/// Computes when the period of `rule` ends.
///
/// `extensions` are the grants in the order they were made, `pauses` in any order. The same
/// arguments give the same answer for ever, so a stored deadline can be computed again.
///
/// # Errors
/// Any [`LawError`] but the ones that concern finding a rule.
pub fn due(
    rule: &Rule,
    start: impl Into<Start>,
    extensions: &[Grant],
    pauses: &[Pause],
    calendar: &Calendar,
) -> Result<Due, LawError> {
    let start = start.into();
    let unit = rule.count.unit().ok_or_else(|| LawError::NoPeriod(rule.id.clone()))?;
    let mut steps = vec![Step::Rule {
        id: rule.id.clone(),
        version: rule.version(),
        title: rule.title.clone(),
        sources: rule.source.clone(),
    }];
    let (length, granted) = lengthen(rule, unit, extensions)?;
    let mut assumed = false;

    let (at, last_day) = if unit == Unit::Hour {
        let from = first_counted_hour(rule, start, &mut steps)?;
        steps.push(Step::Counted { number: rule.period, unit });
        steps.extend(granted);
        // Reading G: an hour that falls on a holiday is an hour like any other.
        steps.push(Step::NotMoved(never_moved(rule).unwrap_or(NeverMoved::Hours)));
        if !pauses.is_empty() {
            return Err(LawError::PauseNotAllowed(rule.id.clone()));
        }
        (hours_after(from, length.number)?, None)
    } else {
        steps.push(Step::Started { start });
        steps.push(Step::FirstDayNotCounted { day: start.day() });
        steps.push(Step::Counted { number: rule.period, unit });
        steps.extend(granted);
        let nominal = count(unit, length, start.day(), calendar, &mut assumed, &mut steps)?;
        steps.push(Step::NominalEnd { day: nominal });
        let resumed = stop(rule, start.day(), nominal, pauses, &mut steps)?;
        let last = match never_moved(rule) {
            Some(reason) => {
                steps.push(Step::NotMoved(reason));
                resumed
            }
            None => next_working_day(resumed, calendar, &mut assumed, &mut steps)?,
        };
        (last_instant(last)?, Some(last))
    };
    steps.push(Step::Ended { at, last_day, assumed });
    let warn_at = warn_at(rule.warn_before, at, last_day)?.max(start.instant()?).min(at);
    Ok(Due { at, last_day, warn_at, assumed, steps })
}

/// Custody (PER-03) and, by reading F, a measure against a person or property.
fn never_moved(rule: &Rule) -> Option<NeverMoved> {
    if rule.custody || rule.count.is_strict() {
        Some(NeverMoved::Liberty)
    } else if rule.measure {
        Some(NeverMoved::Measure)
    } else {
        None
    }
}

/// A whole period: a number in the unit of the rule, and days added to months or years.
#[derive(Clone, Copy)]
struct Length {
    number: i64,
    days: i64,
}

/// Readings A and B: every extension goes into one sum that is counted once from the start, so
/// that no chain of extensions passes its cap.
fn lengthen(rule: &Rule, unit: Unit, grants: &[Grant]) -> Result<(Length, Vec<Step>), LawError> {
    let mut length = Length { number: i64::from(rule.period), days: 0 };
    let mut steps = Vec::new();
    for (place, grant) in grants.iter().enumerate() {
        let extension = rule.extension(&grant.extension).ok_or_else(|| {
            let extension = grant.extension.clone();
            LawError::UnknownExtension { rule: rule.id.clone(), extension }
        })?;
        check_turn(extension, &grants[..place])?;
        let before = (length.number, length.days);
        let in_days = add(extension, grant.amount, &mut length)?;
        if (length.number, length.days) <= before {
            return Err(LawError::ExtensionWithoutEffect(extension.name.clone()));
        }
        steps.push(Step::Extended {
            ground: extension.ground.clone(),
            approver: extension.approver,
            added: length.number - before.0 + length.days - before.1,
            unit: if in_days { Unit::Day } else { unit },
        });
    }
    Ok((length, steps))
}

fn check_turn(extension: &Extension, earlier: &[Grant]) -> Result<(), LawError> {
    let granted = |name: &str| earlier.iter().filter(|grant| grant.extension == name).count();
    if granted(&extension.name) >= usize::from(extension.times) {
        return Err(LawError::ExtensionRepeated(extension.name.clone()));
    }
    match &extension.after {
        Some(after) if granted(after) == 0 => Err(LawError::ExtensionTooEarly {
            extension: extension.name.clone(),
            after: after.clone(),
        }),
        _ => Ok(()),
    }
}

/// Adds one grant to the length; says whether it was counted in days of its own.
fn add(extension: &Extension, amount: Option<u16>, length: &mut Length) -> Result<bool, LawError> {
    let within = |limit: u16| match amount.unwrap_or(limit) {
        granted if granted <= limit => Ok(i64::from(granted)),
        _ => Err(LawError::ExtensionPastCap { extension: extension.name.clone(), limit }),
    };
    match extension.amount {
        Amount::Total(total) => length.number = within(total)?,
        Amount::Plus(more) => length.number += within(more)?,
        Amount::PlusDays(days) => length.days += within(days)?,
    }
    match extension.cap {
        Some(limit) if length.number > i64::from(limit) => {
            Err(LawError::ExtensionPastCap { extension: extension.name.clone(), limit })
        }
        _ => Ok(matches!(extension.amount, Amount::PlusDays(_))),
    }
}

/// Where the count of hours begins. Reading H: tied to liberty, at the minute of the start;
/// otherwise after the hour of the start, also when that has only just begun.
fn first_counted_hour(
    rule: &Rule,
    start: Start,
    steps: &mut Vec<Step>,
) -> Result<Timestamp, LawError> {
    const MINUTE: i64 = 60;
    const HOUR: i64 = 3600;
    let Start::At(at) = start else {
        return Err(LawError::StartNeedsTime(rule.id.clone()));
    };
    let cut = |size: i64| {
        let second = at.as_second() - at.as_second().rem_euclid(size);
        Timestamp::from_second(second).map_err(|_| LawError::OutOfRange)
    };
    steps.push(Step::Started { start });
    if rule.count == Count::HoursOfLiberty {
        let from = cut(MINUTE)?;
        steps.push(Step::FromTheMinute { from });
        return Ok(from);
    }
    let from = hours_after(cut(HOUR)?, 1)?;
    steps.push(Step::FirstHourNotCounted { from });
    Ok(from)
}

/// The last day by counting alone.
fn count(
    unit: Unit,
    length: Length,
    start: Date,
    calendar: &Calendar,
    assumed: &mut bool,
    steps: &mut Vec<Step>,
) -> Result<Date, LawError> {
    let end = match unit {
        Unit::Hour | Unit::Day => days_after(start, length.number)?,
        Unit::WorkingDay => {
            let mut day = start;
            for _ in 0..length.number {
                day = next_working_day(days_after(day, 1)?, calendar, assumed, steps)?;
            }
            day
        }
        Unit::Month => months_after(start, length.number)?,
        // Reading K: a year is twelve months, so the last day of February ends on the last.
        Unit::Year => months_after(start, 12 * length.number)?,
    };
    days_after(end, length.days)
}

/// The first working day from `day` on, noting each day passed over.
fn next_working_day(
    mut day: Date,
    calendar: &Calendar,
    assumed: &mut bool,
    steps: &mut Vec<Step>,
) -> Result<Date, LawError> {
    loop {
        let why = calendar.why(day);
        *assumed |= why.assumed();
        if why.is_working() {
            return Ok(day);
        }
        steps.push(Step::Skipped { day, why });
        day = days_after(day, 1)?;
    }
}

/// Prolongs the period by its pauses. Reading C: a pause from day a to day b is b − a days.
/// Reading D: one that begins after the end stops nothing.
fn stop(
    rule: &Rule,
    start: Date,
    nominal: Date,
    pauses: &[Pause],
    steps: &mut Vec<Step>,
) -> Result<Date, LawError> {
    let mut pauses = pauses.to_vec();
    pauses.sort_by_key(|pause| (pause.from, pause.to));
    for pause in &pauses {
        if !rule.pauses.contains(&pause.ground) {
            return Err(LawError::PauseNotAllowed(rule.id.clone()));
        }
        if pause.from < start || pause.to < pause.from {
            return Err(LawError::ImpossiblePause { from: pause.from, to: pause.to });
        }
    }
    if let Some(pair) = pauses.windows(2).find(|pair| pair[1].from < pair[0].to) {
        return Err(LawError::PausesOverlap(pair[1].from));
    }
    let mut end = nominal;
    for pause in pauses {
        if pause.from > end {
            steps.push(Step::PauseTooLate { pause, end });
            continue;
        }
        let days = i64::from((pause.to - pause.from).get_days());
        end = days_after(end, days)?;
        steps.push(Step::Paused { pause, days, end });
    }
    Ok(end)
}

/// Reading L: counting back, the last day is not counted, and the result is not moved.
fn warn_at(
    lead: Option<Lead>,
    at: Timestamp,
    last_day: Option<Date>,
) -> Result<Timestamp, LawError> {
    match (lead, last_day) {
        (Some(Lead::Days(days)), Some(day)) => first_instant(days_after(day, -i64::from(days))?),
        (Some(Lead::Hours(hours)), _) => hours_after(at, -i64::from(hours)),
        _ => Ok(at),
    }
}
