"""The report without a mouse: every stop can be seen, leads on, and does what it says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from visits import DESKTOP, PHONE, Visit

pytestmark = pytest.mark.flow

STOPS = "a[href], button, select, input, summary, [tabindex='0']"
# What a reader sees of each stop when the next key is pressed: whether it is marked, drawn, and not covered.
NOTE_STOPS = """() => {
  window.stops = [];
  const parts = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]];
  const look = (one) => {
    const box = one.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const covered = parts.filter(([x, y]) => {
      const there = document.elementFromPoint(left + x * (right - left), top + y * (bottom - top));
      return !one.contains(there);
    });
    const mark = getComputedStyle(one.closest(".switch-bar label") ?? one);
    return {
      name: `${one.localName} ${one.id || one.getAttribute("aria-label") || one.textContent.trim().slice(0, 40)}`,
      isMarked: mark.outlineStyle === "solid" && parseFloat(mark.outlineWidth) >= 2,
      isSeen: right > left && bottom > top && covered.length === 0,
      isWhole: box.width > innerWidth || (box.right <= innerWidth && box.left >= 0),
      box: [left, top, right, bottom].map(Math.round).join(" "),
    };
  };
  addEventListener("keydown", ({ key }) => {
    if (key === "Tab") window.stops.push(look(document.activeElement));
  }, { capture: true });
}"""


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    with Visit(browser, report) as visit:
        yield visit.page
        assert visit.complaints == []


def tab_to(page: Page, wanted: Locator, most: int = 80) -> None:
    """Press the tabulator until ``wanted`` has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if wanted.evaluate("(one) => one === document.activeElement"):
            return
    raise AssertionError("not reached")


def is_in_focus(one: Locator) -> bool:
    return bool(one.evaluate("(one) => one === document.activeElement"))


@pytest.mark.parametrize(("width", "key"), [(PHONE, "Tab"), (DESKTOP, "Shift+Tab")])
def test_every_stop_is_marked_and_seen_and_leads_on(
    browser: Browser, report: Path, width: int, key: str
) -> None:
    with Visit(browser, report, width) as visit:
        page = visit.page
        page.evaluate(NOTE_STOPS)
        expected = page.evaluate(
            f'[...document.querySelectorAll("{STOPS}")].filter((one) => one.checkVisibility()).length'
        )
        # Of each group of radio buttons one is a stop; the others are reached with the arrows.
        expected -= page.locator(".switch-bar input:not(:checked)").count()
        # The first key is pressed where no stop has the focus yet.
        for _ in range(expected + 1):
            page.keyboard.press(key)
        stops = page.evaluate("window.stops.slice(1)")
        assert len(stops) == expected
        assert [one for one in stops if not (one["isMarked"] and one["isSeen"] and one["isWhole"])] == []


def test_the_first_stop_leads_past_the_contents(page: Page) -> None:
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to the findings")
    assert is_in_focus(skip)
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_a_filter_is_changed_and_the_answer_is_told(page: Page) -> None:
    count = page.get_by_role("status")
    before = count.inner_text()
    page.get_by_role("link", name="Skip to the findings").press("Enter")
    tab_to(page, page.get_by_label("Need", exact=True))
    page.keyboard.type("Autistic")
    expect(count).not_to_have_text(before)
    narrowed = count.inner_text()
    page.keyboard.press("Shift+Tab")
    page.keyboard.type("kite")
    expect(count).not_to_have_text(narrowed)
    tab_to(page, page.get_by_role("button", name="Clear filters"))
    page.keyboard.press("Enter")
    expect(count).to_have_text(before)


def test_the_map_is_moved_and_zoomed_and_shows_a_venue(page: Page) -> None:
    box = page.locator("#leaflet")
    tab_to(page, box)
    scale = page.locator(".leaflet-control-scale-line")
    near = scale.inner_text()
    page.keyboard.press("-")
    page.keyboard.press("-")
    expect(scale).not_to_have_text(near)
    city = page.get_by_text("City of London", exact=True).and_(page.locator(".area-name *, .area-name"))
    at = city.first.bounding_box()
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(400)
    moved = city.first.bounding_box()
    assert at is not None
    assert moved is not None
    assert moved["x"] < at["x"] - 40

    name = page.locator("#venues button.show").nth(3)
    wanted = name.inner_text()
    name.focus()
    page.keyboard.press("Enter")
    popup = page.locator(".venue-box")
    expect(popup.get_by_role("heading")).to_have_text(wanted)
    expect(popup).to_be_in_viewport(ratio=1)
    assert is_in_focus(box)
    page.keyboard.press("Escape")
    expect(popup).to_be_hidden()


def test_a_section_opens_and_closes(page: Page) -> None:
    details = page.locator("main details").first
    tab_to(page, details.locator("summary"))
    page.keyboard.press("Enter")
    expect(details.locator("> :not(summary)").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(details.locator("> :not(summary)").first).to_be_hidden()


def test_places_are_switched_with_the_arrows(page: Page) -> None:
    coverage = page.locator("#coverage")
    first = coverage.get_by_role("radio").first
    tables = coverage.locator("table:visible")
    before = tables.locator("caption").inner_text()
    first.focus()
    page.keyboard.press("ArrowRight")
    assert tables.count() == 1
    assert tables.locator("caption").inner_text() != before


def test_a_cell_is_opened_and_closed_and_keeps_its_place(page: Page) -> None:
    cell = page.locator("#coverage td button:visible").first
    cell.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.querySelector('main').contains(document.activeElement)")
    dialog.get_by_role("button", name="Close").press("Enter")
    expect(dialog).to_be_hidden()
    assert is_in_focus(cell)


def test_the_table_is_sorted(page: Page) -> None:
    heading = page.get_by_role("columnheader", name="Activity", exact=True)
    names = page.locator("#venues tbody tr:visible th")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    first = names.first.inner_text()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert names.first.inner_text().casefold() > first.casefold()
    assert is_in_focus(heading.get_by_role("button"))


def test_more_rows_are_shown_and_the_focus_is_on_the_first_of_them(page: Page) -> None:
    rows = page.locator("#venues tbody tr:visible")
    before = rows.count()
    page.get_by_role("button", name="Show more").press("Enter")
    assert rows.count() > before
    assert is_in_focus(rows.nth(before).locator("th"))
