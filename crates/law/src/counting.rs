//! How a period is counted out: start, length, extensions, pauses, holidays.
//!
//! Where the law allows more than one reading, the adopted one stands beside the code that
//! applies it. The letters are those of the fact base, Appendix E.1.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::explain::{NeverMoved, Step};
use crate::length::{Length, add, check_turn};
use crate::zone::{days_after, minutes_after, months_after, same_day_after};
use crate::{
    Amount, Bound, Calendar, Count, Due, Facts, Law, LawError, Lead, Named, Pause, Procedure,
    Reading, Readings, Restart, Rule, Start, Unit, first_instant, last_instant, legal_day,
};

/// One computation under way.
pub(crate) struct Counting<'a> {
    rule: &'a Rule,
    calendar: &'a Calendar,
    readings: Readings,
    /// How it is counted in this case.
    code: Count,
    assumed: bool,
    steps: Vec<Step>,
}

/// One granted extension: the length with it, and whether it is a total.
struct Added {
    length: Length,
    total: bool,
    step: Step,
}

impl<'a> Counting<'a> {
    /// The computation for `rule`, which begins with the step that names it.
    pub(crate) fn new(law: &Law<'a>, rule: &'a Rule, named: Step) -> Self {
        Self {
            rule,
            calendar: law.calendar,
            readings: law.readings,
            code: rule.count,
            assumed: false,
            steps: vec![named],
        }
    }

    /// Counts the period out.
    pub(crate) fn due(&mut self, start: Start, facts: &Facts) -> Result<Due, LawError> {
        let rule = self.rule;
        let id = || rule.id.clone();
        match self.code {
            Count::Immediate | Count::Duty => return Err(LawError::NoPeriod(id())),
            // Reading I: a duty tied to a person held runs from the exact minute.
            Count::HoursOfLiberty
                if rule.row_code == Some(Count::Hours)
                    && !rule.custody
                    && self.has(Reading::ByRowH) =>
            {
                self.code = Count::Hours;
            }
            _ => {}
        }
        self.check_start(start)?;
        let length = self.length(facts)?;
        // Again, for a paper that names hours.
        self.check_start(start)?;
        let start = self.restart(start, &facts.restarts)?;
        let added = self.lengthen(length, facts)?;
        self.check_pauses(start, &facts.pauses)?;
        self.check_travel(facts.travel_days)?;

        self.steps.push(Step::Started { start });
        match self.code.unit() {
            Some(unit) if unit.is_short() => self.short(unit, start, length, added),
            _ => self.long(start, length, added, facts),
        }
    }

    fn has(&self, reading: Reading) -> bool {
        self.readings.has(reading)
    }

    fn check_start(&self, start: Start) -> Result<(), LawError> {
        let needs_time = self.code.unit().is_some_and(Unit::is_short);
        match start {
            Start::On(_) if needs_time => Err(LawError::StartNeedsTime(self.rule.id.clone())),
            _ => Ok(()),
        }
    }

    /// What the paper of the case says, else the rule.
    fn length(&mut self, facts: &Facts) -> Result<Length, LawError> {
        let rule = self.rule;
        let own = Length { number: i64::from(rule.period), days: i64::from(rule.plus_days) };
        let Some(Named { number, count }) = facts.named else {
            return match rule.count {
                Count::Set => Err(LawError::PeriodNotSet(rule.id.clone())),
                _ => Ok(own),
            };
        };
        if rule.count == Count::Set {
            self.code = match (rule.unit, count) {
                (Some(unit), None) => unit,
                (Some(unit), Some(count)) if unit == count => unit,
                (None, Some(count)) if count.unit().is_some() => count,
                (Some(_), Some(_)) => return Err(LawError::PeriodFixed(rule.id.clone())),
                (None, _) => return Err(LawError::PeriodNotSet(rule.id.clone())),
            };
        } else if !rule.paper_sets || count.is_some() {
            return Err(LawError::PeriodFixed(rule.id.clone()));
        }
        // A paper may hold or restrain a person for less than the rule allows, never for more.
        let restrains = rule.custody || rule.measure || rule.count.is_strict();
        let limit = rule.most();
        if restrains && rule.bound == Bound::AtMost && limit > 0 && number.get() > limit {
            return Err(LawError::PeriodPastCap { rule: rule.id.clone(), limit });
        }
        Ok(Length { number: i64::from(number.get()), days: 0 })
    }

    /// The start that counts: the last restart's, where there is one (PER-17).
    fn restart(&mut self, start: Start, restarts: &[Restart]) -> Result<Start, LawError> {
        let mut begins = start;
        for restart in restarts {
            let known = self.rule.restarts.contains(&restart.ground);
            if !known || restart.at.precedes(begins) {
                return Err(LawError::RestartNotAllowed(self.rule.id.clone()));
            }
            self.check_start(restart.at)?;
            self.steps.push(Step::Restarted { ground: restart.ground, before: begins });
            begins = restart.at;
        }
        Ok(begins)
    }

    /// Readings A and B: every extension goes into one sum that is counted once from the start, so
    /// that no chain of extensions passes its cap.
    fn lengthen(&self, length: Length, facts: &Facts) -> Result<Vec<Added>, LawError> {
        let rule = self.rule;
        let unit = self.code.unit().unwrap_or(Unit::Day);
        let mut length = length;
        let mut all = Vec::new();
        for (place, grant) in facts.extensions.iter().enumerate() {
            let extension = rule.extension(&grant.extension).ok_or_else(|| {
                let extension = grant.extension.clone();
                LawError::UnknownExtension { rule: rule.id.clone(), extension }
            })?;
            check_turn(extension, &facts.extensions[..place])?;
            // Reading N: after a restart every extension is open again, unless the bureau reads
            // article 160 as naming the first one only.
            let closed = self.has(Reading::RestartOnlyArticle156)
                && !facts.restarts.is_empty()
                && matches!(extension.fact.as_deref(), Some("REV-19" | "REV-20"));
            if closed {
                let extension = extension.name.clone();
                return Err(LawError::ExtensionPastCap { extension, limit: 0 });
            }
            let before = length;
            length = add(extension, grant.amount, before)?;
            if length <= before {
                return Err(LawError::ExtensionWithoutEffect(extension.name.clone()));
            }
            let in_days = matches!(extension.amount, Amount::PlusDays(_));
            all.push(Added {
                length,
                total: matches!(extension.amount, Amount::Total(_)),
                step: Step::Extended {
                    ground: extension.ground.clone(),
                    approver: extension.approver,
                    added: length.number - before.number + length.days - before.days,
                    unit: if in_days { Unit::Day } else { unit },
                },
            });
        }
        Ok(all)
    }

    fn check_pauses(&self, start: Start, pauses: &[Pause]) -> Result<(), LawError> {
        let hours = self.code.unit().is_some_and(Unit::is_short);
        for pause in pauses {
            if hours || !self.rule.pauses.contains(&pause.ground) {
                return Err(LawError::PauseNotAllowed(self.rule.id.clone()));
            }
            if pause.from < start.day() || pause.to < pause.from {
                return Err(LawError::ImpossiblePause { from: pause.from, to: pause.to });
            }
        }
        let sorted = in_order(pauses);
        match sorted.windows(2).find(|pair| pair[1].from < pair[0].to) {
            Some(pair) => Err(LawError::PausesOverlap(pair[1].from)),
            None => Ok(()),
        }
    }

    /// Days on the road prolong what a party has to do; never custody, a measure, or hours, and a
    /// day counted back to is not put off by them.
    fn check_travel(&self, days: u16) -> Result<(), LawError> {
        let rule = self.rule;
        let hours = self.code.unit().is_some_and(Unit::is_short);
        let refused =
            hours || rule.custody || self.code.is_strict() || rule.measure || rule.backward;
        if days > 0 && refused {
            return Err(LawError::TravelNotAllowed(rule.id.clone()));
        }
        Ok(())
    }

    /// A period in hours or minutes, which ends on an instant.
    fn short(
        &mut self,
        unit: Unit,
        start: Start,
        length: Length,
        added: Vec<Added>,
    ) -> Result<Due, LawError> {
        let size = if unit == Unit::Minute { 1 } else { 60 };
        let from = self.first_counted(start)?;
        self.steps.push(Step::Counted { number: length.number, unit, days: 0 });
        let number = added.last().map_or(length.number, |added| added.length.number);
        self.steps.extend(added.into_iter().map(|added| added.step));
        let minutes = if self.rule.backward { -size * number } else { size * number };
        let mut at = minutes_after(from, minutes)?;

        let movable = self.code == Count::Hours && self.never_moved().is_none();
        let next = self.has(Reading::HoursSameTimeNextWorkday);
        if movable && (next || self.has(Reading::HoursEndOfWorkday)) {
            let day = legal_day(at);
            let working = self.next_working_day(day)?;
            if working != day {
                let days = i64::from((working - day).get_days());
                at = if next { minutes_after(at, days * 24 * 60)? } else { last_instant(working)? };
            }
        } else {
            // Reading G: an hour that falls on a holiday is an hour like any other.
            self.steps
                .push(Step::NotMoved { because: self.never_moved().unwrap_or(NeverMoved::Hours) });
        }
        self.ended(start, at, None)
    }

    /// Where the count begins. Reading H: tied to liberty, at the minute of the start; otherwise
    /// after the hour (or minute) of the start, also when that has only just begun.
    fn first_counted(&mut self, start: Start) -> Result<Timestamp, LawError> {
        let Start::At(at) = start else {
            return Err(LawError::StartNeedsTime(self.rule.id.clone()));
        };
        let cut = |minutes: i64| {
            let size = 60 * minutes;
            let second = at.as_second() - at.as_second().rem_euclid(size);
            Timestamp::from_second(second).map_err(|_| LawError::OutOfRange)
        };
        let (size, exact) = match self.code {
            Count::Hours => (60, false),
            Count::Minutes => (1, self.rule.backward),
            _ => (1, true),
        };
        let whole = cut(size)?;
        if exact {
            let keeps = self.code == Count::HoursOfLiberty && self.has(Reading::SecondsKept);
            let from = if keeps { at } else { whole };
            self.steps.push(Step::FromTheMinute { from });
            return Ok(from);
        }
        if self.rule.backward {
            self.steps.push(Step::FirstHourNotCounted { from: whole });
            return Ok(whole);
        }
        let counts_whole = size == 60 && at == whole && self.has(Reading::HoursWholeHourStart);
        let from = if counts_whole { whole } else { minutes_after(whole, size)? };
        self.steps.push(Step::FirstHourNotCounted { from });
        Ok(from)
    }

    /// A period in days or longer, which ends with a day.
    fn long(
        &mut self,
        start: Start,
        length: Length,
        added: Vec<Added>,
        facts: &Facts,
    ) -> Result<Due, LawError> {
        let day = start.day();
        self.steps.push(Step::FirstDayNotCounted { day });
        let mut end = if let Some(annual) = self.rule.annual {
            let this_year = annual.of(day.year());
            if this_year > day { this_year } else { annual.of(day.year() + 1) }
        } else {
            let unit = self.code.unit().unwrap_or(Unit::Day);
            let Length { number, days } = length;
            self.steps.push(Step::Counted { number, unit, days });
            self.sum(unit, day, length, added)?
        };
        self.steps.push(Step::NominalEnd { day: end });
        for pause in in_order(&facts.pauses) {
            end = self.stop(end, pause)?;
        }
        if facts.travel_days > 0 && !self.has(Reading::TravelIgnored) {
            end = days_after(end, i64::from(facts.travel_days))?;
            self.steps.push(Step::Travelled { days: facts.travel_days, end });
        }
        let last = self.roll(end)?;
        self.ended(start, last_instant(last)?, Some(last))
    }

    /// The last day by counting alone.
    fn sum(
        &mut self,
        unit: Unit,
        start: Date,
        length: Length,
        added: Vec<Added>,
    ) -> Result<Date, LawError> {
        let chained = self.has(Reading::ExtensionFromMovedEnd)
            && self.never_moved().is_none()
            && !added.is_empty();
        if !chained {
            let whole = added.last().map_or(length, |added| added.length);
            self.steps.extend(added.into_iter().map(|added| added.step));
            return self.count(unit, start, whole);
        }
        let mut before = length;
        let mut end = self.count(unit, start, length)?;
        for Added { length, total, step } in added {
            self.steps.push(step);
            if total {
                end = self.count(unit, start, length)?;
            } else {
                let more = Length {
                    number: length.number - before.number,
                    days: length.days - before.days,
                };
                let moved = self.next_working_day(end)?;
                end = self.count(unit, moved, more)?;
            }
            before = length;
        }
        Ok(end)
    }

    fn count(&mut self, unit: Unit, start: Date, length: Length) -> Result<Date, LawError> {
        let sign = if self.rule.backward { -1 } else { 1 };
        let number = sign * length.number;
        // Reading J: month ends as in criminal procedure everywhere. Reading K: a year is twelve
        // months, so the last day of February ends on the last.
        let civil =
            self.has(Reading::CivilCodeMonths) && self.rule.procedure != Procedure::Criminal;
        let months = |number, keeps_day| {
            if keeps_day { same_day_after(start, number) } else { months_after(start, number) }
        };
        let end = match unit {
            Unit::Minute | Unit::Hour | Unit::Day => days_after(start, number)?,
            Unit::WorkingDay => self.working_days_after(start, number)?,
            Unit::Month => months(number, civil && self.code == Count::Months)?,
            Unit::Year => months(12 * number, self.has(Reading::YearsKeepDay))?,
        };
        let mut end = days_after(end, sign * length.days)?;
        if self.rule.backward {
            // Reading L: the day of the event is not counted, and the result is not moved.
            if self.has(Reading::BackClearDays) {
                end = days_after(end, -1)?;
            }
            if self.has(Reading::BackToWorkday) {
                end = self.working_day(end, -1)?;
            }
        }
        Ok(end)
    }

    fn working_days_after(&mut self, start: Date, number: i64) -> Result<Date, LawError> {
        let step = number.signum();
        let mut day = start;
        for _ in 0..number.abs() {
            day = self.working_day(days_after(day, step)?, step)?;
        }
        Ok(day)
    }

    fn next_working_day(&mut self, day: Date) -> Result<Date, LawError> {
        self.working_day(day, 1)
    }

    /// The first working day from `day` on, forward or back, noting each day passed over.
    fn working_day(&mut self, mut day: Date, step: i64) -> Result<Date, LawError> {
        loop {
            let why = self.calendar.why(day);
            self.assumed |= why.assumed();
            if why.is_working() {
                return Ok(day);
            }
            self.steps.push(Step::Skipped { day, why });
            day = days_after(day, step)?;
        }
    }

    /// Prolongs the period by a pause. Reading C: a pause from day a to day b is b − a days, of
    /// which a period in working days misses the working ones. Reading D: one that begins after
    /// the end stops nothing.
    fn stop(&mut self, end: Date, pause: Pause) -> Result<Date, LawError> {
        if pause.from > end {
            self.steps.push(Step::PauseTooLate { pause, end });
            return Ok(end);
        }
        let mut days = i64::from((pause.to - pause.from).get_days());
        let later = if self.code == Count::WorkingDays {
            let mut missed = 0;
            for after in 1..=days {
                let why = self.calendar.why(days_after(pause.from, after)?);
                self.assumed |= why.assumed();
                missed += i64::from(why.is_working());
            }
            days = missed;
            self.working_days_after(end, missed)?
        } else {
            days_after(end, days)?
        };
        self.steps.push(Step::Paused { pause, days, end: later });
        Ok(later)
    }

    /// PER-02, once and at the very end (reading A).
    fn roll(&mut self, end: Date) -> Result<Date, LawError> {
        if let Some(because) = self.never_moved() {
            self.steps.push(Step::NotMoved { because });
            return Ok(end);
        }
        self.next_working_day(end)
    }

    /// Custody (PER-03) and, by reading F, a measure against a person or property.
    fn never_moved(&self) -> Option<NeverMoved> {
        let rule = self.rule;
        let years = self.code == Count::Years && self.has(Reading::YearsNotMoved);
        if rule.custody || self.code.is_strict() {
            Some(NeverMoved::Liberty)
        } else if rule.measure && !self.has(Reading::ByCode) {
            Some(NeverMoved::Measure)
        } else if rule.backward {
            Some(NeverMoved::Backward)
        } else if years {
            Some(NeverMoved::Years)
        } else {
            None
        }
    }

    fn ended(
        &mut self,
        start: Start,
        at: Timestamp,
        last_day: Option<Date>,
    ) -> Result<Due, LawError> {
        let assumed = self.assumed;
        self.steps.push(Step::Ended { at, last_day, assumed });
        let warned = !self.rule.backward && self.rule.bound == Bound::AtMost;
        let lead = if warned { self.rule.warn_before } else { None };
        let warn_at = warn_at(lead, at, last_day)?.max(start.instant()?).min(at);
        Ok(Due { at, last_day, warn_at, assumed, steps: std::mem::take(&mut self.steps) })
    }
}

fn in_order(pauses: &[Pause]) -> Vec<Pause> {
    let mut pauses = pauses.to_vec();
    pauses.sort_by_key(|pause| (pause.from, pause.to));
    pauses
}

/// Reading L: counting back, the last day is not counted, and the result is not moved.
fn warn_at(
    lead: Option<Lead>,
    at: Timestamp,
    last_day: Option<Date>,
) -> Result<Timestamp, LawError> {
    match (lead, last_day) {
        (Some(Lead::Days(days)), Some(day)) => first_instant(days_after(day, -i64::from(days))?),
        (Some(Lead::Hours(hours)), _) => minutes_after(at, -60 * i64::from(hours)),
        (Some(Lead::Minutes(minutes)), _) => minutes_after(at, -i64::from(minutes)),
        _ => Ok(at),
    }
}
