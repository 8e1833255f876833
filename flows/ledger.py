"""The row ledger: every physical row of every file, and the one place where it ended."""

from __future__ import annotations

from typing import Any

import pandas as pd

from flows.ingested import Ingested
from flows.reading.content import Content
from transforms.mapping import Mapped
from transforms.tables import Line
from transforms.vocabulary import Outcome


def open_ledger(contents: list[Content], mapped: list[Mapped]) -> pd.DataFrame:
    """One row per physical record of every file, before its outcome is known."""
    outside = {row for whole in mapped for row in whole.out_of_scope}
    refs = {
        row: ref
        for whole in mapped
        for row, ref in zip(whole.lines[Line.row_id], whole.lines[Line.record_ref], strict=True)
    }
    rows: dict[str, dict[str, Any]] = {}
    for content in contents:
        for part in content.parts:
            numbers = [(r.row, r.cells) for r in part.records] + [(n, []) for n in part.not_records]
            for number, cells in numbers:
                key = f"{part.file}|{part.part}|{number}"
                rows.setdefault(
                    key,
                    {"row_id": key, "file": part.file, "part": part.part, "row": number, "cells": [],
                     "record_ref": refs.get(key), "headings": part.headings, "fixed": ""},
                )["cells"].append(cells)  # fmt: skip
                if not cells:
                    rows[key]["fixed"] = "not_a_record"
                elif key in outside:
                    rows[key]["fixed"] = "out_of_scope"
    return pd.DataFrame(
        rows.values(), columns=["row_id", "file", "part", "row", "cells", "record_ref", "headings", "fixed"]
    )


def close_ledger(result: Ingested, contents: list[Content]) -> None:
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
