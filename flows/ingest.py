"""One source from its files to placed, validated rows of the canonical model.

read → map headings → set personal data aside → gate the raw lines → normalise → geocode → gate the
tables. Rows that fail are set aside with a reason and the rest is read again without them, until
nothing more fails; so a row never lingers half in.
"""

from __future__ import annotations

import pandas as pd

from flows.gates import gate_lines, gate_tables
from flows.ingested import Ingested
from flows.ledger import close_ledger, open_ledger
from flows.lines import as_problem, map_content
from flows.placing import misplaced, place
from flows.reading.content import Content
from flows.received import Received, is_sample, read_content
from flows.reference import Reference
from transforms.issues import Problem
from transforms.mapping import Mapped, orphans, repeated_rows
from transforms.normalise.source import RosterLines, normalise
from transforms.source_spec import Source
from transforms.tables import Line, ValueProvenance
from transforms.vocabulary import RosterKind, Severity

# No row can be set aside twice, so this only guards against a fault of our own.
_MAX_ROUNDS = 20
# Rules that are not about a column's type; the others, over the threshold, refuse the file (fault 38).
_ABOUT_THE_ROW = {"exact_copy", "contradicting_copies", "provider_not_listed", "ragged_row", "personal_data"}


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
    result.problems += [as_problem(f) for content in contents for f in content.findings]
    mapped = [
        map_content(content, roster, result) for content, roster in zip(contents, source.roster, strict=True)
    ]
    result.records = open_ledger(contents, mapped)
    _check_row_loss(result, rows_last_time, reference)
    if not result.is_refused:
        _settle(result, mapped, reference)
        _check_unreadable(result, mapped, reference)
    close_ledger(result, contents)
    return result


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
    source, thresholds = result.source, reference.thresholds
    raw_gated = False
    for _ in range(_MAX_ROUNDS):
        before = _aside(result)
        usable = [m.lines[~m.lines[Line.row_id].isin(before)].reset_index(drop=True) for m in mapped]
        if not raw_gated:
            for roster, whole, lines in zip(source.roster, mapped, usable, strict=True):
                result.problems += repeated_rows(lines, is_keyed_by_words=roster.key != [Line.record_ref])
                result.problems += gate_lines(result, roster, whole, lines)
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
        found = _of_other_rows(night.problems, misplaced(night, mapped, reference))
        found = _of_other_rows(found, place(night, usable, mapped, reference, source))
        # The slowest check comes last, when the cheap ones find nothing more.
        if not any(p.sets_row_aside for p in found):
            found += gate_tables(result, night, mapped)
        # Warnings count once, from the round that stands.
        if any(p.sets_row_aside for p in found):
            result.problems += [p for p in found if p.sets_row_aside]
            continue
        result.problems += found
        night.frames[ValueProvenance] = night.provenance()
        result.normalised = night
        return
    raise RuntimeError(f"{source.name} does not settle")


def _of_other_rows(found: list[Problem], more: list[Problem]) -> list[Problem]:
    """Problems with more of them, but those of rows that are set aside already: one reason is enough for a row, and
    what else is wrong with it is told when it comes back mended.
    """
    gone = {problem.row_id for problem in found if problem.sets_row_aside}
    return [*found, *(problem for problem in more if problem.row_id not in gone)]


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
