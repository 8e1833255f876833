"""Which official files an installation uses instead of what comes with the program.

One small file says it, with where each came from, its as-at and its hash; the contents lie beside it as
we read them, named by their hash. Nothing is changed in place.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter

from flows.errors import RunAborted
from flows.official.kinds import OfficialKind

_RECORD = "official.json"


@dataclass(frozen=True)
class Taken:
    """One official file in use.

    ``file`` is its name in the folder, ``sha256`` that of the file as received, ``source`` the address or
    the name it came by, ``as_at`` what its publisher says, ``taken_on`` the day we took it (ISO), ``left_out``
    which of its rows were refused and why.
    """

    kind: OfficialKind
    file: str
    product: str
    source: str
    sha256: str
    as_at: str
    taken_on: str
    rows: int
    left_out: tuple[str, ...] = ()


def all_taken(folder: Path) -> dict[OfficialKind, Taken]:
    """The official files in use, by kind; none in a folder without a record."""
    taken = recorded(folder)
    for one in taken.values():
        if not (folder / one.file).exists():
            raise RunAborted(
                f"The official file {one.file} is named in {folder / _RECORD} but is not there.",
                f"Fetch it again, or run `squaremile reference drop {one.kind.value}`.",
            )
    return taken


def recorded(folder: Path) -> dict[OfficialKind, Taken]:
    """What the record names, there or not."""
    record = folder / _RECORD
    if not record.is_file():
        return {}
    try:
        taken = TypeAdapter(list[Taken]).validate_json(record.read_bytes())
    except (ValueError, OSError):
        raise RunAborted(
            f"The record of official files, {record}, cannot be read.",
            f"Delete the folder {folder} to go back to what comes with the program, then fetch the files again.",
        ) from None
    return {one.kind: one for one in taken}


def use(folder: Path, taken: Taken) -> None:
    """Use a file from now on; its content already lies in the folder."""
    _write(folder, {**recorded(folder), taken.kind: taken})


def drop(folder: Path, kind: OfficialKind) -> bool:
    """Go back to what comes with the program; says whether there was something to go back from."""
    in_use = recorded(folder)
    if kind not in in_use:
        return False
    _write(folder, {other: taken for other, taken in in_use.items() if other is not kind})
    return True


def tidy(folder: Path, kind: OfficialKind) -> None:
    """Remove the files of a kind that are no longer in use. Who has one mapped into memory keeps it."""
    in_use = {taken.file for taken in recorded(folder).values()}
    for path in folder.glob(f"{kind.value}-*"):
        if path.name in in_use:
            continue
        _remove(path)


def put(folder: Path, name: str, write: Callable[[Path], object]) -> None:
    """Put a file or folder into place whole, in the stead of one of that name."""
    folder.mkdir(parents=True, exist_ok=True)
    path, draft, old = folder / name, folder / f".{name}.new", folder / f".{name}.old"
    for left in (draft, old):
        _remove(left)
    try:
        write(draft)
        if path.is_dir():
            path.replace(old)
        draft.replace(path)
    finally:
        if old.exists() and not path.exists():
            old.replace(path)
        for left in (draft, old):
            _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _write(folder: Path, taken: dict[OfficialKind, Taken]) -> None:
    entries = [asdict(taken[kind]) for kind in sorted(taken)]
    text = json.dumps(entries, indent=1, ensure_ascii=False) + "\n"
    put(folder, _RECORD, lambda draft: draft.write_text(text, encoding="utf-8"))
