"""The gates of one source: failed expectations as problems of the roster rows they came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from flows.ingested import Ingested
from transforms.issues import Problem
from transforms.mapping import Mapped, headings_of
from transforms.normalise.source import Normalised
from transforms.source_spec import Roster
from transforms.tables import LINE_OF, CostOption, Line, ProviderLine, Schedule, Service
from transforms.vocabulary import Severity

if TYPE_CHECKING:
    from expectations.gate import Verdict


def gate_lines(result: Ingested, roster: Roster, whole: Mapped, lines: pd.DataFrame) -> list[Problem]:
    """Gate one roster's raw lines against the declared lines and its expected number of rows."""
    from expectations.gate import check  # Great Expectations takes seconds to import: only where it is used.

    records = _one_line_a_record(lines)
    verdict = check("raw roster", LINE_OF[roster.kind], records, roster.expected_rows)
    result.verdicts.append({"source": result.source.name, **verdict.as_record()})
    return _gate_problems(verdict, records, whole.heading_of)


def _one_line_a_record(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.drop_duplicates(Line.row_id).reset_index(drop=True)


def _gate_problems(verdict: Verdict, lines: pd.DataFrame, heading_of: Mapping[str, str]) -> list[Problem]:
    problems = []
    for failure in verdict.failures:
        if not failure.positions:
            problems.append(
                Problem(failure.rule, Severity.REJECT,
                        f"The roster holds {verdict.rows} usable records; {failure.description}.",
                        "Check that the export is whole.", str(lines[Line.file].iat[0]) if len(lines) else "")
            )  # fmt: skip
        problems += [
            _about_line(lines.iloc[position], failure.rule, failure.column, failure.description, heading_of)
            for position in failure.positions
        ]
    return problems


def _about_line(
    line: pd.Series, rule: str, column: str, words: str, heading_of: Mapping[str, str]
) -> Problem:
    raw = line.get(column)
    return Problem(
        rule, Severity.QUARANTINE, f"{words[0].upper()}{words[1:]}.", "Correct the value.",
        line[Line.file], line[Line.part] if pd.notna(line[Line.part]) else "", int(line[Line.physical_row]),
        heading_of.get(column, column), "" if raw is None or pd.isna(raw) else str(raw),
    )  # fmt: skip


# Where a canonical column's value came from, when the names differ: to tell the borough its own heading.
_READ_FROM = {
    Service.minimum_age: (ProviderLine.age_from, ProviderLine.ages),
    Service.maximum_age: (ProviderLine.age_to, ProviderLine.ages),
    Schedule.valid_from: (ProviderLine.valid_from,),
    Schedule.valid_to: (ProviderLine.valid_to,),
    CostOption.amount: (ProviderLine.cost,),
}


def _native_heading(column: str, headings: Mapping[str, str]) -> str:
    return next((headings[c] for c in _READ_FROM.get(column, (column,)) if c in headings), column)


def gate_tables(result: Ingested, night: Normalised, mapped: Sequence[Mapped]) -> list[Problem]:
    """Gate every normalised table; a failing row sets its roster record aside."""
    from expectations.gate import check

    problems, verdicts, heading_of = [], [], headings_of(mapped)
    for table, frame in night.frames.items():
        verdict = check("normalised", table, frame)
        verdicts.append({"source": result.source.name, **verdict.as_record()})
        for failure in verdict.failures:
            if not failure.positions:
                raise RuntimeError(f"{table.table_name}: {failure.description}")
            for position in failure.positions:
                file, part, row = night.row_of[table].iat[position].split("|")
                raw = frame.iloc[position].get(failure.column)
                problems.append(
                    Problem(failure.rule, Severity.QUARANTINE,
                            f"{failure.description[0].upper()}{failure.description[1:]}.", "Correct the value.",
                            file, part, int(row), _native_heading(failure.column, heading_of[f"{file}|{part}|{row}"]),
                            "" if pd.isna(raw) else str(raw))
                )  # fmt: skip
    if not problems:
        result.verdicts += verdicts
    return problems
