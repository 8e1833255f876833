"""Reading the DfE's EHC plans by primary need: the release's file of all plans, alone or in its zip."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flows.official.kinds import OfficialCsv, OfficialKind, official_csv, refused
from flows.official.released_rows import AreasOf, Release, figure, rows_of
from transforms.demand import ENGLAND, LONDON
from transforms.tables import EhcPlans
from transforms.vocabulary import NEEDS_TO_COVER, DemandMark

# Headings that name the area of a row, by its geographic level.
_AREA = {
    "National": ("country_code", "country_name"),
    "Regional": ("region_code", "region_name"),
    "Local authority": ("new_la_code", "la_name"),
}
_ALL = "All EHC plans"
_ALL_PLANS = "ehc_plans"
_PRODUCT = "Education, health and care plans by primary need"


def read_ehc_plans(path: Path, authorities: Mapping[str, str]) -> Release:
    """All EHC plans by primary need of the newest year, on ``EhcPlans``.

    ``authorities`` are the names of ours by GSS code. London and England must be there too. A need that the
    release does not tell apart is marked as not available.
    """
    source = official_csv(path, OfficialKind.EHC_PLANS)
    areas = AreasOf({**authorities, LONDON: "London", ENGLAND: "England"})
    found: dict[str, list[dict[str, object]]] = {}
    newest = ""
    for row in rows_of(source):
        if row.get("breakdown_topic") != _ALL or row.get("geographic_level") not in _AREA:
            continue
        code, name = (row.get(heading, "") for heading in _AREA[row["geographic_level"]])
        if areas.is_merged(code, name) or code not in areas.names or row["time_period"] < newest:
            continue
        if row["time_period"] > newest:
            newest, found = row["time_period"], {}
        if code in found:
            raise refused(source.path, f"{name} stands in it twice.", "Fetch it again.")
        found[code] = _facts(source, code, name, row)
    areas.refuse_missing(source, set(found))
    facts = [fact for code in areas.names for fact in found[code]]
    return Release(EhcPlans.frame(facts), _PRODUCT, f"January 20{newest[4:]}", areas.left_out())


def _facts(source: OfficialCsv, code: str, name: str, row: Mapping[str, str]) -> list[dict[str, object]]:
    """The figures of one area: all plans, and those of each need."""
    year = row["time_period"]
    if not (year.isdecimal() and len(year) == 6 and (int(year[:4]) + 1) % 100 == int(year[4:])):
        raise refused(source.path, f"“{year}” is not an academic year such as 202425.", "Fetch it again.")
    period = f"{year[:4]}/{year[4:]}"
    same = {
        EhcPlans.area_code: code,
        EhcPlans.area_name: name,
        EhcPlans.period: period,
        EhcPlans.source: f"{_PRODUCT}, {period}, Department for Education, OGL v3.0",
    }
    whole, mark = figure(source, f"all plans of {name}", row[_ALL_PLANS])
    facts: list[dict[str, object]] = [{**same, EhcPlans.plans: whole, EhcPlans.mark: mark}]
    known = []
    for need in NEEDS_TO_COVER:
        cell = row.get(f"number_{need.value.lower()}", DemandMark.NOT_AVAILABLE.value)
        plans, mark = figure(source, f"{need.label} of {name}", cell)
        known.append(plans or 0)
        facts.append({**same, EhcPlans.need: need.value, EhcPlans.plans: plans, EhcPlans.mark: mark})
    if whole is not None and sum(known) > whole:
        raise refused(source.path, f"{name} has more plans by need than plans.", "Fetch it again.")
    return facts
