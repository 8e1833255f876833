"""Where next: what is proposed closes what it says, and reads as a file of proposals."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs, read_table
from rich.console import Console

from flows.errors import Mistake
from flows.outputs import write_csv
from flows.places import Places
from flows.planned import carried_out, inputs_of
from flows.proposals import read_proposals
from flows.reference import Reference
from flows.run import Result
from flows.snapshot import current_snapshot
from flows.where_next import Options, chosen_rows, options_of, where_next, with_chosen
from transforms.gaps import GapInputs
from transforms.planning.compare import differences
from transforms.planning.siting import choose
from transforms.schema import Table
from transforms.tables import ActivityKind, CandidateVenue, WhatIf
from transforms.tables import ShortBreakLine as L

# Hearing 5 to 10 is there for certain; 11 to 15 only unless it is verified.
TODAY = """
    service | provider | need | ages  | tier       | accepts
    1       | P1       | HI   | 5-10  | specialist | yes
    2       | P2       | HI   | 11-15 | specialist | unknown
"""
KINDS = """
    name      | ages | needs      | tier       | schedule               | kind_of_service
    playclub  | 5-10 | HI; VI     | Specialist | Saturdays 10am-12pm    | Weekend club
    scheme    | 5-15 | HI; VI     | Specialist | Mon-Fri 10am-3pm       | Holiday playscheme
    evening   | 16-25| Autism     | Targeted   | Tuesdays 6pm-8pm       | Evening club
"""
# The estates of the builder stand at 0 and 1,000 m east: the second place is the nearer to both together.
VENUES = """
    name             | postal_code | kind    | easting | northing
    Shoe Lane        | EC4A 3JR    | library | 500     | 9000
    Barbican Centre  | EC2Y 8DS    | centre  | 500     | 10
    Portsoken Centre | E1 8AH      | hall    | 500     | 0
"""


def facts(kinds: str = KINDS, venues: str = VENUES) -> dict[type[Table], pd.DataFrame]:
    said = {"places": 10, "parent_stays": "No", "siblings": "Yes", "as_at": "2026-11-23", "source": "a test"}
    return {
        ActivityKind: ActivityKind.frame([{**said, **row} for row in read_table(kinds)]),
        CandidateVenue: CandidateVenue.frame(
            pd.DataFrame([{"as_at": "2026-11-23", "source": "a test", **row} for row in read_table(venues)])
        ),
    }


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(Places())


@pytest.fixture(scope="module")
def today() -> GapInputs:
    return gap_inputs(frames_of_offers(TODAY), facts=facts())


@pytest.fixture(scope="module")
def options(today: GapInputs, reference: Reference) -> Options:
    return options_of(today, reference)


def closing(options: Options, number: int) -> set[str]:
    mine = options.closes.iloc[:, number]
    return {key for table, key in mine.index[mine] if table == "coverage"}


def test_each_kind_closes_its_open_cells_at_places_that_are_inside_for_certain(options: Options) -> None:
    by_option = {
        (row[L.service_name], row[L.venue_name]): closing(options, number)
        for number, row in enumerate(options.lines.to_dict("records"))
    }
    assert len(by_option) == 3 * 3
    assert by_option["playclub", "Barbican Centre"] == {"VI/5_10/specialist/inside"}
    assert by_option["scheme", "Shoe Lane"] == {
        "VI/5_10/specialist/inside", "VI/11_15/specialist/inside", "HI/11_15/specialist/inside"
    }  # fmt: skip
    assert by_option["evening", "Shoe Lane"] == {"ASD/16_19/targeted/inside", "ASD/20_25/targeted/inside"}
    # Its postcode's point lies on the border.
    assert by_option["scheme", "Portsoken Centre"] == set()


@pytest.mark.parametrize(
    ("budget", "kinds"), [(1, ["scheme"]), (2, ["scheme", "evening"]), (9, ["scheme", "evening"])]
)
def test_the_choice_really_closes_what_it_says(
    options: Options, today: GapInputs, budget: int, kinds: list[str]
) -> None:
    only_coverage = options.closes[options.closes.index.get_level_values(0) == "coverage"]
    choice = choose(only_coverage.to_numpy(), budget)
    lines = options.lines.iloc[choice.options]
    assert lines[L.service_name].tolist() == kinds
    assert set(lines[L.venue_name]) == {"Barbican Centre"}
    assert choice.is_proven_best
    found = differences(today, with_chosen(options, choice))
    coverage = found[found[WhatIf.gap_table].eq("coverage")]
    assert coverage[WhatIf.change].eq("closes").sum() == choice.closed == sum([3, 2][: len(kinds)])


def test_the_choice_is_a_file_of_proposals_that_does_the_same(
    options: Options, today: GapInputs, reference: Reference, tmp_path: Path
) -> None:
    choice = choose(options.closes.to_numpy(), 2)
    write_csv(tmp_path / "plans.csv", chosen_rows(options, choice), is_sample=True)
    after = carried_out("plans.csv", today, read_proposals(tmp_path / "plans.csv", reference))
    pd.testing.assert_frame_equal(differences(today, after), differences(today, with_chosen(options, choice)))


def test_a_kind_that_cannot_be_read_is_told(today: GapInputs, reference: Reference) -> None:
    mistyped = replace(today, facts={**today.facts, **facts(kinds=KINDS.replace("Targeted", "Level 9"))})
    with pytest.raises(Mistake) as error:
        options_of(mistyped, reference)
    assert (
        error.value.what_to_do
        == "row 4, tier: “Level 9” is not an answer we know. Use one of the agreed answers."
    )


def test_nothing_to_choose_from_is_told(reference: Reference) -> None:
    with pytest.raises(Mistake, match="nothing to choose from"):
        options_of(gap_inputs(TODAY), reference)


@pytest.mark.flow
def test_the_kinds_and_places_of_the_project_on_the_sample(
    sample: tuple[Places, Result], tmp_path: Path
) -> None:
    places, _ = sample
    shown = io.StringIO()
    where_next(Console(file=shown, width=160), places, 3, 60, tmp_path / "plans.csv")
    text = shown.getvalue()
    assert text.lstrip().startswith("SAMPLE")
    assert "Proven best: no other choice of 3 closes more." in text
    assert "Baseline of 1 April 2020: SAMPLE: invented" in text
    reference = Reference(places)
    assert len(read_proposals(tmp_path / "plans.csv", reference)) == 3


@pytest.mark.flow
def test_on_the_sample_too_the_choice_closes_exactly_what_it_says(sample: tuple[Places, Result]) -> None:
    places, _ = sample
    reference = Reference(places)
    today = inputs_of(current_snapshot(places), reference)
    options = options_of(today, reference)
    choice = choose(options.closes.to_numpy(), 5)
    said = options.closes.index[options.closes.iloc[:, choice.options].any(axis=1)]
    found = differences(today, with_chosen(options, choice))
    closed = found[found[WhatIf.change].eq("closes")].merge(options.gaps)
    assert set(closed[["gap_table", "row_key"]].itertuples(index=False, name=None)) == set(said)
