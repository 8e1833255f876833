"""Visits of a reader to the report: Debian's own browser, the page from a file, and no network."""

from __future__ import annotations

import shutil
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

# A browser is never downloaded.
CHROMIUM = shutil.which("chromium")
DESKTOP, PHONE = 1280, 320
HEIGHT = 900

_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],
}
# Contrast is the same wherever letters, their size and all that lies behind them are the same: in each section two of
# each look are weighed, not every one of 7,000 texts, which takes axe four times as long for the same answer.
_MARK_LOOKS = """() => {
  const seen = new Map();
  for (const one of document.querySelectorAll("[data-look]")) one.removeAttribute("data-look");
  for (const one of document.body.querySelectorAll("*")) {
    const hasWords = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!hasWords || !one.checkVisibility()) continue;
    const own = getComputedStyle(one);
    const look = [one.closest("section, nav, header, footer, dialog")?.id, one.localName, own.color, own.fontSize,
      own.fontWeight, own.textShadow];
    for (let above = one; above; above = above.parentElement) {
      const behind = getComputedStyle(above);
      look.push(behind.backgroundColor, behind.backgroundImage, behind.opacity, behind.position);
    }
    const key = look.join();
    seen.set(key, (seen.get(key) ?? 0) + 1);
    if (seen.get(key) < 3) one.dataset.look = "";
  }
}"""


class Visit:
    """One reader's look at a page: what was asked of a network, and what the browser complained of."""

    def __init__(self, browser: Browser, path: Path, width: int = DESKTOP, **circumstances: Any) -> None:
        size = {"width": width, "height": HEIGHT}
        self.context = browser.new_context(viewport=size, offline=True, **circumstances)
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(10_000)
        self.asked: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.context.close()

    def open_everything(self) -> None:
        self.page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")

    def barriers(self) -> list[tuple[str, list[str]]]:
        """What axe finds against WCAG 2.0 to 2.2, A and AA, on the whole page as it now is."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Axe().axe_script)
            self.page.evaluate(
                "axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })"
            )
        self.page.evaluate(_MARK_LOOKS)
        found = self.page.evaluate("(rules) => axe.run(rules)", _RULES)
        return [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found["violations"]]
