"""Rows set aside: kept for the owner of the machine alone, apart from everything that is published."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from flows.ingested import Ingested
from flows.outputs import write_csv
from flows.places import Places, private_folder
from transforms.issues import issue_frame


def lock_away(places: Places, run_id: str, parts: Sequence[Ingested]) -> Path | None:
    """Write each source's set-aside rows, and the issues of refused files; nothing when there are none.

    Returns the folder, which only its owner may open.
    """
    wanted = [part for part in parts if part.set_aside or part.is_refused]
    if not wanted:
        return None
    folder = private_folder(private_folder(places.quarantine) / run_id)
    for part in wanted:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part.set_aside)
        _write_private(folder / f"{part.source.name}.jsonl", lines)
        if part.is_refused:
            path = folder / f"{part.source.name}-refused.csv"
            _write_private(path, "")
            write_csv(path, issue_frame(part.source.name, part.problems), is_sample=part.is_sample)
    return folder


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(text, encoding="utf-8")
