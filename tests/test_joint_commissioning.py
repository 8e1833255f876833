"""Who buys what from whom, worked through by hand."""

from __future__ import annotations

from itertools import permutations

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs, mentions_of, project_synonyms, texts

from transforms.gaps import measure
from transforms.parsers.funding import SOURCES, read_funding
from transforms.tables import ContractMention, CostOption, JointCommissioning

CITY, HACKNEY, ISLINGTON, TOWER_HAMLETS = "E09000001", "E09000012", "E09000019", "E09000030"

# kites: Hackney by contract, Tower Hamlets by its own word. swim: both by contract, and the City. choir: nobody says
# who pays, in three rosters. drama: two neighbours name themselves, one of them long ago.
OFFERS = """
    service | provider | club   | kind         | source    | funding | payers | bought_as        | verified
    kites   | P1       | kites  | weekend_club | hackney   | .       | .      | .                | 10
    kitesT  | P1       | kites  | unknown      | tower     | block   | TH     | social_care      | 10
    kitesI  | P1       | other  | sport        | islington | .       | .      | .                | 10
    swim    | P2       | swim   | sport        | city      | .       | .      | .                | 10
    choir   | P3       | choir  | arts         | hackney   | .       | .      | .                | 10
    choirT  | P3       | choir  | arts         | tower     | spot    | .      | unknown          | 10
    choirC  | P3       | choir  | arts         | city      | .       | .      | .                | 10
    drama   | P4       | drama  | arts         | hackney   | block   | Hackney| social_care      | 10
    dramaT  | P4       | drama  | arts         | tower     | block   | TH     | social_care      | 181
    fees    | P5       | fees   | sport        | islington | grant   | .      | none_self_funded | 10
    old     | P6       | old    | sitting      | hackney   | block   | Hackney| social_care      | 10
"""
CONTRACTS = """
    | ref   | buyers       | covered | end | extend | service | provider |
    | KITES | Hackney      | City    | 90  | .      | kites   | P1       |
    | SWIM  | City+Hackney | .       | 90  | .      | swim    | P2       |
    | MORE  | TH           | .       | .   | .      | swim    | P2       |
    | OLD   | Hackney      | .       | -1  | no     | old     | P6       |
    | ROUND | Islington    | .       | 90  | .      | .       | P6       |
"""


def measured(offers: str = OFFERS, contracts: str = CONTRACTS) -> pd.DataFrame:
    frames = {**frames_of_offers(offers), ContractMention: mentions_of(contracts)}
    price = {"service_id": "svc-kites", "x_dp_payable": "unknown", "x_is_free": False}
    frames[CostOption] = CostOption.frame(
        [
            {**price, "id": "1", "amount": 12.0, "x_unit": "hour"},
            {**price, "id": "2", "amount": 9.0, "x_unit": "hour"},
            {**price, "id": "3", "amount": 5.0, "x_unit": "session"},
            {
                **price,
                "id": "4",
                "service_id": "svc-swim",
                "amount": 0.0,
                "x_unit": "hour",
                "x_is_free": True,
            },
        ]
    )
    found = measure(JointCommissioning, gap_inputs(frames), "run", "0")
    return found.set_index(JointCommissioning.key_names())


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measured()


@pytest.mark.parametrize(
    ("key", "sure", "maybe", "part", "status"),
    [
        # Two neighbours for certain: what one roster calls a weekend club is one in the other too. The City's
        # children may go under Hackney's contract, and it buys nothing itself.
        (
            ("P1", "weekend_club"),
            [HACKNEY, TOWER_HAMLETS],
            [HACKNEY, TOWER_HAMLETS],
            "covered",
            "WORTH_JOINING",
        ),
        # Islington lists it and does not say who pays.
        (("P1", "sport"), [], [ISLINGTON], "none_known", "FEW_BUYERS"),
        # The City buys it; Tower Hamlets' contract has no known end.
        (("P2", "sport"), [CITY, HACKNEY], [CITY, HACKNEY, TOWER_HAMLETS], "buys", "CITY_BUYS"),
        # Three list it: that is no purchase, and no “no”.
        (("P3", "arts"), [], [CITY, HACKNEY, TOWER_HAMLETS], "unknown", "ASK_WHO_BUYS"),
        # Tower Hamlets last checked its word 181 days ago.
        (("P4", "arts"), [HACKNEY], [HACKNEY, TOWER_HAMLETS], "none_known", "ASK_WHO_BUYS"),
        # Paid by a grant: nobody buys it.
        (("P5", "sport"), [], [], "none_known", "FEW_BUYERS"),
        # Its contract has ended. Islington buys something of this provider, of what kind is not told.
        (("P6", "sitting"), [], [HACKNEY, ISLINGTON], "none_known", "ASK_WHO_BUYS"),
        (("P6", "unknown"), [ISLINGTON], [ISLINGTON], "none_known", "FEW_BUYERS"),
    ],
)
def test_who_buys_worked_out_by_hand(
    found: pd.DataFrame, key: tuple[str, str], sure: list[str], maybe: list[str], part: str, status: str
) -> None:
    row = found.loc[key]
    told = [row["buyers_confirmed"], row["buyers_possible"]]
    assert ["" if pd.isna(codes) else codes for codes in told] == [",".join(sure), ",".join(maybe)]
    others = [len(set(codes) - {CITY}) for codes in (sure, maybe)]
    assert [row["neighbours_confirmed"], row["neighbours_possible"]] == others
    assert (row["city_part"], row["join_status"]) == (part, status)


def test_every_kind_of_every_provider_is_a_row(found: pd.DataFrame) -> None:
    assert len(found) == 8


def test_joint_contracts_and_prices(found: pd.DataFrame) -> None:
    swim = found.loc[("P2", "sport")]
    assert (swim["joint_contracts_confirmed"], swim["joint_contracts_possible"]) == (1, 1)
    kites = found.loc[("P1", "weekend_club")]
    assert kites["joint_contracts_possible"] == 0
    # By the hour alone, and what is free has no price.
    assert (kites["price_min_gbp_per_hour"], kites["price_max_gbp_per_hour"]) == (9, 12)
    assert pd.isna(swim["price_min_gbp_per_hour"])


def test_what_one_provider_sells_under_any_kind_is_told_beside_each(found: pd.DataFrame) -> None:
    assert found.loc[("P1", "sport"), "provider_buyers_confirmed"] == f"{HACKNEY},{TOWER_HAMLETS}"


@pytest.mark.parametrize("order", list(permutations(range(3)))[1:])
def test_the_order_of_contracts_never_matters(order: tuple[int, ...]) -> None:
    head, *lines = CONTRACTS.strip().splitlines()
    shuffled = "\n".join([head, *(lines[n] for n in order), *lines[3:], *lines[:2]])
    pd.testing.assert_frame_equal(measured(contracts=shuffled), measured())


@pytest.mark.parametrize(
    "more",
    [
        "| NEW | TH | . | 90 | . | drama | P4 |",
        "| NEW | City | . | . | . | drama | P4 |",
        "| NEW | Islington | . | -1 | . | . | P4 |",
    ],
)
def test_another_contract_never_takes_a_buyer_away(found: pd.DataFrame, more: str) -> None:
    after = measured(contracts=CONTRACTS + "    " + more)
    for name in ("neighbours_confirmed", "neighbours_possible", "joint_contracts_possible"):
        assert (after[name].reindex(found.index) >= found[name]).all()


def test_an_answer_about_who_pays_never_lowers_the_certain(found: pd.DataFrame) -> None:
    asked = OFFERS.replace("| spot    | . ", "| spot    | TH")
    assert asked != OFFERS
    after = measured(asked)
    assert (after["neighbours_confirmed"] >= found["neighbours_confirmed"]).all()
    assert (after["neighbours_possible"] == found["neighbours_possible"]).all()


@pytest.mark.parametrize(
    ("words", "payers", "is_health"),
    [
        ("Joint: LBTH and NHS North East London ICB", TOWER_HAMLETS, True),
        ("City & Hackney (joint)", f"{CITY},{HACKNEY}", False),
        ("LBTH short breaks framework", TOWER_HAMLETS, False),
        ("Spot purchase", None, False),
        # Named after the place, and no authority.
        ("City Bridge Foundation", None, False),
        ("Lottery grant, Hackney", None, False),
    ],
)
def test_the_payers_that_words_name(words: str, payers: str | None, is_health: bool) -> None:
    (source,) = read_funding(texts(words), project_synonyms())[SOURCES].iat[0]
    assert source["x_has_health_buyer"] == is_health
    told = source["x_commissioners"]
    assert pd.isna(told) if payers is None else told == payers
