"""Pictures of the report and the workbook for the README and the docs, from the current snapshot: ``make pictures``.

The report on a screen, a telephone and paper, in Debian's own browser; the workbook as LibreOffice prints it. Neither
is ever downloaded.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from flows.places import PROJECT, default_places
from flows.report import REPORT
from flows.snapshot import current_snapshot
from flows.workbooks import XLSX
from transforms.tables import Coverage

IMAGES = PROJECT / "docs" / "images"
# Pixels: a laptop, a telephone, and an A4 page at 96 to the inch.
SCREEN, PHONE, PAPER = (1280, 1560), (400, 1300), (794, 1123)
# Sheets of the workbook to show: how fine, in dots per inch, and what of the page: left, top, width and height in dots.
SHEETS = {"Cover": (100, (60, 80, 1000, 720)), Coverage.table_name: (200, (130, 230, 2010, 720))}
NEEDED = {"chromium": "chromium", "soffice": "libreoffice-calc", "pdftoppm": "poppler-utils"}


def opened(browser: Browser, size: tuple[int, int]) -> Page:
    """The report in a window of this size."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.goto((current_snapshot(default_places()).folder / REPORT).as_uri())
    page.wait_for_selector("#leaflet.leaflet-container", state="attached")
    return page


def take(browser: Browser) -> None:
    """Every picture, over the one that was there."""
    screen = opened(browser, SCREEN)
    screen.screenshot(path=IMAGES / "report.png")
    screen.locator("#map").evaluate("section => section.scrollIntoView()")
    screen.screenshot(path=IMAGES / "report-map.png")
    screen.locator("#coverage").evaluate("section => section.scrollIntoView()")
    screen.screenshot(path=IMAGES / "report-coverage.png")
    opened(browser, PHONE).screenshot(path=IMAGES / "report-phone.png")
    paper = opened(browser, PAPER)
    paper.emulate_media(media="print")
    paper.screenshot(path=IMAGES / "report-print.png")


def take_workbook(scratch: Path) -> None:
    """The sheets of ``SHEETS``, each from the page on which it begins."""
    workbook = current_snapshot(default_places()).folder / XLSX
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", scratch, workbook],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    printed = (scratch / XLSX).with_suffix(".pdf")
    text = subprocess.run(["pdftotext", "-layout", printed, "-"], check=True, capture_output=True, text=True)
    pages = text.stdout.split("\f")
    for sheet, (fineness, part) in SHEETS.items():
        number = str(next(n for n, page in enumerate(pages, 1) if f"{sheet}, page" in page))
        crop = [word for side, dots in zip("xyWH", part, strict=True) for word in (f"-{side}", str(dots))]
        out = IMAGES / f"workbook-{sheet.lower()}"
        command = ["pdftoppm", "-png", "-singlefile", "-r", str(fineness), "-f", number, "-l", number]
        subprocess.run([*command, *crop, printed, out], check=True)


def main() -> None:
    """Take the pictures, or say what is missing."""
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    if missing:
        sys.exit(f"Something is not installed: apt-get install {' '.join(missing)}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        take(browser)
        browser.close()
    with tempfile.TemporaryDirectory(prefix="squaremile-pictures-") as scratch:
        take_workbook(Path(scratch))


if __name__ == "__main__":
    main()
