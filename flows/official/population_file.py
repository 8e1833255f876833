"""Reading the ONS mid-year population estimates by single year of age, as a table of ages or as Nomis lists them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.official.kinds import OfficialCsv, OfficialKind, official_csv, refused
from flows.official.released_rows import AreasOf, Release, figure, rows_of
from transforms.demand import ENGLAND, LONDON
from transforms.tables import Population
from transforms.vocabulary import OLDEST_AGE

_AGES = range(OLDEST_AGE + 1)
_PRODUCT = "Population estimates by single year of age"
# Codes of the authorities of London, and of those of England, begin so.
_DISTRICTS = {LONDON: ("E09",), ENGLAND: ("E06", "E07", "E08", "E09")}
# London's number has not changed since 1965; England's falls with each reorganisation of counties, so the sum is
# checked by its size: some 17 million people of these ages.
_BOROUGHS = 33
_LEAST_OF_ENGLAND = 15_000_000
_MID_YEAR = re.compile(r"mid[-_ ]?((?:19|20)\d{2})", re.IGNORECASE)

# One figure of a release: area code and name, age, cell.
Cell = tuple[str, str, int, str]


def read_population(path: Path, authorities: Mapping[str, str], told: str) -> Release:
    """People aged 0 to 25 by single year, on ``Population``.

    ``authorities`` are the names of ours by GSS code; ``told`` is the address or name of the file, where a
    table of ages does not hold its year. London and England are the sums of their authorities where the
    release has no row for them. A figure that is withheld refuses the release: there is no people without one.
    """
    source = official_csv(path, OfficialKind.POPULATION)
    is_long = "c_age_name" in {heading.lower() for heading in source.headings}
    year, cells = _listed(source) if is_long else _tabled(source, told)
    areas = AreasOf({**authorities, LONDON: "London", ENGLAND: "England"})
    people: dict[str, dict[int, int]] = {}
    for code, name, age, cell in cells:
        if areas.is_merged(code, name) or not (code in areas.names or code.startswith(_DISTRICTS[ENGLAND])):
            continue
        count, mark = figure(source, f"{name} at age {age}", cell)
        if count is None:
            why = f"{name} at age {age} is withheld (“{mark}”), and that does not mean nought."
            raise refused(source.path, why, "What was in use stays in use.")
        if people.setdefault(code, {}).setdefault(age, count) != count:
            raise refused(source.path, f"{name} stands in it twice.", "Fetch it again.")
    summed = _sum_up(people)
    areas.refuse_missing(source, {code for code, ages in people.items() if set(ages) == set(_AGES)})
    facts = [
        {
            Population.area_code: code,
            Population.age: age,
            Population.people: people[code][age],
            Population.as_at: dt.date(year, 6, 30),
            Population.source: f"{_PRODUCT}, mid-{year}, Office for National Statistics, OGL v3.0"
            + ("; sum of its authorities" if code in summed else ""),
        }
        for code in areas.names
        for age in _AGES
    ]
    return Release(Population.frame(facts), _PRODUCT, f"June {year}", areas.left_out())


def _sum_up(people: dict[str, dict[int, int]]) -> set[str]:
    """Add London and England where all their authorities are there and they themselves are not; which were added."""
    summed = {whole for whole in _DISTRICTS if whole not in people}
    for whole in summed:
        parts = [ages for code, ages in people.items() if code.startswith(_DISTRICTS[whole])]
        sums = {age: sum(ages[age] for ages in parts if age in ages) for age in _AGES}
        is_whole = len(parts) == _BOROUGHS if whole == LONDON else sum(sums.values()) >= _LEAST_OF_ENGLAND
        if is_whole:
            people[whole] = sums
    return summed


def _listed(source: OfficialCsv) -> tuple[int, list[Cell]]:
    """The newest year of a list of figures as Nomis gives them, both sexes together."""
    rows = [row for row in rows_of(source) if row.get("gender_name", "Total").casefold() == "total"]
    years = {row.get("date_name", "") for row in rows}
    if not rows or not all(re.fullmatch(r"\d{4}", year) for year in years):
        why = "its column DATE_NAME does not give the year, or there is no row for both sexes together."
        raise refused(source.path, why, "Ask for date_name and gender=0.")
    newest = max(years)
    return int(newest), [
        (row["geography_code"], row.get("geography_name", ""), int(age[1]), row["obs_value"])
        for row in rows
        if row["date_name"] == newest and (age := re.fullmatch(r"(?:Age )?(\d+)", row["c_age_name"]))
        if int(age[1]) in _AGES
    ]


def _tabled(source: OfficialCsv, told: str) -> tuple[int, Iterator[Cell]]:
    """The figures of a table with a column for each age."""
    year = _MID_YEAR.search(told)
    if not year:
        what = "Put it into the name of the file, such as mid-2024.csv, and name that."
        raise refused(source.path, "neither it nor its name says of which year it is.", what)
    cells = ((row["code"], row["name"], age, row[str(age)]) for row in rows_of(source) for age in _AGES)
    return int(year[1]), cells
