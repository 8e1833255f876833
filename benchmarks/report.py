"""How soon the report of 5,000 venues answers a filter, in Debian's own browser, beside the plainest way to filter.

The plainest way sets ``hidden`` on every row that does not match and lays the list out. Both are timed in the page, in
turn: from the choice to the list that shows its answer.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from flows.places import PROJECT

sys.path.insert(0, str(PROJECT / "tests"))

from large_report import CHOICES, large_report
from visits import CHROMIUM, Visit

WANTED_MS = 100
DOCUMENT = PROJECT / "docs" / "performance-report.md"

_OURS = """([id, value]) => {
  const field = document.getElementById(id);
  const began = performance.now();
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  document.getElementById("venues").getBoundingClientRect();
  return performance.now() - began;
}"""
_PLAIN = """(share) => {
  const rows = [...document.querySelectorAll("#plain tbody tr")];
  const began = performance.now();
  rows.forEach((row, place) => { row.hidden = place % share !== 0; });
  document.getElementById("plain").getBoundingClientRect();
  return performance.now() - began;
}"""
_COPY_LIST = """() => {
  const copy = document.getElementById("venues").cloneNode(true);
  copy.id = "plain";
  copy.querySelectorAll("tr").forEach((row) => { row.hidden = false; });
  document.body.append(copy);
}"""
_NEXT_FRAME = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=7, help="rounds; each chooses and clears every filter")
    parser.add_argument("--write", action="store_true", help=f"write docs/{DOCUMENT.name}")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="squaremile-report-") as scratch, sync_playwright() as playwright:
        path = Path(scratch) / "report.html"
        path.write_text(large_report(), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with Visit(browser, path) as ours, Visit(browser, path) as theirs:
            theirs.page.evaluate(_COPY_LIST)
            found = raced(ours.page, theirs.page, asked.rounds)
        text = document(found, path.stat().st_size, browser.version, asked.rounds)
        browser.close()
    print(text)
    if asked.write:
        DOCUMENT.write_text(text, encoding="utf-8")
    return 0


def raced(ours: Page, theirs: Page, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Milliseconds of each choice: ours, and the plainest way with about as many rows left."""
    found: dict[str, tuple[list[float], list[float]]] = {field: ([], []) for field in CHOICES}
    for _ in range(rounds):
        for field, choice in CHOICES.items():
            for value, share in ((choice, 3), ("", 1)):
                found[field][0].append(ours.evaluate(_OURS, [field, value]))
                found[field][1].append(theirs.evaluate(_PLAIN, share))
                ours.evaluate(_NEXT_FRAME)
                theirs.evaluate(_NEXT_FRAME)
    return found


def document(found: dict[str, tuple[list[float], list[float]]], size: int, version: str, rounds: int) -> str:
    """The page: a row a filter."""
    rows = [
        f"| {field.removeprefix('f-')} | {median(ours):.0f} | {max(ours):.0f} | {median(plain):.0f} "
        f"| {median(plain) / median(ours):.1f} |"
        for field, (ours, plain) in found.items()
    ]
    every = [one for ours, _ in found.values() for one in ours]
    return f"""# The report, measured

*This page is written by `python benchmarks/report.py --write`. Do not edit it.*

The report of 5,000 activities, each at a venue of its own, weighs {size / 1e6:.2f} MB. Milliseconds in Chromium
{version} from a choice to the list that shows its answer, beside the plainest way to filter: to set `hidden` on every
row and lay the list out. Each was chosen and cleared in {rounds} rounds, ours and the plainest way in turn. The map's
dots follow in the next frame. Wanted: under {WANTED_MS}.

| Filter | median | longest | plainest way | plainest ÷ ours |
| --- | ---: | ---: | ---: | ---: |
{chr(10).join(rows)}
| **all** | **{median(every):.0f}** | {max(every):.0f} | | |
"""


if __name__ == "__main__":
    sys.exit(main())
