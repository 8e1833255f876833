"""The report as a reader's browser shows it: from a file, without a network, and usable by everybody."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from flows.places import Places
from flows.run import Result

pytestmark = pytest.mark.flow

# Debian's own; a browser is never downloaded.
CHROMIUM = shutil.which("chromium")
RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
DESKTOP, PHONE = 1280, 320
MOST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        # A root user of a container may not open a sandbox of Chromium's own.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def report(sample: tuple[Places, Result]) -> Path:
    folder = sample[1].folder
    assert folder is not None
    return folder / "report.html"


class Visit:
    """One reader's look at the report: what was asked of a network, and what the browser complained of."""

    def __init__(self, browser: Browser, report: Path, width: int) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
        self.page: Page = self.context.new_page()
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(report.as_uri())


@pytest.fixture(params=[DESKTOP, PHONE])
def visit(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Visit]:
    visited = Visit(browser, report, request.param)
    yield visited
    visited.context.close()


def test_it_opens_from_a_file_and_asks_for_nothing(visit: Visit, report: Path) -> None:
    assert visit.page.title().endswith("Where SEND support is, and where it is missing")
    # Everything a reader may press is there, and nothing else was loaded.
    assert visit.page.locator("#count").inner_text().endswith("venues on the map.")
    assert visit.asked == [report.as_uri()]
    assert visit.complaints == []


def test_nothing_makes_the_page_wider_than_the_screen(visit: Visit) -> None:
    wide = visit.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_everybody_can_use_it(visit: Visit) -> None:
    visit.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    found = Axe().run(visit.page, options=RULES)
    assert [
        (one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found.response["violations"]
    ] == []


def test_it_is_small_enough_to_send(report: Path) -> None:
    assert report.stat().st_size < MOST_BYTES


def test_a_filter_shows_what_it_says_and_what_may_be(browser: Browser, report: Path) -> None:
    visited = Visit(browser, report, DESKTOP)
    page = visited.page
    page.get_by_label("Takes City children").select_option("Yes")
    rows = page.locator("#venues tbody tr:visible")
    assert {row.split("\t")[6] for row in rows.all_inner_texts()} == {"yes"}
    page.get_by_label("Takes City children").select_option("Yes, or not known")
    assert "may be" in page.locator("#count").inner_text()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download this list").click()
    lines = taken.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith('"sample_data","Activity"')
    assert len(lines) == 1 + int(page.locator("#count").inner_text().split()[0])
    visited.context.close()


def test_a_cell_opens_to_what_it_counts(browser: Browser, report: Path) -> None:
    visited = Visit(browser, report, DESKTOP)
    cell = visited.page.locator("#coverage td.c button").first
    confirmed = int(cell.locator("b").inner_text())
    cell.click()
    dialog = visited.page.get_by_role("dialog")
    assert f"Confirmed: {confirmed}" in dialog.inner_text()
    assert dialog.locator("ul").first.locator("li").count() == confirmed
    visited.page.keyboard.press("Escape")
    assert not dialog.is_visible()
    visited.context.close()


def test_without_a_script_every_row_and_every_grid_is_there(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto(report.as_uri())
    shown = page.locator("#venues tbody tr:visible").count()
    assert shown == page.locator("#venues tbody tr").count() > 0
    assert page.locator("#coverage table:visible").count() == page.locator("#coverage table").count() > 1
    assert page.get_by_role("img", name="Venues in and around the Square Mile").is_visible()
    assert not page.locator("#leaflet").is_visible()
    context.close()
