"""Shares of what is bought, worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs, mentions_of, pathways_of

from transforms.gaps import REGISTERED, measure, measure_all
from transforms.tables import CommissioningShare, ContractMention, Counted, HealthOffer, HealthPathway

OFFERS = """
    service | club | funding        | payers  | bought_as        | verified | tier       | zone    | certain | status
    joint   | a    | block          | TH      | joint            | 10       | targeted   | inside  | yes     | active
    jointC  | a    | .              | .       | .                | 10       | targeted   | inside  | yes     | active
    health  | b    | block          | TH      | health           | 10       | targeted   | near    | yes     | active
    stale   | c    | block          | Hackney | joint            | 181      | targeted   | near    | yes     | active
    grant   | d    | grant          | .       | none_self_funded | 10       | targeted   | near    | yes     | active
    silent  | e    | .              | .       | .                | 10       | targeted   | near    | yes     | active
    budget  | f    | direct_payment | City    | social_care      | 10       | specialist | outside | yes     | active
    border  | g    | block          | City    | social_care      | 10       | unknown    | near    | no      | active
    online  | h    | block          | City    | social_care      | 10       | universal  | online  | yes     | active
    pooled  | i    | .              | .       | .                | 10       | specialist | inside  | yes     | active
    closed  | j    | block          | City    | joint            | 10       | specialist | inside  | yes     | defunct
"""
CONTRACTS = """
    | ref    | buyers       | start | end  | extend | service | provider |
    | POOLED | City+Hackney | -365  | 90   | .      | pooled  | P1       |
    | OLDER  | City+TH      | -366  | 90   | .      | .       | P1       |
    | UNSAID | City+Hackney | .     | .    | .      | .       | P1       |
    | ALONE  | City         | .     | 90   | .      | .       | P1       |
    | OVER   | City+Hackney | .     | -1   | no     | .       | P1       |
    | THEIRS | Hackney+TH   | -1    | 90   | .      | .       | P1       |
"""
PATHWAYS = """
    | service | route | ages | referral |
    | Hearing | C&H   | 0-18 | GP       |
    | Hearing | TH    | 5-18 | GP       |
    | Chairs  | TH    | 0-25 | GP       |
"""


@pytest.fixture(scope="module")
def frames() -> dict:
    offers = frames_of_offers(OFFERS)
    return {**offers, ContractMention: mentions_of(CONTRACTS), HealthPathway: pathways_of(PATHWAYS)}


@pytest.fixture(scope="module")
def found(frames: dict) -> pd.DataFrame:
    return measure(CommissioningShare, gap_inputs(frames), "run", "0").set_index(CommissioningShare.measure)


@pytest.mark.parametrize(
    ("what", "confirmed", "possible", "known", "whole", "share"),
    [
        # Nine clubs run, and the grant's is bought by nobody. One is joint by its own word, one by its contract; of
        # the stale and the silent one it is not known. 2 ÷ 6.
        ("jointly_bought", 2, 4, 6, 8, 33.3),
        # Tower Hamlets and health for one; with whom it buys the joint one is not told. 1 ÷ 5.
        ("bought_with_health", 1, 4, 5, 8, 20.0),
        # Of nine, two say nothing of the route and one said it too long ago. 1 ÷ 6.
        ("personal_budget", 1, 4, 6, 9, 16.7),
        # The City buys four: by its own word three, and the pooled one. One has no known tier. 2 ÷ 3.
        ("city_specialist", 2, 3, 3, 4, 66.7),
        # Three of them have a venue, one of which is on the border. 1 ÷ 2.
        ("city_outside", 1, 2, 2, 3, 50.0),
        # Three run, of them two joint and one with Hackney; of the fourth the end is not known.
        ("city_joint_contracts", 2, 3, 3, 4, 66.7),
        ("city_hackney_contracts", 1, 2, 3, 4, 33.3),
        # One began a year ago, one a day before that, and of one the start is not known.
        ("new_joint_contracts", 1, 2, 2, 3, 50.0),
        # Hearing: under 5 on one route only, then three bands alike, from 20 on neither. Chairs: five not known.
        # 4 of 9 known is too little.
        ("health_aligned", 3, 8, 4, 9, None),
    ],
)
def test_shares_counted_by_hand(
    found: pd.DataFrame, what: str, confirmed: int, possible: int, known: int, whole: int, share: float | None
) -> None:
    row = found.loc[what]
    assert row[["confirmed", "possible", "known", "whole"]].tolist() == [confirmed, possible, known, whole]
    assert pd.isna(row["share_pct"]) if share is None else row["share_pct"] == share


def test_every_measure_stands_though_nothing_is_there() -> None:
    found = measure(CommissioningShare, gap_inputs("service | status\nclub | defunct"), "run", "0")
    assert len(found) == 9
    assert found["whole"].eq(0).all()
    assert found["share_pct"].isna().all()


def test_health_rows_agree_with_the_table_they_count(frames: dict, found: pd.DataFrame) -> None:
    alignment = REGISTERED[HealthOffer](gap_inputs(frames)).table[HealthOffer.alignment]
    assert found.loc["health_aligned", "confirmed"] == alignment.eq("ALIGNED").sum()
    assert found.loc["health_aligned", "whole"] == alignment.ne("NEITHER_SIDE").sum()


def test_what_is_counted_is_told(frames: dict, found: pd.DataFrame) -> None:
    counted = measure_all(gap_inputs(frames), "run", "0")[Counted]
    mine = counted[counted[Counted.gap_table].eq(CommissioningShare.table_name)]
    for column in ("confirmed", "possible"):
        has = mine[mine[Counted.counts_in].str.split(",").map(lambda names, column=column: column in names)]
        activities = has.groupby(Counted.row_key)[Counted.activity_id].nunique()
        of_activities = found.loc[
            ["jointly_bought", "bought_with_health", "personal_budget", "city_specialist"]
        ]
        assert activities.reindex(of_activities.index).tolist() == of_activities[column].tolist()
