"""Publishing a snapshot so that no reader ever sees half of one.

Everything is written into a staging folder and synced; the manifest, which names every file with its
hash, is written last; the folder is renamed into place; then one small pointer file is replaced. A run
that dies at any point leaves the last snapshot and its pointer as they were. A published folder is
never changed: a snapshot that differs from one of the same name gets a name of its own.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flows.errors import RunAborted
from flows.outputs import write_json
from flows.places import Places

MANIFEST = "manifest.json"
_STAGING = ".staging-"
_MOST_NAMES = 1000


@dataclass(frozen=True)
class Published:
    """Where a snapshot lies, and whether an equal one was already there."""

    folder: Path
    is_new: bool
    files: int


def clear_staging(places: Places) -> None:
    """Remove what a run that died has left half done."""
    for left in places.curated.glob(f"{_STAGING}*"):
        shutil.rmtree(left)


def publish(
    places: Places,
    run_id: str,
    write: Callable[[Path], None],
    manifest: dict[str, Any],
    pointer: dict[str, Any],
) -> Published:
    """Stage, sync, name and point to a snapshot.

    ``write`` fills the staging folder; ``manifest`` is completed with the hash of every file; ``pointer``
    is completed with the folder's name. Raises ``RunAborted`` when the disk refuses.
    """
    try:
        places.snapshots.mkdir(parents=True, exist_ok=True)
        clear_staging(places)
        staged = places.curated / f"{_STAGING}{run_id}"
        staged.mkdir()
        write(staged)
        files = {
            path.relative_to(staged).as_posix(): {"sha256": _sha256(path), "bytes": path.stat().st_size}
            for path in sorted(staged.rglob("*")) if path.is_file()
        }  # fmt: skip
        write_json(staged / MANIFEST, {**manifest, "files": files})
        for path in sorted(staged.rglob("*")):
            _sync(path)
        _sync(staged)
        folder, is_new = _into_place(places, staged, run_id)
        point(places, folder, pointer)
    except OSError as error:
        raise RunAborted(
            f"The disk refused: {error.strerror or error}.",
            "Free space or mend the disk and run again; the last snapshot is untouched.",
        ) from error
    return Published(folder, is_new, len(files) + 1)


def _into_place(places: Places, staged: Path, run_id: str) -> tuple[Path, bool]:
    for number in range(1, _MOST_NAMES):
        folder = places.snapshots / (run_id if number == 1 else f"{run_id}-r{number}")
        if not folder.exists():
            staged.rename(folder)
            _sync(places.snapshots)
            return folder, True
        if _same(folder, staged):
            shutil.rmtree(staged)
            # Its bytes stay; of several snapshots of one date the one that was published last counts.
            (folder / MANIFEST).touch()
            return folder, False
    raise RunAborted(
        f"There are {_MOST_NAMES} snapshots named {run_id}.", "Look into data/curated/snapshots."
    )


def _same(first: Path, second: Path) -> bool:
    """Whether two folders hold the same files with the same bytes, whatever their manifests claim."""
    listed = [
        {p.relative_to(f).as_posix(): _sha256(p) for p in f.rglob("*") if p.is_file()}
        for f in (first, second)
    ]
    return listed[0] == listed[1]


def point(places: Places, folder: Path, pointer: dict[str, Any]) -> None:
    """Make a published snapshot the current one."""
    staged = places.pointer.with_name(".current.part")
    write_json(staged, {**pointer, "snapshot": f"snapshots/{folder.name}"})
    _sync(staged)
    staged.replace(places.pointer)
    _sync(places.pointer.parent)


def write_heartbeat(places: Places, beat: dict[str, Any]) -> None:
    """Say when and how the last run ended, for an outside monitor that watches this file's age."""
    places.heartbeat.parent.mkdir(parents=True, exist_ok=True)
    staged = places.heartbeat.with_name(".heartbeat.part")
    write_json(staged, beat)
    staged.replace(places.heartbeat)


def current(places: Places) -> dict[str, Any] | None:
    """The manifest of the current snapshot, with its ``folder``; nothing before the first run."""
    if not places.pointer.is_file():
        return None
    folder = places.curated / json.loads(places.pointer.read_text(encoding="utf-8"))["snapshot"]
    manifest = folder / MANIFEST
    if not manifest.is_file():
        return None
    return {**json.loads(manifest.read_text(encoding="utf-8")), "folder": folder}


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
