"""What lies in a source's folder tonight: its files, their hashes, and whether it is a sample."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from flows.reading.content import Content, Job
from flows.reading.sandbox import read_roster
from transforms.source_spec import Roster, Source

# A domain reserved for examples (RFC 2606): no real provider can have one, every sample provider does.
_SAMPLE_MARK = re.compile(r"[\w-]\.example\b")


@dataclass(frozen=True)
class Received:
    """The files of one source: by roster, with their hashes."""

    source: Source
    files: tuple[tuple[Path, ...], ...]
    missing: tuple[str, ...]
    sha256: dict[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        """Whether every roster has its files."""
        return not self.missing

    @property
    def digest(self) -> str:
        """One hash over the names and contents of all files."""
        return digest_of(self.sha256)


def digest_of(sha256: Mapping[str, str]) -> str:
    """One hash over the names and hashes of files."""
    listed = "\n".join(f"{name} {sha}" for name, sha in sorted(sha256.items()))
    return hashlib.sha256(listed.encode()).hexdigest()


def look_into(source: Source, folder: Path) -> Received:
    """The files in ``folder`` that the rosters of a source name. Links are not followed."""
    present = (
        sorted(p for p in folder.iterdir() if p.is_file() and not p.is_symlink()) if folder.is_dir() else []
    )
    files: list[tuple[Path, ...]] = []
    missing: list[str] = []
    hashes: dict[str, str] = {}
    for roster in source.roster:
        found = tuple(p for p in present if any(fnmatchcase(p.name, pattern) for pattern in roster.files))
        files.append(found)
        if not found:
            missing += roster.files
        hashes |= {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}
    return Received(source, tuple(files), tuple(dict.fromkeys(missing)), hashes)


def read_content(roster: Roster, files: tuple[Path, ...]) -> Content:
    """The content of one roster's files, parsed in a child process."""
    aliases = [name for names in roster.columns.values() for name in names]
    ticks = [name for names in roster.ticks.values() for name in names]
    job = Job(
        format=roster.format.value,
        files=[str(path) for path in files],
        encoding=roster.encoding,
        delimiter=roster.delimiter,
        sheets=roster.sheets,
        header_rows=roster.header_rows,
        records=roster.records,
        headings=[*aliases, *ticks],
        not_records=roster.not_records,
    )
    return read_roster(job)


def is_sample(contents: list[Content]) -> bool:
    """Whether any cell names a domain reserved for examples: such a roster is fictional."""
    return any(
        _SAMPLE_MARK.search(cell)
        for content in contents
        for part in content.parts
        for record in part.records
        for cell in record.cells
    )
