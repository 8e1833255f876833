"""What proposed, changed and lost activities would do: worked by hand, and mistakes told by row and column."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from builders import AS_OF, PROJECT, frames_of_offers, gap_inputs
from installations import ACTIVITIES, add_camden, run
from rich.console import Console

from flows.errors import Mistake
from flows.places import Places
from flows.planned import carried_out, inputs_of
from flows.proposals import TEMPLATE, read_proposals, write_template
from flows.reference import Reference
from flows.run import Result
from flows.snapshot import current_snapshot
from flows.whatif import what_if
from transforms.gaps import GapInputs, measure
from transforms.planning.compare import differences, tables_compared
from transforms.tables import Organization, Service, WhatIf

DIRECTORY = """
    service | provider | service_cluster | need | ages | tier       | zone   | accepts | verified
    1       | P1       | signs           | HI   | 5-10 | specialist | inside | yes     | 10
    2       | P2       | steps           | PD   | 5-10 | specialist | inside | unknown | 10
    3       | P3       | choir           | ASD  | 0-10 | universal  | inside | yes     | 300
"""
# EC2Y 8DS is the Barbican Centre's, EC4A 3JR is beside Shoe Lane: both inside for certain. SW1A 1AA is not.
CLUBS = """\
Change,Service,Provider,Venue,Postcode,Ages,Needs,Tier,When,Places,Parent stays,Siblings,City residents
add,Saturday Signs,Example Play,Barbican Centre,EC2Y 8DS,5-10,Hearing impairment,Specialist,Sat 10-12,12,No,Yes,Yes
add,Saturday Steps,Example Play,Barbican Centre,EC2Y 8DS,5-15,Physical disability,Specialist,Sat 13-15,10,No,Yes,Yes
add,Saturday Choir,Other Play,Shoe Lane Library,EC4A 3JR,0-4,Autism,Universal,Sat 10-13,10,No,Yes,
"""


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(Places())


@pytest.fixture
def today() -> GapInputs:
    return gap_inputs(DIRECTORY, [("specialist", "activities", 2)])


def proposed(today: GapInputs, reference: Reference, folder: Path, text: str) -> GapInputs:
    file = folder / "plans.csv"
    file.write_text(text, encoding="utf-8")
    return carried_out(file.name, today, read_proposals(file, reference))


def moved(before: GapInputs, after: GapInputs) -> tuple[dict[str, str], pd.DataFrame]:
    """Rows of coverage that change, and the target tracker."""
    found = differences(before, after).set_index(WhatIf.row_key)
    cells = found[found[WhatIf.gap_table].eq("coverage")]
    told = (cells[WhatIf.change] + ": " + cells["verdict_before"] + " → " + cells["verdict_after"]).to_dict()
    return told, found[found[WhatIf.gap_table].eq("target_tracker")]


def test_three_saturday_clubs_close_what_was_worked_out_by_hand_and_move_the_target(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    cells, target = moved(today, proposed(today, reference, tmp_path, CLUBS))
    assert cells == {
        # A second provider beside the one there is.
        "HI/5_10/specialist/inside": "better: FRAGILE → COVERED",
        # Nothing certain before: the one there does not say whether City children may come.
        "PD/5_10/specialist/inside": "closes: GAP_UNLESS_VERIFIED → FRAGILE",
        "PD/11_15/specialist/inside": "closes: GAP_CERTAIN → FRAGILE",
        # The choir's own row does not say whether City children may come, so it closes nothing: autism under 5
        # was possible already.
    }
    pairs = target[["confirmed_before", "confirmed_after", "possible_before", "possible_after"]]
    # Specialist: one certain and one possible, and two certain more. Each a Saturday a week: 4 sessions in four
    # weeks; 4 × 2 h × 12 and 4 × 2 h × 10 place-hours on top of 4 × 2 h × 10 each.
    assert pairs.loc["specialist/activities"].tolist() == [1, 3, 2, 4]
    assert pairs.loc["specialist/sessions_per_4_weeks"].tolist() == [4, 12, 8, 16]
    assert pairs.loc["specialist/place_hours_per_4_weeks"].tolist() == [80, 256, 160, 336]
    # Universal: one that was not checked lately, and one that does not say.
    assert pairs.loc["universal/activities"].tolist() == [0, 0, 1, 2]
    # The baseline of 2 asks for ⌈2 × 1.5⌉ = 3.
    row = target.loc["specialist/activities"]
    assert row[["verdict_before", "verdict_after"]].tolist() == ["NOT_MET", "MET"]
    assert row[["shortfall_before", "shortfall_after"]].tolist() == [2, 0]


def test_a_change_leaves_alone_what_it_does_not_name_and_counts_as_checked(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    text = "Change,Service,City residents,Ages\nchange,Service 2,Yes,\nchange,service 3,,0-15\n"
    cells, target = moved(today, proposed(today, reference, tmp_path, text))
    assert cells == {
        "PD/5_10/specialist/inside": "closes: GAP_UNLESS_VERIFIED → FRAGILE",
        "ASD/U5/universal/inside": "closes: GAP_UNLESS_VERIFIED → FRAGILE",
        "ASD/5_10/universal/inside": "closes: GAP_UNLESS_VERIFIED → FRAGILE",
        "ASD/11_15/universal/inside": "closes: GAP_CERTAIN → FRAGILE",
    }
    assert target.loc["specialist/place_hours_per_4_weeks", "confirmed_after"] == 160


def test_every_part_of_a_service_may_change(today: GapInputs, reference: Reference, tmp_path: Path) -> None:
    text = (
        "Change,Id,Postcode,Needs,Tier,When,Places,Parent stays,Siblings,Short-break type\n"
        "change,signs,SW1A 1AA,Autism,Targeted,Mondays and Fridays 4pm-5pm,5,Yes,No,Youth club\n"
    )
    after = proposed(today, reference, tmp_path, text)
    row = after.supply.set_index("service_id").loc["svc-1"]
    assert row[
        ["x_zone", "x_tier", "sessions_per_4_weeks", "place_hours_per_4_weeks", "parent_must_stay",
         "siblings_welcome", "x_short_break_type", "maximum_age"]
    ].tolist() == ["outside", "targeted", 8, 40, "yes", "no", "youth_club", 10]  # fmt: skip
    cells, _ = moved(today, after)
    assert cells == {
        "HI/5_10/specialist/inside": "opens: FRAGILE → GAP_CERTAIN",
        "ASD/5_10/targeted/outside": "closes: GAP_CERTAIN → FRAGILE",
    }


def test_what_a_change_makes_unknown_is_unknown(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    text = "Change,Service,Ages,Needs,Places,City residents\nchange,Service 1,8+,Any SEND,varies,By arrangement\n"
    with pytest.raises(Mistake) as error:
        proposed(today, reference, tmp_path, text)
    assert "row 2, Places: “varies”" in error.value.what_to_do
    after = proposed(today, reference, tmp_path, text.replace("varies", ""))
    row = after.supply.set_index("service_id").loc["svc-1"]
    assert (row["minimum_age"], row["accepts_city_residents"]) == (8, "conditional")
    assert pd.isna(row["maximum_age"])
    cells, _ = moved(today, after)
    assert cells["HI/5_10/specialist/inside"] == "opens: FRAGILE → GAP_UNLESS_VERIFIED"


def test_an_activity_for_one_child_is_refused(today: GapInputs, reference: Reference, tmp_path: Path) -> None:
    text = "Change,Service,Provider\nadd,Bespoke 1:1 package,Example Play\n"
    with pytest.raises(Mistake, match="row 2, Service: “Bespoke 1:1 package” reads as made for one child"):
        proposed(today, reference, tmp_path, text)


def test_a_loss_takes_every_listing_and_opens_its_cells(reference: Reference, tmp_path: Path) -> None:
    today = gap_inputs(
        """
        service | source  | service_cluster | venue_cluster | need | ages
        1       | city    | club            | hall          | HI   | 5-10
        2       | hackney | club            | hall          | HI   | 5-10
        """
    )
    cells, target = moved(today, proposed(today, reference, tmp_path, "Change,Service\nremove,Service 2\n"))
    assert cells == {"HI/5_10/specialist/inside": "opens: FRAGILE → GAP_CERTAIN"}
    assert target.loc["specialist/activities", ["confirmed_before", "confirmed_after"]].tolist() == [1, 0]


def test_a_loss_at_one_postcode_leaves_the_other_places(reference: Reference, tmp_path: Path) -> None:
    frames = frames_of_offers("service | venue | need\n1 | v | HI\n1 | w | HI")
    today = gap_inputs(frames)
    # Both stand at EC2Y 8DS in the builder.
    after = proposed(today, reference, tmp_path, "Change,Service,Postcode\nremove,Service 1,EC2Y 8DS\n")
    assert after.supply.empty
    with pytest.raises(Mistake, match="row 2, Postcode: “Service 1” is not at EC4A 3JR"):
        proposed(today, reference, tmp_path, "Change,Service,Postcode\nremove,Service 1,EC4A 3JR\n")


def test_adding_and_taking_away_again_changes_nothing(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    away = CLUBS + "".join(
        f"remove,Saturday {name}" + "," * 11 + "\n" for name in ("Signs", "Steps", "Choir")
    )
    cells, target = moved(today, proposed(today, reference, tmp_path, away))
    assert not cells
    assert set(target[WhatIf.change]) == {"same"}


def test_a_new_activity_of_a_known_provider_is_no_second_provider(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    cells, _ = moved(
        today, proposed(today, reference, tmp_path, CLUBS.replace("Example Play", "PROVIDER p1"))
    )
    assert "HI/5_10/specialist/inside" not in cells


def test_a_workbook_says_the_same_as_a_csv(today: GapInputs, reference: Reference, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for line in CLUBS.splitlines():
        book.worksheets[0].append(line.split(","))
    book.save(tmp_path / "plans.xlsx")
    from_book = carried_out("plans.xlsx", today, read_proposals(tmp_path / "plans.xlsx", reference))
    from_csv = proposed(today, reference, tmp_path, CLUBS)
    pd.testing.assert_frame_equal(differences(today, from_book), differences(today, from_csv))


GOOD = "Change,Service,Provider,Postcode,Ages,Tier,Id\n"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "ad,Club,P,EC2Y 8DS,5-10,Specialist,\n", "row 2, Change: “ad” is no kind of change"),
        (GOOD + ",Club,P,EC2Y 8DS,5-10,Specialist,\n", "row 2, Change: is blank"),
        (GOOD + "add,Club,P,EC2Y 8DS,5-10,Special,\n", "row 2, Tier: “Special” is not an answer we know"),
        (GOOD + "add,Club,P,EC2Y 8DS,10-5,Specialist,\n", "row 2, Ages: “10-5”"),
        (GOOD + "add,Club,P,EC9Z 9ZZ,5-10,Specialist,\n", "row 2, Postcode: The postcode EC9Z 9ZZ is not in"),
        (GOOD + "add,Club,,EC2Y 8DS,5-10,Specialist,\n", "row 2, Provider: It must not be blank"),
        (GOOD + "add,,P,EC2Y 8DS,5-10,Specialist,\n", "row 2, Service: It must not be blank"),
        (GOOD + "add,Club,P,EC2Y 8DS,5-10,Specialist,svc-1\n", "row 2, Id: It is filled"),
        (GOOD + "change,Service 2,,,,,\n", "row 2, Change: It says change, and nothing else"),
        (
            GOOD + "change,Servis 2,,,5-10,,\n",
            "row 2, Service: none is called “Servis 2”. Nearest: “Service 2”",
        ),
        (GOOD + "change,,,,5-10,,svc-9\n", "row 2, Id: no service has the id “svc-9”"),
        (GOOD + "change,Service 2,Nobody,,5-10,,\n", "row 2, Provider: “Nobody” has no service “Service 2”"),
        (GOOD + "remove,Service 1,,\n", "row 2: The row has 4 cells where the headings name 7"),
        (GOOD.replace("Ages", "Agees") + "remove,Service 1,,,,,\n", "has a column “Agees”. Nearest: “Ages”"),
        ("Service,Ages\nClub,5-10\n", "has no column “Change”"),
    ],
)
def test_a_mistake_is_told_by_row_and_column(
    today: GapInputs, reference: Reference, tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(Mistake) as error:
        proposed(today, reference, tmp_path, text)
    assert told in f"{error.value.message}\n{error.value.what_to_do}"


def test_two_services_of_one_name_are_not_guessed_between(reference: Reference, tmp_path: Path) -> None:
    frames = frames_of_offers("service | provider\n1 | P1\n2 | P2")
    frames[Service] = frames[Service].assign(**{Service.name: "Club"})
    today = gap_inputs(frames)
    with pytest.raises(Mistake, match="2 services are called “Club”"):
        proposed(today, reference, tmp_path, "Change,Service\nremove,Club\n")
    after = proposed(today, reference, tmp_path, "Change,Service,Provider\nremove,Club,Provider P2\n")
    assert after.supply["service_id"].tolist() == ["svc-1"]
    assert set(after.frames[Organization][Organization.id]) == {"org-P1", "org-P2"}


def test_the_template_is_read_as_it_stands_and_every_column_is_documented(
    today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    write_template(tmp_path / "plans.csv")
    (plan,) = read_proposals(tmp_path / "plans.csv", reference)
    assert plan.name() == "Saturday Club"
    assert carried_out("plans.csv", today, [plan]).supply[Service.x_last_verified].max() == AS_OF
    described = (PROJECT / "docs" / "planning.md").read_text(encoding="utf-8")
    assert all(f"| `{heading.name}` | {heading.meaning} |" in described for heading in TEMPLATE)


# On the published sample


@pytest.mark.flow
def test_what_a_snapshot_publishes_is_what_is_measured_anew_from_it(sample: tuple[Places, Result]) -> None:
    places, _ = sample
    snapshot = current_snapshot(places)
    inputs = inputs_of(snapshot, Reference(places))
    for table in tables_compared():
        published = snapshot[table]
        stamp = published.iloc[0] if len(published) else {}
        found = measure(table, inputs, stamp.get("run_id", ""), stamp.get("method_version", ""))
        pd.testing.assert_frame_equal(found, published, check_exact=False, rtol=1e-9)


@pytest.mark.flow
def test_the_command_says_first_that_it_is_a_sample_and_writes_what_it_shows(
    sample: tuple[Places, Result], tmp_path: Path
) -> None:
    places, _ = sample
    (tmp_path / "plans.csv").write_text(CLUBS, encoding="utf-8")
    shown = io.StringIO()
    what_if(Console(file=shown, width=160), places, tmp_path / "plans.csv", tmp_path / "effect.csv")
    text = shown.getvalue()
    assert text.lstrip().startswith("SAMPLE")
    assert "Not certain: does not say whether City residents may come" in text
    assert "Baseline of 1 April 2020: SAMPLE: invented" in text
    effect = pd.read_csv(tmp_path / "effect.csv")
    assert (effect["sample_data"] == "fictional providers").all()
    row = effect.set_index("row_key").loc["specialist/activities"]
    assert row["confirmed_after"] - row["confirmed_before"] == 2
    closed = effect[effect["gap_table"].eq("coverage") & effect["change"].eq("closes")]
    assert f"coverage: {len(closed)} closed gaps" in text


@pytest.mark.flow
def test_a_proposal_counts_as_the_night_counts_the_same_words_in_a_roster(tmp_path: Path) -> None:
    """One borough of one row and a proposal of a second, against the borough with both rows."""
    head, first, second = ACTIVITIES.splitlines()
    nights = []
    for number, rows in enumerate(([first], [first, second])):
        places = Places(data=tmp_path / f"data{number}", sources=tmp_path / f"sources{number}")
        places.sources.mkdir()
        add_camden(places)
        roster = places.raw / "camden" / "activities.csv"
        roster.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
        run(places)
        nights.append(inputs_of(current_snapshot(places), Reference(places)))
    plan = (
        "Change,Provider,Service,Venue,Postcode,Ages,Needs,Tier,City residents\n"
        "add,Regent Players,Drama at home,Holborn Hall,WC1R 4PF,11-15,deaf,Specialist,Pan-London\n"
    )
    found = differences(nights[1], proposed(nights[0], Reference(Places()), tmp_path, plan))
    assert set(found[WhatIf.gap_table]) == {"target_tracker"}
    assert set(found[WhatIf.change]) == {"same"}
    assert len(differences(*nights)) > len(found)
