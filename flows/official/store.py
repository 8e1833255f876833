"""Which official files an installation uses instead of what comes with the program.

One small file says it, with where each came from, its as-at and its hash; the contents lie beside it as
we read them, named by their hash. Nothing is changed in place.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.errors import RunAborted
from flows.official.kinds import OfficialKind

_RECORD = "official.json"


@dataclass(frozen=True)
class Taken:
    """One official file in use.

    ``file`` is its name in the folder, ``sha256`` that of the file as received, ``source`` the address or
    the name it came by, ``as_at`` what its publisher says, ``taken_on`` the day we took it (ISO).
    """

    kind: OfficialKind
    file: str
    product: str
    source: str
    sha256: str
    as_at: str
    taken_on: str
    rows: int


def all_taken(folder: Path) -> dict[OfficialKind, Taken]:
    """The official files in use, by kind; none in a folder without a record."""
    record = folder / _RECORD
    if not record.is_file():
        return {}
    try:
        entries = json.loads(record.read_text(encoding="utf-8"))
        taken = [Taken(**{**entry, "kind": OfficialKind(entry["kind"])}) for entry in entries]
    except (ValueError, TypeError, KeyError):
        raise RunAborted(
            f"The record of official files, {record}, cannot be read.",
            "Delete the folder to go back to what comes with the program, then fetch the files again.",
        ) from None
    for one in taken:
        if not (folder / one.file).exists():
            raise RunAborted(
                f"The official file {one.file} is named in {record} but is not there.",
                f"Fetch it again, or run `squaremile reference drop {one.kind.value}`.",
            )
    return {one.kind: one for one in taken}


def use(folder: Path, taken: Taken) -> None:
    """Use a file from now on; its content already lies in the folder."""
    _write(folder, {**all_taken(folder), taken.kind: taken})


def drop(folder: Path, kind: OfficialKind) -> bool:
    """Go back to what comes with the program; says whether there was something to go back from."""
    in_use = all_taken(folder)
    if kind not in in_use:
        return False
    _write(folder, {other: taken for other, taken in in_use.items() if other is not kind})
    return True


def _write(folder: Path, taken: dict[OfficialKind, Taken]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    entries = [asdict(taken[kind]) for kind in sorted(taken)]
    draft = folder / f"{_RECORD}.new"
    draft.write_text(json.dumps(entries, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    draft.replace(folder / _RECORD)
