"""``squaremile report``: where the report is, of which night, and opening it."""

from __future__ import annotations

import datetime as dt
import io
import webbrowser
from pathlib import Path

import pytest
from made_snapshots import made
from rich.console import Console

from flows.errors import Mistake
from flows.places import Places
from flows.report import REPORT, report


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(data=tmp_path)
    for day in (21, 23):
        folder = made(places, f"2026-11-{day}-aaaa", f"2026-11-{day}", {}).folder
        (folder / REPORT).write_text("<!doctype html>", encoding="utf-8")
    return places


def told(places: Places, as_of: dt.date | None = None, *, is_to_open: bool = False) -> str:
    out = io.StringIO()
    report(Console(file=out, width=40), places, is_to_open=is_to_open, as_of=as_of)
    return out.getvalue()


def test_it_tells_where_the_report_is_in_one_line(places: Places) -> None:
    path = places.snapshots / "2026-11-23-aaaa" / REPORT
    assert str(path) in told(places).splitlines()


def test_an_earlier_night_has_its_own(places: Places) -> None:
    assert "2026-11-21-aaaa" in told(places, dt.date(2026, 11, 22)).splitlines()[-1]


def test_it_opens_the_file_in_the_browser(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", lambda url: opened.append(url) or True)
    told(places, is_to_open=True)
    assert opened == [(places.snapshots / "2026-11-23-aaaa" / REPORT).as_uri()]


def test_a_machine_without_a_browser_is_told_so(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webbrowser, "open", lambda url: False)
    with pytest.raises(Mistake, match="No web browser"):
        told(places, is_to_open=True)


def test_a_snapshot_without_a_report_is_told_of(places: Places) -> None:
    (places.snapshots / "2026-11-23-aaaa" / REPORT).unlink()
    with pytest.raises(Mistake, match="holds no report"):
        told(places)
