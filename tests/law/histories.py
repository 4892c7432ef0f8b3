#!/usr/bin/env python3
"""Random questions about legal periods, mostly sensible, over all rules; the same seed gives the same questions.

    histories.py RULES SEED COUNT > questions

Starts lie in 2015 to 2027; month ends, leap days and the days before long holidays are drawn more often than others.
A few in a hundred are wrong on purpose: an unknown rule, a day outside the versions, hours without a time, a wrong ground, and so on.
"""

import json
import os
import random
import sys
from calendar import monthrange
from datetime import date, timedelta

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib

FIRST, LAST = date(2015, 1, 1), date(2027, 12, 31)
SWITCHES = [
    "extension_from_moved_end", "by_code", "hours_end_of_workday", "hours_same_time_next_workday", "hours_whole_hour_start",
    "seconds_kept", "by_row_h", "civil_code_months", "years_keep_day", "years_not_moved", "back_clear_days", "back_to_workday",
    "travel_ignored", "no_calendar_no_date", "restart_only_article_156",
]
UNITS = ["min", "H", "H!", "D", "D", "D", "D!", "WD", "WD", "M", "M", "M!", "Y"]
HOURS = ("min", "H", "H!")
# The first days of the long holidays of the years that have a calendar, and of a few that have none.
HOLIDAYS = [date.fromisoformat(day) for day in (
    "2015-02-18", "2015-05-01", "2015-10-01", "2016-01-01", "2016-02-07", "2016-04-02", "2016-04-30", "2016-06-09", "2016-09-15", "2016-10-01",
    "2017-01-27", "2017-10-01", "2020-01-24", "2021-10-01", "2024-10-01", "2025-01-01", "2025-01-28", "2025-04-04", "2025-05-01", "2025-05-31",
    "2025-10-01", "2026-01-01", "2026-02-15", "2026-04-04", "2026-05-01", "2026-06-19", "2026-09-25", "2026-10-01", "2027-01-01", "2027-02-06",
)]
LEAP = [date(2016, 2, 29), date(2020, 2, 29), date(2024, 2, 29)]


def day_of(value):
    return value if isinstance(value, date) else date.fromisoformat(value)


class Histories:
    def __init__(self, folder, seed):
        self.r = random.Random(seed)
        self.rows = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".toml"):
                with open(os.path.join(folder, name), "rb") as file:
                    self.rows += tomllib.load(file).get("rule", [])
        # Rows with something to draw come up more often than plain ones; standing duties seldom.
        self.weights = [
            0.12 if row.get("count") in ("imm", "duty") else
            4 + 6 * len(row.get("extension", [])) + 4 * bool(row.get("pauses")) + 4 * bool(row.get("restarts")) + 3 * bool(row.get("also_held"))
            for row in self.rows
        ]
        self.grounds = sorted({self.word(g) for row in self.rows for key in ("pauses", "restarts") for g in row.get(key, [])}) or ["none"]

    @staticmethod
    def word(ground):
        return ground if isinstance(ground, str) else ground.get("ground", ground.get("name"))

    def chance(self, part):
        return self.r.random() < part

    def day(self, first=FIRST, last=LAST):
        r = self.r
        for _ in range(20):
            kind = r.random()
            if kind < 0.15:
                year, month = r.randint(first.year, last.year), r.randint(1, 12)
                day = date(year, month, monthrange(year, month)[1] - r.choice((0, 0, 0, 1, 2)))
            elif kind < 0.21:
                day = r.choice(LEAP) + timedelta(days=r.choice((-1, 0, 0, 0, 1)))
            elif kind < 0.45:
                day = r.choice(HOLIDAYS) - timedelta(days=r.choice((1, 1, 2, 3, 4, 5, 7, 10, 15, 30)))
            elif kind < 0.5:
                year = r.randint(first.year, last.year)
                day = date(year, r.choice((2, 12)), 28) + timedelta(days=r.choice((-1, 0, 1, 2)))
            elif kind < 0.7:
                low, high = r.choice(((date(2016, 1, 1), date(2016, 12, 31)), (date(2025, 1, 1), date(2026, 12, 31))))
                day = low + timedelta(days=r.randint(0, (high - low).days))
            else:
                day = first + timedelta(days=r.randint(0, (last - first).days))
            if first <= day <= last:
                return day
        return first + timedelta(days=r.randint(0, (last - first).days))

    def moment(self, day):
        r = self.r
        hour, minute = r.choice((0, 23, 12, 9, 15, r.randint(0, 23), r.randint(0, 23))), r.choice((0, 0, 30, 59, r.randint(0, 59), r.randint(0, 59)))
        return f"{day}T{hour:02}:{minute:02}:{r.choice((0, 0, 0, r.randint(0, 59))):02}+08:00"

    def start(self, day, hours):
        return self.moment(day) if hours or self.chance(0.15) else str(day)

    def question(self, number):
        r = self.r
        row = r.choices(self.rows, self.weights)[0]
        first = max(FIRST, day_of(row["from"]))
        last = min(LAST, day_of(row["to"])) if "to" in row else LAST
        if first > last:
            first, last = FIRST, LAST
        code = row.get("count", "")
        q = {"id": number}
        q["rule"] = self.name(row)
        unit = None
        if code == "set":
            unit = r.choice(UNITS)
        # A choice among rules may have hours in it.
        hours = code in HOURS or unit in HOURS or ("later_of" in row or "earlier_of" in row) and self.chance(0.8)
        day = self.day(first, last)
        q["start"] = self.start(day, hours)
        if self.chance(0.07):
            q["act"] = str(min(last, max(first, day - timedelta(days=r.choice((0, 1, 30, 400))))))
        if row.get("also_held") and not q["rule"].endswith(".held") and self.chance(0.45) or self.chance(0.01):
            q["in_custody"] = self.chance(0.9)
        if code == "set":
            q["unit"] = unit
            q["period"] = self.number(unit)
        elif row.get("paper_sets") and self.chance(0.5):
            q["period"] = r.randint(1, row.get("period", 30)) if self.chance(0.9) else self.number(code)
        if row.get("restarts") and self.chance(0.35):
            at, restarts = day, []
            for _ in range(r.choice((1, 1, 1, 2))):
                at += timedelta(days=r.choice((0, 1, r.randint(1, 40), r.randint(1, 120))))
                restarts.append({"at": self.start(at, hours), "ground": self.word(r.choice(row["restarts"]))})
            if at > day or not hours:
                q["restarts"], day = restarts, at
        chain = self.chain(row)
        if chain:
            q["extensions"] = chain
        if row.get("pauses") and self.chance(0.4):
            q["pauses"] = self.pauses(row, day)
        if code not in HOURS and not row.get("custody") and not row.get("measure") and "in_custody" not in q and not code.endswith("!") \
                and not q["rule"].endswith(".held") and unit not in HOURS and self.chance(0.1):
            q["travel_days"] = r.choice((0, 1, 2, 3, 5, 10))
        if self.chance(0.3):
            q["readings"] = {name: self.chance(0.9) for name in r.sample(SWITCHES, r.choice((1, 1, 1, 2, 3)))}
        if self.chance(0.06):
            self.spoil(q, row)
        return q

    def name(self, row):
        fact = row["fact"] + (":" + row["part"] if "part" in row else "")
        kind = self.r.random()
        if row.get("also_held") and kind < 0.2:
            return row["id"] + ".held"
        return row["id"] if kind < 0.75 else fact

    def number(self, code):
        r = self.r
        if code == "min":
            return r.choice((1, 5, 30, 90, r.randint(1, 3000)))
        if code in ("M", "M!"):
            return r.randint(1, 24)
        if code == "Y":
            return r.randint(1, 10)
        if code in ("H", "H!"):
            return r.choice((1, 8, 24, 48, r.randint(1, 200)))
        return r.choice((1, 2, 3, 5, 7, 10, 15, 30, 60, r.randint(1, 200)))

    def chain(self, row):
        r, out, given = self.r, [], []
        extensions = row.get("extension", [])
        if not extensions or self.chance(0.35):
            return out
        for extension in extensions:
            lawful = "after" not in extension or extension["after"] in given
            if not self.chance(0.75 if lawful else 0.04):
                continue
            for _ in range(r.choice((1, 1, 1, 1, extension.get("times", 1)))):
                kind, most = next(iter(extension["amount"].items()))
                amount = None
                if self.chance(0.35):
                    amount = r.randint(max(1, row.get("period", 0) + 1), most) if kind == "total" and row.get("period", 0) < most else r.randint(1, most)
                if self.chance(0.03):
                    amount = r.choice((0, 1, most + 1, most * 2))
                out.append(extension["name"] if amount is None and self.chance(0.8) else
                           {"name": extension["name"]} if amount is None else {"name": extension["name"], "amount": amount})
                given.append(extension["name"])
        if out and self.chance(0.04):
            out.append(r.choice(out))
        if len(out) > 1 and self.chance(0.06):
            r.shuffle(out)
        return out

    def pauses(self, row, day):
        r, out = self.r, []
        at = day
        for _ in range(r.choice((1, 1, 1, 2, 2, 3))):
            begin = at + timedelta(days=r.choice((0, 1, r.randint(0, 20), r.randint(0, 90))))
            at = begin + timedelta(days=r.choice((0, 1, r.randint(1, 30), r.randint(1, 60))))
            out.append({"from": str(begin), "to": str(at), "ground": self.word(r.choice(row["pauses"]))})
        if self.chance(0.2):
            r.shuffle(out)
        if self.chance(0.04):
            out[0]["from"], out[0]["to"] = out[0]["to"], out[0]["from"]
        if self.chance(0.04):
            out.append(dict(out[0]))
        return out

    def spoil(self, q, row):
        r = self.r
        kind = r.randrange(16)
        day = q["start"][:10]
        if kind == 0:
            q["rule"] = r.choice(("no.such.rule", "REV-19", "REV-20", "INT-05:nothing", q["rule"] + ".held", q["rule"].split(".")[0], q["rule"].split(":")[0]))
        elif kind == 1:
            q["act"] = r.choice(("1996-10-01", "2003-01-01", "2012-12-31", "2015-06-01", "2017-01-01", "2026-01-01"))
        elif kind == 2:
            q["start"] = day
        elif kind == 3:
            q["pauses"] = q.get("pauses", []) + [{"from": day, "to": str(date.fromisoformat(day) + timedelta(days=5)), "ground": r.choice(self.grounds)}]
        elif kind == 4:
            q["restarts"] = q.get("restarts", []) + [{"at": q["start"], "ground": r.choice(self.grounds)}]
        elif kind == 5:
            q["extensions"] = q.get("extensions", []) + [r.choice(("no_such_extension", "complex", "major", {"name": "complex", "amount": 1}))]
        elif kind == 6:
            q["period"] = r.choice((1, 3, 30))
        elif kind == 7:
            q.pop("period", None)
        elif kind == 8:
            q["travel_days"] = r.choice((0, 1, 3))
        elif kind == 9:
            q["surprise"] = True
        elif kind == 10:
            q["start"] = r.choice(("2025-02-29", "2026-13-01", "yesterday", "2026-02-13T10:20:00", "2026-02-13 10:20"))
        elif kind == 11:
            q["readings"] = {r.choice(("extension_from_last_end", "pause_both_ends", "later_pause_counts", "custody_by_row_code")): True}
        elif kind == 12:
            q.pop(r.choice(("rule", "start")))
        elif kind == 13:
            q["travel_days"] = -1
        elif kind == 14:
            q["pauses"] = [{"from": str(date.fromisoformat(day) - timedelta(days=1)), "to": day, "ground": self.word(r.choice(row.get("pauses") or self.grounds))}]
        else:
            q["unit"] = r.choice(UNITS)


def main():
    if len(sys.argv) != 4:
        sys.exit("histories.py RULES SEED COUNT > questions")
    histories = Histories(sys.argv[1], sys.argv[2])
    for number in range(int(sys.argv[3])):
        sys.stdout.write(json.dumps(histories.question(number), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
