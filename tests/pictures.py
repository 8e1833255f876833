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

import pypdfium2
from PIL.Image import Image
from playwright.sync_api import Browser, Page, sync_playwright

from flows.places import PROJECT, default_places
from flows.report import REPORT
from flows.snapshot import current_snapshot
from flows.workbooks import XLSX
from transforms.tables import Coverage

IMAGES = PROJECT / "docs" / "images"
# Pixels: a laptop and a telephone.
SCREEN, PHONE = (1280, 1560), (400, 1300)
# Sheets of the workbook to show: how fine, in dots to the inch, and what of the page: left, top, right and bottom.
SHEETS = {"Cover": (100, None), Coverage.table_name: (200, (120, 140, 2210, 900))}
NEEDED = {"chromium": "chromium", "soffice": "libreoffice-calc"}


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
    paper = opened(browser, SCREEN).pdf(prefer_css_page_size=True, print_background=True)
    picture(pypdfium2.PdfDocument(paper)[0], 110).save(IMAGES / "report-print.png")


def take_workbook(scratch: Path) -> None:
    """The sheets of ``SHEETS``, each from the page on which it begins."""
    workbook = current_snapshot(default_places()).folder / XLSX
    subprocess.run(
        ["soffice", "--headless", "--convert-to", "pdf", "--outdir", scratch, workbook],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    printed = pypdfium2.PdfDocument((scratch / XLSX).with_suffix(".pdf"))
    foot = [page.get_textpage().get_text_bounded(top=60) for page in printed]
    for sheet, (fineness, part) in SHEETS.items():
        first = next(page for page, words in zip(printed, foot, strict=True) if f"{sheet}, page" in words)
        picture(first, fineness).crop(part).save(IMAGES / f"workbook-{sheet.lower()}.png")


def picture(page: pypdfium2.PdfPage, fineness: int) -> Image:
    """A printed page, so many dots to the inch."""
    return page.render(scale=fineness / 72).to_pil()


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
