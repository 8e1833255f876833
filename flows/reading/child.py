"""The child process that parses one roster: ``python -m flows.reading.child`` with a job on its input.

It sets its own limits before it touches the file, and answers in JSON: a hostile or broken file can
end this process, never the run.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from flows.reading.content import Content, Job, Refused

MEMORY_LIMIT_BYTES = 3_000_000_000
CPU_LIMIT_SECONDS = 60


def read(job: Job) -> Content:
    """Every file of the job, read by the reader of its format."""
    content = Content()
    for name in job.files:
        path = Path(name)
        match job.format:
            case "csv":
                from flows.reading.delimited import read_delimited as reader
            case "xlsx":
                from flows.reading.workbook import read_workbook as reader
            case "open_referral":
                from flows.reading.open_referral import read_pages as reader
            case "xml":
                from flows.reading.markup import read_markup as reader
            case _:
                raise ValueError(f"no reader for the format {job.format}")
        content.extend(reader(path, job))
    return content


def main() -> None:
    """Read the job on standard input, write what was read to standard output."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_SECONDS, CPU_LIMIT_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    job = Job(**json.load(sys.stdin))
    try:
        content = read(job)
    except Refused as refused:
        content = Content(findings=[refused.finding])
    json.dump(content.as_json(), sys.stdout)


if __name__ == "__main__":
    main()
