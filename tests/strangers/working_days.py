"""Compares the calendar tables of the law with what public packages know of Chinese working days.

    working_days.py FOLDER

FOLDER holds one TOML file per notice: days off and made-up working days of a year; of several for
one year the highest version counts. Prints one line of JSON per package: its version, the first and
the last day that both know, how many days were compared, and those on which they differ.
"""

import datetime
import json
import pathlib
import sys
from importlib import metadata

import chinese_calendar
import holidays
from holidays.countries.china import ChinaStaticHolidays

try:
    import tomllib
except ModuleNotFoundError:  # before Python 3.11
    import tomli as tomllib

# `holidays` also answers for years that had no notice yet, by estimation; its notices end here.
NOTICES = ChinaStaticHolidays.special_public_holidays
CHINA = holidays.country_holidays("CN")

# Of each package: whether offices work on a day, and the years it has notices of.
PACKAGES = {
    "chinesecalendar": (
        chinese_calendar.is_workday,
        {day.year for day in chinese_calendar.constants.holidays},
    ),
    "holidays": (CHINA.is_working_day, set(NOTICES)),
}


def tables(folder):
    """The table in force of each year."""
    newest = {}
    for file in sorted(pathlib.Path(folder).glob("*.toml")):
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        other = newest.get(table["year"])
        if other is None or other["version"] < table["version"]:
            newest[table["year"]] = table
    return newest


def days_of(year):
    day = datetime.date(year, 1, 1)
    while day.year == year:
        yield day
        day += datetime.timedelta(days=1)


def works(table, day):
    """Whether offices work on that day, by the table of its year."""
    text = day.isoformat()
    if any(off["from"] <= text <= off["to"] for off in table["off"]):
        return False
    return text in table["work"] or day.weekday() < 5


def compared(package, newest):
    is_working, known = PACKAGES[package]
    days = [day for year in sorted(known & set(newest)) for day in days_of(year)]
    differences = []
    for day in days:
        ours, theirs = works(newest[day.year], day), is_working(day)
        if ours != theirs:
            differences.append({"day": day.isoformat(), "ours": ours, "theirs": theirs})
    return {
        "package": package,
        "version": metadata.version(package),
        "from": days[0].isoformat() if days else None,
        "to": days[-1].isoformat() if days else None,
        "days": len(days),
        "differences": differences,
    }


def main(folder):
    newest = tables(folder)
    for package in PACKAGES:
        print(json.dumps(compared(package, newest)))


main(*sys.argv[1:])
