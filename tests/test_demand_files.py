"""Figures about children as their publishers write them: symbols are no noughts, and merged areas are no areas."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
import zipfile
from functools import partial
from pathlib import Path

import pandas as pd
import pytest
from builders import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from test_download import QUICK, Server, sends

from flows import reference_desk
from flows.errors import Mistake, RunAborted
from flows.official.download import download
from flows.official.ehc_plans_file import read_ehc_plans
from flows.official.kinds import OfficialKind, kind_of
from flows.official.population_file import read_population
from flows.official.released_rows import Release
from flows.places import Places
from flows.reference import Reference
from flows.reference_desk import drop_official, fetch, print_status
from transforms.schema import Table
from transforms.tables import EhcPlans, Population
from transforms.vocabulary import NEEDS_TO_COVER, DemandMark

NAMES = {
    "E09000001": "City of London",
    "E09000012": "Hackney",
    "E09000019": "Islington",
    "E09000030": "Tower Hamlets",
}
SHARED = PROJECT.parent / "shared" / "real" / "demand"
real = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real releases stand beside the project and are absent here"
)
NEEDS = [need.value.lower() for need in NEEDS_TO_COVER if need.value != "DS"]
PLAN_HEADINGS = [
    "time_period", "time_identifier", "geographic_level", "country_code", "country_name", "region_code",
    "region_name", "new_la_code", "old_la_code", "la_name", "breakdown_topic", "breakdown", "ehc_plans",
    *(f"number_{need}" for need in NEEDS), "asd_pc",
]  # fmt: skip


def plan_row(code: str = "", name: str = "", level: str = "Local authority", **cells: str) -> str:
    """One row of the release; every need has one plan but for those told."""
    row = dict.fromkeys(PLAN_HEADINGS, "")
    row |= {
        "time_period": "202425", "time_identifier": "Academic year", "geographic_level": level,
        "country_code": "E92000001", "country_name": "England", "breakdown_topic": "All EHC plans",
        "breakdown": "All EHC plans", "ehc_plans": "40", "asd_pc": "2.5",
    }  # fmt: skip
    row |= {f"number_{need}": "1" for need in NEEDS}
    if level != "National":
        row |= {"region_code": "E12000007", "region_name": "London"}
    if level == "Local authority":
        row |= {"new_la_code": code, "la_name": name}
    assert cells.keys() <= row.keys()
    return ",".join(f'"{cell}"' for cell in (row | cells).values())


WIDER = [plan_row(level="National"), plan_row(level="Regional")]


def plans(folder: Path, *rows: str, others: bool = True, name: str = "plans.csv") -> Path:
    """A release with these rows, and those of all other areas."""
    told = [
        plan_row(code, area) for code, area in NAMES.items() if not any(f'"{code}"' in row for row in rows)
    ]
    path = folder / name
    lines = [",".join(PLAN_HEADINGS), *(WIDER + told if others else []), *rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def people(folder: Path, name: str = "mid-2024.csv", **changes: str | None) -> Path:
    """Estimates by Nomis: ten people of each age everywhere; ``changes`` of rows by area and age, none left out."""
    areas = {**NAMES, "E12000007": "London", "E92000001": "England"}
    lines = ["DATE_NAME,GEOGRAPHY_NAME,GEOGRAPHY_CODE,GENDER_NAME,C_AGE_NAME,OBS_VALUE"]
    for code, area in areas.items():
        for age in range(26):
            cell = changes.get(f"{code}_{age}", "10")
            lines += [f'2024,"{changes.get(code, area)}",{code},Total,Age {age},{cell}'] if cell else []
            lines += [f'2024,"{area}",{code},Male,Age {age},5', f'2023,"{area}",{code},Total,Age {age},99']
        lines.append(f'2024,"{area}",{code},Total,All Ages,999')
    path = folder / name
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def refusal(path: Path, told: str = "") -> str:
    with pytest.raises(Mistake) as error:
        read(path, told)
    assert error.value.what_to_do
    return error.value.message


def read(path: Path, told: str = "") -> Release:
    if kind_of(path) is OfficialKind.POPULATION:
        return read_population(path, NAMES, told)
    return read_ehc_plans(path, NAMES)


# EHC plans


@pytest.mark.parametrize(
    ("cell", "count", "mark"),
    [
        ("0", 0, None),
        ("7", 7, None),
        ("c", None, DemandMark.CONFIDENTIAL),
        ("x", None, DemandMark.NOT_AVAILABLE),
        (":", None, DemandMark.NOT_AVAILABLE),
        ("z", None, DemandMark.NOT_APPLICABLE),
        ("u", None, DemandMark.LOW_RELIABILITY),
        ("low", None, DemandMark.ROUNDS_TO_NOUGHT),
        ("k", None, DemandMark.ROUNDS_TO_NOUGHT),
        ("~", None, DemandMark.ROUNDS_TO_NOUGHT),
        ("[c]", None, DemandMark.CONFIDENTIAL),
    ],
)
def test_a_symbol_is_a_mark_and_only_nought_is_nought(
    tmp_path: Path, cell: str, count: int | None, mark: DemandMark | None
) -> None:
    path = plans(tmp_path, plan_row("E09000001", "City of London", number_vi=cell))
    facts = read_ehc_plans(path, NAMES).facts.set_index([EhcPlans.area_code, EhcPlans.need])
    row = facts.loc[("E09000001", "VI")]
    assert (None if pd.isna(row[EhcPlans.plans]) else row[EhcPlans.plans]) == count
    assert (None if pd.isna(row[EhcPlans.mark]) else row[EhcPlans.mark]) == mark
    # The release does not tell Down syndrome apart.
    assert facts.loc[("E09000001", "DS"), EhcPlans.mark] == DemandMark.NOT_AVAILABLE


@pytest.mark.parametrize("cell", ["", "-", "1.5", "1,234", "n/a", "c*", "-1"])
def test_a_figure_that_may_mean_anything_refuses_the_release(tmp_path: Path, cell: str) -> None:
    said = refusal(plans(tmp_path, plan_row("E09000012", "Hackney", number_hi=cell)))
    assert "Hearing impairment of Hackney" in said
    assert (f"“{cell}”" if cell else "blank") in said


MERGED = [
    ("E09000001", "City of London and Hackney"),
    ("E09000012", "Hackney and City of London"),
    ("E09000033", "Westminster & City of London"),
    ("E41000324", "City of London, Westminster"),
    ("E09000001/E09000012", "Hackney with the City"),
    ("E09000001", "Westminster"),
]


@pytest.mark.parametrize(("code", "name"), MERGED)
def test_a_row_that_joins_the_city_with_a_neighbour_is_refused_with_the_reason(
    tmp_path: Path, code: str, name: str
) -> None:
    merged = plan_row(code, name, ehc_plans="900", number_asd="500")
    everyone = [plan_row(own, area) for own, area in NAMES.items()]
    beside = read_ehc_plans(plans(tmp_path, *WIDER, *everyone, merged, others=False), NAMES)
    assert not beside.facts[EhcPlans.plans].isin([900, 500]).any()
    assert [name in why and "nobody's" in why for why in beside.left_out] == [True]

    # With no row of its own, the City has no figure, and the release is not taken.
    alone = [plan_row(own, area) for own, area in NAMES.items() if area != "City of London"]
    said = refusal(plans(tmp_path, *WIDER, *alone, merged, others=False))
    assert "no row of its own for City of London" in said
    assert name in said


def test_the_newest_year_is_taken_and_other_breakdowns_are_not(tmp_path: Path) -> None:
    rows = [
        plan_row("E09000001", "City of London", ehc_plans="35", number_asd="20"),
        plan_row("E09000001", "City of London", time_period="202324", ehc_plans="21"),
        plan_row("E09000001", "City of London", breakdown_topic="Sex", breakdown="Male", ehc_plans="9"),
    ]
    found = read_ehc_plans(plans(tmp_path, *rows), NAMES)
    assert found.as_at == "January 2025"
    city = found.facts[found.facts[EhcPlans.area_code].eq("E09000001")]
    assert set(city[EhcPlans.period]) == {"2024/25"}
    assert city.set_index(EhcPlans.need)[EhcPlans.plans].reindex([None, "ASD"]).tolist()[1] == 20
    assert city[city[EhcPlans.need].isna()][EhcPlans.plans].tolist() == [35]


def test_new_plans_are_not_taken_for_all_plans_even_beside_them_in_the_zip(tmp_path: Path) -> None:
    new = plans(
        tmp_path,
        *(
            plan_row(code, name, time_identifier="Calendar year", ehc_plans="39")
            for code, name in NAMES.items()
        ),
        others=False,
        name="new.csv",
    )
    with pytest.raises(Mistake, match="newly made"):
        kind_of(new)
    package = tmp_path / "release.zip"
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as held:
        # The larger is looked at first.
        held.writestr("data/new.csv", new.read_text(encoding="utf-8") + "\n" * 5000)
        held.writestr("data/all.csv", plans(tmp_path).read_text(encoding="utf-8"))
    found = read_ehc_plans(package, NAMES).facts
    assert set(found[found[EhcPlans.need].isna()][EhcPlans.plans]) == {40}


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"ehc_plans": "11"}, "more plans by need than plans"),
        ({"time_period": "202426"}, "not an academic year"),
        ({"time_period": "2025"}, "not an academic year"),
    ],
)
def test_a_release_that_contradicts_itself_is_refused(
    tmp_path: Path, row: dict[str, str], words: str
) -> None:
    assert words in refusal(plans(tmp_path, plan_row("E09000019", "Islington", **row)))


def test_an_area_that_stands_twice_or_a_row_cut_short_is_refused(tmp_path: Path) -> None:
    twice = [plan_row("E09000019", "Islington", ehc_plans=count) for count in ("40", "41")]
    assert "twice" in refusal(plans(tmp_path, *twice))
    whole = plans(tmp_path).read_text(encoding="utf-8")
    (tmp_path / "plans.csv").write_text(whole[: whole.rindex(",")], encoding="utf-8")
    assert "cut short" in refusal(tmp_path / "plans.csv")


# Population


def test_the_newest_year_of_both_sexes_together_is_taken(tmp_path: Path) -> None:
    found = read_population(people(tmp_path), NAMES, "")
    assert found.as_at == "June 2024"
    assert len(found.facts) == 6 * 26
    assert set(found.facts[Population.people]) == {10}
    assert set(found.facts[Population.as_at]) == {pd.Timestamp("2024-06-30")}


@pytest.mark.parametrize("symbol", ["c", ":", "low", ""])
def test_people_who_are_withheld_are_not_nobody(tmp_path: Path, symbol: str) -> None:
    path = people(tmp_path)
    text = path.read_text(encoding="utf-8").replace(
        '2024,"City of London",E09000001,Total,Age 4,10',
        f'2024,"City of London",E09000001,Total,Age 4,{symbol}',
    )
    path.write_text(text, encoding="utf-8")
    said = refusal(path)
    assert "City of London at age 4" in said


def test_an_age_that_is_missing_or_an_area_joined_with_another_is_refused(tmp_path: Path) -> None:
    assert "no row of its own for Hackney" in refusal(people(tmp_path, E09000012_25=None))
    said = refusal(people(tmp_path, E09000012="Hackney and City of London"))
    assert "no row of its own for Hackney" in said
    assert "“Hackney and City of London” (E09000012)" in said


def wide(folder: Path, *, boroughs: int = 33, elsewhere: int = 60_000) -> Path:
    """A table of ages: ten people of each age in each London borough, and one large area outside London."""
    codes = {f"E090000{number:02}": f"Borough {number}" for number in range(1, boroughs + 1)} | NAMES
    rows = [[code, name, "900", *["10"] * 26] for code, name in codes.items()]
    rows.append(["E06000001", "Elsewhere", "9", *[str(elsewhere * 10)] * 26])
    rows.append(["S12000005", "Clackmannanshire", "9", *["511.19"] * 26])
    path = folder / "table.csv"
    head = ["code", "name", "all", *map(str, range(26))]
    path.write_text("\n".join(",".join(row) for row in [head, *rows]) + "\n", encoding="utf-8")
    return path


def test_london_and_england_are_added_up_where_a_table_has_all_their_authorities(tmp_path: Path) -> None:
    found = read_population(wide(tmp_path), NAMES, "https://ons.example/mid-2023.csv")
    facts = found.facts.set_index([Population.area_code, Population.age])
    # 33 boroughs of ten; and 600,000 more.
    assert facts.at[("E12000007", 25), Population.people] == 330
    assert facts.at[("E92000001", 25), Population.people] == 600_330
    assert facts.at[("E12000007", 25), Population.source].endswith("sum of its authorities")
    assert not facts.at[("E09000001", 25), Population.source].endswith("sum of its authorities")
    assert found.as_at == "June 2023"


def test_a_part_of_london_or_england_is_not_added_up(tmp_path: Path) -> None:
    assert "no row of its own for London." in refusal(wide(tmp_path, boroughs=32), "mid-2023")
    assert "no row of its own for England." in refusal(wide(tmp_path, elsewhere=50_000), "mid-2023")
    assert "of which year" in refusal(wide(tmp_path), "table.csv")


@given(st.binary(max_size=300))
def test_no_bytes_whatever_end_in_anything_but_words(
    tmp_path_factory: pytest.TempPathFactory, rest: bytes
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    for path in (plans(folder), people(folder), wide(folder)):
        path.write_bytes(path.read_bytes()[: -len(rest) or None] + rest)
        with contextlib.suppress(Mistake):
            assert len(read(path, "mid-2023").facts) in (6 * 26, 6 * 14)


# Fetched, kept, shown and dropped


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    monkeypatch.setattr(reference_desk, "download", partial(download, limits=QUICK, allow_loopback=True))
    made = Places(data=tmp_path / "data")
    shutil.copytree(PROJECT / "data" / "reference", made.data / "reference")
    return made


def take(places: Places, what: object) -> str:
    console = Console(file=io.StringIO(), width=300)
    fetch(console, str(what), places)
    return console.file.getvalue()  # type: ignore[attr-defined]


def status(places: Places) -> str:
    console = Console(file=io.StringIO(), width=300)
    print_status(console, Reference(places).groundwork, places)
    return " ".join(console.file.getvalue().split())  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("kind", "table"), [(OfficialKind.EHC_PLANS, EhcPlans), (OfficialKind.POPULATION, Population)]
)
def test_a_fetched_release_stands_in_for_ours_until_it_is_dropped(
    places: Places, tmp_path: Path, kind: OfficialKind, table: type[Table]
) -> None:
    body = (plans(tmp_path) if table is EhcPlans else people(tmp_path)).read_bytes()
    server = Server({"/release": sends(body)})
    listed = places.reference / "official.toml"
    listed.write_text(
        f'[{kind.value}]\nkind = "{kind.value}"\ntitle = "-"\nurl = "{server.url}/release?key=secret"\n',
        encoding="utf-8",
    )
    before = Reference(places)
    packaged = before.facts[table]
    said = take(places, kind.value)
    server.http.shutdown()
    assert "in use from now on" in said
    assert "secret" not in (places.official / "official.json").read_text(encoding="utf-8")

    after = Reference(places)
    assert not after.facts[table].equals(packaged)
    assert set(after.facts[table].iloc[:, 3 if table is EhcPlans else 2].dropna()) <= {1, 10, 40}
    (entry,) = json.loads((places.official / "official.json").read_text(encoding="utf-8"))
    used = {file.name: file for file in after.files()}
    assert f"{table.table_name}.csv" not in used
    assert (used[entry["product"]].sha256, used[entry["product"]].as_at) == (entry["sha256"], entry["as_at"])
    # The ground does not hang on it, so it is not built anew.
    assert after.groundwork.folder == before.groundwork.folder
    assert f"official: {entry['product']}, {entry['as_at']}" in status(places)

    drop_official(Console(file=io.StringIO()), kind.value, places)
    pd.testing.assert_frame_equal(Reference(places).facts[table], packaged)
    assert "as it comes with the program" in status(places)


def test_a_row_that_was_left_out_is_told_when_it_is_fetched_and_later(places: Places, tmp_path: Path) -> None:
    path = plans(tmp_path, plan_row("E09000033", "Westminster and City of London"))
    assert "Left out: “Westminster and City of London” (E09000033)" in take(places, path)
    assert "left out: “Westminster and City of London” (E09000033)" in status(places)


def test_what_is_refused_leaves_what_was_in_use(places: Places, tmp_path: Path) -> None:
    take(places, plans(tmp_path, plan_row("E09000001", "City of London", ehc_plans="33")))
    record = (places.official / "official.json").read_bytes()
    with pytest.raises(Mistake, match="no row of its own for City of London"):
        take(places, plans(tmp_path, plan_row("E09000001", "City of London and Hackney")))
    server = Server({"/plans": sends(b"<!DOCTYPE html><title>Sign in</title>")})
    with pytest.raises(RunAborted, match="is a web page"):
        take(places, f"{server.url}/plans")
    server.http.shutdown()
    assert (places.official / "official.json").read_bytes() == record
    assert Reference(places).facts[EhcPlans][EhcPlans.plans].eq(33).any()


# The real releases


@real
def test_the_real_releases_say_what_is_packaged() -> None:
    packaged = Reference(Places()).facts
    found = {
        EhcPlans: read_ehc_plans(SHARED / "ehcp_2025_sen_needs_all_plans_four_las_london_england.csv", NAMES),
        Population: read_population(
            SHARED / "ons_mye_mid2023_la_single_year_of_age.csv", NAMES, "ons_mye_mid2023.csv"
        ),
    }
    for table, release in found.items():
        assert not release.left_out
        ours = packaged[table].drop(columns="source")
        pd.testing.assert_frame_equal(release.facts.drop(columns="source"), ours)


@real
@pytest.mark.parametrize(
    "name", ["caseload", "newplans", "requests", "personal_budgets", "residential_settings"]
)
def test_other_files_of_the_real_release_are_told_for_what_they_are(name: str) -> None:
    with pytest.raises(Mistake, match="a table with the headings time_period"):
        kind_of(SHARED / f"ehcp_2025_{name}_four_las_london_england.csv")
