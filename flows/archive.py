"""The last good rosters of every source: what is carried forward when tonight's are missing or refused.

Rosters are kept as received, so today's rules read them again and every figure can be traced to its
file. Refused files are never kept here.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from flows.ingested import Ingested
from flows.places import Places, private_folder


@dataclass(frozen=True)
class LastGood:
    """Which rosters of a source were last good, on which night, and how many records they held."""

    digest: str
    last_good_on: str
    rows: int

    @property
    def night(self) -> pd.Timestamp:
        """The night on which they were last received."""
        return pd.Timestamp(self.last_good_on)


def last_good(places: Places, source: str) -> LastGood | None:
    """What is kept of a source, or nothing."""
    note = places.archive / source / "last_good.json"
    if not note.is_file():
        return None
    return LastGood(**json.loads(note.read_text(encoding="utf-8")))


def folder_of(places: Places, source: str, kept: LastGood) -> Path:
    """Where the kept rosters lie."""
    return places.archive / source / kept.digest


def keep(places: Places, part: Ingested, as_of: pd.Timestamp) -> None:
    """Keep a source's rosters as its last good."""
    kept = LastGood(part.received.digest, as_of.date().isoformat(), part.rows_in)
    _keep(places, part.source.name, kept, [path for files in part.received.files for path in files])


def recall(
    places: Places, source: str, kept: LastGood, sha256: Mapping[str, str], folders: Sequence[Path]
) -> None:
    """Keep what was last good on an earlier night, from the first folder that has its files whole; else nothing."""
    for folder in folders:
        paths = [folder / name for name in sha256]
        if all(p.is_file() and hashlib.sha256(p.read_bytes()).hexdigest() == sha256[p.name] for p in paths):
            _keep(places, source, kept, paths)
            return


def _keep(places: Places, source: str, kept: LastGood, paths: Sequence[Path]) -> None:
    """Copied first, named last."""
    home = private_folder(private_folder(places.archive) / source)
    folder = home / kept.digest
    if not folder.is_dir():
        staged = private_folder(home / f".{kept.digest}.part")
        for path in paths:
            shutil.copyfile(path, staged / path.name)
            (staged / path.name).chmod(0o600)
        staged.rename(folder)
    note = home / ".last_good.part"
    note.write_text(json.dumps(asdict(kept), indent=1), encoding="utf-8")
    note.chmod(0o600)
    note.replace(home / "last_good.json")
