"""The map and the table of activities: what one shows the other lists, in the order and the words asked for."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from visits import DESKTOP, HEIGHT

pytestmark = pytest.mark.flow

# Leaflet hands its map to nobody; for the test every map that is made is kept.
KEEP_MAP = """(() => {
  let leaflet;
  Object.defineProperty(window, "L", {
    get: () => leaflet,
    set(made) { leaflet = made; made.Map?.addInitHook(function () { window.keptMap = this; }); },
  });
})()"""
# The venues drawn: each is a dot that tells its name.
DOTS = """() => {
  const dots = [];
  window.keptMap.eachLayer((layer) => { if (layer.getTooltip?.()) dots.push(layer); });
  return dots.length;
}"""


@pytest.fixture
def page(browser: Browser, report: Path) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": DESKTOP, "height": HEIGHT}, offline=True)
    context.add_init_script(KEEP_MAP)
    page = context.new_page()
    page.goto(report.as_uri())
    yield page
    context.close()


def rows(page: Page) -> list[list[str]]:
    """Every row that is listed, those behind "Show more" too, cell by cell."""
    while page.locator("#more").is_visible():
        page.locator("#more").click()
    found: list[list[str]] = page.evaluate("""() => [...document.querySelectorAll("#venues tbody tr")]
      .filter((row) => row.checkVisibility()).map((row) => [...row.cells].map((cell) => cell.innerText))""")
    return found


def told(page: Page) -> tuple[int, int]:
    """The number of activities and of venues that the line above the map tells."""
    # The map is drawn with the next frame.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    words = page.get_by_role("status").inner_text()
    return int(words.split()[0]), int(words.split(" at ")[1].split()[0])


def venues_of(listed: list[list[str]]) -> set[str]:
    return {row[1] for row in listed if row[1] != "–"}


@pytest.mark.parametrize(
    ("label", "option", "column", "answers"),
    [
        ("Takes City children", "Yes", 6, {"yes"}),
        ("Takes City children", "Yes, or not known", 6, None),
        ("Parent may leave", "No", 7, {"no"}),
        ("Level of offer", "Specialist", 4, None),
        ("Day", "Saturday", 5, None),
    ],
)
def test_the_map_the_table_and_the_line_above_them_agree(
    page: Page, label: str, option: str, column: int, answers: set[str] | None
) -> None:
    everything = told(page)
    page.get_by_label(label, exact=True).select_option(option)
    activities, venues = told(page)
    listed = rows(page)
    assert 0 < len(listed) == activities < everything[0]
    assert page.evaluate(DOTS) == venues < everything[1]
    # Two venues may bear one name, and one has one.
    assert 0 < len(venues_of(listed)) <= venues
    assert answers is None or {row[column] for row in listed} == answers
    assert f"{label}: {option}" in page.locator("#filters-in-words").text_content()


def test_what_only_may_match_is_counted_apart_and_can_be_left_out(page: Page) -> None:
    page.get_by_label("Need", exact=True).select_option("Autistic spectrum disorder")
    both, _ = told(page)
    words = page.get_by_role("status").inner_text()
    sure, maybe = (int(part.split()[0]) for part in words.split("(")[1].split(",")[:2])
    assert sure + maybe == both
    page.get_by_label("Also show what may match").uncheck()
    assert told(page)[0] == sure < both


def test_a_search_finds_names_and_postcodes_whatever_their_spelling(page: Page) -> None:
    name, postcode = page.evaluate("""() => {
      const row = document.querySelector("#venues tbody tr");
      return [row.cells[0].firstChild.textContent, row.cells[1].querySelector("small").textContent];
    }""")
    for words in (f"  {name.upper()} ", postcode.lower()):
        page.get_by_label("Search").fill(words)
        listed = rows(page)
        assert len(listed) == told(page)[0] > 0
        assert all(words.strip().casefold() in " ".join(row).casefold() for row in listed)
    page.get_by_label("Search").fill("nothing is called this")
    assert rows(page) == []
    assert told(page) == (0, 0)
    assert page.evaluate(DOTS) == 0


def test_each_column_sorts_both_ways_and_says_so(page: Page) -> None:
    headings = page.locator("#venues thead th")
    for place, name in ((0, "Activity"), (1, "Venue"), (3, "Needs and ages"), (9, "Step-free")):
        heading = page.locator("#venues").get_by_role("columnheader", name=name, exact=True)
        for order, is_down in (("ascending", False), ("descending", True)):
            heading.get_by_role("button").click()
            expect(heading).to_have_attribute("aria-sort", order)
            assert headings.and_(page.locator("[aria-sort]")).count() == 1
            assert page.evaluate(
                """([place, isDown]) => {
                  const order = new Intl.Collator("en-GB", { numeric: true });
                  const words = [...document.querySelectorAll("#venues tbody tr")]
                    .filter((row) => row.checkVisibility()).map((row) => row.cells[place].textContent);
                  return words.length > 10 && words.every((one, next) => !next
                    || order.compare(words[next - 1], one) * (isDown ? -1 : 1) <= 0);
                }""",
                [place, is_down],
            )


def test_places_sort_from_the_innermost_outwards_and_back(page: Page) -> None:
    before = [row[0] for row in rows(page)]
    heading = (
        page.locator("#venues").get_by_role("columnheader", name="Where", exact=True).get_by_role("button")
    )
    page.locator("#venues").get_by_role("columnheader", name="Activity", exact=True).get_by_role(
        "button"
    ).click()
    assert [row[0] for row in rows(page)] != before
    heading.click()
    assert [row[0] for row in rows(page)] == before
    heading.click()
    assert [row[0] for row in rows(page)] == before[::-1]


def test_the_download_holds_what_is_listed_in_its_order_and_says_it_is_a_sample(page: Page) -> None:
    page.get_by_label("Takes City children").select_option("Yes, or not known")
    page.locator("#venues").get_by_role("columnheader", name="Venue", exact=True).get_by_role(
        "button"
    ).click()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Download this list").click()
    assert taken.value.suggested_filename == "activities.csv"
    with taken.value.path().open(encoding="utf-8-sig", newline="") as file:
        heads, *lines = csv.reader(file)
    assert heads[:2] == ["sample_data", "Activity"]
    assert heads[1:] == page.locator("#venues thead button").all_inner_texts()
    assert {line[0] for line in lines} == {"fictional providers"}
    listed = rows(page)
    assert len(listed) > 50
    as_shown = [["; ".join(cell.split("\n")) for cell in row] for row in listed]
    assert [line[1:] for line in lines] == as_shown
    assert not [cell for line in lines for cell in line if cell.lstrip().startswith(("=", "+", "-", "@"))]


def test_filters_are_cleared_by_one_button(page: Page) -> None:
    everything = told(page)
    page.get_by_label("Age", exact=True).select_option("Under 5")
    assert told(page) != everything
    page.get_by_role("button", name="Clear filters").click()
    assert told(page) == everything
    assert page.locator("#filters-in-words").is_hidden()
