"""Prices as boroughs write them."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers import costs
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS
from transforms.vocabulary import CostUnit

FREE, PAID = True, False


def read(raw: str) -> pd.Series:
    return costs.read_costs(texts(raw)).iloc[0]


def options(found: pd.Series) -> list[tuple[object, ...]]:
    read_options = found[costs.OPTIONS]
    return (
        [(o["amount"], o["x_unit"], o["x_is_free"]) for o in read_options]
        if isinstance(read_options, tuple)
        else []
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Free", [(0, "unknown", FREE)]),
        ("no charge", [(0, "unknown", FREE)]),
        ("F.O.C.", [(0, "unknown", FREE)]),
        ("£0", [(0, "unknown", FREE)]),
        ("nil", [(0, "unknown", FREE)]),
        ("Free (£0)", [(0, "unknown", FREE)]),
        ("£5", [(5, "unknown", PAID)]),
        ("5", [(5, "unknown", PAID)]),
        ("five pounds", [(5, "unknown", PAID)]),
        ("£0.50", [(0.5, "unknown", PAID)]),
        ("50p", [(0.5, "unknown", PAID)]),
        ("£12.50ph", [(12.5, "hour", PAID)]),
        ("£12 an hour", [(12, "hour", PAID)]),
        ("hourly rate: £12", [(12, "hour", PAID)]),
        ("£30 pw", [(30, "week", PAID)]),
        ("£30 daily", [(30, "day", PAID)]),
        ("£5 annually", [(5, "year", PAID)]),
        ("£1,250 per year", [(1250, "year", PAID)]),
        ("£1 per child per session", [(1, "session", PAID)]),
        ("Free / £5", [(0, "unknown", FREE), (5, "unknown", PAID)]),
        ("£12/£15", [(12, "unknown", PAID), (15, "unknown", PAID)]),
        ("£20 a day or £100 a week", [(20, "day", PAID), (100, "week", PAID)]),
        ("£5 per session (£2.50 siblings)", [(5, "session", PAID), (2.5, "unknown", PAID)]),
        ("£5 on 020 7946 0107", [(5, "unknown", PAID)]),
        ("£18 per day (9am-3pm)", [(18, "day", PAID)]),
        ("no longer free: £4", [(4, "unknown", PAID)]),
        ("no free places, £8 a day", [(8, "day", PAID)]),
        ("free parking, £3", [(3, "unknown", PAID)]),
    ],
)
def test_prices(raw: str, expected: list[tuple[float, str, bool]]) -> None:
    found = read(raw)
    assert options(found) == expected
    assert found[STATUS] == "parsed"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("from £12/hr", [(12, "hour", PAID)]),
        ("up to £20", [(20, "unknown", PAID)]),
        ("approx £10", [(10, "unknown", PAID)]),
        ("£5-£10", [(5, "unknown", PAID), (10, "unknown", PAID)]),
        ("£10-15 per day", [(10, "day", PAID), (15, "day", PAID)]),
        ("between £4 and £6 a session", [(4, "session", PAID), (6, "session", PAID)]),
        # Neither a term nor a block is a unit of ours, and eight weeks are not one.
        ("£48 per term", [(48, "unknown", PAID)]),
        ("£48 per 8 week block", [(48, "unknown", PAID)]),
        ("£30 for 6 weeks", [(30, "unknown", PAID)]),
        # Whether a suggested gift must be given is not said.
        ("£1 suggested donation", [(1, "unknown", None)]),
    ],
)
def test_a_price_that_is_not_the_whole_story_is_read_in_part(
    raw: str, expected: list[tuple[object, ...]]
) -> None:
    found = read(raw)
    assert options(found) == expected
    assert (found[STATUS], found[CONFIDENCE]) == ("partial", 0.7)


@pytest.mark.parametrize(
    ("raw", "whom"),
    [
        ("£5 (£2.50 siblings)", [None, "siblings"]),
        ("£6, siblings £3", [None, "siblings"]),
        ("£4 members £6 non-members", ["members", "non-members"]),
        ("free for carers; £5 per session", ["carers", None]),
        # Whose is which could go either way.
        ("adults £4 children £2", [None, None]),
    ],
)
def test_each_price_says_whom_it_is_for(raw: str, whom: list[str | None]) -> None:
    assert [option["option"] for option in read(raw)[costs.OPTIONS]] == whom


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("POA", "no_price"),
        ("donation", "no_price"),
        ("means tested", "no_price"),
        ("some charges may apply", "no_price"),
        ("not free - contact us", "no_price"),
        ("covered by short breaks hours", "allowance"),
        ("110 hrs pa", "allowance"),
        ("€5", "not_pounds"),
        ("$10 per session", "not_pounds"),
        ("£12,000", "implausible_price"),
    ],
)
def test_words_without_a_price_are_not_free(raw: str, rule: str) -> None:
    found = read(raw)
    assert (options(found), found[STATUS], found[RULE]) == ([], "unparsed", rule)


@pytest.mark.parametrize(
    ("amounts", "units", "expected"),
    [
        ("5~20", "session~day", [(5, "session", PAID), (20, "day", PAID)]),
        ("4~2", "per session~per session", [(4, "session", PAID), (2, "session", PAID)]),
        ("Free", "course", [(0, "unknown", FREE)]),
        ("£9.50~£85", "session~term", [(9.5, "session", PAID), (85, "unknown", PAID)]),
        ("0~38", "for residents~per hour", [(0, "unknown", FREE), (38, "hour", PAID)]),
        # An amount of nought that is a gift, or is paid in hours, says not that it is free.
        ("0", "suggested donation", []),
        ("0~145", "covered by short breaks hours~per day", [(145, "day", PAID)]),
        ("", "", []),
    ],
)
def test_parallel_amounts_and_units_are_paired(
    amounts: str, units: str, expected: list[tuple[object, ...]]
) -> None:
    assert options(costs.read_cost_columns(texts(amounts), texts(units)).iloc[0]) == expected


@given(
    pence=st.integers(1, costs.DEAREST_GBP * 100),
    unit=st.sampled_from([unit for unit in CostUnit if unit is not CostUnit.UNKNOWN]),
)
def test_what_was_read_is_read_the_same_again(pence: int, unit: CostUnit) -> None:
    assert options(read(f"£{pence / 100:.2f} per {unit}")) == [(pence / 100, unit, PAID)]


@given(st.text("£0123456789.,/-p perfnohrsaday()", max_size=24))
def test_free_is_never_read_without_a_word_or_a_nought_that_says_it(raw: str) -> None:
    if any(is_free for *_, is_free in options(read(raw))):
        assert "0" in raw or "free" in raw or "no " in raw
