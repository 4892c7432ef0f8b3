#!/usr/bin/env python3
"""A second legal period engine, written apart from the first and from the texts alone.

    second.py RULES CALENDARS < questions > answers

One JSON question a line, one JSON answer a line: id, rule, fact, version, due, last_day, assumed, or id and error.
The texts: crates/law/rules/README.md (the rule data), the question format, and the fact base, sections 0.1, 0.2, 6 and E.1.
Standard library only (and tomli before Python 3.11).

Readings of gaps. Where the texts say nothing, or two things, this is what stands here:

Asking
 G1  `fact` in the answer is the field `fact` of the row as it stands, without the part.
 G2  A fact whose rows all have a part is UNKNOWN_RULE when asked without one; so is an unknown part, and a row that is only an extension.
     A row that is both a rule and an extension (INT-23) is the rule.
 G3  An id or a fact that exists, but not on the day of the act, is NOT_IN_FORCE; `<id>.held` on a day whose version has no held variant too.
     A fact asked on a day when its id is carried by another fact's version is NOT_IN_FORCE (reading T).
 G4  `in_custody` on a rule without a held variant changes nothing; `<id>.held` is the held variant whatever `in_custody` says.
 G5  A held variant is custody in everything: not moved, no travel days. Its code gets a `!` (D, H, M).
 G6  `act` is a date, never a time. Without it the day is that of `start`, not of a restart.
 G7  A time of another offset is turned into Shanghai time; a time without offset, a fraction of a number, null (but for `id`), and a truth
     value for a number are BAD_QUESTION; so are an unknown switch, a switch of B to E, and an end after the year 9999.
 G8  `imm` and `duty` are NO_PERIOD at once, before the start is looked at.

Period
 G9  `period` and numbers of 0 or less: BAD_QUESTION. An extension's `amount` may be 0: EXTENSION_WITHOUT_EFFECT; less than 0: BAD_QUESTION.
 G10 `unit` on a rule that is not `set`: PERIOD_FIXED. A `set` rule with `period` but without `unit`: PERIOD_NOT_SET.
     `unit` is one of min, H, H!, D, D!, WD, M, M!, Y; another is BAD_QUESTION. With an hour unit and a date: START_NEEDS_TIME, found after the period.
 G11 The period that the paper names takes the place of the rule's period with its `plus_days`.
 G12 The paper may name a longer period than the rule's, but not for custody or a measure with a limit (PERIOD_PAST_CAP): there the most is
     the rule's period, or the largest total of its extensions.

Extensions
 G13 Checked in this order, each: unknown, too early, repeated, past the cap, without effect. `times` not given: once.
 G14 An `amount` above the extension's own number is EXTENSION_PAST_CAP; without `amount` the whole number is granted, and is an error if it passes the cap.
 G15 A `total` replaces what was reached, also days added before. Months with days are compared as months, then days.
 G16 A cap of months is passed by the cap with a day added.
 G17 extension_from_moved_end: an addition is counted from the end before it, moved; a `total` counts from the start. Only for periods that a holiday
     moves (never custody, a measure, hours: there it would be `extension_from_last_end`, which is no switch). Pauses and travel come after the last.
 G18 restart_only_article_156: after any restart of the rule of REV-18, the extensions REV-19 and REV-20 are EXTENSION_PAST_CAP.

Restarts, pauses, travel
 G19 A restart before the start or before the one before it: RESTART_NOT_ALLOWED. On the same day, or at the same time, is allowed.
     A restart of an hour rule without a time: START_NEEDS_TIME.
 G20 A pause that begins before the restarted start: IMPOSSIBLE_PAUSE. Pauses are looked at in the order given (ground, then dates), overlaps after all.
     One that begins on the very end still counts; sharing the day of the start is allowed; one of no length adds nothing.
     Where a restart is given, that is the start.
 G21 A pause adds its calendar days, to a period in working days as many working days as it has; a travel day is a calendar day. The end is then moved.
 G22 Travel is refused on a backward rule, and for `!` codes whether the row says custody or not.
     0 travel days are never refused. travel_ignored does not make refused days allowed.

Counting
 G23 The order of computation says at_least is not moved, the line under it says it is, and so does reading F: it is moved.
 G24 `min`: the minute of the start is not counted, so the period begins with the next full minute; hours_whole_hour_start does not touch minutes.
 G25 Reading H: "exactly on the hour" means no minutes, seconds or fraction. seconds_kept keeps the fraction too; it concerns H! only.
 G26 hours_end_of_workday and hours_same_time_next_workday: only code H, not H!, not min, not custody or a measure; a due at 00:00 belongs to the day that
     then begins. The end of the workday is its last instant. Both at once: hours_same_time_next_workday.
     Only then does an hour period look at the calendar.
 G27 by_row_h: a row counted H! whose row_code is H is counted H (not where custody is true).
 G28 civil_code_months: for every procedure but criminal; only M, not Y. M! stays.
 G29 years_keep_day: the day stays, and 02-29 becomes 02-28; without it last day of the month to last day of the month (only February differs).
 G30 A measure is moved under by_code, unless its code has a `!`.
 G31 Backward: back_clear_days is one day (calendar) earlier than the default; back_to_workday goes to the working day before. Clear days first.
     Backward hours: taken from the exact minute for H! and min; for H from the full hour at or before the event (the earlier of the two readings).
     Extensions of a backward rule go further back; pauses add days.
 G32 A window is computed like any backward period: the answer is its first day.
 G33 annual: 02-29 is 02-28 where there is none.

Calendar
 G34 A table may name days of another year; they count. Where two tables name one day, the notice of the later year counts.
 G35 `assumed`: some day that decided the date (each day counted as working or not, each day tried for the end) lies in a year without a table of its own.
     An end that is not moved, not being movable, asks no calendar.
 G36 later_of, earlier_of: fact and version are those of the row itself. The components are taken on the same day of the act, in the same custody, with the same
     switches, travel and pauses (their own grounds); a restart is as the row allows. A component not in force that day is left out; none left: NOT_IN_FORCE.
     `assumed` if any component is. Extensions are the row's own: none, so UNKNOWN_EXTENSION.
"""

import json
import os
import re
import sys
from calendar import monthrange
from datetime import date, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib

try:
    SHANGHAI = ZoneInfo("Asia/Shanghai")
except Exception:  # no time zone data on the machine; the offset has been the same since 1991
    SHANGHAI = timezone(timedelta(hours=8))

SWITCHES = {
    "extension_from_moved_end", "by_code", "hours_end_of_workday", "hours_same_time_next_workday", "hours_whole_hour_start",
    "seconds_kept", "by_row_h", "civil_code_months", "years_keep_day", "years_not_moved", "back_clear_days", "back_to_workday",
    "travel_ignored", "no_calendar_no_date", "restart_only_article_156",
}
FIELDS = {
    "id", "rule", "start", "act", "in_custody", "period", "unit", "extensions", "pauses", "restarts", "travel_days", "readings",
}
PAUSES = {
    "psychiatric_identification", "identification", "hearing", "on_site_inspection", "completion", "third_party_opinion",
    "custody_review_identification", "absence",
}
RESTARTS = {
    "other_major_crime", "identity_found", "supplementary_investigation_returned", "jurisdiction_changed", "mediation_failed",
}
UNITS = {"min", "H", "H!", "D", "D!", "WD", "M", "M!", "Y"}
HOURS = {"min", "H", "H!"}
HELD_CODE = {"D": "D!", "H": "H!", "M": "M!"}
DAY = timedelta(days=1)


class Refused(Exception):
    def __init__(self, reason, field, message=""):
        self.reason, self.field, self.message = reason, field, message


# ---------------------------------------------------------------- calendar

class Calendar:
    """Which days are off, by the notices of the State Council, and for which years there is one."""

    def __init__(self, folder):
        newest = {}
        for name in sorted(os.listdir(folder)):
            if not name.endswith(".toml"):
                continue
            with open(os.path.join(folder, name), "rb") as file:
                notice = tomllib.load(file)
            year, version = notice["year"], notice.get("version", 1)
            if year not in newest or newest[year].get("version", 1) < version:
                newest[year] = notice
        self.years = set(newest)
        self.named = {}
        for year in sorted(newest):
            for span in newest[year].get("off", []):
                day, last = as_date(span["from"]), as_date(span["to"])
                while day <= last:
                    self.named[day.toordinal()] = True
                    day += DAY
            for day in newest[year].get("work", []):
                self.named[as_date(day).toordinal()] = False

    @lru_cache(maxsize=None)
    def off(self, ordinal):
        """(off, assumed) of one day."""
        day = date.fromordinal(ordinal)
        assumed = day.year not in self.years
        if ordinal in self.named:
            return self.named[ordinal], assumed
        return day.weekday() >= 5, assumed

    @lru_cache(maxsize=None)
    def forward(self, ordinal):
        """The day itself or the first working day after it."""
        assumed = False
        while True:
            off, unknown = self.off(ordinal)
            assumed |= unknown
            if not off:
                return ordinal, assumed
            ordinal += 1

    @lru_cache(maxsize=None)
    def back(self, ordinal):
        assumed = False
        while True:
            off, unknown = self.off(ordinal)
            assumed |= unknown
            if not off:
                return ordinal, assumed
            ordinal -= 1

    @lru_cache(maxsize=None)
    def working(self, ordinal, number):
        """The working day `number` working days on; back if negative. The day itself is not counted."""
        step = 1 if number > 0 else -1
        assumed = False
        left = abs(number)
        while left:
            ordinal += step
            off, unknown = self.off(ordinal)
            assumed |= unknown
            if not off:
                left -= 1
        return ordinal, assumed


def as_date(value):
    return value if isinstance(value, date) else date.fromisoformat(value)


# ---------------------------------------------------------------- rules

class Rule:
    def __init__(self, row, held=False):
        self.row = row
        self.id = row["id"] + (".held" if held else "")
        self.fact = row["fact"]
        self.part = row.get("part")
        self.start = as_date(row["from"])
        self.version = str(row["from"])
        self.to = as_date(row["to"]) if "to" in row else None
        self.code = row.get("count", "")
        self.period = row.get("period")
        self.plus_days = row.get("plus_days", 0)
        self.row_code = row.get("row_code")
        self.backward = bool(row.get("backward", False))
        self.paper_sets = bool(row.get("paper_sets", False))
        self.measure = bool(row.get("measure", False))
        self.bound = row.get("bound", "at_most")
        self.unit = row.get("unit")
        self.annual = row.get("annual")
        self.later_of = row.get("later_of")
        self.earlier_of = row.get("earlier_of")
        self.procedure = row.get("procedure", "criminal")
        if held:
            self.code = HELD_CODE.get(self.code, self.code)
        self.custody = held or bool(row.get("custody", False))
        self.pauses = names(row.get("pauses"))
        self.restarts = names(row.get("restarts"))
        self.extensions = {e["name"]: e for e in row.get("extension", [])}

    def in_force(self, day):
        return self.start <= day and (self.to is None or day <= self.to)


def names(value):
    """Grounds as a list of names, or of tables with a name or a ground."""
    if value is None:
        return set()
    if isinstance(value, str):
        return {value}
    return {v if isinstance(v, str) else v.get("ground", v.get("name")) for v in value}


class Rules:
    def __init__(self, folder):
        self.rows = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".toml"):
                with open(os.path.join(folder, name), "rb") as file:
                    self.rows += tomllib.load(file).get("rule", [])
        self.plain, self.held, self.facts = {}, {}, {}
        for row in self.rows:
            rule = Rule(row)
            self.plain.setdefault(rule.id, []).append(rule)
            key = rule.fact + (":" + rule.part if rule.part else "")
            self.facts.setdefault(key, []).append(rule)
            if row.get("also_held"):
                held = Rule(row, held=True)
                self.held.setdefault(row["id"], []).append(held)
                self.plain.setdefault(held.id, []).append(held)

    def find(self, name, day, in_custody):
        versions = self.plain.get(name) or self.facts.get(name)
        if not versions:
            raise Refused("UNKNOWN_RULE", "rule", name)
        for rule in versions:
            if rule.in_force(day):
                break
        else:
            raise Refused("NOT_IN_FORCE", "act", name)
        if in_custody:
            for held in self.held.get(rule.id, ()):
                if held.in_force(day):
                    return held
        return rule


# ---------------------------------------------------------------- question

TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.(\d+))?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def bad(field, message=""):
    return Refused("BAD_QUESTION", field, message)


@lru_cache(maxsize=200000)
def parse_date(text):
    if isinstance(text, str) and DATE.fullmatch(text):
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    return None


@lru_cache(maxsize=200000)
def parse_moment(text):
    """(day, time in Shanghai or None), or None."""
    day = parse_date(text)
    if day:
        return day, None
    match = TIME.fullmatch(text)
    if not match:
        return None
    on, hour, minute, second, fraction, offset = match.groups()
    day = parse_date(on)
    if not day:
        return None
    try:
        at = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second), int(((fraction or "") + "000000")[:6]))
        if offset != "+08:00":
            if offset in "Zz":
                zone = timezone.utc
            else:
                if int(offset[1:3]) > 23 or int(offset[4:6]) > 59:
                    return None
                zone = timezone((1 if offset[0] == "+" else -1) * timedelta(hours=int(offset[1:3]), minutes=int(offset[4:6])))
            at = at.replace(tzinfo=zone).astimezone(SHANGHAI).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return None
    return at.date(), at


def whole(value, least, field):
    if type(value) is not int or value < least or value > 4_000_000:
        raise bad(field)
    return value


class Question:
    def __init__(self, raw):
        if not isinstance(raw, dict):
            raise bad("", "not an object")
        for key in raw:
            if key not in FIELDS:
                raise bad(key, "unknown field")
        self.rule = raw.get("rule")
        if not isinstance(self.rule, str):
            raise bad("rule")
        start = raw.get("start")
        moment = parse_moment(start) if isinstance(start, str) else None
        if not moment:
            raise bad("start")
        self.day, self.time = moment
        self.act = self.day
        if "act" in raw:
            self.act = parse_date(raw["act"]) if isinstance(raw["act"], str) else None
            if not self.act:
                raise bad("act")
        self.in_custody = raw.get("in_custody", False)
        if type(self.in_custody) is not bool:
            raise bad("in_custody")
        self.period = whole(raw["period"], 1, "period") if "period" in raw else None
        self.unit = raw.get("unit")
        if "unit" in raw and (not isinstance(self.unit, str) or self.unit not in UNITS):
            raise bad("unit")
        self.extensions = [self.extension(e) for e in self.array(raw, "extensions")]
        self.pauses = [self.pause(p) for p in self.array(raw, "pauses")]
        self.restarts = [self.restart(r) for r in self.array(raw, "restarts")]
        self.travel = whole(raw["travel_days"], 0, "travel_days") if "travel_days" in raw else 0
        readings = raw.get("readings", {})
        if not isinstance(readings, dict):
            raise bad("readings")
        for name, value in readings.items():
            if name not in SWITCHES or type(value) is not bool:
                raise bad("readings", name)
        self.readings = {name for name, value in readings.items() if value}

    @staticmethod
    def array(raw, field):
        value = raw.get(field, [])
        if not isinstance(value, list):
            raise bad(field)
        return value

    @staticmethod
    def extension(value):
        if isinstance(value, str):
            return value, None
        if not isinstance(value, dict) or not isinstance(value.get("name"), str) or set(value) - {"name", "amount"}:
            raise bad("extensions")
        amount = whole(value["amount"], 0, "extensions") if "amount" in value else None
        return value["name"], amount

    @staticmethod
    def pause(value):
        if not isinstance(value, dict) or set(value) != {"from", "to", "ground"}:
            raise bad("pauses")
        begin = parse_date(value["from"]) if isinstance(value["from"], str) else None
        end = parse_date(value["to"]) if isinstance(value["to"], str) else None
        if not begin or not end or value["ground"] not in PAUSES:
            raise bad("pauses")
        return begin, end, value["ground"]

    @staticmethod
    def restart(value):
        if not isinstance(value, dict) or set(value) != {"at", "ground"} or value["ground"] not in RESTARTS:
            raise bad("restarts")
        moment = parse_moment(value["at"]) if isinstance(value["at"], str) else None
        if not moment:
            raise bad("restarts")
        return moment[0], moment[1], value["ground"]


# ---------------------------------------------------------------- counting

def last_of(year, month):
    return monthrange(year, month)[1]


@lru_cache(maxsize=200000)
def add_months(day, months, to_last):
    """The same day `months` months on; from the last day of a month to the last day, if `to_last` (PER-04)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    month += 1
    last = last_of(year, month) if 1 <= year <= 9999 else None
    if last is None:
        raise OverflowError
    if to_last and day.day == last_of(day.year, day.month):
        return date(year, month, last)
    return date(year, month, min(day.day, last))


def civil(rule, code, readings):
    return code == "M" and "civil_code_months" in readings and rule.procedure != "criminal"


class Engine:
    def __init__(self, rules, calendars):
        self.rules = Rules(rules)
        self.calendar = Calendar(calendars)

    def answer(self, raw):
        ident = raw.get("id") if isinstance(raw, dict) else None
        try:
            q = Question(raw)
            rule = self.rules.find(q.rule, q.act, q.in_custody)
            due, last_day, assumed = self.compute(rule, q)
            if assumed and "no_calendar_no_date" in q.readings:
                raise Refused("NO_CALENDAR", "start")
            return {
                "id": ident, "rule": rule.id, "fact": rule.fact, "version": rule.version,
                "due": due.isoformat() + "+08:00", "last_day": last_day.isoformat() if last_day else None, "assumed": assumed,
            }
        except Refused as error:
            reason, field, message = error.reason, error.field, error.message
        except (OverflowError, ValueError):
            reason, field, message = "BAD_QUESTION", "start", "out of the range of dates"
        return {"id": ident, "error": {"reason": reason, "field": field, "message": message}}

    # --- one rule

    def compute(self, rule, q):
        if rule.later_of or rule.earlier_of:
            return self.choose(rule, q)
        code = rule.code
        if code in ("imm", "duty"):
            raise Refused("NO_PERIOD", "rule")
        if code == "H!" and rule.row_code == "H" and "by_row_h" in q.readings and not rule.custody:
            code = "H"
        if code in HOURS and q.time is None:
            raise Refused("START_NEEDS_TIME", "start")
        code, period, plus_days = self.period(rule, q, code)
        hours = code in HOURS
        if hours and q.time is None:
            raise Refused("START_NEEDS_TIME", "start")
        day, time = self.restart(rule, q, hours)

        # What the chain of extensions comes to: the total in the unit of the rule, days added, and the chain itself for reading A.
        total, days, chain = self.extend(rule, q, code, period, plus_days)
        self.check_pauses(rule, q, day, hours)
        held = rule.custody or code.endswith("!")
        if q.travel and (held or rule.measure or hours or rule.backward):
            raise Refused("TRAVEL_NOT_ALLOWED", "travel_days")
        travel = 0 if "travel_ignored" in q.readings else q.travel

        if hours:
            return self.hours(rule, code, q, time, total, days)
        if rule.backward:
            return self.backward(rule, code, q, day, total, days, travel)

        movable = not held and (not rule.measure or "by_code" in q.readings)
        if code == "Y" and "years_not_moved" in q.readings:
            movable = False
        self.assumed = False
        if chain and movable and "extension_from_moved_end" in q.readings:
            end = self.count(rule, code, q, day, period) + timedelta(days=plus_days)
            for kind, number in chain:
                if kind == "total":
                    end = self.count(rule, code, q, day, number)
                    continue
                end = self.roll(end)
                end = self.count(rule, code, q, end, number) if kind == "plus" else end + timedelta(days=number)
        else:
            end = self.count(rule, code, q, day, total) + timedelta(days=days)
        for begin, stop, _ in sorted(q.pauses):
            if begin <= end:
                end = self.paused(code, end, begin, stop)
        end += timedelta(days=travel)
        if movable:
            end = self.roll(end)
        return last_instant(end), end, self.assumed

    def paused(self, code, end, begin, stop):
        """A period in working days misses the working days of a pause, any other one its days."""
        if code != "WD":
            return end + (stop - begin)
        missed = 0
        for ordinal in range(begin.toordinal() + 1, stop.toordinal() + 1):
            off, assumed = self.calendar.off(ordinal)
            self.assumed |= assumed
            missed += not off
        ordinal, assumed = self.calendar.working(end.toordinal(), missed)
        self.assumed |= assumed
        return date.fromordinal(ordinal)

    def roll(self, end):
        ordinal, assumed = self.calendar.forward(end.toordinal())
        self.assumed |= assumed
        return date.fromordinal(ordinal)

    def choose(self, rule, q):
        """The later, or the earlier, of several rules."""
        if q.period is not None or q.unit is not None:
            raise Refused("PERIOD_FIXED", "period")
        day, time = self.restart(rule, q, False)
        for name, _ in q.extensions:
            if name not in rule.extensions:
                raise Refused("UNKNOWN_EXTENSION", "extensions", name)
        part = object.__new__(Question)
        part.__dict__.update(q.__dict__)
        part.day, part.time, part.restarts, part.extensions = day, time, [], []
        found, missing = [], None
        for name in rule.later_of or rule.earlier_of:
            try:
                component = self.rules.find(name, q.act, q.in_custody or rule.id.endswith(".held"))
            except Refused as error:
                if error.reason != "NOT_IN_FORCE":
                    raise
                missing = error
                continue
            found.append(self.compute(component, part))
        if not found:
            raise missing
        best = found[0]
        for other in found[1:]:
            if (other[0] > best[0]) if rule.later_of else (other[0] < best[0]):
                best = other
        return best[0], best[1], any(f[2] for f in found)

    def period(self, rule, q, code):
        if code == "set":
            if q.period is None or (q.unit is None and rule.unit is None):
                raise Refused("PERIOD_NOT_SET", "period")
            if rule.unit is not None and q.unit not in (None, rule.unit):
                raise Refused("PERIOD_FIXED", "unit")
            return rule.unit or q.unit, q.period, 0
        if q.unit is not None:
            raise Refused("PERIOD_FIXED", "unit")
        if q.period is not None:
            if not rule.paper_sets:
                raise Refused("PERIOD_FIXED", "period")
            # A paper may hold or restrain for less than the rule and its extensions allow, never for more.
            most = max([rule.period] + [e["amount"]["total"] for e in rule.extensions.values() if "total" in e["amount"]])
            restrains = rule.custody or rule.measure or rule.code.endswith("!")
            if restrains and rule.bound == "at_most" and q.period > most:
                raise Refused("PERIOD_PAST_CAP", "period")
            return code, q.period, 0
        if code == "annual":
            return code, 1, rule.plus_days
        if rule.period is None:
            raise Refused("PERIOD_NOT_SET", "period")
        return code, rule.period, rule.plus_days

    def restart(self, rule, q, hours):
        day, time = q.day, q.time
        for on, at, ground in q.restarts:
            if ground not in rule.restarts:
                raise Refused("RESTART_NOT_ALLOWED", "restarts", ground)
            if hours and at is None:
                raise Refused("START_NEEDS_TIME", "restarts")
            if on < day or (at and time and at < time):
                raise Refused("RESTART_NOT_ALLOWED", "restarts", "before the start")
            day, time = on, at
        return day, time

    def extend(self, rule, q, code, period, plus_days):
        total, days, chain, given = period, plus_days, [], {}
        in_days = code in ("D", "D!")
        for name, amount in q.extensions:
            extension = rule.extensions.get(name)
            if extension is None:
                raise Refused("UNKNOWN_EXTENSION", "extensions", name)
            after = extension.get("after")
            if after is not None and not any(a in given for a in ([after] if isinstance(after, str) else after)):
                raise Refused("EXTENSION_TOO_EARLY", "extensions", name)
            if given.get(name, 0) >= extension.get("times", 1):
                raise Refused("EXTENSION_REPEATED", "extensions", name)
            kind, most = next(iter(extension["amount"].items()))
            granted = most if amount is None else amount
            if granted > most:
                raise Refused("EXTENSION_PAST_CAP", "extensions", name)
            before = (total, days)
            if kind == "total":
                total, days = granted, 0
            elif kind == "plus":
                total += granted
            else:
                days += granted
            reached = (total + days, 0) if in_days else (total, days)
            if in_days:
                before = (before[0] + before[1], 0)
            cap = extension.get("cap")
            if cap is not None and reached > (cap, 0):
                raise Refused("EXTENSION_PAST_CAP", "extensions", name)
            if q.restarts and "restart_only_article_156" in q.readings and rule.fact == "REV-18" and extension.get("fact") in ("REV-19", "REV-20"):
                raise Refused("EXTENSION_PAST_CAP", "extensions", name)
            if reached <= before:
                raise Refused("EXTENSION_WITHOUT_EFFECT", "extensions", name)
            given[name] = given.get(name, 0) + 1
            chain.append((kind, granted))
        return total, days, chain

    def check_pauses(self, rule, q, day, hours):
        for begin, end, ground in q.pauses:
            if hours or ground not in rule.pauses:
                raise Refused("PAUSE_NOT_ALLOWED", "pauses", ground)
            if begin < day or end < begin:
                raise Refused("IMPOSSIBLE_PAUSE", "pauses")
        ended = None
        for begin, end, _ in sorted(q.pauses):
            if ended is not None and begin < ended:
                raise Refused("PAUSES_OVERLAP", "pauses")
            ended = end

    def count(self, rule, code, q, day, number):
        if code in ("D", "D!"):
            return day + timedelta(days=number)
        if code == "WD":
            ordinal, assumed = self.calendar.working(day.toordinal(), number)
            self.assumed |= assumed
            return date.fromordinal(ordinal)
        if code in ("M", "M!"):
            return add_months(day, number, not civil(rule, code, q.readings))
        if code == "Y":
            return add_months(day, 12 * number, "years_keep_day" not in q.readings)
        if code == "annual":
            month, of_month = map(int, rule.annual.split("-"))
            year = day.year
            while True:
                end = date(year, month, min(of_month, last_of(year, month)))
                if end > day:
                    return end
                year += 1
        raise ValueError(code)

    def hours(self, rule, code, q, time, total, days):
        step = timedelta(minutes=total) if code == "min" else timedelta(hours=total)
        step += timedelta(days=days)
        whole_minute = time.replace(second=0, microsecond=0)
        whole_hour = whole_minute.replace(minute=0)
        if rule.backward:
            start = whole_hour if code == "H" else whole_minute
            return start - step, None, False
        if code == "min":
            start = whole_minute + timedelta(minutes=1)
        elif code == "H":
            start = whole_hour + timedelta(hours=1)
            if time == whole_hour and "hours_whole_hour_start" in q.readings:
                start = time
        else:
            start = time if "seconds_kept" in q.readings else whole_minute
        due = start + step
        assumed = False
        if code == "H" and not rule.custody and not rule.measure:
            same, end = "hours_same_time_next_workday" in q.readings, "hours_end_of_workday" in q.readings
            if same or end:
                ordinal, assumed = self.calendar.forward(due.toordinal())
                if ordinal != due.toordinal():
                    day = date.fromordinal(ordinal)
                    due = datetime.combine(day, due.time()) if same else last_instant(day)
        return due, None, assumed

    def backward(self, rule, code, q, day, total, days, travel):
        self.assumed = False
        end = self.count(rule, code, q, day, -total) - timedelta(days=days)
        for begin, stop, _ in sorted(q.pauses):
            if begin <= end:
                end += stop - begin
        end += timedelta(days=travel)
        if "back_clear_days" in q.readings:
            end -= DAY
        if "back_to_workday" in q.readings:
            ordinal, assumed = self.calendar.back(end.toordinal())
            self.assumed |= assumed
            end = date.fromordinal(ordinal)
        return last_instant(end), end, self.assumed


@lru_cache(maxsize=200000)
def last_instant(day):
    return datetime(day.year, day.month, day.day, 23, 59, 59, 999999)


def main():
    if len(sys.argv) != 3:
        sys.exit("second.py RULES CALENDARS < questions > answers")
    engine = Engine(sys.argv[1], sys.argv[2])
    out = sys.stdout
    for line in sys.stdin:
        if not line.strip():
            continue
        try:
            answer = engine.answer(json.loads(line))
        except (json.JSONDecodeError, RecursionError) as error:
            answer = {"id": None, "error": {"reason": "BAD_QUESTION", "field": "", "message": str(error)}}
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
