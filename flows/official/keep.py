"""Official files as we keep them: each read, checked, and written beside what is in use under its hash."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from flows.errors import Mistake
from flows.ground import UPRN_ARRAYS
from flows.official.boundary_file import read_boundaries
from flows.official.directory_file import read_directory
from flows.official.ehc_plans_file import read_ehc_plans
from flows.official.kinds import OfficialKind, kind_of
from flows.official.population_file import read_population
from flows.official.store import Taken, put
from flows.official.uprn_file import read_uprns
from flows.reference import Reference
from transforms.place.boundary_checks import check_boundaries
from transforms.place.derive import sound_points

_MONTH_AND_YEAR = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December)[_ -](\d{4})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Arrived:
    """A file to be looked at, where it came from, and what is told of it beforehand."""

    path: Path
    source: str
    told: Mapping[str, Any]

    def month(self) -> str:
        """The month that its address, its name or what is told of it gives; blank for none."""
        found = _MONTH_AND_YEAR.search(f"{self.told.get('as_at', '')} {self.source}")
        return f"{found[1].capitalize()} {found[2]}" if found else ""

    def sha256(self) -> str:
        """Hash of the file as received."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()


def keep(kind: OfficialKind, arrived: Arrived, known: Reference) -> Taken:
    """Check a file and write what we keep of it; it is not in use yet. Raises ``Mistake`` for what fails a check."""
    keepers = {
        OfficialKind.POSTCODES: _keep_postcodes,
        OfficialKind.BOUNDARIES: _keep_boundaries,
        OfficialKind.UPRNS: _keep_uprns,
        OfficialKind.EHC_PLANS: _keep_demand,
        OfficialKind.POPULATION: _keep_demand,
    }
    return keepers[kind](arrived, known)


def _keep_demand(arrived: Arrived, known: Reference) -> Taken:
    """Figures about children, as a file of the table that they fill."""
    kind = kind_of(arrived.path)
    names = dict(zip(known.authorities["lad_code"], known.authorities["name"], strict=True))
    if kind is OfficialKind.EHC_PLANS:
        release = read_ehc_plans(arrived.path, names)
    else:
        release = read_population(arrived.path, names, arrived.source)
    sha256 = arrived.sha256()
    name = f"{kind.value}-{sha256[:12]}.csv"
    put(
        known.places.official,
        name,
        lambda draft: release.facts.to_csv(draft, index=False, date_format="%Y-%m-%d", lineterminator="\n"),
    )
    return Taken(
        kind, name, release.product, arrived.source, sha256, release.as_at, _today(), len(release.facts),
        release.left_out,
    )  # fmt: skip


def _keep_postcodes(arrived: Arrived, known: Reference) -> Taken:
    directory = read_directory(arrived.path)
    name = f"postcodes-{directory.sha256[:12]}.parquet"

    def write(draft: Path) -> None:
        pq.write_table(directory.postcodes, draft, compression="zstd")

    put(known.places.official, name, write)
    return Taken(
        OfficialKind.POSTCODES, name, directory.product, arrived.source, directory.sha256, directory.as_at, _today(),
        directory.postcodes.num_rows,
    )  # fmt: skip


def _keep_boundaries(arrived: Arrived, known: Reference) -> Taken:
    areas = read_boundaries(arrived.path)
    reasons = check_boundaries(areas, known.authorities, sound_points(known.ground.directory))
    if reasons:
        raise Mistake(
            f"The boundaries in {arrived.path.name} were not taken. " + " ".join(reasons),
            "Take full-resolution authority boundaries from ONS Open Geography.",
        )
    sha256 = arrived.sha256()
    name = f"boundaries-{sha256[:12]}.parquet"
    put(
        known.places.official,
        name,
        areas.rename("geometry").to_frame().set_geometry("geometry").to_parquet,
    )
    product = str(arrived.told.get("title", "Official authority boundaries"))
    as_at = arrived.month() or "date not stated"
    return Taken(OfficialKind.BOUNDARIES, name, product, arrived.source, sha256, as_at, _today(), len(areas))


def _keep_uprns(arrived: Arrived, known: Reference) -> Taken:
    table = pa.Table.from_batches(list(read_uprns(arrived.path)))
    order = np.argsort(table["uprn"].to_numpy(), kind="stable")
    sha256 = arrived.sha256()
    name = f"uprns-{sha256[:12]}"

    def write(draft: Path) -> None:
        draft.mkdir()
        for column in UPRN_ARRAYS:
            np.save(draft / f"{column}.npy", table[column].to_numpy()[order])

    put(known.places.official, name, write)
    as_at = arrived.month() or f"taken {_today()}"
    return Taken(
        OfficialKind.UPRNS, name, "OS Open UPRN", arrived.source, sha256, as_at, _today(), len(order)
    )


def _today() -> str:
    return dt.date.today().isoformat()
