"""Contracts of several rosters: one contract however it is spelt, its parties, its services, its end."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pandas as pd
import pytest
from builders import AS_OF, frames_of_offers, project_synonyms, texts
from hypothesis import given
from hypothesis import strategies as st
from installations import run

from flows.places import PROJECT, Places
from flows.run import Result
from transforms.contracts import build_contracts
from transforms.normalise.contracts import build_mentions, contract_id
from transforms.parsers.contracts import (
    MAY_BE_EXTENDED,
    MONTHS,
    REFS,
    contract_key,
    read_contract_refs,
    read_extensions,
)
from transforms.parsers.reading import STATUS
from transforms.source_spec import Format, Roster
from transforms.tables import (
    Contract,
    ContractMention,
    ContractParty,
    ContractService,
    Issue,
    Service,
    ShortBreakLine,
    Supply,
    TargetTracker,
)
from transforms.vocabulary import ContractRole, ContractStatus, RosterKind
from transforms.withhold import withhold_bespoke

CITY, HACKNEY = "E09000001", "E09000012"
JOINT = "CH-SB-2024-07"
SYNONYMS = project_synonyms()


# References


@pytest.mark.parametrize(
    "ref", ["COL/SEND/24-07", "CoL SEND 24 07", "col-send-24-07 ", "COL.SEND.24.07", "COLSEND2407"]
)
def test_spellings_of_one_reference_are_one(ref: str) -> None:
    assert contract_key(ref) == contract_key("COL/SEND/24-07")


@pytest.mark.parametrize("ref", ["COL/SEND/24-08", "COL/SEN/24-07", "LBH/SEND/24-07"])
def test_another_reference_is_another(ref: str) -> None:
    assert contract_key(ref) != contract_key("COL/SEND/24-07")


def test_a_bare_number_names_a_contract_within_one_source_only() -> None:
    assert contract_id("202407", "city") != contract_id("202407", "hackney")
    assert contract_id("chsb202407", "city") == contract_id("chsb202407", "hackney")


@pytest.mark.parametrize(
    ("raw", "refs"),
    [
        (JOINT, (JOINT,)),
        ("HSB-25-L3-01; HSB-25-L1-02", ("HSB-25-L3-01", "HSB-25-L1-02")),
        ("CoL SEND 24 07", ("CoL SEND 24 07",)),
        ("COL-1 and COL-2", ("COL-1", "COL-2")),
    ],
)
def test_references_are_read_as_written(raw: str, refs: tuple[str, ...]) -> None:
    assert read_contract_refs(texts(raw))[REFS].iat[0] == refs


@pytest.mark.parametrize(
    "raw", ["DP only", "spot purchase", "see Jo about the 2024 agreement with the provider first"]
)
def test_words_are_no_reference(raw: str) -> None:
    found = read_contract_refs(texts(raw)).iloc[0]
    assert (found[REFS], found[STATUS]) == (None, "unparsed")


@given(st.text(max_size=30))
def test_a_reference_never_makes_the_parser_raise(raw: str) -> None:
    for ref in read_contract_refs(texts(raw))[REFS].iat[0] or ():
        assert contract_key(ref)


@pytest.mark.parametrize(
    ("raw", "answer", "months"),
    [
        ("Y (12m)", "yes", 12),
        ("Y (1+1)", "yes", 24),
        ("Yes, 6 months", "yes", 6),
        ("Y - 2 years", "yes", 24),
        ("Y", "yes", None),
        ("N", "no", None),
        ("No extension", "no", None),
        ("TBC", None, None),
        ("", None, None),
        ("maybe", None, None),
    ],
)
def test_extensions(raw: str, answer: str | None, months: int | None) -> None:
    found = read_extensions(texts(raw)).iloc[0]
    assert (found[MAY_BE_EXTENDED], found[MONTHS]) == (answer, months)


# From lines


ROSTER = Roster(kind=RosterKind.SHORT_BREAKS, format=Format.CSV, files=[], columns={}, date_format="%d/%m/%y")


def mentions_of(*lines: dict[str, str], roster: Roster = ROSTER) -> pd.DataFrame:
    frame = ShortBreakLine.frame(
        [{"row_id": f"r{n}", "file": "f.csv", "physical_row": n + 2, "service_name": "Club", **line}
         for n, line in enumerate(lines)]
    )  # fmt: skip
    ids = pd.Series([f"svc-{n}" for n in frame.index], index=frame.index)
    organizations = pd.Series("org-1", index=frame.index)
    found, problems = build_mentions(frame, organizations, ids, roster, SYNONYMS, {}, "city")
    mentions_of.problems = problems  # type: ignore[attr-defined]
    return ContractMention.frame(found)


def test_a_line_without_a_reference_is_in_no_contract() -> None:
    assert mentions_of({"contract_ref": "n/a"}, {}, {"contract_ref": "DP only"}).empty
    assert [p.rule for p in mentions_of.problems] == ["contract_ref_not_a_reference"]  # type: ignore[attr-defined]


def test_dates_that_would_mislead_are_left_out_and_told_and_the_row_stays() -> None:
    found = mentions_of(
        {"contract_ref": "A-1", "contract_start": "31/02/25", "contract_end": "31/03/28"},
        {"contract_ref": "A-2", "contract_start": "01/04/27", "contract_end": "31/03/26"},
        {"contract_ref": "A-3", "contract_end": "46349"},
    ).set_index(ContractMention.ref)
    assert found[ContractMention.start].isna().all()
    assert found[ContractMention.end].dropna().to_dict() == {"A-1": pd.Timestamp("2028-03-31")}
    problems = mentions_of.problems  # type: ignore[attr-defined]
    assert sorted(p.rule for p in problems) == [
        "contract_end_serial_number",
        "contract_ends_before_it_starts",
        "contract_start_impossible_date",
    ]
    assert not any(p.sets_row_aside or p.refuses_file for p in problems)


@pytest.mark.parametrize(
    ("commissioned_by", "codes"),
    [
        ("City & Hackney (joint)", f"{CITY}~{HACKNEY}"),
        ("LB Hackney / City of London", f"{CITY}~{HACKNEY}"),
        ("City of London Corporation", CITY),
        ("LBTH", "E09000030"),
        ("A trust", ""),
    ],
)
def test_who_buys_is_told_by_the_names_of_authorities(commissioned_by: str, codes: str) -> None:
    found = mentions_of({"contract_ref": "A-1", "commissioned_by": commissioned_by})
    assert found[ContractMention.commissioners].fillna("").iat[0] == codes


@pytest.mark.parametrize(
    ("areas", "city", "codes"),
    [
        ("Hackney & City of London", "Y", f"{CITY}~{HACKNEY}"),
        ("Hackney", "Y (call first)", f"{CITY}~{HACKNEY}"),
        ("Hackney, City", "N", HACKNEY),
        ("Pan-London", "TBC", ""),
        ("East London", None, ""),
    ],
)
def test_whom_a_contract_covers(areas: str, city: str | None, codes: str) -> None:
    found = mentions_of({"contract_ref": "A-1", "areas_covered": areas, "covers_city": city})[
        ContractMention.covered
    ]
    assert found.fillna("").iat[0] == codes


def test_a_universal_offer_that_is_only_listed_takes_no_contract_from_its_provider() -> None:
    inherits = Roster(**{**vars(ROSTER), "inherit": ["contract_ref"], "providers_listed_apart": True})
    named = {"contract_ref": "A-1", "service_name": "Summer playscheme (mainstream universal offer)"}
    assert mentions_of(named, roster=inherits).empty
    assert len(mentions_of({**named, "service_name": "Summer playscheme"}, roster=inherits)) == 1


# Rosters together


def mention(ref: str, source: str = "city", **facts: object) -> dict[str, object]:
    told = {"may_be_extended": "unknown", "commissioner_type": "unknown", **facts}
    key = contract_key(ref)
    return {
        "id": f"{source}-{ref}-{facts}",
        "contract_id": contract_id(key, source),
        "ref": ref,
        "source": source,
        **told,
    }


TWO_ROSTERS = [
    mention("COL/SEND/24-07", "city", end="2027-08-31", commissioners=f"{CITY}~{HACKNEY}", organization_id="org-a"),
    mention("COL/SEND/24-07", "city", service_id="svc-1", organization_id="org-a"),
    mention("CoL SEND 24 07", "hackney", start="2024-09-01", end="2027-08-31", lot="3, 1", may_be_extended="yes",
            extension_months=24, commissioners=HACKNEY, covered=f"{CITY}~{HACKNEY}", organization_id="org-b"),
    mention("CoL SEND 24 07", "hackney", service_id="svc-2", organization_id="org-b"),
]  # fmt: skip


def together(*mentions: dict[str, object], as_of: pd.Timestamp = AS_OF) -> dict[type, pd.DataFrame]:
    return build_contracts(ContractMention.frame(list(mentions)), as_of)


def test_the_joint_contract_of_two_rosters_is_one_with_two_commissioners() -> None:
    found = together(*TWO_ROSTERS)
    (contract,) = found[Contract].to_dict("records")
    assert (contract["lot"], contract["source"]) == ("1,3", "city,hackney")
    assert (contract["start"], contract["end"]) == (pd.Timestamp("2024-09-01"), pd.Timestamp("2027-08-31"))
    assert contract["extension_end"] == pd.Timestamp("2029-08-31")
    assert contract["status"] == ContractStatus.RUNNING
    parties = found[ContractParty].groupby("role")["org_code"].apply(list).to_dict()
    assert parties == {"commissioner": [CITY, HACKNEY], "provider": ["org-a", "org-b"]}
    buys = found[ContractParty][found[ContractParty][ContractParty.role].eq(ContractRole.COMMISSIONER)]
    assert set(buys[ContractParty.commissioner_type]) == {"joint"}
    assert found[ContractService][ContractService.service_id].to_list() == ["svc-1", "svc-2"]


@given(st.permutations(TWO_ROSTERS))
def test_contracts_do_not_depend_on_the_order_of_rows(mentions: list[dict[str, object]]) -> None:
    for table, frame in together(*mentions).items():
        pd.testing.assert_frame_equal(frame, together(*TWO_ROSTERS)[table])


def test_what_rosters_say_differently_is_left_blank_and_told() -> None:
    told = [mention("A-1", "city", end="2027-03-31"), mention("A-1", "hackney", end="2028-03-31")]
    (contract,) = together(*told)[Contract].to_dict("records")
    assert pd.isna(contract["end"])
    assert contract["status"] == ContractStatus.UNKNOWN
    assert contract["disagreement"] == "end: 2027-03-31 (city), 2028-03-31 (hackney)"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, "unknown"),
        ({"start": "2027-04-01"}, "not_started"),
        ({"end": "2026-11-23"}, "running"),
        ({"end": "2026-11-22"}, "past_its_end"),
        ({"end": "2026-11-22", "may_be_extended": "no"}, "ended"),
        ({"end": "2026-03-31", "may_be_extended": "yes", "extension_months": 12}, "past_its_end"),
        ({"end": "2025-03-31", "may_be_extended": "yes", "extension_months": 12}, "ended"),
    ],
)
def test_whether_a_contract_runs(facts: dict[str, object], status: str) -> None:
    assert together(mention("A-1", **facts))[Contract][Contract.status].to_list() == [status]


def test_the_last_of_a_month_stays_the_last() -> None:
    told = mention("A-1", end="2027-02-28", may_be_extended="yes", extension_months=12)
    assert together(told)[Contract][Contract.extension_end].iat[0] == pd.Timestamp("2028-02-29")


def test_a_buyer_known_by_words_alone_is_still_a_buyer() -> None:
    (party,) = together(mention("A-1", commissioned_by="NHS North East London"))[ContractParty].to_dict(
        "records"
    )
    assert (party["role"], party["raw"]) == ("commissioner", "NHS North East London")
    assert pd.isna(party["org_code"])


def test_nothing_of_a_withheld_service_is_left_in_the_contracts() -> None:
    frames = frames_of_offers("| service | bespoke |\n| club | no |\n| package | yes |")
    frames[ContractMention] = ContractMention.frame(
        [mention("A-1", service_id="svc-club"), mention("A-1", service_id="svc-package"),
         mention("B-2", service_id="svc-package", organization_id="org-P1")]
    )  # fmt: skip
    found = build_contracts(withhold_bespoke(frames)[0][ContractMention], AS_OF)
    assert found[Contract][Contract.ref].to_list() == ["A-1"]
    assert found[ContractService][ContractService.service_id].to_list() == ["svc-club"]
    assert "org-P1" not in set(found[ContractParty][ContractParty.org_code])


# The samples


@pytest.fixture(name="sample")
def _result(sample: tuple[Places, Result]) -> Result:
    return sample[1]


def joint_services(result: Result) -> pd.DataFrame:
    contracts = result.frames[Contract]
    (joint,) = contracts.loc[contracts[Contract.ref].eq(JOINT), Contract.id]
    pays_for = result.frames[ContractService]
    ids = pays_for.loc[pays_for[ContractService.contract_id].eq(joint), ContractService.service_id]
    services = result.frames[Service]
    return services[services[Service.id].isin(ids)]


@pytest.mark.flow
def test_the_joint_contract_of_the_samples_is_one(sample: Result) -> None:
    contracts = sample.frames[Contract].set_index(Contract.ref)
    assert contracts.index.is_unique
    joint = contracts.loc[JOINT]
    assert (joint[Contract.source], joint[Contract.lot]) == ("city,hackney", "1,3")
    assert joint[Contract.end] == pd.Timestamp("2027-08-31")
    parties = sample.frames[ContractParty]
    buys = (
        parties[parties[ContractParty.contract_id].eq(joint[Contract.id])]
        .groupby("role")["org_code"]
        .agg(list)
    )
    assert buys["commissioner"] == [CITY, HACKNEY]
    # The City lists the provider twice, Hackney once.
    assert len(buys["provider"]) == 3


@pytest.mark.flow
def test_the_capacity_of_the_joint_contract_counts_once(sample: Result) -> None:
    services = joint_services(sample)
    assert sorted(services[Service.name]) == [
        "Home-to-club handover", "Inclusive swim session", "Joint outreach hours (Hackney and City)",
        "Marigold Saturday Explorers", "Marigold Saturday club", "Marigold Teens Evening", "Marigold holiday club",
        "Marigold teens",
    ]  # fmt: skip
    supply = sample.frames[Supply]
    listed = supply[supply[Supply.service_id].isin(services[Service.id])]
    assert listed[Supply.activity_id].is_unique


@pytest.mark.flow
def test_a_session_of_the_joint_contract_that_both_list_still_counts_once(
    sample: Result, tmp_path: Path
) -> None:
    shutil.copytree(PROJECT / "data" / "raw", tmp_path / "raw")
    city = tmp_path / "raw" / "city" / "short_breaks.csv"
    with city.open(encoding="cp1252", newline="") as file:
        headings = next(csv.reader(file))
    row = dict.fromkeys(headings, "") | {
        "RecordID": "SB-9001", "ProviderID": "0047", "Activity": "Inclusive Swim Session", "Ages": "5-17",
        "Venue": "Golden Lane Sport and Fitness", "Venue Postcode": "EC1Y 0SH", "Day/Time": "Sun 9-10",
        "Term or Holiday": "Term", "Places": "10", "Last reviewed": "21/10/26",
    }  # fmt: skip
    with city.open("a", encoding="cp1252", newline="") as file:
        csv.DictWriter(file, headings).writerow(row)
    both = run(Places(data=tmp_path), as_of=None)

    swims = joint_services(both)
    swims = swims[swims[Service.name].str.casefold().eq("inclusive swim session")]
    assert sorted(swims[Service.x_source]) == ["city", "hackney"]
    supply = both.frames[Supply]
    assert supply.loc[supply[Supply.service_id].isin(swims[Service.id]), Supply.activity_id].nunique() == 1
    key = [TargetTracker.scope, TargetTracker.basis]
    for counted in (TargetTracker.confirmed, TargetTracker.possible):
        before, after = (r.frames[TargetTracker].set_index(key)[counted] for r in (sample, both))
        # It is not of the universal tier, so the two joint scopes may differ by nothing at all.
        pd.testing.assert_series_equal(
            after.xs("universal_and_specialist"), before.xs("universal_and_specialist")
        )


@pytest.mark.flow
def test_who_is_in_no_contract_is_in_none(sample: Result) -> None:
    paid_for = set(sample.frames[ContractService][ContractService.service_id])
    services = sample.frames[Service].set_index(Service.name)
    assert services.loc["Young Adults' Supper Club", Service.id] not in paid_for
    # Islington's rosters name no contract at all.
    islington = sample.frames[Service][sample.frames[Service][Service.x_source].eq("islington")]
    assert not paid_for & set(islington[Service.id])


@pytest.mark.flow
def test_contract_days_that_mislead_are_told_and_their_providers_stay(sample: Result) -> None:
    contracts = sample.frames[Contract].set_index(Contract.ref)
    # 31/02/2025 is no day; HSB-25-L4-05 would end a year before it starts.
    assert pd.isna(contracts.loc["HSB-25-L5-06", Contract.start])
    assert contracts.loc["HSB-25-L4-05", [Contract.start, Contract.end]].isna().all()
    assert contracts.loc["HSB-25-L4-05", Contract.status] == ContractStatus.UNKNOWN
    rules = set(sample.frames[Issue][Issue.rule])
    assert {"contract_start_impossible_date", "contract_ends_before_it_starts"} <= rules


@pytest.mark.flow
def test_every_contract_points_at_published_rows(sample: Result) -> None:
    frames = sample.frames
    contracts, services = set(frames[Contract][Contract.id]), set(frames[Service][Service.id])
    for table in (ContractParty, ContractService):
        assert set(frames[table]["contract_id"]) <= contracts
    assert set(frames[ContractService][ContractService.service_id]) <= services
