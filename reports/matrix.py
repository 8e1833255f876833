"""The coverage matrix: one grid of need × level of offer × age band for each zone."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from reports.behind import Behind
from reports.sections import Part, Section
from transforms.tables import Coverage
from transforms.vocabulary import AREA_OF_NEED, AgeBand, GapStatus, Need, Tier, Zone

_UNCONFIRMED = (GapStatus.GAP_CERTAIN, GapStatus.GAP_UNLESS_VERIFIED)

# What a verdict looks like; the words always stand beside it.
STYLE = {
    GapStatus.GAP_CERTAIN: "g",
    GapStatus.GAP_UNLESS_VERIFIED: "u",
    GapStatus.FRAGILE: "f",
    GapStatus.COVERED: "c",
}

MEANING = {
    GapStatus.GAP_CERTAIN: "nothing confirmed, and nothing listed that could count even if every open question "
    "were answered yes",
    GapStatus.GAP_UNLESS_VERIFIED: "nothing confirmed; something listed may count, once somebody has asked",
    GapStatus.FRAGILE: "one provider behind all that is confirmed: lose it and there is a gap",
    GapStatus.COVERED: "confirmed activities of two or more providers",
}


@dataclass(frozen=True)
class Cell:
    """One combination: how many are confirmed, how many more are possible, and the verdict."""

    confirmed: int
    more: int
    verdict: GapStatus

    @property
    def is_unconfirmed(self) -> bool:
        """Whether nothing is confirmed."""
        return self.verdict in _UNCONFIRMED


@dataclass(frozen=True)
class NeedRows:
    """The rows of one need: its name, its broad area and the cells of each level of offer."""

    need: str
    area: str
    tiers: list[tuple[str, list[Cell]]]

    @property
    def cells(self) -> list[Cell]:
        """Every cell of this need."""
        return [cell for _, cells in self.tiers for cell in cells]

    @property
    def unconfirmed(self) -> int:
        """How many of them have nothing confirmed."""
        return sum(cell.is_unconfirmed for cell in self.cells)


@dataclass(frozen=True)
class Matrix:
    """The grid of one zone."""

    zone: Zone
    bands: list[str]
    needs: list[NeedRows]
    # The key of each cell in reading order.
    keys: list[str]

    @property
    def cells(self) -> list[Cell]:
        """Every cell of the zone."""
        return [cell for need in self.needs for cell in need.cells]

    @property
    def unconfirmed(self) -> int:
        """How many combinations have nothing confirmed."""
        return sum(cell.is_unconfirmed for cell in self.cells)

    @property
    def verdicts(self) -> list[tuple[GapStatus, int]]:
        """How many combinations have each verdict, the worst first."""
        found = Counter(cell.verdict for cell in self.cells)
        return [(verdict, found[verdict]) for verdict in GapStatus]

    @property
    def by_band(self) -> list[tuple[str, int, int]]:
        """For each age band: its name, combinations with nothing confirmed, and all of them."""
        columns = zip(*(cells for need in self.needs for _, cells in need.tiers), strict=True)
        return [
            (band, sum(cell.is_unconfirmed for cell in cells), len(cells))
            for band, cells in zip(self.bands, columns, strict=True)
        ]


def matrices(coverage: pd.DataFrame) -> list[Matrix]:
    """One grid for each zone, the Square Mile first."""
    return [_matrix(zone, coverage[coverage[Coverage.zone].eq(zone.value)]) for zone in Zone]


def coverage_section(grids: list[Matrix], behind: Behind) -> Section:
    """The section on what is missing, for whom."""
    data = {
        "inside": grids[0],
        "grids": grids,
        "meaning": MEANING,
        "style": STYLE,
        "behind": behind.take(Coverage, [grid.keys for grid in grids]),
    }
    return Section("coverage", "Coverage", "What is missing, for whom", Part.MISSING, "coverage", data)


def _matrix(zone: Zone, rows: pd.DataFrame) -> Matrix:
    needs = [need for need in Need if need in set(rows[Coverage.need])]
    tiers = [tier for tier in Tier if tier in set(rows[Coverage.tier])]
    bands = [band for band in AgeBand if band in set(rows[Coverage.age_band])]
    keys = Coverage.row_keys(rows) if len(rows) else []
    found = dict(
        zip(
            zip(rows[Coverage.need], rows[Coverage.tier], rows[Coverage.age_band], strict=True),
            keys,
            strict=True,
        )
    )
    cells = {
        (row[Coverage.need], row[Coverage.tier], row[Coverage.age_band]): _cell(row)
        for row in rows.to_dict("records")
    }
    return Matrix(
        zone,
        [band.label for band in bands],
        [
            NeedRows(
                need.label,
                AREA_OF_NEED[need].label,
                [(tier.label, [cells[need, tier, band] for band in bands]) for tier in tiers],
            )
            for need in needs
        ],
        [found[need, tier, band] for need in needs for tier in tiers for band in bands],
    )


def _cell(row: dict[str, object]) -> Cell:
    confirmed, possible = int(str(row[Coverage.confirmed])), int(str(row[Coverage.possible]))
    return Cell(confirmed, possible - confirmed, GapStatus(str(row[Coverage.gap_status])))
