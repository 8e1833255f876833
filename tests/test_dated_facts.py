"""Dated reference: every file says what its table declares, and what it says holds together."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from flows.errors import Mistake
from flows.places import Places
from flows.reference import Reference
from transforms.schema import Table
from transforms.tables import (
    CITY_LAD_CODE,
    DATED_TABLES,
    Baseline,
    CandidateVenue,
    CommissioningBody,
    EhcPlans,
    KpiValue,
    Population,
    SchoolPeriod,
)
from transforms.vocabulary import OLDEST_AGE, BodyKind, DemandMark, HealthRoute, Need

LONDON, ENGLAND = "E12000007", "E92000001"
DAY = pd.Timedelta(days=1)


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(Places())


@pytest.fixture(scope="module")
def facts(reference: Reference) -> dict[type[Table], pd.DataFrame]:
    return reference.facts


@pytest.mark.parametrize("table", DATED_TABLES, ids=lambda table: table.table_name)
def test_each_file_is_filled_but_what_the_city_must_declare(
    facts: dict[type[Table], pd.DataFrame], table: type[Table]
) -> None:
    # The strategy states no baseline and nobody has supplied its measures: none may be shipped for the real City.
    assert facts[table].empty == (table in (Baseline, KpiValue))


def test_invented_facts_stand_in_only_for_a_run_on_samples_and_say_what_they_are(
    facts: dict[type[Table], pd.DataFrame], reference: Reference
) -> None:
    invented = reference.for_samples().facts
    assert {table for table in DATED_TABLES if not invented[table].equals(facts[table])} == {
        Baseline,
        KpiValue,
    }
    for table, columns in {
        Baseline: [Baseline.method, Baseline.approved_by],
        KpiValue: [KpiValue.source],
    }.items():
        assert invented[table][columns].map(lambda said: said.startswith("SAMPLE: ")).all(axis=None)
    names = [file.name for file in reference.for_samples().files()]
    assert {"samples/baselines.csv", "samples/kpi_values.csv"} <= set(names)
    assert not {"baselines.csv", "kpi_values.csv"} & set(names)
    assert not [file.name for file in reference.files() if "/" in file.name]


@pytest.mark.parametrize(
    ("file", "method"), [("samples/baselines.csv", "counted"), ("baselines.csv", "SAMPLE: invented")]
)
def test_an_invented_baseline_never_passes_for_a_declared_one(tmp_path: Path, file: str, method: str) -> None:
    shutil.copytree(Places().reference, tmp_path / "reference")
    row = f"universal,activities,9,2020-04-01,{method},SAMPLE: nobody\n"
    (tmp_path / "reference" / file).write_text(
        "scope,basis,value,as_at,method,approved_by\n" + row, encoding="utf-8"
    )
    known = Reference(Places(data=tmp_path))
    with pytest.raises(Mistake, match="universal/activities"):
        _ = (known.for_samples() if "/" in file else known).facts


def test_every_area_has_every_age_and_the_parts_are_within_the_whole(
    facts: dict[type[Table], pd.DataFrame], reference: Reference
) -> None:
    people = facts[Population].pivot_table(Population.people, Population.age, Population.area_code)
    four = list(reference.authorities["lad_code"])
    assert list(people.index) == list(range(OLDEST_AGE + 1))
    assert set(people.columns) == {*four, LONDON, ENGLAND}
    assert people.notna().all(axis=None)
    assert (people[four].sum(axis=1) < people[LONDON]).all()
    assert (people[LONDON] < people[ENGLAND]).all()
    # Merged with Hackney or Westminster the City would have tens of thousands.
    assert 2_000 < people[CITY_LAD_CODE].sum() < 5_000


def test_plans_by_need_add_up_to_no_more_than_all_plans_and_a_mark_stands_where_there_is_no_figure(
    facts: dict[type[Table], pd.DataFrame], reference: Reference
) -> None:
    plans = facts[EhcPlans]
    assert plans[EhcPlans.plans].isna().eq(plans[EhcPlans.mark].notna()).all()
    assert set(plans[EhcPlans.mark].dropna()) <= set(DemandMark)
    by_area = plans.set_index([EhcPlans.area_code, EhcPlans.need])[EhcPlans.plans]
    areas = plans[EhcPlans.area_code].unique()
    assert set(areas) == {*reference.authorities["lad_code"], LONDON, ENGLAND}
    for area in areas:
        of_area = by_area[area]
        every = of_area[of_area.index.isna()].item()
        named = of_area[of_area.index.notna()]
        assert set(named.index) == set(Need) - {Need.NSA}
        assert 0.99 * every <= named.sum() <= every


def test_on_every_day_since_2013_one_health_body_buys_for_each_route(
    facts: dict[type[Table], pd.DataFrame],
) -> None:
    bodies = facts[CommissioningBody]
    health = bodies[bodies[CommissioningBody.kind] != BodyKind.LOCAL_AUTHORITY]
    city_routes = health[health[CommissioningBody.lad_code] == CITY_LAD_CODE][CommissioningBody.gp_route]
    assert set(city_routes) == {HealthRoute.CITY_HACKNEY_GP, HealthRoute.TOWER_HAMLETS_GP}
    for _, chain in health.sort_values(CommissioningBody.valid_from).groupby(
        [CommissioningBody.lad_code, CommissioningBody.gp_route]
    ):
        ends, starts = chain[CommissioningBody.valid_to], chain[CommissioningBody.valid_from]
        assert starts.iat[0] == pd.Timestamp("2013-04-01")
        assert list(ends.iloc[:-1] + DAY) == list(starts.iloc[1:])
        assert list(chain[CommissioningBody.successor].iloc[:-1]) == list(
            chain[CommissioningBody.code].iloc[1:]
        )
        assert pd.isna(ends.iat[-1])


def test_both_routes_of_the_city_lead_to_one_board_since_july_2022(
    facts: dict[type[Table], pd.DataFrame],
) -> None:
    bodies = facts[CommissioningBody]
    boards = bodies[
        (bodies[CommissioningBody.lad_code] == CITY_LAD_CODE)
        & (bodies[CommissioningBody.kind] == BodyKind.ICB)
    ]
    assert set(boards[CommissioningBody.name]) == {"NHS North East London ICB"}
    assert set(boards[CommissioningBody.valid_from]) == {pd.Timestamp("2022-07-01")}
    assert boards[CommissioningBody.gp_route].nunique() == 2


def test_a_school_year_leaves_no_day_out_and_says_that_it_is_not_confirmed(
    facts: dict[type[Table], pd.DataFrame], reference: Reference
) -> None:
    periods = facts[SchoolPeriod].sort_values(SchoolPeriod.first_day)
    assert set(periods[SchoolPeriod.lad_code]) == set(reference.authorities["lad_code"])
    for _, year in periods.groupby([SchoolPeriod.lad_code, SchoolPeriod.school_year]):
        first, last = year[SchoolPeriod.first_day], year[SchoolPeriod.last_day]
        assert list(last.iloc[:-1] + DAY) == list(first.iloc[1:])
        assert (first.iat[0].month, first.iat[0].day, last.iat[-1].month, last.iat[-1].day) == (9, 1, 8, 31)
    unconfirmed = periods[periods[SchoolPeriod.approved_by].isna()]
    assert unconfirmed[SchoolPeriod.source].str.contains("to be confirmed").all()


def test_every_candidate_venue_is_inside_the_square_mile(
    facts: dict[type[Table], pd.DataFrame], reference: Reference
) -> None:
    venues = facts[CandidateVenue]
    distance = reference.ground.border.signed_distance_m(
        venues[CandidateVenue.easting].to_numpy(), venues[CandidateVenue.northing].to_numpy()
    )
    outside = venues[distance >= 0][CandidateVenue.name].to_list()
    assert not outside
    assert len(venues) >= 12
