"""The activities behind the cells of a grid, as a script opens them: by their place in the table of activities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import islice

from reports.facts import Frames
from reports.grid import CONFIRMED, POSSIBLE
from reports.members import members_of
from reports.words import text
from transforms.schema import LIST_JOINT
from transforms.tables import Counted, GapTable
from transforms.vocabulary import RULING_OUT, Doubt

# So much keeps the page small enough to be sent: the grids of places on the ground, and so many activities behind
# the cells of all of them together. Beyond that ``squaremile explain`` tells.
_PANELS, _MOST = 3, 60_000
DOUBTS = [doubt for doubt in Doubt if doubt not in RULING_OUT]

# Of one cell: places of the confirmed; and of the possible, one list for each set of doubts, which stands first in it.
Cell = tuple[list[int], list[list[int]]]


class Behind:
    """What stands behind grids, taken up one after the other while there is room."""

    def __init__(self, frames: Frames, activity_ids: Iterable[str]) -> None:
        self._frames = frames
        self._places = {key: place for place, key in enumerate(activity_ids)}
        self._left = _MOST

    def take(
        self, table: type[GapTable], panels: Iterable[list[str]], sure: str = CONFIRMED, may: str = POSSIBLE
    ) -> list[list[Cell]]:
        """The cells of each panel of a table's grid, by their keys in reading order.

        ``sure`` and ``may`` are the columns whose figures the cells show.
        """
        found = self._members(table, sure, may)
        taken = []
        for keys in islice(panels, _PANELS):
            cells = [found.get(key, ([], [])) for key in keys]
            weight = sum(len(certain) + sum(map(len, other)) for certain, other in cells)
            if weight > self._left:
                break
            self._left -= weight
            taken.append(cells)
        return taken if any(certain or other for cells in taken for certain, other in cells) else []

    def _members(self, table: type[GapTable], sure: str, may: str) -> dict[str, Cell]:
        """For each row: its activities, confirmed where any listing is, and what is in doubt about the others."""
        certain: dict[str, set[int]] = defaultdict(set)
        doubts: dict[str, dict[int, int]] = defaultdict(dict)
        columns = [Counted.row_key, Counted.activity_id, Counted.counts_in, Counted.doubts]
        for key, activity, counts_in, codes in members_of(self._frames, table)[columns].itertuples(
            index=False, name=None
        ):
            place, counted = self._places.get(activity), text(counts_in).split(LIST_JOINT)
            if place is None or not {sure, may} & set(counted):
                continue
            if sure in counted:
                certain[key].add(place)
            bits = _bits(text(codes))
            # Of several listings of one activity the one with the fewest doubts stands for it.
            known = doubts[key].get(place)
            if known is None or bits.bit_count() < known.bit_count():
                doubts[key][place] = bits
        return {key: (sorted(certain[key]), _by_doubts(own, certain[key])) for key, own in doubts.items()}


def _by_doubts(doubts: Mapping[int, int], certain: set[int]) -> list[list[int]]:
    """The places that are not certain, those with the same doubts together."""
    groups: dict[int, list[int]] = defaultdict(list)
    for place, bits in sorted(doubts.items()):
        if place not in certain:
            groups[bits].append(place)
    # The fewest doubts first: those are the nearest to being confirmed.
    return [
        [bits, *places]
        for bits, places in sorted(groups.items(), key=lambda one: (one[0].bit_count(), one[0]))
    ]


@cache
def _bits(codes: str) -> int:
    found = set(codes.split(LIST_JOINT))
    return sum(1 << place for place, doubt in enumerate(DOUBTS) if doubt.value in found)


def doubts_of(bits: int) -> list[str]:
    """The doubts of a bit set, in words."""
    return [doubt.label for place, doubt in enumerate(DOUBTS) if bits >> place & 1]
