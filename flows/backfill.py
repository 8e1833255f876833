"""``squaremile backfill``: past nights, each from its own folder of rosters, replayed into snapshots of their dates.

A night is replayed as it would have gone, under today's rules and reference: what it remembers and carries forward
is what the snapshots before it say. The live archive, quarantine, reviews, heartbeat and pointer are never touched
on the way; only at the end may the pointer move, and only to a later date. Everything is told by what is published,
so a backfill that was stopped goes on where it stood when it is run again.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from rich.console import Console

from flows import archive, publish
from flows.errors import ExitCode, Mistake, NothingUsable
from flows.lock import only_run
from flows.places import Places, private_folder
from flows.published import nights, published, snapshot_before
from flows.received import digest_of
from flows.run import LONDON, Result, run_refresh
from flows.snapshot import Snapshot
from flows.words import day, plain
from transforms.vocabulary import CARRIED, SourceState


@dataclass(frozen=True)
class ReplayPlaces(Places):
    """An installation in which a past night is replayed: it publishes there, and keeps all else to itself."""

    night: Path = Path()

    @property
    def raw(self) -> Path:
        """The rosters of that night."""
        return self.night

    @property
    def own(self) -> Path:
        """What a replay keeps, for the owner alone."""
        return self.data / "backfill"

    @property
    def archive(self) -> Path:
        """The rosters that were last good before that night."""
        return self.own / "archive"

    @property
    def quarantine(self) -> Path:
        """Rows set aside in past nights."""
        return self.own / "quarantine"

    @property
    def match_reviews(self) -> Path:
        """A copy of what people decided; questions about a past night are put to nobody."""
        return self.own / "reviews" / "matches.csv"

    @property
    def pointer(self) -> Path:
        """Names the snapshot of that night; readers never see it."""
        return self.own / "current.json"

    @property
    def heartbeat(self) -> Path:
        """How the replay ended; the monitor watches the live one."""
        return self.own / "heartbeat.json"


def backfill(console: Console, places: Places, folder: Path) -> ExitCode:
    """Replay every night of a folder in order of date; nights that are published already stay as they are."""
    found = nights_in(console, folder)
    code = ExitCode.DONE
    for date, rosters in found.items():
        with only_run(places, waits=True):
            known = [one for one in published(places) if one.as_of == date.isoformat()]
            if known:
                kind = "published already as a sample" if known[-1].is_sample else "published already"
                console.print(f"{day(date)}: {kind}, left as it is.", style="dim")
                continue
            with console.status(f"Replaying {day(date)}…"):
                code = max(code, _replayed(console, places, folder, date, rosters))
    with only_run(places, waits=True):
        _point_to_newest(console, places, found)
    return code


def nights_in(console: Console, folder: Path) -> Mapping[dt.date, Path]:
    """The nights of a folder by date, oldest first; what is not named by a date is told and left."""
    if not folder.is_dir():
        raise Mistake(f"There is no folder {folder}.", _LAYOUT)
    found, others = {}, []
    for path in sorted(folder.iterdir()):
        date = _date(path.name) if path.is_dir() else None
        if date:
            found[date] = path
        else:
            others.append(path.name)
    if not found:
        raise Mistake(f"{folder} has no folder named by a date.", _LAYOUT)
    if max(found) > dt.datetime.now(LONDON).date():
        raise Mistake(f"{max(found).isoformat()} has not come yet.", "Correct the name of that folder.")
    if others:
        console.print(f"Not named by a date, so left: {plain(', '.join(others))}.", style="yellow")
    return found


_LAYOUT = "It holds one folder a night, with the rosters as data/raw/ has them: 2026-11-01/hackney/short_breaks.csv."


def _date(name: str) -> dt.date | None:
    try:
        date = dt.date.fromisoformat(name)
    except ValueError:
        return None
    return date if date.isoformat() == name else None


def _replayed(console: Console, places: Places, folder: Path, date: dt.date, rosters: Path) -> ExitCode:
    """Publish one night, or tell why there is nothing to publish, as the night itself would have."""
    own = ReplayPlaces(places.data, places.sources, rosters.resolve())
    private_folder(own.own)
    _clear(own)
    try:
        _recall(own, places, folder, date)
        result = run_refresh(own, [], date)
    except NothingUsable as error:
        console.print(f"{day(date)}: skipped. {error.message}", style="yellow", markup=False, soft_wrap=True)
        return ExitCode.ROSTER_REFUSED
    finally:
        _clear(own)
    console.print(f"{day(date)}: {_told(result)}", markup=False, soft_wrap=True)
    return result.exit_code


def _clear(own: ReplayPlaces) -> None:
    """Leave nothing that another night could take for its own, nor what a replay that died has left."""
    for path in (own.archive, own.match_reviews.parent):
        shutil.rmtree(path, ignore_errors=True)
    for path in (own.pointer, own.heartbeat):
        path.unlink(missing_ok=True)


def _told(result: Result) -> str:
    states = [one.state for one in result.nights]
    taken, carried = states.count(SourceState.ACCEPTED), sum(state in CARRIED for state in states)
    refused = [one.name for one in result.nights if one.refused]
    told = [f"{result.message} {taken} source{'s' * (taken != 1)} taken"]
    told += [f"{carried} carried forward"] * bool(carried) + [f"refused: {', '.join(refused)}"] * bool(
        refused
    )
    return f"{', '.join(told)}."


def _recall(own: ReplayPlaces, places: Places, folder: Path, date: dt.date) -> None:
    """Set up what the night starts from: people's decisions, and the last good rosters of the night before."""
    if places.match_reviews.is_file():
        private_folder(own.match_reviews.parent)
        shutil.copyfile(places.match_reviews, own.match_reviews)
    # Samples carry nothing into real nights; they are told apart by what is published.
    is_sample = not nights(places, is_sample=False)
    before = snapshot_before(places, pd.Timestamp(date), is_sample=is_sample)
    for told in before.manifest["sources"] if before else ():
        if told["last_good_on"]:
            rows = _rows_when_taken(places, told, is_sample=is_sample)
            kept = archive.LastGood(digest_of(told["files"]), told["last_good_on"], rows)
            lies_in = (places.archive / told["name"] / kept.digest, folder / kept.last_good_on / told["name"])
            archive.recall(own, told["name"], kept, told["files"], lies_in)


def _rows_when_taken(places: Places, told: Mapping[str, Any], *, is_sample: bool) -> int:
    """How many records a roster held on the night it was taken, when no refused one was counted with it."""
    for one in nights(places, is_sample=is_sample):
        if one.as_of == told["last_good_on"]:
            return next(int(s["rows_in"]) for s in one.manifest["sources"] if s["name"] == told["name"])
    return int(told["rows_in"])


def _point_to_newest(console: Console, places: Places, found: Mapping[dt.date, Path]) -> None:
    """Make the newest of the nights current, unless what is current describes a later date."""
    dates = {date.isoformat() for date in found}
    mine: list[Snapshot] = [one for one in published(places) if one.as_of in dates]
    now = publish.current(places)
    if mine and (now is None or now["as_of"] < mine[-1].as_of):
        newest = mine[-1]
        publish.point(
            places,
            newest.folder,
            {"run_id": newest.run_id, "as_of": newest.as_of, "is_sample": newest.is_sample},
        )
        console.print(f"Current is now the snapshot of {day(newest.as_of)}, {newest.folder.name}.")
    elif now:
        console.print(f"Current stays the snapshot of {day(now['as_of'])}.")
