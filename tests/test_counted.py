"""What a figure counts is published, and says the same as the figure."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given, settings
from test_affordability import PRICES, VENUES
from test_supply_and_gaps import BORDER_OFFERS, COVERAGE_OFFERS, OFFERS, TARGET_OFFERS, TWICE_LISTED

from transforms.gaps import measure_all
from transforms.schema import Table
from transforms.tables import (
    Affordability,
    BorderReach,
    Concentration,
    Counted,
    Coverage,
    GapTable,
    ParentSibling,
    PhysicalAccess,
    PreparingForAdulthood,
    Supply,
    TargetTracker,
    TimeOfWeek,
    TransitionCliff,
    TravelBurden,
)
from transforms.vocabulary import Doubt

Frames = dict[type[Table], pd.DataFrame]
ROSTERS = {
    "coverage": COVERAGE_OFFERS,
    "target": TARGET_OFFERS,
    "border": BORDER_OFFERS,
    "twice": TWICE_LISTED.format("unknown"),
    "contradicted": TWICE_LISTED.format("no"),
    "prices": PRICES,
    "venues": VENUES,
}

# Tables that count services in every column that starts at nought and has no unit.
COUNTING = (
    Affordability, Concentration, Coverage, ParentSibling, PhysicalAccess, PreparingForAdulthood, TimeOfWeek,
    TransitionCliff, TravelBurden,
)  # fmt: skip


def measured(offers: str | list[dict[str, str]]) -> Frames:
    return measure_all(gap_inputs(offers), "run", "0")


def members_of(frames: Frames, table: type[GapTable]) -> pd.DataFrame:
    found = frames[Counted][frames[Counted][Counted.gap_table].eq(table.table_name)]
    volumes = frames[Supply].drop(columns=[Supply.service_id, Supply.activity_id, "counts_as", "doubts"])
    return found.merge(volumes, on=Supply.service_at_location_id, validate="m:1")


def by_activity(members: pd.DataFrame) -> pd.DataFrame:
    """The activities of each row that are not ruled out: provider, volumes, columns that any listing counts in."""
    standing = members[members[Counted.counts_as].ne("ruled_out")]
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in standing.to_dict("records"):
        one = found.setdefault(
            (row[Counted.row_key], row[Counted.activity_id]),
            {"provider": row[Supply.provider_id], "sessions": 0.0, "place_hours": 0.0, "columns": set()},
        )
        one["provider"] = min(one["provider"], row[Supply.provider_id])
        for volume in ("sessions", "place_hours"):
            stated = row[f"{volume}_per_4_weeks"]
            one[volume] = max(one[volume], 0.0 if pd.isna(stated) else stated)
        one["columns"] |= set(str(row[Counted.counts_in]).split(","))
    rows = [{Counted.row_key: key, **one} for (key, _), one in found.items()]
    return pd.DataFrame(rows, columns=[Counted.row_key, "provider", "sessions", "place_hours", "columns"])


def counted_again(activities: pd.DataFrame, column: str, basis: str) -> pd.Series:
    """A figure worked out from the published members alone."""
    counts = activities["columns"].map(lambda columns: column in columns).astype("bool")
    by_row = activities[counts].groupby(Counted.row_key)
    if basis == "activities":
        return by_row.size()
    return by_row["provider"].nunique() if basis == "providers" else by_row[basis].sum()


def basis_of(column: str) -> str:
    return next((b for b in ("providers", "sessions", "place_hours") if b in column), "activities")


def check_figures(frames: Frames, of: type[GapTable] = Coverage) -> None:
    activities = by_activity(members_of(frames, of))
    table = frames[of].set_index(of.row_keys(frames[of]))
    # Only coverage adds up the volumes of the whole service.
    for column in (
        c.name
        for c in of.columns()
        if c.minimum == 0 and c.maximum is None and (c.unit is None or of is Coverage)
    ):
        again = counted_again(activities, column, basis_of(column)).reindex(table.index).fillna(0)
        assert (again.astype(float) - table[column].astype(float)).abs().max() < 0.02, column


def check_target(frames: Frames) -> None:
    activities = by_activity(members_of(frames, TargetTracker))
    table = frames[TargetTracker].set_index(TargetTracker.row_keys(frames[TargetTracker]))
    for key, row in table.iterrows():
        basis = row[TargetTracker.basis].removesuffix("_per_4_weeks")
        for column in (TargetTracker.confirmed, TargetTracker.possible):
            again = counted_again(activities[activities[Counted.row_key].eq(key)], column, basis).sum()
            assert again == pytest.approx(row[column], abs=0.02), (key, column)


@pytest.mark.parametrize("roster", ROSTERS)
def test_every_figure_is_what_its_members_add_up_to(roster: str) -> None:
    frames = measured(ROSTERS[roster])
    for table in COUNTING:
        check_figures(frames, table)
    check_target(frames)


@settings(max_examples=3)
@given(offers=OFFERS)
def test_every_figure_of_any_roster_is_what_its_members_add_up_to(offers: list[dict[str, str]]) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    frames = measured(numbered)
    for table in COUNTING:
        check_figures(frames, table)
    check_target(frames)


@pytest.mark.parametrize("roster", ROSTERS)
def test_a_service_is_confirmed_when_and_only_when_nothing_is_in_doubt(roster: str) -> None:
    frames = measured(ROSTERS[roster])
    for table in (Counted, Supply):
        rows = frames[table]
        assert (rows["counts_as"].eq("confirmed") == rows["doubts"].isna()).all()
        codes = set(",".join(rows["doubts"].dropna()).split(",")) - {""}
        assert codes <= {doubt.value for doubt in Doubt}
    ruled_out = frames[Counted][Counted.counts_as].eq("ruled_out")
    assert frames[Counted].loc[ruled_out, Counted.counts_in].isna().all()


def test_why_a_service_is_only_possible_in_a_cell() -> None:
    frames = measured(COVERAGE_OFFERS)
    cell = frames[Counted][frames[Counted][Counted.row_key].eq("PD/5_10/specialist/inside")]
    doubts = cell.set_index(Counted.service_id)[Counted.doubts].to_dict()
    # Service 8 names physical disability and would fit, but takes no City residents.
    assert doubts == {"svc-3": "any_send", "svc-8": "no_city_residents"}
    border = frames[Counted][frames[Counted][Counted.row_key].eq("VI/5_10/specialist/inside")]
    assert border.set_index(Counted.service_id)[Counted.doubts].to_dict() == {
        "svc-3": "any_send",
        "svc-6": "place_unsure",
    }
    unknown = frames[Counted][frames[Counted][Counted.row_key].eq("ASD/11_15/specialist/inside")]
    assert unknown.set_index(Counted.service_id).at["svc-2", Counted.doubts] == "ages_not_known"


def test_the_narrowest_scope_of_two_rosters_stands_for_both() -> None:
    frames = measured(
        """
        service | source  | need     | accepts | service_cluster | venue_cluster
        1       | city    | ASD      | unknown | club            | hall
        2       | hackney | any_send | yes     | club            | hall
        """
    )
    row = frames[Coverage].set_index(Coverage.row_keys(frames[Coverage])).loc["ASD/5_10/specialist/inside"]
    # Nobody both names autism and says that City residents may come: one activity, to be verified.
    assert (row[Coverage.confirmed], row[Coverage.possible]) == (0, 1)
    assert (row[Coverage.named_possible], row[Coverage.any_send_possible]) == (1, 0)
    check_figures(frames)


def test_every_row_of_border_reach_is_its_own_member() -> None:
    frames = measured(BORDER_OFFERS)
    assert sorted(members_of(frames, BorderReach)[Counted.row_key]) == sorted(
        frames[BorderReach][BorderReach.service_at_location_id]
    )


def test_a_key_reads_in_the_order_of_the_table_and_is_unique() -> None:
    frames = measured(COVERAGE_OFFERS)
    keys = Coverage.row_keys(frames[Coverage])
    assert keys.is_unique
    assert keys.iat[0] == "ASD/11_15/specialist/home_outreach"
    assert Counted.row_keys(Counted.frame([{"gap_table": "a", "row_key": "b"}])).tolist() == ["a/b/-"]
