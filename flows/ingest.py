"""One source from its files to placed, validated rows of the canonical model.

read → map headings → set personal data aside → gate the raw lines → normalise → geocode → gate the
tables. Rows that fail are set aside with a reason and the rest is read again without them, until
nothing more fails; so a row never lingers half in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from flows.reading.content import Content, Part
from flows.received import Received, is_sample, read_content
from flows.reference import Reference
from transforms.geocode import PlaceProblem, geocode, misplaced_coordinates
from transforms.issues import WITHHELD_VALUE, Problem
from transforms.mapping import Mapped, apply_corrections, map_part, orphans, repeated_rows
from transforms.normalise.source import Normalised, RosterLines, normalise
from transforms.personal_data import is_child_heading, personal_cells
from transforms.source_spec import Roster, Source
from transforms.tables import (
    LINE_OF,
    Address,
    CostOption,
    Line,
    Location,
    ProviderLine,
    Schedule,
    Service,
    ValueProvenance,
)
from transforms.vocabulary import AddressRole, Outcome, RosterKind, Severity

# No row can be set aside twice, so this only guards against a fault of our own.
_MAX_ROUNDS = 20
# Rules that are about a column's type; over the threshold they refuse the file (fault 38).
_ABOUT_THE_ROW = {"exact_copy", "contradicting_copies", "provider_not_listed", "ragged_row", "personal_data"}


@dataclass
class Ingested:
    """One source's night: rows, problems, verdicts and where every physical row ended."""

    source: Source
    received: Received
    is_sample: bool = False
    normalised: Normalised = field(default_factory=Normalised)
    problems: list[Problem] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    records: pd.DataFrame = field(default_factory=pd.DataFrame)
    set_aside: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether any of its files was refused, which refuses the source for tonight."""
        return any(problem.refuses_file for problem in self.problems)

    @property
    def rows_in(self) -> int:
        """Physical records of all files."""
        return len(self.records)


def ingest(received: Received, reference: Reference, *, rows_last_time: int | None = None) -> Ingested:
    """Everything one source's files say, or why they were refused.

    ``rows_last_time`` is the number of records in its last good rosters, against which a sudden loss
    is judged.
    """
    source = received.source
    contents = [
        read_content(roster, files) if files else Content()
        for roster, files in zip(source.roster, received.files, strict=True)
    ]
    result = Ingested(source, received, is_sample=is_sample(contents))
    result.problems += [_as_problem(f) for content in contents for f in content.findings]
    mapped = [_map(content, roster, result) for content, roster in zip(contents, source.roster, strict=True)]
    result.records = _records(contents, mapped)
    _check_row_loss(result, rows_last_time, reference)
    if not result.is_refused:
        _settle(result, mapped, reference)
        _check_unreadable(result, mapped, reference)
    _close_ledger(result, contents)
    return result


def _as_problem(finding: Any) -> Problem:
    return Problem(
        finding.rule, Severity(finding.severity), finding.message, finding.what_to_do,
        finding.file, finding.part, finding.row, finding.column, finding.raw,
    )  # fmt: skip


def _frame(part: Part) -> pd.DataFrame:
    rows = [record.cells for record in part.records]
    index = pd.Index([record.row for record in part.records], dtype="int64")
    return pd.DataFrame(rows, index=index, columns=part.headings, dtype="str")


def _map(content: Content, roster: Roster, result: Ingested) -> Mapped:
    """All parts of one roster as lines; personal data is looked for before anything else."""
    lines, outside = [LINE_OF[roster.kind].frame()], []
    heading_of: dict[str, str] = {}
    for part in content.parts:
        cells = _frame(part)
        result.problems += _personal(part, cells)
        result.problems += [
            Problem("not_a_record", Severity.NOTE, "The row is a sub-total or a note, not a record; it was left out.",
                    "Nothing.", part.file, part.part, row)
            for row in part.not_records
        ]  # fmt: skip
        struck = pd.Series([record.is_struck for record in part.records], index=cells.index)
        mapped = map_part(part.headings, cells, roster, file=part.file, part=part.part, struck=struck)
        result.problems += mapped.problems
        lines.append(mapped.lines)
        heading_of |= mapped.heading_of
        outside += mapped.out_of_scope
    if any(is_child_heading(text) or personal_cells(pd.DataFrame({"": [text]})) for text in content.hidden):
        result.problems.append(
            Problem("personal_data", Severity.REJECT, "A hidden sheet or column may hold a child's details.",
                    "Remove it and send the file again.", content.parts[0].file if content.parts else "")
        )  # fmt: skip
    filled = [frame for frame in lines if len(frame)] or lines[:1]
    joined = apply_corrections(pd.concat(filled, ignore_index=True), result.source.corrections)
    return Mapped(joined, heading_of, [], outside)


def _personal(part: Part, cells: pd.DataFrame) -> list[Problem]:
    found = [
        Problem("personal_data", Severity.REJECT, f"The column “{heading}” describes children.",
                "Remove the column and send the file again.", part.file, part.part, None, heading)
        for heading in part.headings if is_child_heading(heading)
    ]  # fmt: skip
    return found + [
        Problem("personal_data", Severity.QUARANTINE, "The cell may hold a child's details.",
                "Remove the details; a provider roster never needs them.", part.file, part.part,
                int(str(row)), column, WITHHELD_VALUE)
        for row, column in personal_cells(cells)
    ]  # fmt: skip


def _check_row_loss(result: Ingested, rows_last_time: int | None, reference: Reference) -> None:
    lost_pct = 100 - result.rows_in / rows_last_time * 100 if rows_last_time else 0
    if lost_pct > reference.thresholds.fewer_rows_pct and result.rows_in:
        result.problems.append(
            Problem("rows_lost", Severity.REJECT,
                    f"There are {result.rows_in} records where there were {rows_last_time} last time.",
                    "Check that the export is whole; if so many records really went, tell us.",
                    next(iter(result.received.sha256), ""))
        )  # fmt: skip


def _aside(result: Ingested) -> set[str]:
    return {problem.row_id for problem in result.problems if problem.sets_row_aside}


def _settle(result: Ingested, mapped: list[Mapped], reference: Reference) -> None:
    """Set failing rows aside and read the rest again until nothing more fails."""
    from expectations.gate import check

    source, thresholds = result.source, reference.thresholds
    raw_gated = False
    for _ in range(_MAX_ROUNDS):
        before = _aside(result)
        usable = [m.lines[~m.lines[Line.row_id].isin(before)].reset_index(drop=True) for m in mapped]
        if not raw_gated:
            for roster, whole, lines in zip(source.roster, mapped, usable, strict=True):
                result.problems += repeated_rows(lines)
                verdict = check(
                    "raw roster", LINE_OF[roster.kind], _one_line_a_record(lines), roster.expected_rows
                )
                result.verdicts.append({"source": source.name, **verdict.as_record()})
                result.problems += _gate_problems(verdict, _one_line_a_record(lines), whole.heading_of)
            raw_gated = True
            continue
        result.problems += _orphans(source, usable, mapped)
        if _aside(result) > before:
            continue
        rosters = [
            RosterLines(roster, lines, whole.heading_of)
            for roster, lines, whole in zip(source.roster, usable, mapped, strict=True)
        ]
        night = normalise(source, rosters, reference.synonyms, thresholds)
        found = [*night.problems, *_misplaced(night, mapped)]
        if not any(p.sets_row_aside for p in found):
            found += _place(night, usable, mapped, reference, source)
        # The slowest check comes last, when the cheap ones find nothing more.
        if not any(p.sets_row_aside for p in found):
            found += _gate_tables(result, night, mapped)
        # Warnings count once, from the round that stands.
        if any(p.sets_row_aside for p in found):
            result.problems += [p for p in found if p.sets_row_aside]
            continue
        result.problems += found
        result.normalised = night
        return
    raise RuntimeError(f"{source.name} does not settle")


def _one_line_a_record(lines: pd.DataFrame) -> pd.DataFrame:
    return lines.drop_duplicates(Line.row_id).reset_index(drop=True)


def _gate_problems(verdict: Any, lines: pd.DataFrame, heading_of: dict[str, str]) -> list[Problem]:
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


def _about_line(line: pd.Series, rule: str, column: str, words: str, heading_of: dict[str, str]) -> Problem:
    raw = line.get(column)
    return Problem(
        rule, Severity.QUARANTINE, f"{words[0].upper()}{words[1:]}.", "Correct the value.",
        line[Line.file], line[Line.part] if pd.notna(line[Line.part]) else "", int(line[Line.physical_row]),
        heading_of.get(column, column), "" if raw is None or pd.isna(raw) else str(raw),
    )  # fmt: skip


def _orphans(source: Source, usable: list[pd.DataFrame], mapped: list[Mapped]) -> list[Problem]:
    listed = [
        lines
        for roster, lines in zip(source.roster, usable, strict=True)
        if roster.kind is RosterKind.PROVIDERS
    ]
    problems: list[Problem] = []
    for roster, lines, whole in zip(source.roster, usable, mapped, strict=True):
        if roster.providers_listed_apart and listed and len(listed[0]):
            problems += orphans(lines, pd.concat(listed, ignore_index=True), whole.heading_of)
    return problems


# Where a canonical column's value came from, when the names differ: to tell the borough its own heading.
_READ_FROM = {
    Service.minimum_age: (ProviderLine.age_from, ProviderLine.ages),
    Service.maximum_age: (ProviderLine.age_to, ProviderLine.ages),
    Schedule.valid_from: (ProviderLine.valid_from,),
    Schedule.valid_to: (ProviderLine.valid_to,),
    CostOption.amount: (ProviderLine.cost,),
}


def _native_heading(column: str, headings: dict[str, str]) -> str:
    return next((headings[c] for c in _READ_FROM.get(column, (column,)) if c in headings), column)


def _gate_tables(result: Ingested, night: Normalised, mapped: Sequence[Mapped]) -> list[Problem]:
    """Gate every normalised table; a failing row sets its roster record aside."""
    from expectations.gate import check

    problems, verdicts, heading_of = [], [], _headings(mapped)
    for table, frame in night.frames.items():
        if table is ValueProvenance:
            continue
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


def _place(
    night: Normalised,
    usable: Sequence[pd.DataFrame],
    mapped: Sequence[Mapped],
    reference: Reference,
    source: Source,
) -> list[Problem]:
    """Geocode in place; a venue's problem is told of every roster row that names it."""
    if Location not in night.frames:
        return []
    row_of = dict(zip(night.frames[Location][Location.id], night.row_of[Location], strict=True))
    placed = geocode(
        night.frames[Location], night.frames[Address], reference.directory, reference.boundaries,
        reference.thresholds,
    )  # fmt: skip
    night.frames[Location], night.frames[Address] = placed.locations, placed.addresses
    found = _of_places(placed.problems, night, mapped)
    return found + _outside_stated_authority(night, usable, reference, source, row_of, _headings(mapped))


def _misplaced(night: Normalised, mapped: Sequence[Mapped]) -> list[Problem]:
    if Location not in night.frames:
        return []
    return _of_places(misplaced_coordinates(night.frames[Location]), night, mapped)


def _headings(mapped: Sequence[Mapped]) -> dict[str, dict[str, str]]:
    """The headings over each roster record."""
    return {row: whole.heading_of for whole in mapped for row in whole.lines[Line.row_id]}


def _of_places(problems: list[PlaceProblem], night: Normalised, mapped: Sequence[Mapped]) -> list[Problem]:
    """Problems of locations as problems of the roster rows that name them."""
    places = night.frames[Location]
    row_of = dict(zip(places[Location.id], night.row_of[Location], strict=True))
    role = dict(zip(places[Location.id], places[Location.x_address_role], strict=True))
    heading_of = _headings(mapped)
    found = []
    for problem in problems:
        row_id = row_of[problem.location_id]
        file, part, row = row_id.split("|")
        if problem.rule.startswith("coordinates"):
            column = ProviderLine.latitude
        elif role[problem.location_id] == AddressRole.HQ and ProviderLine.hq_postcode in heading_of[row_id]:
            column = ProviderLine.hq_postcode
        else:
            column = ProviderLine.venue_postcode
        found.append(
            Problem(problem.rule, problem.severity, problem.message, problem.what_to_do, file, part, int(row),
                    heading_of[row_id].get(column, column), problem.raw)
        )  # fmt: skip
    return found


def _outside_stated_authority(
    night: Normalised,
    usable: Sequence[pd.DataFrame],
    reference: Reference,
    source: Source,
    row_of: dict[str, str],
    heading_of: dict[str, dict[str, str]],
) -> list[Problem]:
    """Venues that lie in another authority than the roster says, or than its owner (fault 73)."""
    code_of = dict(zip(reference.authorities["name"], reference.authorities["lad_code"], strict=True))
    name_of = {code: name for name, code in code_of.items()}
    stated = {
        line.row_id: line.stated_authority
        for lines in usable if "stated_authority" in lines
        for line in lines[lines["stated_authority"].notna()].itertuples()
    }  # fmt: skip
    found = []
    places = night.frames[Location]
    for location_id, lad_code in zip(places[Location.id], places[Location.x_lad_code], strict=True):
        row = row_of[location_id]
        expected = code_of.get(stated.get(row, ""), source.lad_code)
        if pd.isna(lad_code) or not expected or lad_code == expected:
            continue
        file, part, number = row.split("|")
        is_stated = row in stated
        found.append(
            Problem("outside_stated_authority" if is_stated else "outside_own_borough",
                    Severity.WARNING if is_stated else Severity.NOTE,
                    f"The venue lies in {name_of.get(lad_code, lad_code)}, not in {name_of.get(expected, expected)}.",
                    "Nothing, if that is where the venue is.", file, part, int(number),
                    heading_of[row].get(ProviderLine.venue_postcode, ""))
        )  # fmt: skip
    return found


def _check_unreadable(result: Ingested, mapped: list[Mapped], reference: Reference) -> None:
    """Refuse a source in which too many cells of one column cannot be read."""
    limit = reference.thresholds.unreadable_rows_pct
    for whole in mapped:
        rows = set(whole.lines[Line.row_id])
        by_column: dict[tuple[str, str], set[str]] = {}
        for p in result.problems:
            if p.sets_row_aside and p.row_id in rows and p.column and p.rule not in _ABOUT_THE_ROW:
                by_column.setdefault((p.file, p.column), set()).add(p.row_id)
        for (file, column), bad in sorted(by_column.items()):
            if len(bad) / len(rows) * 100 > limit:
                result.problems.append(
                    Problem("column_unreadable", Severity.REJECT,
                            f"{len(bad)} of {len(rows)} cells of “{column}” cannot be read, more than {limit:g}%.",
                            "Check whether the column has changed its meaning or form.", file, "", None, column)
                )  # fmt: skip


def _records(contents: list[Content], mapped: list[Mapped]) -> pd.DataFrame:
    """One row per physical record of every file, before its outcome is known."""
    outside = {row for whole in mapped for row in whole.out_of_scope}
    rows: dict[str, dict[str, Any]] = {}
    for content in contents:
        for part in content.parts:
            numbers = [(r.row, r.cells) for r in part.records] + [(n, []) for n in part.not_records]
            for number, cells in numbers:
                key = f"{part.file}|{part.part}|{number}"
                rows.setdefault(
                    key,
                    {"row_id": key, "file": part.file, "part": part.part, "row": number, "cells": [],
                     "headings": part.headings, "fixed": ""},
                )["cells"].append(cells)  # fmt: skip
                if not cells:
                    rows[key]["fixed"] = "not_a_record"
                elif key in outside:
                    rows[key]["fixed"] = "out_of_scope"
    return pd.DataFrame(
        rows.values(), columns=["row_id", "file", "part", "row", "cells", "headings", "fixed"]
    )


def _close_ledger(result: Ingested, contents: list[Content]) -> None:
    """Decide where every physical row ended, and check the sum against the readers' own counts."""
    first_reason: dict[str, str] = {}
    for problem in result.problems:
        if problem.sets_row_aside:
            first_reason.setdefault(problem.row_id, problem.rule)
    outcomes, reasons = [], []
    for record in result.records.itertuples():
        if record.fixed:
            outcome, reason = Outcome.REJECTED, record.fixed
        elif result.is_refused:
            outcome, reason = Outcome.REJECTED, "file_refused"
        elif record.row_id in first_reason:
            outcome, reason = Outcome.QUARANTINED, first_reason[record.row_id]
            result.set_aside.append(
                {"source": result.source.name, "file": record.file, "part": record.part, "row": record.row,
                 "reason": reason, "values": [dict(zip(record.headings, c, strict=True)) for c in record.cells]}
            )  # fmt: skip
        else:
            outcome, reason = Outcome.CURATED, ""
        outcomes.append(outcome.value)
        reasons.append(reason)
    result.records = result.records.assign(outcome=outcomes, reason=reasons)
    counted: dict[str, int] = {}
    for content in contents:
        for file, rows in content.rows_in.items():
            counted[file] = counted.get(file, 0) + rows
    in_ledger = result.records.groupby("file").size().to_dict()
    if any(in_ledger.get(file, 0) != rows for file, rows in counted.items()):
        raise RuntimeError(f"{result.source.name}: the rows of the ledger are not the rows of the files")
