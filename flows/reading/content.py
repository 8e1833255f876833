"""What a reader gives back: text records with their physical rows, and what was wrong on the way.

Light on purpose: the child process that parses a file imports only this and its reader.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Job:
    """What to read and how, as the source declares it."""

    format: str
    files: list[str]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheets: list[str] = field(default_factory=list)
    header_rows: int = 1
    records: str = ""
    headings: list[str] = field(default_factory=list)
    not_records: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Finding:
    """Something wrong with a file, or with one of its rows."""

    rule: str
    severity: str
    message: str
    what_to_do: str
    file: str = ""
    part: str = ""
    row: int | None = None
    column: str = ""
    raw: str = ""


@dataclass(frozen=True)
class Record:
    """One physical record: its row as an officer would count it, its cells, and whether it is struck through."""

    row: int
    cells: list[str]
    is_struck: bool = False


@dataclass
class Part:
    """One sheet, page or file: headings and records under them."""

    file: str
    part: str = ""
    headings: list[str] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    # Rows that are physically there but describe nothing: sub-totals, trailing notes.
    not_records: list[int] = field(default_factory=list)


@dataclass
class Content:
    """Everything read from the files of one roster."""

    parts: list[Part] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    # Physical records of each file, counted by its reader before any data frame exists.
    rows_in: dict[str, int] = field(default_factory=dict)
    # Text of sheets and columns that are hidden: never used, but searched for children's data.
    hidden: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """As plain lists and dicts."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Content:
        """Back from ``as_json``."""
        return cls(
            parts=[
                Part(**{**part, "records": [Record(**record) for record in part["records"]]})
                for part in data["parts"]
            ],
            findings=[Finding(**finding) for finding in data["findings"]],
            rows_in=data["rows_in"],
            hidden=data["hidden"],
        )

    def extend(self, other: Content) -> None:
        """Add what was read from another file of the same roster."""
        self.parts += other.parts
        self.findings += other.findings
        self.rows_in |= other.rows_in
        self.hidden += other.hidden


class Refused(Exception):
    """A file that cannot be taken as a whole, with the reason in words."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.message)
        self.finding = finding


def refuse(rule: str, message: str, what_to_do: str, **where: Any) -> Refused:
    """The exception that refuses a whole file."""
    return Refused(Finding(rule, "reject", message, what_to_do, **where))
