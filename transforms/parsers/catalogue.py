"""Every field that can be read by itself, and the canonical columns each is read into."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from transforms.parsers import (
    ages,
    choices,
    contacts,
    costs,
    dates,
    needs,
    questions,
    residency,
    schedules,
)
from transforms.parsers.reading import CONFIDENCE, TRUST
from transforms.parsers.synonyms import Synonyms
from transforms.parsers.text import plain_texts
from transforms.schema import Table
from transforms.tables import CostOption, Schedule, Service, ServiceNeed
from transforms.vocabulary import ParsedField

LINE = "line"

FieldReader = Callable[[pd.Series, Synonyms, str | None], pd.DataFrame]
"""Values, synonyms, the declared form of dates → canonical columns and trust, one row a value or several."""


def read_field(
    field: str, raw: pd.Series, synonyms: Synonyms, date_format: str | None = None
) -> pd.DataFrame:
    """Values of one field as read: ``line`` (1-based), the canonical columns, status, rule, confidence.

    Markup and broken encodings are mended first, as in a roster. One row a value, but a row per session
    (schedule), per option (cost) and per need (needs). The index is that of ``raw``, repeated where a value
    gives several rows.
    """
    by_position = FIELDS[field](plain_texts(raw).reset_index(drop=True), synonyms, date_format)
    read = by_position.set_index(raw.index[by_position.index])
    read.insert(0, LINE, by_position.index.to_numpy() + 1)
    return read


def _ages(raw: pd.Series, _synonyms: Synonyms, _date_format: str | None) -> pd.DataFrame:
    return _typed(ages.read_ages(raw), Service, (ages.LOW, ages.HIGH))


def _schedule(raw: pd.Series, synonyms: Synonyms, _date_format: str | None) -> pd.DataFrame:
    found = schedules.read_schedule(raw, synonyms["calendar_period"])
    return _typed(_rows(found, schedules.SESSIONS, schedules.FIELDS), Schedule, schedules.FIELDS)


def _cost(raw: pd.Series, _synonyms: Synonyms, _date_format: str | None) -> pd.DataFrame:
    columns = (CostOption.amount, CostOption.x_unit, CostOption.x_is_free)
    return _typed(_rows(costs.read_costs(raw), costs.OPTIONS, columns), CostOption, columns)


def _needs(raw: pd.Series, synonyms: Synonyms, _date_format: str | None) -> pd.DataFrame:
    """Each need with the confidence of its own: "autism and LD" is sure of one and not of the others."""
    rows = _rows(needs.read_needs(raw, synonyms), needs.NEEDS, (ServiceNeed.need_code, ServiceNeed.scope))
    rows[CONFIDENCE] = [
        part.get(ServiceNeed.confidence, whole)
        for part, whole in zip(rows[needs.NEEDS], rows[CONFIDENCE], strict=True)
    ]
    return _typed(rows, ServiceNeed, (ServiceNeed.need_code, ServiceNeed.scope))


def _value(found: pd.DataFrame, column: str = choices.VALUE) -> pd.DataFrame:
    return found[[choices.VALUE, *TRUST]].rename(columns={choices.VALUE: column})


def _rows(found: pd.DataFrame, several: str, columns: Sequence[str]) -> pd.DataFrame:
    """One row for each of several parts of a value; one empty row for a value without parts."""
    parts = found[several].map(lambda parts: parts if isinstance(parts, tuple) and parts else ({},))
    rows = found.assign(**{several: parts}).explode(several)
    for column in columns:
        rows[column] = [part.get(column) for part in rows[several]]
    return rows


def _typed(rows: pd.DataFrame, table: type[Table], columns: Sequence[str]) -> pd.DataFrame:
    """The canonical columns as their table types them, named without the mark of our extensions."""
    typed = table.frame(rows[list(columns)])[list(columns)].set_axis(rows.index)
    return pd.concat([typed.rename(columns=lambda name: name.removeprefix("x_")), rows[TRUST]], axis=1)


FIELDS: Mapping[str, FieldReader] = {
    ParsedField.AGES: _ages,
    ParsedField.SCHEDULE: _schedule,
    ParsedField.COST: _cost,
    ParsedField.NEEDS: _needs,
    ParsedField.TIER: lambda raw, synonyms, _: _value(choices.read_choice(raw, synonyms["tier"]), "tier"),
    ParsedField.TRISTATE: lambda raw, synonyms, _: _value(questions.read_any_answer(raw, synonyms)),
    ParsedField.RESIDENCY: lambda raw, synonyms, _: _value(residency.read_residency(raw, synonyms)),
    ParsedField.PHONE: lambda raw, _synonyms, _format: contacts.read_phones(raw).rename(
        columns={contacts.VALUE: "phone"}
    ),
    ParsedField.DATE: lambda raw, _synonyms, date_format: dates.read_dates(raw, date_format),
}
"""How each field is read; ``postcode`` needs the directory and has a path of its own."""
