"""``squaremile parse`` as people type it."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.command_line import app
from flows.errors import Mistake
from transforms.vocabulary import ParsedField

TRUST = ["status", "rule", "confidence"]
SCRIPT = Path(sys.executable).with_name("squaremile")


def parsed(*args: str, values: bytes | str = b"") -> list[dict[str, str]]:
    """The rows that the command writes; an error that it tells in words is raised."""
    return list(csv.DictReader(io.StringIO(written(*args, values=values), newline="")))


def written(*args: str, values: bytes | str = b"") -> str:
    content = values.encode() if isinstance(values, str) else values
    result = CliRunner().invoke(app, ["parse", *args], input=content)
    if result.exception:
        raise result.exception
    return result.stdout_bytes.decode()


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("ages", "5yrs to 18th birthday", {"minimum_age": "5", "maximum_age": "17"}),
        ("ages", "8+", {"minimum_age": "8", "maximum_age": ""}),
        ("ages", "05-Nov", {"minimum_age": "", "maximum_age": "", "status": "quarantine"}),
        (
            "schedule",
            "Sat 10:00-12:30 term time",
            {
                "freq": "WEEKLY", "interval": "1", "byday": "SA", "opens_at": "10:00", "closes_at": "12:30",
                "calendar_period": "term_time",
            },
        ),
        ("cost", "£5 per session", {"amount": "5", "unit": "session", "is_free": "false"}),
        ("cost", "Free", {"amount": "0", "is_free": "true"}),
        ("cost", "POA", {"amount": "", "is_free": "", "status": "unparsed"}),
        ("needs", "autism", {"need_code": "ASD", "scope": "named"}),
        ("needs", "all needs", {"need_code": "", "scope": "any_send"}),
        ("tier", "Universal Plus", {"tier": "targeted"}),
        ("tristate", "Y", {"value": "yes"}),
        ("tristate", "by arrangement", {"value": "conditional"}),
        ("tristate", "TBC", {"value": "", "rule": "missing", "status": "parsed"}),
        ("residency", "Hackney residents only", {"value": "no"}),
        ("residency", "", {"value": "", "rule": "missing"}),
        ("postcode", "ec2y8ds", {"postcode": "EC2Y 8DS", "zone": "inside"}),
        ("phone", "2079460123.0", {"phone": "+44 20 7946 0123", "rule": "leading_zero_restored"}),
        ("date", "23/11/2026", {"value": "2026-11-23", "status": "parsed"}),
        ("date", "03/04/2026", {"value": "", "status": "quarantine", "rule": "ambiguous_date"}),
    ],
)  # fmt: skip
def test_each_field_is_read_from_what_is_piped_in(field: str, value: str, read: dict[str, str]) -> None:
    (row,) = parsed(field, values=f"{value}\n")
    assert (row["line"], row["raw"]) == ("1", value)
    assert {name: row[name] for name in read} == read


@pytest.mark.parametrize("field", ParsedField)
def test_line_and_raw_come_first_and_how_it_was_read_last(field: ParsedField) -> None:
    headings = written(field.value, values="x\n").splitlines()[0].split(",")
    assert headings[:2] == ["line", "raw"]
    assert len(headings) > 5
    assert field is ParsedField.POSTCODE or headings[-3:] == TRUST
    assert written(field.value, values="") == ",".join(headings) + "\n"


@pytest.mark.parametrize(
    ("field", "value", "rows"),
    [
        ("schedule", "Sat 10:00-12:00; Sun 14:00-16:00", 2),
        ("cost", "Free / £5", 2),
        ("needs", "autism, ADHD", 2),
    ],
)
def test_a_line_that_says_several_things_gives_several_rows(field: str, value: str, rows: int) -> None:
    found = parsed(field, values=f"{value}\n\n")
    assert [row["line"] for row in found] == ["1"] * rows + ["2"]
    assert {row["raw"] for row in found[:rows]} == {value}


def test_a_byte_order_mark_and_windows_line_ends_are_no_part_of_a_value() -> None:
    found = parsed("ages", values="5-11\r\n8+\r\n".encode("utf-8-sig"))
    assert [(row["raw"], row["status"]) for row in found] == [("5-11", "parsed"), ("8+", "parsed")]


def test_a_file_is_read_as_what_is_piped_in(tmp_path: Path) -> None:
    file = tmp_path / "values.txt"
    file.write_text("5-11\nKS2\n", encoding="utf-8")
    assert written("ages", str(file)) == written("ages", values="5-11\nKS2\n")


def test_lines_keep_their_numbers_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.parse_values._LINES_AT_ONCE", 3)
    found = parsed("needs", values="autism\nautism, ADHD\n\nall needs\n" * 3)
    assert [int(row["line"]) for row in found] == [1, 2, 2, 3, 4, 5, 6, 6, 7, 8, 9, 10, 10, 11, 12]


@pytest.mark.parametrize(
    ("source", "field", "value", "column", "code"),
    [
        ("city", "tier", "Core", "tier", "targeted"),
        ("islington", "tier", "Targeted", "tier", "specialist"),
        ("tower_hamlets", "tier", "Targeted", "tier", "targeted"),
        ("city", "date", "03/04/26", "value", "2026-04-03"),
        ("hackney", "date", "03/04/2026", "value", "2026-04-03"),
        ("gias_childrens_centres", "date", "03-04-2026", "value", "2026-04-03"),
    ],
)
def test_a_source_brings_its_own_meanings_and_form_of_dates(
    source: str, field: str, value: str, column: str, code: str
) -> None:
    (row,) = parsed(field, "--source", source, values=value)
    assert (row[column], row["status"]) == (code, "parsed")


def test_a_form_of_dates_decides_even_against_the_source() -> None:
    assert parsed("date", "--format", "%m/%d/%Y", values="03/04/2026")[0]["value"] == "2026-03-04"
    (row,) = parsed("date", "--format", "%m/%d/%y", "--source", "city", values="03/04/26")
    assert row["value"] == "2026-03-04"


@pytest.mark.parametrize("date_format", ["dd/mm/yyyy", "%d", "%d/%m", "%H:%M", "%Q", ""])
def test_a_form_that_reads_no_date_is_told(date_format: str) -> None:
    with pytest.raises(Mistake, match="does not say how"):
        written("date", "--format", date_format, values="03/04/2026")


def test_a_form_of_dates_for_what_is_no_date_is_told() -> None:
    with pytest.raises(Mistake, match="for the field date alone"):
        written("ages", "--format", "%d/%m/%Y", values="5-11")


def test_an_unknown_source_is_told_with_those_we_know() -> None:
    with pytest.raises(Mistake, match=r"no source “cty”.*Did you mean “city”"):
        written("tier", "--source", "cty", values="Core")


def test_an_unknown_field_is_told_with_those_we_know() -> None:
    result = CliRunner().invoke(app, ["parse", "colour"])
    assert result.exit_code == 2
    assert all(field in " ".join(result.output.split()) for field in ParsedField)
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    "formula", ['=HYPERLINK("http://x.example","here")', "@SUM(A1)", "+A1+A2", "-2+3+cmd|' /C calc'!A0"]
)
@pytest.mark.parametrize("field", ["ages", "phone", "needs"])
def test_a_formula_among_the_values_is_written_inert(field: str, formula: str) -> None:
    assert parsed(field, values=formula)[0]["raw"] == f"'{formula}"


def test_a_telephone_is_written_as_it_is() -> None:
    (row,) = parsed("phone", values="+44 (0)20 7946 0123")
    assert (row["raw"], row["phone"]) == ("+44 (0)20 7946 0123", "+44 20 7946 0123")
    assert parsed("phone", values="020 7946 0123 ext 4")[0]["phone"] == "+44 20 7946 0123 x4"


def test_what_is_not_utf8_is_told_with_its_line() -> None:
    with pytest.raises(Mistake, match=r"Line 2 .* not written in UTF-8"):
        written("ages", values=b"5-11\n\xa35\n")


@pytest.mark.flow
def test_the_installed_command_reads_what_is_piped_in() -> None:
    ended = subprocess.run(
        [SCRIPT, "parse", "cost"], input=b"Free\n", capture_output=True, timeout=60, check=True
    )
    assert ended.stdout.decode().splitlines() == [
        "line,raw,amount,unit,is_free,status,rule,confidence",
        "1,Free,0,unknown,true,parsed,prices,1",
    ]
