"""What a reader gave back → roster lines; personal data is looked for before anything else looks at a row."""

from __future__ import annotations

import pandas as pd

from flows.ingested import Ingested
from flows.reading.content import Content, Finding, Part
from transforms.issues import WITHHELD_VALUE, Problem
from transforms.mapping import Mapped, apply_corrections, map_part
from transforms.personal_data import is_child_heading, personal_cells
from transforms.source_spec import Roster
from transforms.tables import LINE_OF
from transforms.vocabulary import Severity


def as_problem(finding: Finding) -> Problem:
    """What a reader found wrong, as a problem like any other."""
    return Problem(
        finding.rule, Severity(finding.severity), finding.message, finding.what_to_do,
        finding.file, finding.part, finding.row, finding.column, finding.raw,
    )  # fmt: skip


def _frame(part: Part) -> pd.DataFrame:
    rows = [record.cells for record in part.records]
    index = pd.Index([record.row for record in part.records], dtype="int64")
    return pd.DataFrame(rows, index=index, columns=part.headings, dtype="str")


def map_content(content: Content, roster: Roster, result: Ingested) -> Mapped:
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
