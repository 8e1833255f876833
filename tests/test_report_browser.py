"""The report as a reader's browser shows it: from a file, without a network, and usable by everybody."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser
from visits import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.flow

MOST_BYTES = 1_000_000


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_it_opens_from_a_file_and_asks_for_nothing(browser: Browser, report: Path, width: int) -> None:
    with Visit(browser, report, width) as visit:
        assert visit.page.title().endswith("Where SEND support is, and where it is missing")
        # Everything a reader may press is there, and nothing else was loaded.
        assert visit.page.locator("#count").inner_text().endswith("venues on the map.")
        wide = visit.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0, "wider than the screen"
        assert visit.asked == [report.as_uri()]
        assert visit.complaints == []


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_everybody_can_use_it_in_ordinary_and_in_forced_colours(
    browser: Browser, report: Path, width: int
) -> None:
    with Visit(browser, report, width) as visit:
        visit.open_everything()
        assert visit.barriers() == []
        visit.page.emulate_media(forced_colors="active", reduced_motion="reduce")
        assert visit.barriers() == []


def test_axe_sees_a_barrier_where_there_is_one(browser: Browser, report: Path) -> None:
    with Visit(browser, report) as visit:
        visit.page.evaluate("""() => {
          document.querySelector("main").querySelectorAll("section:not(#methods)").forEach((one) => one.remove());
          document.querySelector("#methods p:last-of-type").style.color = "#aaa";
          document.querySelector("h1").insertAdjacentHTML("afterend", "<button></button>");
        }""")
        assert [rule for rule, _ in visit.barriers()] == ["button-name", "color-contrast"]


def test_it_is_small_enough_to_send(report: Path) -> None:
    assert report.stat().st_size < MOST_BYTES


def test_a_cell_opens_to_what_it_counts(browser: Browser, report: Path) -> None:
    with Visit(browser, report) as visit:
        cell = visit.page.locator("#coverage td.c button").first
        confirmed = int(cell.locator("b").inner_text())
        cell.click()
        dialog = visit.page.get_by_role("dialog")
        assert f"Confirmed: {confirmed}" in dialog.inner_text()
        assert dialog.locator("ul").first.locator("li").count() == confirmed
        visit.page.keyboard.press("Escape")
        assert not dialog.is_visible()


def test_motion_is_not_forced_on_those_who_want_none(browser: Browser, report: Path) -> None:
    with Visit(browser, report, reduced_motion="reduce") as visit:
        moving = visit.page.evaluate("""() => [...document.querySelectorAll("*")].filter((one) => {
          const style = getComputedStyle(one);
          const durations = `${style.transitionDuration},${style.animationDuration}`.split(",");
          return durations.some((time) => parseFloat(time) > 0) || style.scrollBehavior === "smooth";
        }).map((one) => one.className.toString())""")
        assert moving == []
