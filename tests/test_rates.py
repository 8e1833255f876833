"""Rates among what is known, and what several rosters say together, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.gaps.answers import agreed
from transforms.gaps.rates import share_pct


@pytest.mark.parametrize(
    ("part", "known", "of", "expected"),
    [
        (2, 3, 3, 66.7),  # 2 ÷ 3
        (2, 3, 5, 66.7),  # 3 of 5 known is 60%, just enough
        (2, 3, 6, None),  # 3 of 6 is too little, whatever the three say
        (0, 4, 4, 0.0),
        (0, 0, 4, None),  # unknown is never no
        (0, 0, 0, None),  # nothing there has no rate
    ],
)
def test_a_share_of_what_is_known(part: int, known: int, of: int, expected: float | None) -> None:
    found = share_pct(pd.Series([part]), pd.Series([known]), pd.Series([of]), 60).iat[0]
    assert pd.isna(found) if expected is None else found == expected


def test_without_a_threshold_a_share_of_nothing_known_is_still_blank() -> None:
    assert share_pct(pd.Series([0]), pd.Series([0]), pd.Series([3]), 0).isna().all()


@pytest.mark.parametrize(
    ("said", "together"),
    [
        (["yes"], "yes"),
        (["no", "no"], "no"),
        (["unknown", "conditional"], "conditional"),
        (["yes", "no", "yes"], "unknown"),
        (["yes", "conditional"], "unknown"),
        (["unknown", "unknown"], "unknown"),
    ],
)
def test_what_rosters_say_together(said: list[str], together: str) -> None:
    answers = pd.Series(["no", *said], dtype="str")
    # Another group's answer never counts.
    group = pd.Series(["other", *["club"] * len(said)])
    assert agreed(answers, group).tolist() == ["no", *[together] * len(said)]


def test_a_blank_answer_says_nothing_and_what_is_of_no_group_is_not_known() -> None:
    answers = pd.Series(["yes", None, "yes"], index=[4, 6, 8], dtype="str")
    group = pd.Series(["club", "club", None], index=answers.index, dtype="str")
    assert agreed(answers, group).to_dict() == {4: "yes", 6: "yes", 8: "unknown"}
