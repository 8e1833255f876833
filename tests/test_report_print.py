"""The report on paper: A4, every row on it, a head on each page, and nothing that a pen cannot press."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser
from visits import Visit

from reports.words import SAMPLE

pytestmark = pytest.mark.flow

A4_PT = (595, 842)
# The margins that the print style leaves left and right.
MARGIN_PT = 12 / 25.4 * 72
ROWS = """() => [...document.querySelectorAll("main tbody tr")].map((row) => row.cells[0].textContent)"""


@dataclass
class Paper:
    """The printed report: what each page says, and what a reader of the page finds in its tables."""

    sizes: list[tuple[float, float]]
    pages: list[str]
    # Left and right edge of each run of letters, by page.
    edges: list[list[tuple[float, float]]]
    rows: list[str]


@pytest.fixture(scope="module")
def paper(browser: Browser, report: Path) -> Iterator[Paper]:
    with Visit(browser, report) as visit:
        # As a reader leaves it: a part of the list shown, one place of each grid, what is folded still folded.
        visit.page.get_by_role("button", name="Show more").click()
        rows = visit.page.evaluate(ROWS)
        printed = pypdfium2.PdfDocument(visit.page.pdf(prefer_css_page_size=True, print_background=True))
    texts = [page.get_textpage() for page in printed]
    yield Paper(
        sizes=[page.get_size() for page in printed],
        pages=[text.get_text_bounded() for text in texts],
        edges=[[text.get_rect(n)[::2] for n in range(text.count_rects())] for text in texts],
        rows=rows,
    )
    printed.close()


def squeezed(words: str) -> str:
    """Without spaces and the signs of a broken word: lines end elsewhere on paper."""
    return "".join(sign for sign in words if sign.isalnum())


def test_every_page_is_a4_with_a_head_and_a_number(paper: Paper) -> None:
    assert {tuple(map(round, size)) for size in paper.sizes} == {A4_PT}
    for number, words in enumerate(paper.pages, 1):
        assert SAMPLE in words, number
        assert f"Page {number} of {len(paper.pages)}" in words, number
        assert "City of London" in words, number


def test_every_row_of_every_table_is_printed(paper: Paper) -> None:
    whole = squeezed("".join(paper.pages))
    wanted = Counter(squeezed(row) for row in paper.rows)
    wanted.pop("", None)
    assert wanted.total() > 1000
    # Each as often as it stands in the page; short ones stand within longer words too.
    assert [row for row, times in wanted.items() if whole.count(row) < times] == []


def test_nothing_is_cut_at_the_edges(paper: Paper) -> None:
    width = A4_PT[0]
    for number, edges in enumerate(paper.edges, 1):
        beyond = [
            (round(left), round(right))
            for left, right in edges
            if left < MARGIN_PT - 1 or right > width - MARGIN_PT + 1
        ]
        assert beyond == [], number


def test_no_control_is_printed(paper: Paper) -> None:
    words = "\n".join(paper.pages)
    for control in (
        "Search",
        "Clear filters",
        "Show more",
        "Show all venues",
        "Download",
        "Skip to",
        "Contents",
        "↕",
    ):
        assert control not in words


def test_no_words_run_into_the_next_cell(browser: Browser, report: Path) -> None:
    # As wide as the part of A4 that is printed on, at 96 pixels to the inch.
    with Visit(browser, report, width=703) as visit:
        visit.open_everything()
        visit.page.emulate_media(media="print")
        beyond = visit.page.evaluate("""() => [...document.querySelectorAll("main :is(td, th)")]
          .filter((cell) => cell.checkVisibility() && cell.scrollWidth > cell.clientWidth + 2)
          .map((cell) => cell.textContent.trim())""")
        assert beyond == []
