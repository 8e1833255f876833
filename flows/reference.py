"""Loading reference data: synonyms, thresholds, dated facts, the postcode directory."""

from __future__ import annotations

import copy
import hashlib
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd
from pydantic import TypeAdapter, ValidationError

from flows.dated_facts import check_samples, place, postcodes_of, read_facts
from flows.errors import Mistake, RunAborted
from flows.match_rules import read_match_rules
from flows.official.kinds import OfficialKind
from flows.official.store import all_taken
from flows.places import SAMPLES, Places
from transforms import vocabulary as v
from transforms.disclosure import DisclosurePolicy, without_counts
from transforms.mapping import nearest_name
from transforms.matching.rules import MatchRules
from transforms.parsers.synonyms import Phrases, Synonyms
from transforms.people import people_points
from transforms.schema import Table
from transforms.tables import (
    CITY_LAD_CODE,
    DATED_TABLES,
    EhcPlans,
    Origin,
    PeoplePoint,
    Population,
)
from transforms.thresholds import Thresholds

if TYPE_CHECKING:
    from flows.ground import Groundwork
    from transforms.place.ground import Ground

# Which codes each section of synonyms.toml may use; sections of plain yes/no lists use Answer.
_CODES: dict[str, type[StrEnum]] = {
    "need": v.Need, "need_alone": v.Need, "ambiguous_need": v.Need, "need_scope": v.NeedScope,
    "tier": v.Tier, "tier_in_name": v.Tier, "answer": v.Answer, "parent_stays": v.Answer, "siblings": v.Answer,
    "residency": v.Answer,
    "residency_evidence": v.Evidence, "step_free": v.StepFree, "access_feature": v.AccessFeature,
    "funding_route": v.FundingRoute, "commissioner_type": v.CommissionerType, "sen_stage": v.SenStage,
    "delivery": v.DeliveryMode, "calendar_period": v.CalendarPeriod, "service_status": v.ServiceStatus,
    "closure_notice": v.ServiceStatus, "short_break_type": v.ShortBreakType, "pathway": v.Pathway,
    "health_route": v.HealthRoute,
}  # fmt: skip
# Lists of words that are no codes of a published column.
_LISTS = {
    "not_a_need": ("activity", "kin", "vague"),
    "place": ("city", "elsewhere", "outside"),
    "place_untold": ("various", "withheld"),
    **dict.fromkeys(
        ("access_other", "commissioned_by_city", "bespoke", "own_home", "role_mailbox"), ("yes",)
    ),
}
# Questions whose answers may also be a bare yes or no.
_EXTENDS = {"parent_stays": "answer", "siblings": "answer"}
# Its codes are those of authorities.csv.
_AUTHORITY = "authority"
HECTARES = ("area_ha", "land_ha")
# Where official files are published.
ADDRESSES = "official.toml"
# Facts that a fetched official file stands in for.
KIND_OF: dict[type[Table], OfficialKind] = {
    EhcPlans: OfficialKind.EHC_PLANS,
    Population: OfficialKind.POPULATION,
}

Rules = TypeVar("Rules", Thresholds, DisclosurePolicy)


@dataclass(frozen=True)
class ReferenceFile:
    """One reference file as used: for the manifest."""

    name: str
    sha256: str
    as_at: str


class Reference:
    """Reference data of one installation, each part read when first asked for."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.folder = places.reference
        self.is_for_samples = False
        if not self.folder.is_dir():
            raise RunAborted(f"The reference folder {self.folder} is missing.", "Restore data/reference.")

    def for_samples(self) -> Reference:
        """The same reference with the invented facts of the samples: for a run that uses no real roster."""
        other = copy.copy(self)
        other.is_for_samples = True
        # All else that was read stays read.
        other.__dict__.pop("facts", None)
        return other

    def _path(self, name: str) -> Path:
        path = self.folder / name
        if not path.is_file():
            raise RunAborted(f"The reference file {name} is missing from {self.folder}.", "Restore it.")
        return path

    @cached_property
    def synonyms(self) -> Synonyms:
        """Phrases by vocabulary, every code checked."""
        data = tomllib.loads(self._path("synonyms.toml").read_text(encoding="utf-8"))
        read = {name: self._phrases(name, data) for name in data}
        for name, base in _EXTENDS.items():
            read[name] = read[name].and_those_of(read[base])
        return read

    def _phrases(self, name: str, data: dict[str, Any]) -> Phrases:
        if name == _AUTHORITY:
            return _phrases(name, data, frozenset(self.authorities["lad_code"]))
        codes = frozenset(code.value for code in _CODES[name]) if name in _CODES else frozenset()
        return _phrases(name, data, codes)

    @cached_property
    def thresholds(self) -> Thresholds:
        """Every threshold, every name checked."""
        return _settings(self._path("thresholds.toml"), Thresholds)

    @cached_property
    def disclosure(self) -> DisclosurePolicy:
        """How counts of children are published, every name checked."""
        return _settings(self._path("disclosure.toml"), DisclosurePolicy)

    @cached_property
    def matching(self) -> MatchRules:
        """Words, hosts and points by which records are taken for the same."""
        return read_match_rules(self._path("matching.toml"), self.thresholds)

    @cached_property
    def facts(self) -> dict[type[Table], pd.DataFrame]:
        """Dated reference: a frame for each of ``DATED_TABLES``, and where young people live."""
        facts = {table: self._facts_of(table) for table in DATED_TABLES}
        from flows.kpi_facts import check_kpis

        check_kpis(facts)
        neighbours = [code for code in self.authorities["lad_code"] if code != CITY_LAD_CODE]
        points = people_points(
            facts[Population],
            facts[Origin],
            postcodes_of(neighbours, self.ground.directory),
            self.thresholds.people_square_m,
        )
        return facts | {PeoplePoint: points}

    def _facts_of(self, table: type[Table]) -> pd.DataFrame:
        path = self.path_of(table)
        found = read_facts(table, path)
        check_samples(table, found, is_sample=path.parent.name == SAMPLES)
        return place(table, found, self.ground.directory)

    def path_of(self, table: type[Table]) -> Path:
        """The file of dated facts in use: an invented one in a run on samples, one that was fetched, or ours."""
        name = f"{table.table_name}.csv"
        sample = self.folder / SAMPLES / name
        if self.is_for_samples and sample.is_file():
            return sample
        if (kind := KIND_OF.get(table)) and (taken := all_taken(self.places.official).get(kind)):
            return self.places.official / taken.file
        return self.folder / name

    @property
    def open_facts(self) -> dict[type[Table], pd.DataFrame]:
        """Dated reference without counts of children, which gap tables take in only as they are released."""
        return without_counts(self.facts)

    @cached_property
    def authorities(self) -> pd.DataFrame:
        """The four authorities: lad_code, name, area_ha (extent of the realm), land_ha (clipped)."""
        return pd.read_csv(
            self._path("authorities.csv"),
            dtype={"lad_code": "str", "name": "str"} | dict.fromkeys(HECTARES, np.float64),
        )

    @cached_property
    def groundwork(self) -> Groundwork:
        """The built postcode directory and boundaries; built now when they are missing."""
        # Maps and their libraries are a fifth of a second, and matching or parsing asks for none.
        from flows.ground import lay_ground

        return lay_ground(self.places, self.thresholds, self.authorities)

    @property
    def ground(self) -> Ground:
        """What places are decided by."""
        return self.groundwork.ground

    @property
    def official_boundary(self) -> str:
        """Name and date of the official boundaries; blank when the City's is derived."""
        boundary = self.groundwork.facts["boundary"]
        return f"{boundary['name']}, {boundary['as_at']}" if boundary["is_official"] else ""

    def files(self) -> list[ReferenceFile]:
        """Every reference file with its hash and as-at, for the manifest."""
        samples = sorted((self.folder / SAMPLES).glob("*.csv")) if self.is_for_samples else []
        taken = all_taken(self.places.official)
        fetched = {table: taken[kind] for table, kind in KIND_OF.items() if kind in taken}
        replaced = {*(path.name for path in samples), *(f"{table.table_name}.csv" for table in fetched)}
        own = [
            path
            for path in sorted(self.folder.iterdir())
            # Where a file can be fetched changes no figure; what was fetched is told below.
            if path.suffix in {".csv", ".toml"} and path.name not in {ADDRESSES, *replaced}
        ]
        listed = [
            ReferenceFile(
                path.relative_to(self.folder).as_posix(), hashlib.sha256(path.read_bytes()).hexdigest(), ""
            )
            for path in [*own, *samples]
        ]
        facts = self.groundwork.facts
        postcodes, boundary = facts["postcodes"], facts["boundary"]
        built = [ReferenceFile(postcodes["name"], postcodes["sha256"], postcodes["as_at"])]
        if boundary["is_official"]:
            built.append(ReferenceFile(boundary["name"], boundary["sha256"], boundary["as_at"]))
        if uprns := taken.get(OfficialKind.UPRNS):
            built.append(ReferenceFile(uprns.product, uprns.sha256, uprns.as_at))
        built += [ReferenceFile(one.product, one.sha256, one.as_at) for one in fetched.values()]
        return [*listed, *built]


def _settings(path: Path, kind: type[Rules]) -> Rules:
    """The settings of one file, under the names and types that their class declares."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    known = [field.name for field in fields(kind)]
    for name in data:
        if name not in known:
            raise Mistake(
                f"{path.name} has “{name}”, which we do not know. Nearest: “{nearest_name(name, known)}”.",
                "Correct the name.",
            )
    try:
        return TypeAdapter(kind).validate_python(data)
    except ValidationError as error:
        wrong: dict[str, Any] = dict(error.errors()[0])
        told = ": ".join([*map(str, wrong["loc"]), wrong["msg"]])
        raise Mistake(f"{path.name}: {told}.", "Correct the value.") from None


def _phrases(name: str, data: dict[str, Any], codes: frozenset[str]) -> Phrases:
    allowed = codes or frozenset(_LISTS.get(name, ()))
    if not allowed:
        known = [*_CODES, *_LISTS, _AUTHORITY]
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
        for phrase in phrases:
            codes_of[phrase] = (*codes_of.get(phrase, ()), code)
    return Phrases(codes_of, codes)
