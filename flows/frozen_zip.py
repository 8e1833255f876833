"""Zip files that come out byte for byte from equal contents: no clock, no machine, parts in the order given."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO

# The first moment a zip file can tell.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o644 << 16


def write_zip(path: Path, parts: Mapping[str, bytes], *, stored: tuple[str, ...] = ()) -> None:
    """Write parts by their names; those in ``stored`` are not compressed."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.create_system, entry.external_attr = 3, _READABLE
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def read_zip(file: Path | IO[bytes]) -> dict[str, bytes]:
    """The parts of a zip file, in their order."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}
