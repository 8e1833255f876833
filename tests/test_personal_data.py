"""A child's details are found wherever they stand, and nothing else is taken for them.

The numbers are the registers' own published examples; no child has them.
"""

from __future__ import annotations

import pandas as pd
import pytest

from transforms.personal_data import holds_personal_data, is_child_heading, personal_cells

NHS_NUMBER = "943 476 5919"
UPN = "B801200005001"


@pytest.mark.parametrize(
    "heading",
    [
        "Child's name",
        "Child name",
        "child_name",
        "Pupil Forename",
        "Young person’s surname",
        "Student initials",
        "Date of Birth",
        "DOB",
        "NHS No",
        "NHS number",
        "UPN",
        "Unique Pupil Number",
    ],
)
def test_a_heading_about_a_child_is_recognised(heading: str) -> None:
    assert is_child_heading(heading)


@pytest.mark.parametrize(
    "heading",
    [
        "Provider Name",
        "Children per session",
        "Contact name",
        "Start date",
        "UPRN",
        "NHS provider",
        "Childminder name",
    ],
)
def test_a_heading_about_a_provider_is_not(heading: str) -> None:
    assert not is_child_heading(heading)


@pytest.mark.parametrize(
    "text",
    [
        NHS_NUMBER,
        "9434765919",
        "943-476-5919",
        f"ask for Jo, {NHS_NUMBER}, on arrival",
        "NHS no. 943 476 5918",
        UPN,
        UPN.lower(),
        "UPN: B801200005009",
        "Jo, dob 1/2/19",
        "D.O.B. 01.02.2019",
        "Born on 1/2/19",
        "BORN 01/02/2019",
        "date of birth: 2019-02-01",
    ],
)
def test_a_childs_number_or_birthday_is_found(text: str) -> None:
    assert holds_personal_data(text)
    assert personal_cells(pd.DataFrame({"Notes": [text]}, dtype="str")) == [(0, "Notes")]


@pytest.mark.parametrize(
    "text",
    [
        "020 7606 3030",
        "+44 20 7606 3030",
        "0800 731 234",
        "943 476 5918",
        "1234567",
        "Ages 5-11, Sat 10-12, £5.00",
        "Reborn gallery, founded 1998",
        "01/02/2026",
        "EC2Y 8DS",
        "A123456789012345",
        "",
    ],
)
def test_what_a_provider_roster_holds_is_not_taken_for_a_childs(text: str) -> None:
    assert not holds_personal_data(text)


def test_every_cell_is_searched_and_told_by_row_and_column() -> None:
    frame = pd.DataFrame(
        {"Name": ["Otters", "Seals"], "Notes": [f"for {NHS_NUMBER}", None], "More": ["", UPN]},
        index=[7, 9],
        dtype="str",
    )
    assert personal_cells(frame) == [(7, "Notes"), (9, "More")]


@pytest.mark.parametrize(
    "column", ["Telephone", "contact_telephone", "Tel", "UPRN", "Ofsted URN", "Company No", "Charity Number",
               "record_id", "Contract Ref", "provider_ref", "Mobile phone", "location.external_identifier"]
)  # fmt: skip
def test_a_bare_number_in_a_register_or_telephone_column_is_that_registers(column: str) -> None:
    assert personal_cells(pd.DataFrame({column: ["9434765919"]}, dtype="str")) == []


@pytest.mark.parametrize("column", ["Telephone", "Contract Ref"])
def test_a_number_that_is_called_a_childs_counts_in_any_column(column: str) -> None:
    frame = pd.DataFrame({column: [f"NHS number {NHS_NUMBER}", "born 1/2/19"]}, dtype="str")
    assert [row for row, _ in personal_cells(frame)] == [0, 1]


@pytest.mark.parametrize(
    "column", ["How referred", "referral_details", "Preferred times", "Return journey", "Hostel"]
)
def test_a_free_text_column_is_searched_although_its_name_resembles_a_number_column(column: str) -> None:
    assert personal_cells(pd.DataFrame({column: [NHS_NUMBER]}, dtype="str")) == [(0, column)]
