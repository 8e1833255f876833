"""Source declarations: the folder is the catalogue, and a slip of the pen stops with the right name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from flows.errors import Mistake
from flows.places import PROJECT, Places
from flows.reference import Reference
from flows.sources import load_source, load_sources, pick

SYNONYMS = Reference(Places()).synonyms


def test_every_shipped_source_is_valid() -> None:
    names = [source.name for source in load_sources(PROJECT / "sources", SYNONYMS)]
    assert names == sorted(names)
    assert {"city", "hackney", "tower_hamlets", "islington", "city_health", "gias_childrens_centres"} <= set(
        names
    )


@pytest.mark.parametrize(
    ("was", "now", "hint"),
    [
        ('delimiter = "|"', 'delimeter = "|"', "delimiter"),
        ('owner = "', 'ownr = "', "owner"),
        ("venue_postcode = [", "venue_postcod = [", "venue_postcode"),
        ('format = "xml"', 'format = "xlm"', "xml"),
        ('kind = "providers"', 'kind = "provider"', "providers"),
        ('"Universal Plus" = "targeted"', '"Universal Plus" = "targetted"', "targeted"),
        ("[roster.values.tier]", "[roster.values.teir]", "tier"),
        ('status = "status_if_mentioned"', 'status = "status_if_mentionned"', "status_if_mentioned"),
        ('encoding = "utf-8"', 'encoding = "utf-88"', "utf-8"),
    ],
)
def test_a_misspelt_name_stops_with_the_nearest_valid_one(
    tmp_path: Path, was: str, now: str, hint: str
) -> None:
    text = (PROJECT / "sources" / "islington.toml").read_text(encoding="utf-8")
    assert was in text
    path = tmp_path / "islington.toml"
    path.write_text(text.replace(was, now, 1), encoding="utf-8")
    with pytest.raises(Mistake) as mistake:
        load_source(path, SYNONYMS)
    told = f"{mistake.value.message} {mistake.value.what_to_do}"
    assert "islington.toml" in told
    assert hint in told


def test_a_file_must_bear_the_name_of_its_source(tmp_path: Path) -> None:
    path = tmp_path / "hackny.toml"
    path.write_text((PROJECT / "sources" / "hackney.toml").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(Mistake, match="hackny"):
        load_source(path, SYNONYMS)


def test_an_unknown_source_is_named_with_its_nearest() -> None:
    sources = load_sources(PROJECT / "sources", SYNONYMS)
    with pytest.raises(Mistake, match="islington"):
        pick(sources, ["islingtn"])


def test_a_misspelt_threshold_or_synonym_stops_the_run(tmp_path: Path) -> None:
    own = tmp_path / "reference"
    shutil.copytree(PROJECT / "data" / "reference", own)
    thresholds = own / "thresholds.toml"
    thresholds.write_text(thresholds.read_text(encoding="utf-8").replace("near_m", "nearm"), encoding="utf-8")
    with pytest.raises(Mistake, match="near_m"):
        _ = Reference(Places(data=tmp_path)).thresholds
    synonyms = own / "synonyms.toml"
    synonyms.write_text(
        synonyms.read_text(encoding="utf-8").replace("PMLD = [", "PMLDD = ["), encoding="utf-8"
    )
    with pytest.raises(Mistake, match="PMLD"):
        _ = Reference(Places(data=tmp_path)).synonyms
