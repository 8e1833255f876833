"""How a source declares its rosters: the shape of a file in ``sources/``.

A source is data. It may name a parser, never contain an expression; an odd roster earns a parser,
never a special case in the code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar

from transforms.vocabulary import RosterKind


class Format(StrEnum):
    """File formats that have a reader."""

    CSV = "csv"
    XLSX = "xlsx"
    XML = "xml"
    OPEN_REFERRAL = "open_referral"


@dataclass(frozen=True, kw_only=True)
class Roster:
    """One kind of record in one source, and how to find and name its values."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    kind: RosterKind
    format: Format
    files: list[str]
    columns: dict[str, list[str]]
    encoding: str = "utf-8"
    delimiter: str = ","
    sheets: list[str] = field(default_factory=list)
    header_rows: int = 1
    records: str = ""
    date_format: str = "%d/%m/%Y"
    key: list[str] = field(default_factory=lambda: ["record_ref"])
    expected_rows: tuple[int, int] = (1, 1_000_000)
    may_be_absent: list[str] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    fill_down: list[str] = field(default_factory=list)
    not_records: list[str] = field(default_factory=list)
    struck_through_status: str = ""
    ticks: dict[str, list[str]] = field(default_factory=dict)
    tick_marks: list[str] = field(default_factory=lambda: ["x", "✓", "y", "yes", "1", "true"])
    constants: dict[str, str] = field(default_factory=dict)
    from_sheet: list[str] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    parsers: dict[str, str] = field(default_factory=dict)
    keep: dict[str, list[str]] = field(default_factory=dict)
    inherit: list[str] = field(default_factory=list)
    providers_listed_apart: bool = False


@dataclass(frozen=True, kw_only=True)
class Correction:
    """One value put right by hand, with who did it and why."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    record_ref: str
    column: str
    was: str
    now: str
    reason: str
    by: str
    date: str


@dataclass(frozen=True, kw_only=True)
class Source:
    """One owner of rosters: a borough, a partner, a national register."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    name: str
    title: str
    owner: str
    licence: str
    contact_role: str
    roster: list[Roster]
    lad_code: str = ""
    waits_for_its_file: bool = False
    corrections: list[Correction] = field(default_factory=list)
