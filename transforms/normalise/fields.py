"""Which parser reads which column of a line, and what happens when it cannot.

A source may name another parser for a field (``[roster.parsers]``); the names are the keys of
``PARSERS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.parsers import (
    access,
    ages,
    choices,
    costs,
    dates,
    funding,
    needs,
    periods,
    questions,
    residency,
    schedules,
    session_columns,
    values,
)
from transforms.parsers.reading import MISSING_RULE, RULE, if_mentioned
from transforms.parsers.synonyms import Phrases, Synonyms
from transforms.separator import LIST_SEPARATOR
from transforms.source_spec import Roster
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import Severity

Parser = Callable[[pd.DataFrame, Synonyms, Roster], pd.DataFrame]
"""Lines, synonyms and the roster's declaration → a reading per line."""

DAY_COLUMNS = (L.monday, L.tuesday, L.wednesday, L.thursday, L.friday, L.saturday, L.sunday)


def _choice(column: str, vocabulary: str) -> Parser:
    return lambda lines, synonyms, _: choices.read_choice(lines[column], synonyms[vocabulary])


def _answer(column: str, vocabulary: str) -> Parser:
    return lambda lines, synonyms, _: choices.read_answer(lines[column], synonyms[vocabulary])


def _worded_question(column: str, question: str) -> Parser:
    return lambda lines, synonyms, _: questions.read_question(lines[column], synonyms, question)


def _date(column: str, read: Callable[[pd.Series, str], pd.DataFrame] = dates.read_dates) -> Parser:
    return lambda lines, _, roster: read(lines[column], roster.date_format)


def _plain(column: str, read: Callable[[pd.Series], pd.DataFrame]) -> Parser:
    return lambda lines, _synonyms, _roster: read(lines[column])


def _worded(column: str, read: Callable[[pd.Series, Synonyms], pd.DataFrame]) -> Parser:
    return lambda lines, synonyms, _: read(lines[column], synonyms)


def _features(lines: pd.DataFrame, synonyms: Synonyms, _: Roster) -> pd.DataFrame:
    said = lines[L.step_free].fillna("").str.cat(lines[L.access].fillna(""), sep=LIST_SEPARATOR)
    return access.read_features(said.str.strip(LIST_SEPARATOR), synonyms)


def _period(lines: pd.DataFrame, synonyms: Synonyms, _: Roster) -> pd.DataFrame:
    return periods.read_periods(lines[L.calendar_period], synonyms["calendar_period"])


def _sessions(lines: pd.DataFrame, synonyms: Synonyms, _: Roster) -> pd.DataFrame:
    # "Sundays 11am-2pm" in one column, "Fortnightly" in the one of the season.
    rhythm = lines[L.calendar_period].fillna("").map(session_columns.rhythm_in)
    cells = lines[L.schedule].where(rhythm.eq(""), lines[L.schedule] + "; " + rhythm)
    return schedules.read_schedule(cells, synonyms["calendar_period"])


def _ages(lines: pd.DataFrame, _synonyms: Synonyms, _roster: Roster) -> pd.DataFrame:
    columns = ages.read_age_columns(lines[L.age_from], lines[L.age_to])
    return ages.explained_by(columns, ages.read_ages(lines[L.ages]))


def _if_mentioned(parser: Parser) -> Parser:
    return lambda lines, synonyms, roster: if_mentioned(parser(lines, synonyms, roster))


def _first_given(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The first reading where its cells say anything, else the second."""
    return first.where(first[RULE].ne(MISSING_RULE), second)


# Every parser that a field or a source may name.
PARSERS: dict[str, Parser] = {
    "age_text": _plain(L.ages, ages.read_ages),
    "age_columns": lambda lines, _s, _r: ages.read_age_columns(lines[L.age_from], lines[L.age_to]),
    "age_any": _ages,
    "schedule_text": _sessions,
    "schedule_columns": lambda lines, synonyms, _: session_columns.read_schedule_columns(
        lines[L.byday],
        lines[L.opens_at],
        lines[L.closes_at],
        lines[L.freq],
        lines[L.interval],
        lines[L.calendar_period],
        synonyms["calendar_period"],
    ),
    "schedule_day_columns": lambda lines, synonyms, _: session_columns.read_schedule_by_day(
        [lines[day] for day in DAY_COLUMNS], synonyms["calendar_period"]
    ),
    "calendar_period": _period,
    "calendar_period_if_mentioned": _if_mentioned(_period),
    "cost_text": _plain(L.cost, costs.read_costs),
    "cost_columns": lambda lines, _s, _r: costs.read_cost_columns(lines[L.cost], lines[L.cost_unit]),
    "need_text": _worded(L.needs, needs.read_needs),
    "tier": _choice(L.tier, "tier"),
    "tier_unless_named": lambda lines, synonyms, roster: _first_given(
        _if_mentioned(_choice(L.service_name, "tier_in_name"))(lines, synonyms, roster),
        _choice(L.tier, "tier")(lines, synonyms, roster),
    ),
    "status": _choice(L.status, "service_status"),
    "status_if_mentioned": _if_mentioned(_choice(L.status, "closure_notice")),
    "sen_stage_if_mentioned": _if_mentioned(_choice(L.sen_stage, "sen_stage")),
    "kind_of_service": _choice(L.kind_of_service, "short_break_type"),
    "sen_stage": _choice(L.sen_stage, "sen_stage"),
    "funding": _worded(L.funding, funding.read_funding),
    "step_free": _worded(L.step_free, access.read_step_free),
    "access_features": _features,
    "residency": _worded(L.residency, residency.read_residency),
    "parent_stays": _worded_question(L.parent_stays, questions.PARENT_STAYS),
    "siblings": _worded_question(L.siblings, questions.SIBLINGS),
    "dp_payable": _answer(L.dp_payable, "answer"),
    "places": _plain(L.places, values.read_whole_numbers),
    "last_verified": _date(L.last_verified),
    "valid_from": _date(L.valid_from, dates.read_first_dates),
    "valid_to": _date(L.valid_to, dates.read_last_dates),
    "latitude": _plain(L.latitude, values.read_numbers),
    "longitude": _plain(L.longitude, values.read_numbers),
    "easting": _plain(L.easting, values.read_numbers),
    "northing": _plain(L.northing, values.read_numbers),
    "uprn": _plain(L.uprn, values.read_uprns),
}


@dataclass(frozen=True)
class Field:
    """One thing we read from a line: its usual parser, the columns it reads, and how much it matters."""

    name: str
    columns: tuple[str, ...]
    parser: str
    # What an unreadable value does to its row. A closed category that we do not know (fault 39) and
    # a value that would mislead set the row aside; the rest is taken as not known.
    when_unread: Severity = Severity.WARNING
    vocabulary: str = ""


FIELDS: tuple[Field, ...] = (
    Field("ages", (L.age_from, L.age_to, L.ages), "age_any"),
    Field(
        "schedule",
        (L.schedule, L.byday, L.opens_at, L.closes_at, *DAY_COLUMNS),
        "schedule_text",
        Severity.NOTE,
    ),
    Field("calendar_period", (L.calendar_period,), "calendar_period", Severity.NOTE, "calendar_period"),
    Field("cost", (L.cost, L.cost_unit), "cost_text", Severity.NOTE),
    Field("needs", (L.needs,), "need_text", Severity.WARNING, "need"),
    Field("tier", (L.tier,), "tier", Severity.QUARANTINE, "tier"),
    Field("status", (L.status,), "status", Severity.QUARANTINE, "service_status"),
    Field("kind_of_service", (L.kind_of_service,), "kind_of_service", Severity.NOTE, "short_break_type"),
    Field("sen_stage", (L.sen_stage,), "sen_stage", Severity.NOTE, "sen_stage"),
    Field("funding", (L.funding,), "funding", Severity.NOTE, "funding_route"),
    Field("step_free", (L.step_free,), "step_free", Severity.NOTE, "step_free"),
    Field("access_features", (L.step_free, L.access), "access_features", Severity.NOTE, "access_feature"),
    Field("residency", (L.residency,), "residency", Severity.WARNING, "residency"),
    Field("parent_stays", (L.parent_stays,), "parent_stays", Severity.WARNING, "parent_stays"),
    Field("siblings", (L.siblings,), "siblings", Severity.WARNING, "siblings"),
    Field("dp_payable", (L.dp_payable,), "dp_payable", Severity.NOTE, "answer"),
    Field("places", (L.places,), "places", Severity.NOTE),
    Field("last_verified", (L.last_verified,), "last_verified"),
    Field("valid_from", (L.valid_from,), "valid_from"),
    Field("valid_to", (L.valid_to,), "valid_to"),
    Field("latitude", (L.latitude,), "latitude"),
    Field("longitude", (L.longitude,), "longitude"),
    Field("easting", (L.easting,), "easting"),
    Field("northing", (L.northing,), "northing"),
    Field("uprn", (L.uprn,), "uprn", Severity.NOTE),
)

FIELD_OF: Mapping[str, Field] = {field.name: field for field in FIELDS}


def synonyms_for(roster: Roster, synonyms: Synonyms) -> dict[str, Phrases]:
    """The shared synonyms with the roster's own meanings laid over them."""
    own = dict(synonyms)
    for column, meanings in roster.values.items():
        vocabulary = FIELD_OF[column].vocabulary
        own[vocabulary] = own[vocabulary].overlaid(meanings)
    return own


def parser_for(field: Field, roster: Roster, lines: pd.DataFrame) -> Parser:
    """The parser a source names for a field, or the one that fits the columns it fills."""
    if named := roster.parsers.get(field.name):
        return PARSERS[named]
    if field.name == "schedule" and lines[L.schedule].isna().all():
        by_columns = lines[L.byday].notna().any()
        return PARSERS["schedule_columns" if by_columns else "schedule_day_columns"]
    if field.name == "cost" and lines[L.cost_unit].notna().any():
        return PARSERS["cost_columns"]
    return PARSERS[field.parser]
