"""The report where no script runs: every figure, table and the map are there, and nothing that would do nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from visits import Visit

pytestmark = pytest.mark.flow


@pytest.fixture(scope="module")
def page(browser: Browser, report: Path) -> Iterator[Page]:
    with Visit(browser, report, java_script_enabled=False) as visit:
        yield visit.page


def test_every_row_and_every_grid_is_there(page: Page) -> None:
    for part in page.locator("main details").all():
        if part.get_attribute("open") is None:
            part.locator("> summary").click()
    tables = page.locator("main table")
    assert page.locator("main table:visible").count() == tables.count() > 20
    assert page.locator("main tr:visible").count() == page.locator("main tr").count() > 1000
    assert page.locator("#coverage table").count() > 1
    for section in page.locator("main section").all():
        assert len(section.inner_text()) > 100


def test_the_figures_and_the_map_are_drawn(page: Page) -> None:
    assert page.locator(".figures li:visible").count() == 4
    assert page.get_by_role("img", name="Venues in and around the Square Mile").is_visible()
    dots = page.locator("#map figure .scroll circle:visible")
    assert dots.count() > 20
    assert not page.locator("#leaflet").is_visible()
    charts = page.locator("main svg")
    assert page.locator("main svg:visible").count() == charts.count() > 10


def test_nothing_is_shown_that_would_do_nothing(page: Page) -> None:
    controls = page.locator("button, input, select, [role=search], [role=status], #leaflet")
    assert controls.count() > 5
    assert [one.get_attribute("id") for one in controls.all() if one.is_visible()] == []
    words = page.locator("body").inner_text()
    for promise in ("Press a number", "Show more", "Download", "Zoom to", "Arrow keys", "table below"):
        assert promise not in words


def test_the_contents_lead_to_their_sections(page: Page) -> None:
    link = page.locator(".contents a").nth(5)
    target = page.locator(link.get_attribute("href") or "")
    link.click()
    box = target.bounding_box()
    assert box is not None
    assert abs(box["y"]) < 2
