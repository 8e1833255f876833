"""Where everything is kept on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent

# In the reference folder: invented facts for a run on samples alone, each in place of the file of its name.
SAMPLES = "samples"


@dataclass(frozen=True)
class Places:
    """The folders of one installation. ``data`` moves them all but the source declarations."""

    data: Path = PROJECT / "data"
    sources: Path = PROJECT / "sources"

    @property
    def raw(self) -> Path:
        """Rosters as received, one folder a source."""
        return self.data / "raw"

    @property
    def reference(self) -> Path:
        """Dated facts; the project's own where the data folder has none."""
        own = self.data / "reference"
        return own if own.is_dir() else PROJECT / "data" / "reference"

    @property
    def official(self) -> Path:
        """Newer official files that were fetched, as we keep them."""
        return self.data / "official"

    @property
    def built(self) -> Path:
        """The reference as built for fast use; made again whenever it is missing.

        Named by its content, so installations may share it: ``SQUAREMILE_BUILT`` says where.
        """
        return Path(os.environ.get("SQUAREMILE_BUILT", PROJECT / "data" / "built")).resolve()

    @property
    def match_reviews(self) -> Path:
        """Pairs that people are asked about, and what they decided."""
        return self.data / "reviews" / "matches.csv"

    @property
    def curated(self) -> Path:
        """What readers see: snapshots and the pointer to the current one."""
        return self.data / "curated"

    @property
    def snapshots(self) -> Path:
        """Published snapshots, one folder each, never changed."""
        return self.curated / "snapshots"

    @property
    def pointer(self) -> Path:
        """The file that names the current snapshot."""
        return self.curated / "current.json"

    @property
    def heartbeat(self) -> Path:
        """When the last run ended and how: an outside monitor may watch its age."""
        return self.curated / "heartbeat.json"

    @property
    def quarantine(self) -> Path:
        """Rows set aside, for the owner alone and never under ``curated``."""
        return self.data / "quarantine"

    @property
    def archive(self) -> Path:
        """The last good rosters of every source, for the owner alone."""
        return self.data / "archive"

    @property
    def lock(self) -> Path:
        """The kernel lock that keeps runs apart."""
        return self.data / ".refresh.lock"


def private_folder(path: Path) -> Path:
    """Make a folder that only its owner may open, and return it."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def default_places() -> Places:
    """The project's own folders, or those that ``SQUAREMILE_DATA`` and ``SQUAREMILE_SOURCES`` name."""
    project = Places()
    return Places(
        data=Path(os.environ.get("SQUAREMILE_DATA", project.data)).resolve(),
        sources=Path(os.environ.get("SQUAREMILE_SOURCES", project.sources)).resolve(),
    )
