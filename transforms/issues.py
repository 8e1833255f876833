"""Issues while they are being collected: small records that become rows of the issue table."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from transforms.tables import Issue
from transforms.vocabulary import Severity

WITHHELD_VALUE = "(withheld: may be about a child)"
WITHHELD_HOME = "(withheld: a provider's own home)"


@dataclass(frozen=True)
class Problem:
    """One problem in a roster, in words a borough officer can act on."""

    rule: str
    severity: Severity
    message: str
    what_to_do: str
    file: str = ""
    part: str = ""
    row: int | None = None
    column: str = ""
    raw: str = ""

    @property
    def sets_row_aside(self) -> bool:
        """Whether the row may not go on."""
        return self.severity is Severity.QUARANTINE and self.row is not None

    @property
    def refuses_file(self) -> bool:
        """Whether the whole file may not be used."""
        return self.severity is Severity.REJECT

    @property
    def row_id(self) -> str:
        """The record it is about, as the lines name it."""
        return row_id(self.file, self.part, self.row or 0)


def row_id(file: str, part: str, row: int) -> str:
    """Name of one physical record within a source."""
    return f"{file}|{part}|{row}"


def place_of(row_id: str) -> tuple[str, str, int]:
    """File, part and physical row of a record that ``row_id`` has named."""
    file, part, row = row_id.rsplit("|", 2)
    return file, part, int(row)


def issue_frame(source: str, problems: list[Problem]) -> pd.DataFrame:
    """Problems as rows of the issue table, most severe first within file and row order."""
    gravity = {severity: i for i, severity in enumerate(reversed(Severity))}
    ordered = sorted(
        dict.fromkeys(problems),
        key=lambda p: (gravity[p.severity], p.file, p.part, p.row or 0, p.column, p.rule),
    )
    return Issue.frame(
        [
            {
                Issue.source: source,
                Issue.file: p.file,
                Issue.part: p.part,
                Issue.physical_row: p.row,
                Issue.heading: p.column,
                Issue.raw_value: p.raw,
                Issue.rule: p.rule,
                Issue.severity: p.severity.value,
                Issue.message: p.message,
                Issue.what_to_do: p.what_to_do,
            }
            for p in ordered
        ]
    ).drop_duplicates(Issue.key_names(), ignore_index=True)
