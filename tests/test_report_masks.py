"""What an activity answers to a filter: what is not known is never a yes, nor a no."""

from __future__ import annotations

import numpy as np
import pytest

from reports.masks import Mask, ages_mask, answer_mask, days_mask, needs_mask, tier_mask, zone_mask
from transforms.vocabulary import NEEDS_TO_COVER, Answer, Need, NeedScope, Tier, Zone

YES, NO, EITHER = 1, 2, 3


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([Answer.YES], Mask(YES, YES, "yes")),
        ([Answer.NO], Mask(NO, NO, "no")),
        ([Answer.YES, Answer.UNKNOWN], Mask(YES, YES, "yes")),
        ([Answer.UNKNOWN], Mask(0, EITHER, "not known")),
        ([], Mask(0, EITHER, "not known")),
        ([np.nan], Mask(0, EITHER, "not known")),
        ([Answer.CONDITIONAL], Mask(0, EITHER, "it depends")),
        ([Answer.YES, Answer.CONDITIONAL], Mask(0, EITHER, "it depends")),
        ([Answer.YES, Answer.NO], Mask(0, EITHER, "rosters differ")),
    ],
)  # fmt: skip
def test_only_answers_that_agree_are_a_yes_or_a_no(said: list[str], expected: Mask) -> None:
    assert answer_mask(said) == expected


def test_whether_a_parent_may_leave_is_asked_the_other_way_round() -> None:
    assert answer_mask([Answer.YES], is_turned=True) == Mask(NO, NO, "no")
    assert answer_mask([Answer.NO], is_turned=True) == Mask(YES, YES, "yes")


def test_ages_that_are_not_stated_may_be_any() -> None:
    assert ages_mask([(5, 11)]) == Mask(0b00110, 0b00110, "5 to 11")
    # From 8, to an age that is not told: 8 is said, older bands may be.
    assert ages_mask([(8, np.nan)]) == Mask(0b00010, 0b11110, "from 8")
    assert ages_mask([(np.nan, np.nan)]) == Mask(0, 0b11111, "ages not known")


def test_a_need_is_said_only_by_its_name() -> None:
    bit = 1 << NEEDS_TO_COVER.index(Need.ASD)
    every = (1 << len(NEEDS_TO_COVER)) - 1
    assert needs_mask([(NeedScope.NAMED, "ASD")]) == Mask(bit, bit, "ASD")
    assert needs_mask([(NeedScope.AREA, "ASD")]) == Mask(0, bit, "ASD?")
    assert needs_mask([(NeedScope.OPEN, "")]) == Mask(0, every, "open to everyone")
    assert needs_mask([]) == Mask(0, every, "not known")


def test_a_venue_on_the_line_may_be_on_either_side() -> None:
    inside, near = (1 << list(Zone).index(zone) for zone in (Zone.INSIDE, Zone.NEAR))
    assert zone_mask([(Zone.INSIDE, True)]) == Mask(inside, inside, "")
    assert zone_mask([(Zone.INSIDE, False)]) == Mask(0, inside | near, "")


def test_a_tier_that_is_not_known_may_be_any() -> None:
    assert tier_mask([Tier.TARGETED]) == Mask(0b010, 0b010, "Targeted")
    assert tier_mask([Tier.UNKNOWN]).may == 0b111
    assert tier_mask([Tier.UNKNOWN]).yes == 0


@pytest.mark.parametrize(
    ("sessions", "words"),
    [
        (["MO,TU,WE,TH,FR"], "Mon to Fri"),
        (["MO,TU"], "Mon, Tue"),
        (["1SU", "-1FR"], "Fri, Sun"),
        (["MO,TU,WE,TH,FR,SA,SU"], "every day"),
        (["SA", ""], "Sat, others not known"),
        ([""], "not known"),
    ],
)
def test_days_are_told_as_people_say_them(sessions: list[str], words: str) -> None:
    assert days_mask(sessions).words == words


def test_a_session_without_a_day_may_be_on_any() -> None:
    assert days_mask(["SA", ""]) == Mask(0b0100000, 0b1111111, "Sat, others not known")
