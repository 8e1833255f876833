"""Tables in a terminal of any width."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from rich.console import Console

from flows.listing import _grid, _in_order, _print_one_by_one, _that_fit
from transforms.tables import Coverage, GapTable, TravelBurden

CELLS = pd.DataFrame(
    {
        "need": ["ASD", "HI"],
        "confirmed": ["1", "0"],
        "possible": ["12", "3"],
        "sessions_confirmed": ["4", ""],
        "sessions_possible": ["48", "12"],
    }
)


def printed(width: int, what: object) -> str:
    console = Console(file=io.StringIO(), width=width)
    console.print(what)
    return console.file.getvalue()  # type: ignore[attr-defined]


def test_the_key_and_the_verdict_come_first_and_what_every_row_shares_last() -> None:
    names = _in_order(Coverage)
    assert names[:5] == ["need", "age_band", "tier", "zone", "gap_status"]
    assert names[-3:] == GapTable.names()
    assert sorted(names) == sorted(Coverage.names())
    assert TravelBurden.gap_status in _in_order(TravelBurden)[:5]


@pytest.mark.parametrize("width", range(8, 100))
def test_what_is_shown_fits_and_no_confirmed_stands_without_its_possible(width: int) -> None:
    fitting = _that_fit(CELLS, width)
    assert fitting == list(CELLS.columns)[: len(fitting)]
    for column in fitting[1:]:
        assert column.replace("confirmed", "possible") in fitting
    lines = printed(200, _grid("", CELLS[fitting], [])).splitlines()
    assert max(map(len, lines)) <= width or fitting == ["need"]


def test_a_wide_window_shows_everything_and_a_table_without_rows_its_headings() -> None:
    assert _that_fit(CELLS, 100) == list(CELLS.columns)
    assert _that_fit(CELLS[:0], 100) == list(CELLS.columns)


def test_rows_below_each_other_hold_every_cell_as_it_is() -> None:
    console = Console(file=io.StringIO(), width=30)
    _print_one_by_one(
        console, "coverage", pd.DataFrame({"name": ["[bold]Otters[/bold]"], "confirmed": ["1"]})
    )
    told = console.file.getvalue()  # type: ignore[attr-defined]
    assert "[bold]Otters[/bold]" in told
    assert "confirmed" in told
