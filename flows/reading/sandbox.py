"""Running the parsing child, and turning whatever ends it into words."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

from flows.reading.content import Content, Finding, Job

TIME_LIMIT_SECONDS = 120
MAX_FILE_BYTES = 100_000_000

_PROJECT = Path(__file__).resolve().parents[2]


def read_roster(job: Job) -> Content:
    """The content of a roster's files, parsed in a child process with memory and time limits.

    A file that is too large, ends the child, or takes too long is refused with the reason; other
    rosters are not touched by it.
    """
    for name in job.files:
        path = Path(name)
        if path.stat().st_size > MAX_FILE_BYTES:
            return _refusal(
                path.name, "file_too_large", f"{path.name} is larger than {MAX_FILE_BYTES // 10**6} MB."
            )
    shown = ", ".join(Path(name).name for name in job.files)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "flows.reading.child"],
            input=json.dumps(asdict(job)),
            capture_output=True, text=True, timeout=TIME_LIMIT_SECONDS, cwd=_PROJECT, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return _refusal(shown, "too_slow", f"{shown} could not be read within {TIME_LIMIT_SECONDS} seconds.")
    if child.returncode != 0:
        # The child's own words may quote the roster, so they are not repeated.
        return _refusal(
            shown, "reader_stopped", f"{shown} made the reader stop: the file is damaged or far too large."
        )
    return Content.from_json(json.loads(child.stdout))


def _refusal(file: str, rule: str, message: str) -> Content:
    return Content(
        findings=[Finding(rule, "reject", message, "Export the file again and check that it opens.", file)]
    )
