"""A run on Prefect's page: the headline figures, what became of every row, and where the files are. Counts only."""

from __future__ import annotations

from flows.findings import findings
from flows.report import REPORT
from flows.run import Result
from flows.workbooks import ODS, XLSX
from reports.words import SAMPLE
from transforms.tables import SourceNight
from transforms.vocabulary import SourceState

# Prefect shows the newest of each key first.
ARTIFACT_KEY = "refresh"

_FILES = ((REPORT, "The report"), (XLSX, "The workbook"), (ODS, "The workbook, OpenDocument"))


def run_page(result: Result) -> str:
    """The page of one run as Markdown."""
    parts = [
        f"**{SAMPLE}**" if result.is_sample else "",
        f"# As at {result.as_of.day} {result.as_of:%B %Y}",
        result.message,
        _findings(result),
        "## What became of every row",
        _rows(result),
        _links(result),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _findings(result: Result) -> str:
    rows = [
        [found.subject, str(found.confirmed), str(found.possible), found.words]
        for found in findings(result.frames)
    ]
    return _grid(["", "Confirmed", "Possible", ""], rows)


def _rows(result: Result) -> str:
    figures = (
        SourceNight.rows_in, SourceNight.rows_curated, SourceNight.rows_quarantined, SourceNight.rows_rejected,
    )  # fmt: skip
    states = {night.name: night.state for night in result.nights}
    rows = [
        [
            str(row[SourceNight.title]),
            states[row[SourceNight.source]].label,
            *(str(row[name]) for name in figures),
        ]
        for row in result.frames[SourceNight].to_dict("records")
        if row[SourceNight.state] != SourceState.WAITING
    ]
    return _grid(["Source", "Tonight", "Rows in", "= curated", "+ quarantined", "+ rejected"], rows)


def _links(result: Result) -> str:
    if result.folder is None:
        return ""
    there = [(result.folder / name, words) for name, words in _FILES if (result.folder / name).is_file()]
    # A page of a server may not open files of this machine: the path is written out as well.
    return "\n".join(f"- [{words}]({path.as_uri()}): `{path}`" for path, words in there)


def _grid(headings: list[str], rows: list[list[str]]) -> str:
    return "\n".join(
        f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |"
        for row in (headings, ["---"] * len(headings), *rows)
    )
