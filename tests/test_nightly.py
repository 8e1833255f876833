"""What moved since the night before: each cause by itself, worked out by hand, and all of them together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
from builders import AS_OF, THRESHOLDS, frames_of_offers, gap_inputs, read_table
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFERS as ANY_OFFERS

from flows.last_night import comparable
from flows.snapshot import Snapshot
from transforms.gaps import GapInputs, measure
from transforms.nightly import Earlier, explain_changes
from transforms.nightly.moves import subjects
from transforms.planning.changes import measured_anew
from transforms.schema import Table
from transforms.tables import (
    Coverage,
    GapTable,
    Identity,
    Moved,
    NightlyChange,
    Service,
    SourceNight,
    TargetGrowth,
    TargetTracker,
)
from transforms.vocabulary import CellChange, ChangeCause, GapStatus, SourceState

Frames = dict[type[Table], pd.DataFrame]

# Both are inside and universal: two activities of two providers.
LAST_NIGHT = """
    service | provider | source  | need | ages | tier      | verified | words
    chess   | P1       | city    | ASD  | 5-10 | universal | 100      | as before
    choir   | P2       | hackney | HI   | 5-10 | universal | 10       | as before
"""
# A service that says nothing of where it is, so that its source has a record left.
OTHER = {"service": "other", "venue": "web", "source": "hackney", "provider": "P2", "zone": "unknown"}
# Two tables are enough to see causes told apart, and quicker than all.
COMPARED: tuple[type[GapTable], ...] = (Coverage, TargetTracker)
CHESS, CHOIR = "ASD/5_10/universal/inside", "HI/5_10/universal/inside"


def night(offers: str | list[dict[str, str]], *, absent: str = "", days: int = 0) -> GapInputs:
    """The inputs of a night: every source of the offers received, the absent one not, so many days later."""
    rows = read_table(offers) if isinstance(offers, str) else offers
    frames = frames_of_offers(rows)
    sources = {row.get("source", "city") for row in rows} | ({absent} if absent else set())
    frames[SourceNight] = SourceNight.frame(
        [
            {SourceNight.source: s,
             SourceNight.state: SourceState.ABSENT if s == absent else SourceState.ACCEPTED}
            for s in sorted(sources)
        ]
    )  # fmt: skip
    frames[Identity] = Identity.frame(
        [
            {Identity.entity: "service", Identity.id: one, Identity.native_id: f"native {one}"}
            for one in frames[Service][Service.id]
        ]
    )
    inputs = gap_inputs(frames)
    day = AS_OF + pd.Timedelta(days=days)
    return measured_anew(replace(inputs, as_of=day), inputs.frames)


def told(
    before: GapInputs, tonight: GapInputs, *, set_aside: tuple[str, ...] = (), published: Frames | None = None
) -> Frames:
    """What is published of two nights; the gap tables of the first as it published them, unless others are given."""
    shown = {**before.frames, **measured(before), **(published or {})}
    shown.setdefault(TargetGrowth, TargetGrowth.frame())
    return explain_changes(Earlier(shown, before), tonight, measured(tonight), set_aside, COMPARED)


def measured(inputs: GapInputs) -> Frames:
    return {table: measure(table, inputs, "run", "0") for table in COMPARED}


def moved(found: Frames, subject: type[Table]) -> dict[str, tuple[str, str]]:
    """Cause and change by row key."""
    rows = found[Moved][found[Moved][Moved.subject].eq(subject.table_name)]
    return {
        key: (cause, change)
        for key, cause, change in zip(rows[Moved.row_key], rows[Moved.cause], rows[Moved.change], strict=True)
    }


def causes(found: Frames) -> set[str]:
    """The causes that moved anything at all."""
    table = found[NightlyChange]
    kinds = [NightlyChange.appeared, NightlyChange.gone, NightlyChange.changed]
    return set(table[table[kinds].sum(axis=1).gt(0)][NightlyChange.cause])


def test_a_night_like_the_last_moves_nothing() -> None:
    found = told(night(LAST_NIGHT), night(LAST_NIGHT))
    assert causes(found) == set()
    assert found[Moved].empty
    assert len(found[NightlyChange]) == len(subjects(COMPARED)) * len(ChangeCause)
    assert (found[NightlyChange][NightlyChange.before] == found[NightlyChange][NightlyChange.after]).all()


def test_what_rosters_newly_say_is_real() -> None:
    # A third club, new, for vision; and the choir's row, in which words changed, takes nobody of the City any more.
    tonight = LAST_NIGHT.replace("10       | as before", "10       | City no")
    tonight += "    darts | P3 | city | VI | 5-10 | universal | 5 | new\n"
    rows = [{**row, "accepts": "no"} if row["service"] == "choir" else row for row in read_table(tonight)]
    found = told(night(LAST_NIGHT), night(rows))
    assert causes(found) == {ChangeCause.REAL}
    assert moved(found, Service) == {
        "svc-choir": (ChangeCause.REAL, CellChange.DIFFERS),
        "svc-darts": (ChangeCause.REAL, CellChange.APPEARS),
    }
    cells = moved(found, Coverage)
    assert cells[CHOIR] == (ChangeCause.REAL, CellChange.OPENS)
    assert cells["VI/5_10/universal/inside"] == (ChangeCause.REAL, CellChange.CLOSES)
    # Two activities before: one lost to City children, one new.
    row = growth(found).loc[("universal", "activities", ChangeCause.REAL)]
    assert row[[TargetGrowth.confirmed_before, TargetGrowth.confirmed_after]].tolist() == [2, 2]


def growth(found: Frames) -> pd.DataFrame:
    return found[TargetGrowth].set_index(TargetGrowth.key_names()).sort_index()


def test_a_listing_that_went_stale_is_the_date_and_no_closure() -> None:
    # Checked 100 days ago; in 90 days that is 190, more than 180. The choir's 10 become 100.
    found = told(night(LAST_NIGHT), later(LAST_NIGHT, 90))
    assert causes(found) == {ChangeCause.TIME_PASSED}
    assert moved(found, Coverage)[CHESS] == (ChangeCause.TIME_PASSED, CellChange.OPENS)
    assert CHOIR not in moved(found, Coverage)


def later(offers: str, days: int) -> GapInputs:
    """The very same rosters, so many days later."""
    return night(offers, days=days)


def test_a_source_that_falls_out_closes_nothing() -> None:
    without = [row for row in read_table(LAST_NIGHT) if row["source"] != "hackney"]
    found = told(night(LAST_NIGHT), night(without, absent="hackney"))
    assert causes(found) == {ChangeCause.SOURCE_OUTAGE}
    assert moved(found, Service) == {"svc-choir": (ChangeCause.SOURCE_OUTAGE, CellChange.GOES)}
    assert moved(found, Coverage)[CHOIR] == (ChangeCause.SOURCE_OUTAGE, CellChange.OPENS)
    back = told(night(without, absent="hackney"), night(LAST_NIGHT))
    assert causes(back) == {ChangeCause.SOURCE_OUTAGE}
    assert moved(back, Coverage)[CHOIR] == (ChangeCause.SOURCE_OUTAGE, CellChange.CLOSES)


def test_a_row_that_was_set_aside_is_no_closure() -> None:
    rows = read_table(LAST_NIGHT)
    before = night([*rows, OTHER])
    tonight = night([*(row for row in rows if row["service"] == "chess"), OTHER])
    # The registry remembers the choir, which is not among tonight's services.
    tonight.frames[Identity].loc[len(tonight.frames[Identity])] = before.frames[Identity].iloc[1]  # type: ignore[index]
    found = told(before, tonight, set_aside=("native svc-choir",))
    assert moved(found, Service) == {"svc-choir": (ChangeCause.ROW_SET_ASIDE, CellChange.GOES)}
    assert moved(told(before, tonight), Service) == {"svc-choir": (ChangeCause.REAL, CellChange.GOES)}


def test_the_same_words_read_otherwise_are_a_rule() -> None:
    reread = [{**row, "ages": "5-15"} if row["service"] == "chess" else row for row in read_table(LAST_NIGHT)]
    found = told(night(LAST_NIGHT), night(reread))
    assert causes(found) == {ChangeCause.RULE_CHANGE}
    assert moved(found, Coverage)["ASD/11_15/universal/inside"] == (
        ChangeCause.RULE_CHANGE,
        CellChange.CLOSES,
    )


def test_another_threshold_is_a_rule() -> None:
    tonight = night(LAST_NIGHT)
    stricter = replace(tonight, thresholds=replace(THRESHOLDS, verified_within_days=30))
    found = told(night(LAST_NIGHT), measured_anew(stricter, stricter.frames))
    assert causes(found) == {ChangeCause.RULE_CHANGE}
    assert moved(found, Coverage)[CHESS] == (ChangeCause.RULE_CHANGE, CellChange.OPENS)
    assert moved(found, Service) == {}


def test_the_same_address_placed_elsewhere_is_told_apart() -> None:
    outside = [
        {**row, "zone": "near", "distance_m": "60", "easting": "160"} if row["service"] == "chess" else row
        for row in read_table(LAST_NIGHT)
    ]
    found = told(night(LAST_NIGHT), night(outside))
    assert causes(found) == {ChangeCause.REGEOCODED}
    assert moved(found, Coverage)[CHESS] == (ChangeCause.REGEOCODED, CellChange.OPENS)
    # The same place with other words in the row is what the roster says.
    moved_house = [{**row, "words": "new hall"} if row["service"] == "chess" else row for row in outside]
    assert causes(told(night(LAST_NIGHT), night(moved_house))) == {ChangeCause.REAL}


def test_two_listings_that_become_one_activity_are_a_merge() -> None:
    twice = LAST_NIGHT + "    chess2 | P1 | hackney | ASD | 5-10 | universal | 10 | as before\n"
    one = [{**row, "club": "chess"} if row["service"] == "chess2" else row for row in read_table(twice)]
    one = [{**row, "club": "chess"} if row["service"] == "chess" else row for row in one]
    found = told(night(twice), night(one))
    assert causes(found) == {ChangeCause.MERGED}
    row = growth(found).loc[("universal", "activities", ChangeCause.MERGED)]
    assert row[[TargetGrowth.confirmed_before, TargetGrowth.confirmed_after]].tolist() == [3, 2]


def test_what_was_published_under_other_reference_or_method_is_told_apart() -> None:
    before = night(LAST_NIGHT)
    shown = measured(before)[Coverage]
    # Then this cell was called covered; the same directory under today's reference is fragile.
    cell = Coverage.row_keys(shown).eq(CHESS)
    shown.loc[cell, Coverage.gap_status] = GapStatus.COVERED.value
    found = told(before, night(LAST_NIGHT), published={Coverage: shown})
    assert causes(found) == {ChangeCause.REFERENCE_CHANGE}
    assert moved(found, Coverage) == {CHESS: (ChangeCause.REFERENCE_CHANGE, CellChange.WORSE)}


def test_several_causes_in_one_night_are_told_apart_and_add_up() -> None:
    rows = {row["service"]: row for row in read_table(LAST_NIGHT)}
    tonight = [
        {**rows["chess"], "ages": "5-15"},  # read otherwise, and stale by the date
        {
            "service": "darts",
            "provider": "P3",
            "need": "VI",
            "ages": "5-10",
            "tier": "universal",
            "words": "new",
        },
    ]
    found = told(night(LAST_NIGHT), night(tonight, absent="hackney", days=90))
    assert causes(found) == {
        ChangeCause.TIME_PASSED, ChangeCause.SOURCE_OUTAGE, ChangeCause.RULE_CHANGE, ChangeCause.REAL
    }  # fmt: skip
    rows_of = growth(found).loc[("universal", "activities")].loc[list(ChangeCause)]
    # 2 confirmed; the date makes chess possible only, the outage takes the choir, the new club is counted.
    assert rows_of[TargetGrowth.confirmed_after].tolist() == [2, 1, 0, 0, 0, 0, 0, 1]
    assert rows_of[TargetGrowth.confirmed_since].tolist() == [0, -1, -1, 0, 0, 0, 0, 1]


def test_the_causes_of_all_nights_add_up_to_what_is_counted() -> None:
    first = night(LAST_NIGHT)
    more = LAST_NIGHT + "    darts | P3 | city | VI | 5-10 | universal | 5 | new\n"
    second = told(first, night(more, days=1))
    third = told(night(more, days=1), night(more, days=90), published={TargetGrowth: second[TargetGrowth]})
    rows = growth(third).loc[("universal", "activities")].loc[list(ChangeCause)]
    assert rows[TargetGrowth.counted_since].unique().tolist() == [AS_OF]
    # One new club on the second night; chess went stale in the 89 days after.
    assert rows.loc[ChangeCause.REAL, TargetGrowth.confirmed_since] == 1
    assert rows.loc[ChangeCause.TIME_PASSED, TargetGrowth.confirmed_since] == -1
    assert rows[TargetGrowth.confirmed_since].sum() == 2 - 2


def test_the_first_night_is_compared_with_nothing_and_says_so() -> None:
    tonight = night(LAST_NIGHT)
    found = explain_changes(None, tonight, measured(tonight), (), COMPARED)
    assert len(found[NightlyChange]) == len(subjects(COMPARED)) * len(ChangeCause)
    blank = [
        c
        for c in NightlyChange.names()
        if c not in ("subject", "cause", "step") and c in found[NightlyChange]
    ]
    assert found[NightlyChange][blank].isna().all(axis=None)
    assert found[TargetGrowth][TargetGrowth.counted_since].unique().tolist() == [AS_OF]


@settings(max_examples=3)
@given(before=ANY_OFFERS, after=ANY_OFFERS, days=st.sampled_from([0, 1, 200]))
def test_the_parts_always_add_up_to_the_whole(
    before: list[dict[str, str]], after: list[dict[str, str]], days: int
) -> None:
    numbered = [[{"service": f"S{n}", **offer} for n, offer in enumerate(side)] for side in (before, after)]
    one, other = night(numbered[0]), night(numbered[1], days=days)
    found = told(one, other)
    assert_adds_up(found[NightlyChange], gaps(one), gaps(other))
    ends = growth(found)[TargetGrowth.confirmed_after].xs(ChangeCause.REAL, level=TargetGrowth.cause)
    tracked = measured(other)[TargetTracker].set_index([TargetTracker.scope, TargetTracker.basis])
    pd.testing.assert_series_equal(
        ends.sort_index(), tracked[TargetTracker.confirmed].sort_index(), check_names=False
    )


def gaps(inputs: GapInputs) -> int:
    table = measured(inputs)[Coverage]
    return int(table[Coverage.gap_status].isin([s for s in GapStatus if s.is_gap]).sum())


def assert_adds_up(table: pd.DataFrame, first: int, last: int) -> None:
    for subject in subjects(COMPARED):
        rows = table[table[NightlyChange.subject].eq(subject)].set_index(NightlyChange.cause)
        rows = rows.loc[list(ChangeCause)]
        assert rows[NightlyChange.before].iloc[1:].tolist() == rows[NightlyChange.after].iloc[:-1].tolist()
        if subject == Service.table_name:
            moved_by = rows[NightlyChange.appeared] - rows[NightlyChange.gone]
            assert (rows[NightlyChange.after] - rows[NightlyChange.before]).tolist() == moved_by.tolist()
        if subject == Coverage.table_name:
            moved_by = rows[NightlyChange.opened] - rows[NightlyChange.closed]
            assert (rows[NightlyChange.after] - rows[NightlyChange.before]).tolist() == moved_by.tolist()
            assert (rows[NightlyChange.before].iloc[0], rows[NightlyChange.after].iloc[-1]) == (first, last)


def test_a_snapshot_that_lacks_what_tables_need_today_is_not_compared(tmp_path: Path) -> None:
    file = tmp_path / "tables" / "service.parquet"
    file.parent.mkdir()
    services = frames_of_offers(LAST_NIGHT)[Service]
    snapshot = Snapshot(tmp_path, {})
    services.drop(columns=Service.url).to_parquet(file)
    assert comparable(snapshot) is snapshot
    services.drop(columns=Service.x_tier).to_parquet(file)
    assert comparable(snapshot) is None
    assert comparable(None) is None
