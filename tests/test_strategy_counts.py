"""Counts that the strategy speaks of, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import gap_inputs

from transforms.gaps import measure, measure_all
from transforms.tables import Counted, StrategyCount

OFFERS = """
    service   | club | source    | stage          | kind       | verified | status
    advice    | a    | city      | open           | sendiass   | 10       | active
    adviceH   | a    | hackney   | unknown        | unknown    | 10       | active
    plan      | b    | hackney   | ehcp_required  | youth_club | 10       | active
    support   | c    | city      | sen_support_ok | youth_club | 10       | active
    stale     | d    | islington | open           | sendiass   | 181      | active
    disagree  | e    | city      | open           | youth_club | 10       | active
    disagreeH | e    | hackney   | ehcp_required  | unknown    | 10       | active
    untold    | f    | hackney   | open           | unknown    | 10       | active
    closed    | g    | tower     | open           | sendiass   | 10       | defunct
"""


def counted(offers: str) -> pd.DataFrame:
    return measure(StrategyCount, gap_inputs(offers), "run", "0").set_index(StrategyCount.key_names())


@pytest.mark.parametrize(
    ("what", "part", "confirmed", "possible", "known", "whole", "share"),
    [
        # Six run. Of the stale one, and of the one on which rosters disagree, the stage is not known: 4 of 6 are.
        ("sen_stage", "open", 2, 4, 4, 6, 50.0),
        ("sen_stage", "sen_support_ok", 1, 3, 4, 6, 25.0),
        ("sen_stage", "ehcp_required", 1, 3, 4, 6, 25.0),
        ("sen_stage", "dla_pip_required", 0, 2, 4, 6, 0.0),
        ("sen_stage", "assessment_required", 0, 2, 4, 6, 0.0),
        # The City lists a, c and e. Hackney lists a, which the City's roster names, b, e and the untold f.
        ("sendiass", "E09000001", 1, 1, 3, 3, None),
        ("sendiass", "E09000012", 1, 2, 3, 4, None),
        # Islington's was checked too long ago; that of Tower Hamlets has closed.
        ("sendiass", "E09000019", 0, 1, 0, 1, None),
        ("sendiass", "E09000030", 0, 0, 0, 0, None),
    ],
)
def test_counts_worked_out_by_hand(
    what: str, part: str, confirmed: int, possible: int, known: int, whole: int, share: float | None
) -> None:
    found = counted(OFFERS)
    assert len(found) == 9
    row = found.loc[(what, part)]
    assert row[["confirmed", "possible", "known", "whole"]].tolist() == [confirmed, possible, known, whole]
    assert pd.isna(row["share_pct"]) if share is None else row["share_pct"] == share


def test_a_share_of_which_too_little_is_known_is_withheld() -> None:
    found = counted("service | stage\na | open\nb | unknown").loc["sen_stage"]
    assert found.loc["open", ["confirmed", "possible"]].tolist() == [1, 2]
    assert found["share_pct"].isna().all()


def test_every_row_stands_though_nothing_runs() -> None:
    found = counted("service | status\nclub | defunct")
    assert len(found) == 6
    assert found["whole"].eq(0).all()


def test_what_is_counted_is_told() -> None:
    members = measure_all(gap_inputs(OFFERS), "run", "0")[Counted]
    mine = members[members[Counted.gap_table].eq(StrategyCount.table_name)]
    found = counted(OFFERS)
    for column in ("confirmed", "possible"):
        has = mine[mine[Counted.counts_in].str.split(",").map(lambda names, column=column: column in names)]
        assert has.groupby(Counted.row_key)[Counted.activity_id].nunique().sum() == found[column].sum()
