"""From any published figure back to file, row and words; asked for as people type."""

from __future__ import annotations

import csv
import hashlib
import io
from pathlib import Path

import pandas as pd
import pytest
from builders import AS_OF, frames_of_offers, gap_inputs
from rich.console import Console
from test_supply_and_gaps import COVERAGE_OFFERS

from flows.errors import Mistake
from flows.explain import explain, in_use, services_of
from flows.explain_view import View, plain
from flows.places import Places
from flows.run import Result
from flows.snapshot import Snapshot
from transforms import lineage
from transforms.gaps import measure_all
from transforms.row_keys import NoSuchKey, find_rows
from transforms.schema import Table
from transforms.tables import (
    BorderReach,
    Contract,
    ContractService,
    Counted,
    Coverage,
    DataQuality,
    Explained,
    HealthPathway,
    Identity,
    Location,
    Organization,
    Service,
    SourceRecord,
    TargetTracker,
    ValueProvenance,
)

Frames = dict[type[Table], pd.DataFrame]


# Keys


@pytest.fixture(scope="module")
def small() -> Frames:
    frames = frames_of_offers(COVERAGE_OFFERS)
    # The n-th offer stands in the n-th record.
    became = {SourceRecord.service_id: frames[Service][Service.id]}
    frames[SourceRecord] = SourceRecord.frame(frames[SourceRecord].assign(**became))
    return frames | measure_all(gap_inputs(frames), "run", "0")


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        (["ASD/5_10/specialist/inside"], 1),
        (["asd/5_10/Specialist/INSIDE"], 1),
        (["Autistic spectrum disorder/5 to 10/specialist/inside the square mile"], 1),
        (["zone=inside", "tier=specialist", "need=asd", "age_band=under 5"], 1),
        (["zone=inside", "asd/U5/specialist"], 1),
        (["ASD"], 5 * 3 * 6),
        (["ASD/*/specialist/inside"], 5),
        (["*"], 1170),
        (["S*/5_10/specialist/inside"], 4),  # SEMH, SLCN, SLD, SPLD
    ],
)
def test_a_key_is_found_as_people_type_it(small: Frames, typed: list[str], rows: int) -> None:
    assert len(find_rows(Coverage, small[Coverage], typed)) == rows


@pytest.mark.parametrize(
    ("typed", "column"),
    [
        (["ASDD/5_10/specialist/inside"], "need"),
        (["tier=special"], "tier"),
        (["colour=red"], ""),
        (["ASD/5_10/specialist/inside/again"], None),
    ],
)
def test_a_key_that_nothing_has_says_which_part_is_wrong(
    small: Frames, typed: list[str], column: str | None
) -> None:
    with pytest.raises(NoSuchKey) as error:
        find_rows(Coverage, small[Coverage], typed)
    assert (error.value.unknown.column if error.value.unknown else None) == column


def test_an_identifier_is_found_whole(small: Frames) -> None:
    assert len(find_rows(BorderReach, small[BorderReach], [small[BorderReach].iat[0, 3]])) == 1


# What stands behind a row


def test_a_service_of_which_nothing_was_read_still_has_its_row(small: Frames) -> None:
    members = lineage.members_of(small, Coverage, ["ASD/5_10/specialist/inside"])
    found = lineage.evidence(small, members)
    assert sorted(found[Explained.service_id]) == ["svc-1", "svc-2", "svc-3", "svc-4"]
    assert found[Explained.physical_row].tolist() == [2, 3, 4, 5]
    assert found[Explained.is_own_record].all()


def test_a_column_names_only_what_it_counts(small: Frames) -> None:
    key = ["ASD/5_10/specialist/inside"]
    counted = {
        column: set(lineage.members_of(small, Coverage, key, column)[Counted.service_id])
        for column in (Coverage.confirmed, Coverage.any_send_possible, Coverage.full_age_confirmed)
    }
    assert counted == {
        Coverage.confirmed: {"svc-1", "svc-2"},
        Coverage.any_send_possible: {"svc-3"},
        Coverage.full_age_confirmed: {"svc-1"},
    }


def test_near_misses_differ_in_one_part_alone(small: Frames) -> None:
    row = find_rows(Coverage, small[Coverage], ["PD/5_10/targeted/inside"]).iloc[0]
    near = lineage.near_misses(small, Coverage, row)
    parts = near[Counted.row_key].str.split("/", expand=True)
    differing = (parts != ["PD", "5_10", "targeted", "inside"]).sum(axis=1)
    assert set(differing) == {1}
    # 5 names hearing impairment and no tier; 3 is for any need, and a specialist's.
    assert {(v, s) for v, s in zip(near[lineage.OTHER_VALUE], near[Counted.service_id], strict=True)} == {
        ("HI", "svc-5"),
        ("specialist", "svc-3"),
    }
    assert not near[Counted.counts_as].eq("ruled_out").any()


def test_an_id_that_was_merged_leads_on_and_a_retired_one_is_told_of(small: Frames, tmp_path: Path) -> None:
    night = {"entity": "service", "first_seen": AS_OF, "last_seen": AS_OF}
    registry = Identity.frame(
        [
            {**night, "id": "svc-1", "state": "current"},
            {**night, "id": "svc-b", "state": "merged", "redirect_to": "svc-1", "reason": "the same name"},
            {**night, "id": "svc-a", "state": "merged", "redirect_to": "svc-b", "reason": "the same [place]"},
            {**night, "id": "svc-z", "state": "retired", "reason": "its source no longer lists it"},
        ]
    )
    snapshot = Snapshot(tmp_path, {"as_of": "2026-11-23"}, {**small, Identity: registry})
    out = io.StringIO()
    view = View(Console(file=out, width=100), snapshot, short=True)
    assert in_use(view, snapshot, ["svc-a"]) == ["svc-1"]
    assert "svc-a became svc-b: the same [place]." in out.getvalue()
    assert in_use(view, snapshot, ["ASD/5_10"]) == ["ASD/5_10"]
    with pytest.raises(Mistake, match="its source no longer lists it") as told_of:
        in_use(view, snapshot, ["svc-z"])
    assert "23 November 2026" in told_of.value.what_to_do


def test_a_contract_leads_to_the_services_it_pays_for(small: Frames, tmp_path: Path) -> None:
    paid = ContractService.frame(
        [{"contract_id": "con-1", "service_id": "svc-1"}, {"contract_id": "con-2", "service_id": "svc-2"}]
    )
    snapshot = Snapshot(tmp_path, {"as_of": "2026-11-23"}, {**small, ContractService: paid})
    assert services_of(snapshot, Contract, pd.Series({"id": "con-1"})) == ["svc-1"]
    assert services_of(snapshot, ContractService, paid.iloc[1]) == ["svc-2"]


def test_words_of_a_roster_are_shown_as_text() -> None:
    assert plain("a\x1b[31mred\x07\nline\u202e") == "a [31mred line"


# On the samples


@pytest.mark.flow
def test_every_cell_of_coverage_reaches_a_file_and_row_for_every_service_it_counts(
    sample: tuple[Places, Result],
) -> None:
    places, result = sample
    frames = result.frames
    table = frames[Coverage].set_index(Coverage.row_keys(frames[Coverage]))
    assert len(table) == 1170
    members = lineage.members_of(frames, Coverage, table.index)
    found = lineage.evidence(frames, members)
    # None is missing: the activities that reach a file and row are those the cell counts.
    reached = found[found[Explained.file].notna() & found[Explained.physical_row].notna()]
    assert len(reached) == len(found)
    own = reached[reached[Explained.is_own_record]]
    for standing, column in (
        (["confirmed"], Coverage.confirmed),
        (["confirmed", "possible"], Coverage.possible),
    ):
        counted = own[own[Explained.counts_as].isin(standing)]
        activities = counted.groupby(Explained.row_key)[Explained.activity_id].nunique()
        assert (activities.reindex(table.index).fillna(0) == table[column]).all()
    # Every listing of an activity is there, not only the first.
    sals = [Explained.row_key, Explained.service_at_location_id]
    assert len(own.drop_duplicates(sals)) == len(members)
    # The files are those that were read, byte for byte.
    files = reached[[Explained.source, Explained.file, Explained.file_sha256]].drop_duplicates()
    for source, file, sha in files.itertuples(index=False):
        assert hashlib.sha256((places.raw / source / file).read_bytes()).hexdigest() == sha


@pytest.mark.flow
def test_every_reading_of_the_citys_stands_in_the_cell_it_names(sample: tuple[Places, Result]) -> None:
    places, result = sample
    frames = result.frames
    services = frames[Service][frames[Service][Service.x_source].eq("city")][Service.id]
    read = frames[ValueProvenance][frames[ValueProvenance][ValueProvenance.id].isin(services)]
    rows = {
        name: list(csv.reader(io.StringIO((places.raw / "city" / name).read_text("cp1252"), newline="")))
        for name in ("short_breaks.csv", "provider_roster.csv")
    }
    assert len(read) > 1000
    inherited = read[read[ValueProvenance.file].eq("provider_roster.csv")]
    assert {"tier", "residency"} <= set(inherited[ValueProvenance.field])
    for row in read.to_dict("records"):
        record = rows[row["file"]][row["physical_row"] - 1]
        cells = {h.strip(): " ".join(c.split()) for h, c in zip(rows[row["file"]][0], record, strict=True)}
        if row["heading"] == "Notes":
            # Free text is named and never repeated.
            assert pd.isna(row["raw"]), row
        else:
            assert " ".join(row["raw"].split()) == cells[row["heading"]], row


def told(places: Places, *key: str, width: int = 120, **options: object) -> str:
    out = io.StringIO()
    name, *rest = key
    explain(Console(file=out, width=width, highlight=False), places, name, rest, **options)  # type: ignore[arg-type]
    return out.getvalue()


def a_cell(result: Result, *, confirmed: bool, possible: bool) -> str:
    table = result.frames[Coverage]
    fits = table[Coverage.confirmed].gt(0).eq(confirmed) & table[Coverage.possible].gt(0).eq(possible)
    return str(Coverage.row_keys(table[fits]).iat[0])


@pytest.mark.flow
@pytest.mark.parametrize("width", [40, 80, 140])
def test_a_covered_cell_is_explained(sample: tuple[Places, Result], width: int) -> None:
    text = told(sample[0], "coverage", "ASD/5_10/specialist/inside", width=width)
    assert text.lstrip().startswith("SAMPLE")
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    assert "1 confirmed, 5 possible: one provider." in flat
    assert "Soft Light Saturdays" in flat
    assert "short_breaks.csv, row 2" in flat
    assert "“Ages 5 to 11”" in flat
    assert "provider_roster.csv, row 8" in flat


@pytest.mark.flow
def test_a_cell_with_possible_services_says_why_each_is_not_certain(sample: tuple[Places, Result]) -> None:
    text = told(sample[0], "coverage", a_cell(sample[1], confirmed=False, possible=True))
    assert "why not certain:" in text
    assert "0 confirmed" in text
    assert "Nothing is certain for" in text


@pytest.mark.flow
def test_an_empty_cell_says_what_was_looked_for_and_what_is_near(sample: tuple[Places, Result]) -> None:
    key = a_cell(sample[1], confirmed=False, possible=False)
    text = told(sample[0], "coverage", key)
    assert "0 confirmed, 0 possible: gap." in text
    assert "for Autistic spectrum disorder" in text
    assert "Nearest, one part apart:" in text


@pytest.mark.flow
def test_every_row_of_every_gap_table_can_be_explained(sample: tuple[Places, Result]) -> None:
    for table in (TargetTracker, BorderReach, DataQuality):
        for key in table.row_keys(sample[1].frames[table]):
            assert key in told(sample[0], table.table_name, key, short=True)
    quality = told(sample[0], "data_quality", "city/uniqueness")
    assert "short_breaks.csv, row 72" in quality


@pytest.mark.flow
def test_rows_of_the_directory_can_be_explained(sample: tuple[Places, Result]) -> None:
    frames = sample[1].frames
    ledger = frames[SourceRecord]
    kites = frames[Organization][frames[Organization][Organization.name].eq("Bright Kites Limited")].iloc[0]
    text = told(sample[0], "organization", kites[Organization.id], short=True)
    assert "provider_roster.csv, row 3" in text
    assert "one provider with “Bright Kites" in " ".join(text.split())
    assert "the same company number" in " ".join(text.split())
    service = ledger.dropna(subset=SourceRecord.service_id).iloc[0]
    assert f"row {service[SourceRecord.physical_row]}" in told(
        sample[0], "service", service[SourceRecord.service_id]
    )
    office = frames[Location][frames[Location][Location.x_address_role].eq("hq")].iloc[0]
    assert "Stands in" in told(sample[0], "location", office[Location.id])
    pathway = frames[HealthPathway].iloc[0]
    assert "health_pathways.csv, row" in told(sample[0], HealthPathway.table_name, pathway[HealthPathway.id])
    assert "rows of coverage fit" in told(sample[0], "coverage", "ASD")


@pytest.mark.flow
def test_an_activity_of_two_rosters_shows_both_rows_and_why_they_are_one(
    sample: tuple[Places, Result],
) -> None:
    frames = sample[1].frames
    counted = frames[Counted][frames[Counted][Counted.gap_table].eq(Coverage.table_name)]
    standing = counted[counted[Counted.counts_as].ne("ruled_out")]
    listings = standing.groupby([Counted.row_key, Counted.activity_id])[Counted.service_id].nunique()
    key, activity = listings.index[listings.gt(1)][0]
    members = lineage.members_of(frames, Coverage, [key])
    mine = members[members[Counted.activity_id].eq(activity)]
    found = lineage.evidence(frames, mine)
    own = found[found[Explained.is_own_record]]
    stands = own.drop_duplicates([Explained.file, Explained.part, Explained.physical_row])
    assert len(stands) == len(mine) > 1
    text = " ".join(told(sample[0], "coverage", key, short=True).split())
    for row in stands[Explained.physical_row]:
        assert f"row {row}" in text
    assert found[Explained.match_evidence].str.contains("one activity with “").all()
    assert "≡ one activity with “" in text


@pytest.mark.flow
def test_a_mistake_names_what_is_nearest(sample: tuple[Places, Result], tmp_path: Path) -> None:
    for key, hint in (
        (("coverag", "x"), "“coverage”"),
        (("coverage", "ASDD"), "“ASD”"),
        (("coverage", "ASD/5_10/specialst/inside"), "“specialist”"),
        (("service", "svc-nothing"), "“svc-nothing”"),
    ):
        with pytest.raises(Mistake, match=hint):
            told(sample[0], *key)
    with pytest.raises(Mistake, match="“confirmed”"):
        told(sample[0], "coverage", "ASD/5_10/specialist/inside", column="confirmd")
    with pytest.raises(Mistake, match="Nothing is published"):
        told(Places(data=tmp_path), "coverage", "ASD")


@pytest.mark.flow
def test_the_same_is_written_as_a_table(sample: tuple[Places, Result], tmp_path: Path) -> None:
    file = tmp_path / "why.csv"
    told(sample[0], "coverage", "ASD/5_10/specialist/inside", csv=file)
    written = pd.read_csv(file, dtype="str", keep_default_na=False)
    assert list(written.columns) == ["sample_data", *Explained.names()]
    assert {"Ages", "City residents?"} <= set(written.loc[written["counts_as"].eq("confirmed"), "heading"])


@pytest.mark.flow
def test_what_is_withheld_stays_withheld(sample: tuple[Places, Result]) -> None:
    places, result = sample
    ledger = result.frames[SourceRecord]
    withheld = ledger[ledger[SourceRecord.is_withheld]]
    assert len(withheld)
    assert withheld[SourceRecord.service_id].isna().all()
    for _, row in withheld.iterrows():
        where = (f"{c}={row[c]}" for c in ("source", "file", "part", "physical_row") if row[c])
        text = " ".join(told(places, "x_source_record", *where).split())
        assert "withheld from publication" in text
        assert "espoke" not in text
