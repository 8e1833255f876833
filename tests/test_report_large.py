"""The report of 5,000 venues: small enough to send, and each filter answers; ``benchmarks/report.py`` says how fast."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from large_report import CHOICES, VENUES, large_report
from playwright.sync_api import Browser, Page
from visits import Visit

pytestmark = pytest.mark.flow

MOST_BYTES = 4_000_000
SHOWN_AT_ONCE = 50


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("large") / "report.html"
    path.write_text(large_report(), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def page(browser: Browser, large: Path) -> Iterator[Page]:
    with Visit(browser, large) as visit:
        yield visit.page


def test_it_is_small_enough_to_send(large: Path) -> None:
    assert large.stat().st_size < MOST_BYTES


def test_every_venue_is_listed_and_the_first_are_shown(page: Page) -> None:
    assert page.locator("#venues tbody tr").count() == VENUES
    assert page.locator("#venues tbody tr:visible").count() == SHOWN_AT_ONCE
    assert page.get_by_role("status").inner_text().startswith("5000 of 5000 activities")


def test_each_filter_answers_and_is_cleared_again(page: Page) -> None:
    """What makes an answer quick: no more rows are ever laid out than a reader is shown at once."""
    status = page.get_by_role("status")
    everything = status.inner_text()
    for field, choice in CHOICES.items():
        for value in (choice, ""):
            page.evaluate(
                """([id, value]) => {
                  const field = document.getElementById(id);
                  field.value = value;
                  field.dispatchEvent(new Event("input", { bubbles: true }));
                }""",
                [field, value],
            )
            assert (status.inner_text() == everything) is (value == ""), field
            matches = int(status.inner_text().split()[0])
            assert page.locator("#venues tbody tr:visible").count() == min(matches, SHOWN_AT_ONCE), field
