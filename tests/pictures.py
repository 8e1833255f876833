"""Pictures of the report for the README and the docs, from the current snapshot: ``make pictures``.

The screen, a telephone and paper, in Debian's own browser; a browser is never downloaded.
"""

from __future__ import annotations

import shutil
import sys

from playwright.sync_api import Browser, Page, sync_playwright

from flows.places import PROJECT, default_places
from flows.report import REPORT
from flows.snapshot import current_snapshot

IMAGES = PROJECT / "docs" / "images"
# Pixels: a laptop, a telephone, and an A4 page at 96 to the inch.
SCREEN, PHONE, PAPER = (1280, 1560), (400, 1300), (794, 1123)


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


def main() -> None:
    """Take the pictures, or say what is missing."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        take(browser)
        browser.close()


if __name__ == "__main__":
    main()
