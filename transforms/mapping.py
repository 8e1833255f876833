"""A borough's own headings and cells → roster lines, still as text.

The TOML of the source says which heading means what; everything here is the same for every borough.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pandas as pd

from transforms.issues import Problem, row_id
from transforms.parsers.reading import fold
from transforms.parsers.text import plain_texts
from transforms.separator import LIST_SEPARATOR
from transforms.source_spec import Correction, Roster
from transforms.tables import LINE_OF, Line, ShortBreakLine
from transforms.text_columns import rows_as_text
from transforms.vocabulary import Severity

# A separator that no native key holds.
_KEY_JOINT = " / "


@dataclass
class Mapped:
    """Lines of one roster, the headings their columns came from, and what was wrong."""

    lines: pd.DataFrame
    heading_of: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    out_of_scope: list[str] = field(default_factory=list)


def headings_of(mapped: Iterable[Mapped]) -> dict[str, dict[str, str]]:
    """The borough's own heading over each column, for every roster record."""
    return {row: whole.heading_of for whole in mapped for row in whole.lines[Line.row_id]}


def map_part(
    headings: list[str],
    records: pd.DataFrame,
    roster: Roster,
    *,
    file: str,
    part: str,
    struck: pd.Series,
) -> Mapped:
    """Lines of one sheet, page or file.

    ``records`` holds the native cells as text under ``headings``, indexed by physical row (repeated
    where one record gave several lines); ``struck`` says which rows are struck through.
    """
    table = LINE_OF[roster.kind]
    found, problems = _find_headings(headings, roster, file, part)
    if any(p.refuses_file for p in problems):
        return Mapped(table.frame(), found, problems)
    lines = pd.DataFrame(index=records.index)
    for column, heading in found.items():
        lines[column] = plain_texts(records[heading])
    for column, value in roster.constants.items():
        lines[column] = value
    for column in roster.from_sheet:
        lines[column] = part
    for column, tick_headings in roster.ticks.items():
        ticked = records.reindex(columns=tick_headings, fill_value="")
        lines[column] = _ticked(ticked, {mark.casefold() for mark in roster.tick_marks})
        found[column] = ", ".join(tick_headings)
    for column in roster.fill_down:
        lines[column] = lines[column].mask(lines[column].eq("")).ffill().fillna("")
    if roster.struck_through_status:
        own = lines.get("status", pd.Series("", index=lines.index))
        lines["status"] = own.mask(struck, roster.struck_through_status)
    lines[Line.file], lines[Line.part], lines[Line.physical_row] = file, part, records.index
    lines[Line.row_id] = [row_id(file, part, n) for n in records.index]
    if Line.record_ref not in lines or roster.key != [Line.record_ref]:
        keys = lines.reindex(columns=roster.key, fill_value="")
        lines[Line.record_ref] = keys.agg(_KEY_JOINT.join, axis=1) if len(keys) else ""
    out_of_scope = _out_of_scope(records, roster, lines)
    lines = lines[~lines[Line.row_id].isin(out_of_scope)]
    return Mapped(table.frame(lines.replace("", pd.NA)), found, problems, out_of_scope)


def _find_headings(
    headings: list[str], roster: Roster, file: str, part: str
) -> tuple[dict[str, str], list[Problem]]:
    by_folded = {_fold(heading): heading for heading in headings if heading}
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for column, aliases in roster.columns.items():
        match = next((by_folded[_fold(a)] for a in aliases if _fold(a) in by_folded), None)
        if match:
            found[column] = match
        elif column not in roster.may_be_absent:
            problems.append(_heading_gone(aliases[0], headings, found, file, part))
    named = [*(heading for group in roster.ticks.values() for heading in group), *roster.keep]
    problems += [_heading_gone(h, headings, found, file, part) for h in named if _fold(h) not in by_folded]
    known = set(found.values()) | set(named)
    problems += [
        Problem(
            "new_column", Severity.NOTE, f"The column “{heading}” is new to us and is not used.",
            "Tell us what it holds if it should be.", file, part, None, heading,
        )
        for heading in headings
        if heading and heading not in known and not _is_listed(heading, roster.unused)
    ]  # fmt: skip
    return found, problems


def _heading_gone(
    heading: str, headings: list[str], found: Mapping[str, str], file: str, part: str
) -> Problem:
    free = [h for h in headings if h and h not in found.values()]
    nearest = nearest_name(heading, free)
    hint = f" The nearest heading in the file is “{nearest}”." if nearest else ""
    sheet = f", sheet “{part}”" if part else ""
    rename = f"Rename “{nearest}” back to “{heading}”" if nearest else f"Put the column “{heading}” back"
    return Problem(
        "heading_missing", Severity.REJECT, f"{file}{sheet} has no column “{heading}”.{hint}",
        f"{rename}, or tell us that the heading has changed.", file, part, None, heading,
    )  # fmt: skip


def nearest_name(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like a name, compared without case; ``None`` when nothing is like it."""
    by_folded = {_fold(c): c for c in candidates}
    close = difflib.get_close_matches(_fold(name), list(by_folded), n=1, cutoff=0.4)
    return by_folded[close[0]] if close else None


def _fold(heading: str) -> str:
    return re.sub(r"\s+", " ", heading).strip().casefold()


def _is_listed(heading: str, patterns: Iterable[str]) -> bool:
    """Whether a heading is among names that may end in ``*``."""
    folded = _fold(heading)
    return any(folded.startswith(_fold(p[:-1])) if p.endswith("*") else folded == _fold(p) for p in patterns)


def _ticked(cells: pd.DataFrame, marks: set[str]) -> pd.Series:
    """Names of the ticked columns, joined; a cell with words of its own adds them."""

    def names(row: pd.Series) -> str:
        kept = [h if v.casefold() in marks else f"{h} {v}" for h, v in row.items() if v]
        return LIST_SEPARATOR.join(map(str, kept))

    return cells.apply(names, axis=1) if len(cells) else pd.Series(dtype="str")


def _out_of_scope(records: pd.DataFrame, roster: Roster, lines: pd.DataFrame) -> list[str]:
    kept = pd.Series(True, index=records.index)
    for heading, wanted in roster.keep.items():
        kept &= records[heading].isin(wanted)
    return lines.loc[~kept.to_numpy(), Line.row_id].tolist()


def apply_corrections(lines: pd.DataFrame, corrections: Iterable[Correction]) -> pd.DataFrame:
    """Lines with declared corrections made, where the value is still the one that was corrected."""
    corrected = lines.copy()
    for fix in corrections:
        if fix.column in corrected:
            hit = corrected[Line.record_ref].eq(fix.record_ref) & corrected[fix.column].eq(fix.was)
            corrected.loc[hit, fix.column] = fix.now
    return corrected


def repeated_rows(lines: pd.DataFrame, *, is_keyed_by_words: bool = False) -> list[Problem]:
    """Problems for records that repeat one key: an exact copy (the first stays), or a contradiction
    (none stays).

    Several lines of one physical record, such as a service at two locations, are one record. Copies may
    differ in letter case, and keys that are made of words in spelling; a reference as such may not.
    """
    problems: list[Problem] = []
    keyed = lines[lines[Line.record_ref].notna()]
    where = {Line.row_id, Line.file, Line.part, Line.physical_row}
    content = [c for c in keyed.columns if c not in where]
    texts = rows_as_text(keyed[content])
    per_record = texts.str.casefold().groupby(keyed[Line.row_id], sort=False).agg("\x1e".join)
    first_line = keyed.drop_duplicates(Line.row_id).set_index(Line.row_id)
    shared = first_line[Line.record_ref].map(fold) if is_keyed_by_words else first_line[Line.record_ref]
    is_shared = shared.duplicated(keep=False)
    for _, rows in first_line[is_shared].groupby(shared[is_shared], sort=False):
        key = rows[Line.record_ref].iloc[0]
        is_copy = per_record[rows.index].nunique() == 1
        several = rows[Line.file].nunique() > 1 or rows[Line.part].nunique(dropna=False) > 1
        shown = " and ".join(
            f"{n} of {part or file}" if several else str(n)
            for n, part, file in zip(
                rows[Line.physical_row], rows[Line.part].fillna(""), rows[Line.file], strict=True
            )
        )
        for position, (_, row) in enumerate(rows.iterrows()):
            if is_copy and position == 0:
                continue
            problems.append(
                Problem(
                    "exact_copy" if is_copy else "contradicting_copies",
                    Severity.QUARANTINE,
                    f"Rows {shown} are the same record; the first is used."
                    if is_copy
                    else f"Rows {shown} share the reference “{key}” but say different things; none is used.",
                    "Delete the repeat."
                    if is_copy
                    else "Keep the row that is right, or give each its own reference.",
                    row[Line.file],
                    row[Line.part] if pd.notna(row[Line.part]) else "",
                    int(row[Line.physical_row]),
                    "",
                    str(key),
                )
            )
    return problems


def orphans(lines: pd.DataFrame, providers: pd.DataFrame, heading_of: Mapping[str, str]) -> list[Problem]:
    """Problems for lines that name a provider the source's own provider list does not hold."""
    refs = set(providers[Line.record_ref].dropna()) | set(providers[ShortBreakLine.provider_ref].dropna())
    names = {_fold(name) for name in providers[ShortBreakLine.provider_name].dropna()}
    problems = []
    for _, line in lines.iterrows():
        ref, name = line[ShortBreakLine.provider_ref], line[ShortBreakLine.provider_name]
        by_ref = pd.notna(ref)
        if (by_ref and ref in refs) or (not by_ref and pd.notna(name) and _fold(name) in names):
            continue
        column = ShortBreakLine.provider_ref if by_ref else ShortBreakLine.provider_name
        problems.append(
            Problem(
                "provider_not_listed",
                Severity.QUARANTINE,
                "The provider named here is not in the list of providers, or its own row was set aside.",
                "Add the provider to the list, or correct the reference.",
                line[Line.file],
                line[Line.part] if pd.notna(line[Line.part]) else "",
                int(line[Line.physical_row]),
                heading_of.get(column, column),
                str(ref if by_ref else name),
            )
        )
    return problems
