"""A night of hostile rosters: 200 payloads in every text, from the files of four boroughs to what readers open."""

from __future__ import annotations

import csv
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hostile_rosters import SOURCES, write_hostile
from installations import run, with_workbooks
from lxml import etree
from payloads import HOSTILE
from playwright.sync_api import Browser, Dialog, Page
from python_calamine import CalamineWorkbook

from flows.places import PROJECT, Places
from flows.workbooks import ODS, XLSX
from reports.words import plain
from transforms.tables import Issue, Service, SourceRecord
from transforms.vocabulary import Outcome

pytestmark = pytest.mark.flow

# Whatever runs says so, and so does whatever the policy stops.
WATCH = """
  window.ran = [];
  window.pwned = () => window.ran.push("pwned");
  document.addEventListener("securitypolicyviolation", (one) => window.ran.push(one.violatedDirective));
"""
PRESS_EVERYTHING = """() => {
  document.querySelectorAll("details").forEach((one) => { one.open = true; });
  const more = document.getElementById("more");
  while (more && !more.hidden) more.click();
  // Each opens over the whole page, so a few of each kind are opened.
  const some = (asked, every) => [...document.querySelectorAll(asked)].filter((_, place) => place % every === 0);
  some("#venues thead button, .switch-bar input", 2).forEach((one) => one.click());
  some("#venues .show", 10).forEach((one) => one.click());
  some(".matrix td button", 60).forEach((one) => {
    one.click();
    document.getElementById("members").close();
  });
}"""
FOREIGN = """() => [...document.querySelectorAll(
  "img, iframe, object, embed, form, link, base, meta[http-equiv=refresh], template, math, video, svg script")]
  .map((one) => one.outerHTML.slice(0, 100))
  .concat([...document.querySelectorAll("*")].flatMap((one) => [...one.attributes])
    .filter(({ name, value }) => name.startsWith("on") || /^\\s*(java|vb)script:/i.test(value)
      || (name === "href" && !/^(#|[a-z_]+\\.csv$)/.test(value)))
    .map(({ name, value }) => `${name}=${value}`))"""
# Letters other than those of the payload keep their order along each line, whatever stands in it.
TURNED = """(payloads) => {
  const turning = /[\\u0590-\\u08ff]/;
  const turned = [];
  const blocks = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    if (!turning.test(walk.currentNode.data)) continue;
    let block = walk.currentNode.parentElement;
    while (getComputedStyle(block).display.startsWith("inline") && block.parentElement) block = block.parentElement;
    if (block.checkVisibility() && block.tagName !== "OPTION" && block.tagName !== "SCRIPT") blocks.add(block);
  }
  for (const block of blocks) {
    const letters = [];
    const inner = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    while (inner.nextNode()) {
      const { data } = inner.currentNode;
      const own = payloads.flatMap((words) => {
        const at = [];
        for (let from = data.indexOf(words); from >= 0; from = data.indexOf(words, from + 1)) {
          at.push([from, from + words.length]);
        }
        return at;
      });
      for (let place = 0; place < data.length; place += 1) {
        if (!data[place].trim() || own.some(([from, to]) => place >= from && place < to)) continue;
        const range = document.createRange();
        range.setStart(inner.currentNode, place);
        range.setEnd(inner.currentNode, place + 1);
        const [box] = range.getClientRects();
        if (box) letters.push(box);
      }
    }
    const isTurned = letters.some((box, place) => place && Math.abs(box.top - letters[place - 1].top) < 2
      && box.left < letters[place - 1].left);
    if (isTurned) turned.push(block.textContent.trim().slice(0, 120));
  }
  return [blocks.size, turned];
}"""
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What was published of the hostile rosters."""
    folder = tmp_path_factory.mktemp("hostile")
    places = Places(data=folder / "data", sources=folder / "sources")
    places.sources.mkdir()
    for name in SOURCES:
        shutil.copytree(PROJECT / "data" / "raw" / name, places.raw / name)
        shutil.copy(PROJECT / "sources" / f"{name}.toml", places.sources)
    # So many cells that cannot be read would refuse the files; here they are to go as far as they can.
    shutil.copytree(PROJECT / "data" / "reference", places.data / "reference")
    settings = places.reference / "thresholds.toml"
    words = settings.read_text(encoding="utf-8")
    assert "unreadable_rows_pct = 5" in words
    settings.write_text(
        words.replace("unreadable_rows_pct = 5", "unreadable_rows_pct = 100"), encoding="utf-8"
    )
    write_hostile(places.raw)
    with with_workbooks():
        result = run(places)
    assert result.folder is not None
    return result.folder


def table(snapshot: Path, of: type) -> pd.DataFrame:
    return pd.read_parquet(snapshot / "tables" / f"{of.table_name}.parquet")


class HostileVisit:
    """A page with hostile words in it, everything on it opened and pressed."""

    def __init__(self, browser: Browser, path: Path) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 900}, offline=True)
        self.context.add_init_script(WATCH)
        self.page: Page = self.context.new_page()
        self.heard: list[str] = []
        self.page.on("request", lambda request: self.heard.append(request.url))
        self.page.on("console", lambda message: self.heard.append(message.text))
        self.page.on("pageerror", lambda error: self.heard.append(str(error)))
        self.page.on("dialog", self._hear)
        self.page.goto(path.as_uri())
        assert self.heard == [path.as_uri()]
        self.page.evaluate(PRESS_EVERYTHING)
        self.heard.clear()
        self.page.wait_for_timeout(200)

    def _hear(self, dialog: Dialog) -> None:
        self.heard.append(dialog.message)
        dialog.dismiss()


@pytest.fixture(scope="module")
def pages(browser: Browser, snapshot: Path) -> Iterator[dict[str, HostileVisit]]:
    paths = [snapshot / "report.html", *(snapshot / "issues" / f"{name}.html" for name in SOURCES)]
    visits = {path.stem: HostileVisit(browser, path) for path in paths}
    yield visits
    for visit in visits.values():
        visit.context.close()


def test_the_payloads_get_as_far_as_they_can(snapshot: Path) -> None:
    assert len(set(HOSTILE)) == 200
    records = table(snapshot, SourceRecord)
    taken = records[records[SourceRecord.outcome].eq(Outcome.CURATED)]
    assert taken.groupby(SourceRecord.source).size().min() > 150
    names = table(snapshot, Service)[Service.name]
    assert names.str.contains("pwned()", regex=False).sum() > 50
    assert names.str.contains("=1+1", regex=False).any()
    assert names.str.contains("שלום").any()
    values = table(snapshot, Issue)[Issue.raw_value]
    assert values.str.contains("onerror=pwned()", regex=False).any()


def test_nothing_runs_and_nothing_is_asked_for(pages: dict[str, HostileVisit]) -> None:
    for name, visit in pages.items():
        assert visit.page.evaluate("window.ran") == [], name
        assert visit.heard == [], name
        assert visit.page.evaluate(FOREIGN) == [], name


def test_hostile_words_are_shown_as_words(pages: dict[str, HostileVisit], snapshot: Path) -> None:
    shown = (
        pages["report"]
        .page.locator("#venues tbody th")
        .evaluate_all("(cells) => cells.map((cell) => cell.firstChild.textContent)")
    )
    known = {" ".join(plain(name).split()) for name in table(snapshot, Service)[Service.name].dropna()}
    assert len(shown) > 400
    assert {" ".join(name.split()) for name in shown} <= known
    assert [name for name in shown if "<img src=x onerror=" in name]
    told = pages["city"].page.locator("main").inner_text()
    for words in ("<img src=x onerror=pwned()>", "{{7*7}}", "{% for x in [] %}", "=1+1", "${7*7}"):
        assert words in told


def test_text_written_from_the_right_turns_nothing_beside_it(pages: dict[str, HostileVisit]) -> None:
    payloads = sorted({plain(one).strip() for one in HOSTILE}, key=len, reverse=True)
    turning = [one for one in payloads if any("\u0590" <= sign <= "\u08ff" for sign in one)]
    seen = {name: visit.page.evaluate(TURNED, turning) for name, visit in pages.items()}
    assert [turned for _, turned in seen.values() if turned] == []
    assert seen["report"][0] > 20


def test_the_workbook_holds_no_formula_whoever_reads_it(snapshot: Path) -> None:
    book = openpyxl.load_workbook(snapshot / XLSX)
    for sheet in book:
        assert not [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.data_type == "f"], (
            sheet
        )
    with zipfile.ZipFile(snapshot / XLSX) as archive:
        for name in archive.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                formulas = etree.fromstring(archive.read(name)).iter("{*}f")
                assert not list(formulas), name
    for file in (XLSX, ODS):
        again = CalamineWorkbook.from_path(str(snapshot / file))
        assert again.sheet_names == book.sheetnames
        cells = [
            v for name in book.sheetnames for row in again.get_sheet_by_name(name).to_python() for v in row
        ]
        assert [value for value in cells if isinstance(value, str) and "=1+1" in value]
    with zipfile.ZipFile(snapshot / ODS) as archive:
        content = etree.fromstring(archive.read("content.xml"))
    assert not content.xpath("//@*[local-name() = 'formula']")


def test_no_cell_of_a_csv_file_is_run_by_a_spreadsheet(snapshot: Path) -> None:
    paths = sorted(snapshot.rglob("*.csv"))
    assert len(paths) > 40
    for path in paths:
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = {cell for row in csv.reader(file) for cell in row if cell.startswith(_FORMULA_SIGNS)}
        # Negative numbers, last days of a month ("-1FR") and telephone numbers are what they seem.
        plain_words = re.compile(r"-[\d.]+(e-?\d+)?|-\d[A-Z]{2}|\+[\d ]+")
        assert not [cell for cell in cells if not plain_words.fullmatch(cell)], path.name


def test_open_data_can_be_read(snapshot: Path) -> None:
    services = json.loads((snapshot / "open_referral_uk.json").read_text(encoding="utf-8"))
    assert "pwned()" in json.dumps(services)
    for path in (snapshot / "map").glob("*.geojson"):
        assert json.loads(path.read_text(encoding="utf-8"))["type"] == "FeatureCollection"
