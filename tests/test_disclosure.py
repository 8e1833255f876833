"""Counts of children: withheld, rounded, kept for a cycle, and safe from whoever subtracts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
import pandas as pd
import pytest
from builders import DISCLOSURE, read_table
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.disclosure import DisclosurePolicy, release, without_counts
from transforms.disclosure.sums import sums_of
from transforms.schema import Column, Kind
from transforms.tables import (
    CHILD_TABLES,
    DATED_TABLES,
    PUBLISHED,
    ChildTable,
    EhcPlans,
    GapTable,
)

AUTUMN, WINTER = pd.Timestamp("2026-11-23"), pd.Timestamp("2027-01-05")
RANDOM_TABLES = settings(max_examples=12, deadline=None)


class Crossed(ChildTable, name="crossed"):
    """Children by area and age, with totals of both."""

    area = Column(Kind.TEXT, "Area")
    age = Column(Kind.TEXT, "Age")
    children = Column(Kind.WHOLE, "Children", is_about_children=True)
    children_mark = Column(Kind.TEXT, "Mark")
    key = (area, age)


class Nested(ChildTable, name="nested"):
    """Children by need and by the group in which the need lies, with totals of the groups and of all."""

    group = Column(Kind.TEXT, "Group")
    need = Column(Kind.TEXT, "Need")
    children = Column(Kind.WHOLE, "Children", is_about_children=True)
    children_mark = Column(Kind.TEXT, "Mark")
    key = (group, need)


def counts_of(text: str) -> pd.DataFrame:
    """``area | age | children``; ``-`` is the total over that part."""
    rows = [{k: None if v == "-" else v for k, v in row.items()} for row in read_table(text)]
    return pd.DataFrame(rows).astype({"children": "float64"})


def shown(frame: pd.DataFrame) -> list[str]:
    """What a reader sees of each row, in key order."""
    return [
        f"[{mark}]" if pd.notna(mark) else str(value)
        for value, mark in zip(frame["children"], frame["children_mark"], strict=True)
    ]


def made(table: type[ChildTable], counts: pd.DataFrame, day: pd.Timestamp = AUTUMN, *before: pd.DataFrame):
    return release(table, counts, DISCLOSURE, day, before)


def test_small_counts_are_withheld_others_rounded_and_totals_made_of_the_rounded() -> None:
    found = made(
        Crossed,
        counts_of(
            """
            area | age | children
            A    | 0-4 | 12
            A    | 5+  | 13
            A    | -   | 25
            """
        ),
    )
    # 12 → 10, 13 → 15, and their total is 10 + 15, not 25 by chance: 17 and 17 (34) would be 15 + 15 = 30.
    assert shown(found) == ["10", "15", "25"]
    found = made(
        Crossed,
        counts_of(
            """
            area | age  | children
            A    | 0-4  | 17
            A    | 5-10 | 17
            A    | 11+  | 9
            A    | 16+  | 0
            A    | -    | 43
            """
        ),
    )
    # In key order. 9 counts as 10 in the total and 0 as 0: 15 + 15 + 10 = 40. Who subtracts learns that the two
    # withheld counts round to 0 and 10, 5 and 5 or 10 and 0: each may still be any from 0 to 9.
    assert dict(zip(found["age"].fillna("all"), shown(found), strict=True)) == {
        "0-4": "15", "5-10": "15", "11+": "[c]", "16+": "[c]", "all": "40",
    }  # fmt: skip


def test_a_total_gives_way_where_it_would_give_a_count_away() -> None:
    alone = made(
        Crossed,
        counts_of(
            """
            area | age | children
            A    | 0-4 | 8
            A    | 5+  | 30
            A    | -   | 38
            """
        ),
    )
    # 40 less 30 would say that the count rounds to 10, so that it is 8 or 9.
    assert shown(alone) == ["[c]", "30", "[c]"]
    noughts = made(
        Crossed,
        counts_of(
            """
            area | age  | children
            A    | 0-4  | 1
            A    | 5-10 | 2
            A    | 11+  | 30
            A    | -    | 33
            """
        ),
    )
    # 30 less 30 would say that both round to nought.
    assert dict(zip(noughts["age"].fillna("all"), shown(noughts), strict=True)) == {
        "0-4": "[c]", "5-10": "[c]", "11+": "30", "all": "[c]",
    }  # fmt: skip


def test_a_withheld_total_is_not_given_away_by_the_total_above_it() -> None:
    found = made(
        Nested,
        counts_of(
            """
            group | need | children
            CI    | ASD  | 20
            CI    | SLCN | 3
            CI    | -    | 23
            SP    | HI   | 40
            SP    | VI   | 50
            SP    | -    | 90
            -     | -    | 113
            """
        ),
    )
    told = dict(
        zip(found["group"].fillna("all") + "/" + found["need"].fillna("all"), shown(found), strict=True)
    )
    # 115 less 90 is CI's 25, less 20 is the 5 that SLCN rounds to: all three of its sums must go.
    assert told == {
        "CI/ASD": "20", "CI/SLCN": "[c]", "CI/all": "[c]",
        "SP/HI": "40", "SP/VI": "50", "SP/all": "90", "all/all": "[c]",
    }  # fmt: skip


def test_what_is_not_available_keeps_its_mark_and_counts_in_no_total() -> None:
    counts = counts_of(
        """
        area | age | children
        A    | 0-4 | 20
        A    | 5+  | .
        A    | -   | 20
        """
    )
    assert shown(made(Crossed, counts)) == ["20", "[x]", "20"]


def test_rows_columns_and_nested_groups_are_sums() -> None:
    crossed = Crossed.frame([{"area": a, "age": b} for a in ("A", "B", None) for b in ("0-4", "5+", None)])
    assert {(s.total, *s.parts) for s in sums_of(Crossed, crossed)} == {
        (2, 0, 1), (5, 3, 4), (6, 0, 3), (7, 1, 4), (8, 2, 5), (8, 6, 7),
    }  # fmt: skip
    nested = Nested.frame(
        [
            {"group": g, "need": n}
            for g, n in (("CI", "ASD"), ("CI", None), ("SP", "HI"), ("SP", None), (None, None))
        ]
    )
    assert [(s.total, *s.parts) for s in sums_of(Nested, nested)] == [(1, 0), (3, 2), (4, 1, 3)]


def test_within_a_cycle_the_release_is_repeated_whatever_the_counts_say() -> None:
    first = made(Crossed, random_counts([20, 30, 5, 4]), AUTUMN)
    later = made(Crossed, random_counts([90, 3, 70, 80]), AUTUMN + pd.Timedelta(days=30), first)
    pd.testing.assert_frame_equal(first, later)
    anew = made(Crossed, random_counts([90, 3, 70, 80]), WINTER, first)
    assert not anew["children"].equals(first["children"])
    assert set(anew["cycle"]) == {pd.Timestamp("2027-01-01")}
    # A night of autumn that is repeated in winter tells what autumn told.
    pd.testing.assert_frame_equal(made(Crossed, random_counts([1, 2, 3, 4]), AUTUMN, anew, first), first)


@pytest.mark.parametrize(("then", "told"), [(9, "[c]"), (10, "[c]"), (14, "[c]"), (15, "15")])
def test_a_count_once_withheld_is_shown_again_only_well_above_the_limit(then: int, told: str) -> None:
    first = made(Crossed, random_counts([30, 9, 30, 30]))
    again = made(Crossed, random_counts([30, then, 30, 30]), WINTER, first)
    assert shown(again)[1] == told


def test_two_releases_do_not_together_give_away_what_each_keeps() -> None:
    counts = """
        area | age  | children
        A    | 0-4  | {}
        A    | 5-10 | 4
        A    | 11+  | 5
        A    | -    | 0
        """
    first = made(Crossed, counts_of(counts.format(9)))
    assert shown(first)[-1] == "20"
    # 20 = 10 + 5 + 5 then; now 15 + 10, the 10 of the same two counts: so the first one was 20 − 10, 8 or 9.
    second = made(Crossed, counts_of(counts.format(15)), WINTER, first)
    told = dict(zip(second["age"].fillna("all"), shown(second), strict=True))
    assert told == {"0-4": "15", "5-10": "[c]", "11+": "[c]", "all": "[c]"}
    assert shown(made(Crossed, counts_of(counts.format(15)), WINTER))[-1] == "25"


def test_a_year_has_its_cycles() -> None:
    of = DISCLOSURE.cycle_of
    assert of(pd.Timestamp("2026-08-31")) == pd.Timestamp("2026-04-01")
    assert of(pd.Timestamp("2026-09-01")) == of(pd.Timestamp("2026-12-31")) == pd.Timestamp("2026-09-01")
    assert of(pd.Timestamp("2027-01-01")) == pd.Timestamp("2027-01-01")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rounded_to": 10},
        {"smallest_shown": 16},
        {"least_range": 11},
        {"least_range": 1},
        {"cycle_starts": ()},
        {"cycle_starts": ("02-29",)},
    ],
)
def test_rules_that_protect_nothing_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="_"):
        DisclosurePolicy(**{**vars(DISCLOSURE), **wrong})


def test_every_count_of_children_is_published_through_the_release_alone() -> None:
    for table in PUBLISHED:
        assert bool(table.about_children()) == issubclass(table, ChildTable) == (table in CHILD_TABLES)
        assert not (issubclass(table, GapTable) and table.about_children())
    facts = {table: table.frame() for table in DATED_TABLES}
    assert set(facts) - set(without_counts(facts)) == {EhcPlans}
    with pytest.raises(TypeError, match="no column of marks"):
        type("Unmarked", (ChildTable,), {"children": Column(Kind.WHOLE, "", is_about_children=True)})


# The attack: nothing below uses the product's own solver.

AREAS, AGES = ("A", "B"), ("0-4", "5+")


def random_counts(
    leaves: Sequence[int], areas: Sequence[str] = AREAS, ages: Sequence[str] = AGES
) -> pd.DataFrame:
    """Counts of every area and age with every total, which the product makes itself."""
    values = iter(leaves)
    rows = [{"area": a, "age": b, "children": float(next(values))} for a in areas for b in ages]
    rows += [{"area": a, "age": None, "children": 0.0} for a in areas]
    rows += [{"area": None, "age": b, "children": 0.0} for b in (*ages, None)]
    return pd.DataFrame(rows)


def limit_of(key: tuple[str, str], before: Sequence[pd.DataFrame]) -> int:
    """A withheld count is below this: everybody can read the policy and the releases."""
    return 15 if any(key in withheld_leaves(one) for one in before) else 10


def cells(frame: pd.DataFrame) -> Iterator[tuple[tuple[str, str], float, str | None]]:
    for row in frame.to_dict("records"):
        yield (str(row["area"]), str(row["age"])), row["children"], row["children_mark"]


def leaf_keys(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return [key for key, _, _ in cells(frame) if "nan" not in key and "None" not in key]


def withheld_leaves(frame: pd.DataFrame) -> list[tuple[str, str]]:
    return [key for key, _, mark in cells(frame) if mark == "c" and key in leaf_keys(frame)]


def totals(frame: pd.DataFrame) -> dict[tuple[str, str], float]:
    """Each total that is shown."""
    leaves = leaf_keys(frame)
    return {
        key: value
        for key, value, mark in cells(frame)
        if key not in leaves and mark is None and pd.notna(value)
    }


def is_part(leaf: tuple[str, str], total: tuple[str, str]) -> bool:
    return all(t in ("nan", "None") or t == own for own, t in zip(leaf, total, strict=True))


def possible_values(
    releases: Sequence[pd.DataFrame], before: Sequence[pd.DataFrame] = ()
) -> dict[tuple[int, tuple[str, str]], set[int]]:
    """Every value that each withheld count may have, found by trying all of them together.

    Of two releases it is supposed that a count withheld in both has not changed. Empty when that cannot be.
    """
    hidden = [withheld_leaves(one) for one in releases]
    both = set(hidden[0]).intersection(*hidden)
    names = list(dict.fromkeys((0 if k in both else n, k) for n, keys in enumerate(hidden) for k in keys))
    limits = [limit_of(k, before if n == 0 or k in both else releases[:n]) for n, k in names]
    tried = np.array(list(product(*(range(0, (limit - 1 + 2) // 5 + 1) for limit in limits))), float)
    fits = np.ones(len(tried), bool)
    for number, one in enumerate(releases):
        leaves = {key: value for key, value, mark in cells(one) if mark is None and key in leaf_keys(one)}
        for total, value in totals(one).items():
            own = [i for i, (n, k) in enumerate(names) if is_part(k, total) and (n == number or k in both)]
            own = [i for i in own if names[i][1] in hidden[number]]
            known = sum(v for k, v in leaves.items() if is_part(k, total))
            fits &= tried[:, own].sum(axis=1) * 5 == value - known
    found = tried[fits]
    return {
        name: {x for u in set(found[:, i]) for x in range(limits[i]) if abs(x - 5 * u) <= 2}
        for i, name in enumerate(names)
        if len(found)
    }


SMALL = st.lists(st.integers(0, 25), min_size=4, max_size=4)
SIX = st.lists(st.one_of(st.integers(0, 9), st.integers(10, 40)), min_size=6, max_size=6)


@RANDOM_TABLES
@given(leaves=SIX)
def test_no_withheld_count_of_any_table_can_be_narrowed_by_any_of_its_sums(leaves: list[int]) -> None:
    counts = random_counts(leaves, ages=("0-4", "5-10", "11+"))
    found = made(Crossed, counts)
    values = possible_values([found])
    true = {(a, b): x for a, b, x in counts.itertuples(index=False)}
    assert set(values) == {(0, key) for key in withheld_leaves(found)}
    for (_, key), possible in values.items():
        assert true[key] in possible
        assert max(possible) - min(possible) >= DISCLOSURE.least_range


@RANDOM_TABLES
@given(first=SMALL, second=SMALL)
def test_nor_by_two_releases_together(first: list[int], second: list[int]) -> None:
    one = made(Crossed, random_counts(first))
    two = made(Crossed, random_counts(second), WINTER, one)
    for possible in possible_values([one, two]).values():
        assert max(possible) - min(possible) >= DISCLOSURE.least_range
    assert set(withheld_leaves(one)) - set(withheld_leaves(two)) <= {
        k for k, v, _ in cells(two) if pd.notna(v) and v >= 15
    }
