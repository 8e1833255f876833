"""Reading postcodes: what counts as one, what the directory says of it, and that every way of asking agrees."""

from __future__ import annotations

import ctypes
import mmap
import sys
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from builders import THRESHOLDS, directory_of, read_table, texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers.postcodes import find_postcode, read_postcodes
from transforms.place import postcode_lookup
from transforms.place.columns import STATUSES, status_numbers
from transforms.place.postcode_directory import (
    ARRAYS,
    HAS_POINT,
    IS_LISTED,
    IS_PO_BOX,
    IS_TERMINATED,
    PRECISIONS,
    PostcodeDirectory,
    build_directory,
)
from transforms.place.postcode_key import key_of, keys_of, text_of
from transforms.place.postcode_lookup import RULES, Found, find_postcodes, read_words

DIRECTORY = directory_of("""
    postal_code | easting | northing | lad_code
    EC1A 1BB    | 532000  | 181600   | E09000001
    EC1Y 8NN    | 532551  | 182203   | E09000019
    EC2Y 8DS    | 532401  | 181801   | E09000001
    EC2P 2EJ    | 532501  | 181503   | E09000001
    SW1A 0AA    | 530268  | 179545   | E09000033
    E1 6AN      | 533501  | 181601   | E09000030
    SE1 6AN     | 532301  | 179201   | E09000028
    E1 2ND      | 534601  | 181801   | E09000030
    E1 4TH      | 536101  | 182203   | E09000030
    E11 1AA     | 539101  | 187301   | E09000031
    N1 0NS      | 531001  | 183701   | E09000019
    W10 1AA     | 525001  | 181001   | E09000020
    W1O 1AA     | 528001  | 181001   | E09000033
    M1 1AE      | 384801  | 397801   | E08000003
    CR2 6XH     | 532901  | 163301   | E09000008
    DN55 1PT    | 454801  | 405401   | E08000016
    B33 8TH     | 415001  | 286501   | E08000025
    GIR 0AA     | .       | .        | .
    NPT 1AA     | 331201  | 188101   | W06000022
""")
LISTED = [text_of(int(key)) for key in DIRECTORY.listed_keys()]


def look(*cells: str | None, directory: PostcodeDirectory = DIRECTORY) -> Found:
    return find_postcodes(pa.array(cells, pa.string()), directory)


def read(cell: str | None, directory: PostcodeDirectory = DIRECTORY) -> tuple[str | None, str]:
    """Postcode and status of one cell."""
    found = look(cell, directory=directory)
    number = status_numbers(found, is_dated=directory.is_dated)[0]
    return found.postcodes()[0].as_py(), STATUSES[number].value


def rule_of(cell: str) -> str:
    return RULES[look(cell).rule[0]].value


# One postcode, however it is written


@pytest.mark.parametrize(
    "written",
    [
        "EC1A 1BB", "ec1a 1bb", "Ec1a1Bb", "EC1A1BB", "EC1A  1BB", " EC1A 1BB ", "E C 1 A 1 B B",
        "EC1A-1BB", "EC1A.1BB", "EC1A_1BB", "(EC1A 1BB)", "EC1A 1BB.", "EC1A 1BB,", "EC1A 1BB?", "“EC1A 1BB”",
        "E.C.1.A. 1.B.B.", "EC1A/1BB", "EC1A\t1BB", "EC1A\n1BB", "EC1A\r\n1BB", "EC1A\x001BB",
        "EC1A\xa01BB", "EC1A\u20091BB", "EC1A\u30001BB",  # no-break, thin and ideographic space
        "EC1A\u20101BB", "EC1A\u20111BB", "EC1A–1BB", "EC1A—1BB", "EC1A−1BB",  # hyphens, dashes and minus
        "\ufeffEC1A 1BB", "EC1A\u200b1BB", "EC1A\u200d 1BB", "EC\u00ad1A 1BB",  # zero width, soft hyphen
        "\u202eEC1A 1BB\u202c", "\u200eEC1A 1BB\u200f",  # marks of direction
        "EC1A\ufe0f 1BB", "\u3164EC1A 1BB",  # a variation selector, a filler
        "ＥＣ１Ａ　１ＢＢ", "ｅｃ１ａ１ｂｂ", "𝐄𝐂𝟏𝐀 𝟏𝐁𝐁", "EC1A • 1BB", "EC1A 🙂 1BB", "EC1A\ufffd1BB",
    ],
)  # fmt: skip
def test_a_postcode_is_read_however_it_is_written(written: str) -> None:
    assert read(written) == ("EC1A 1BB", "listed")
    assert rule_of(written) == "standard_form"
    assert find_postcode(written)[0] == "EC1A1BB"


@pytest.mark.parametrize(
    "written",
    [
        "postcode: EC1A1BB", "EC1A 1BB 12345", "King Edward St, London EC1A 1BB", "EC1A 1BB, EC1A 1BB",
        "London, E.C.1A 1BB", "EC1A 1BB (main door)", "Лондон EC1A 1BB", "London–EC1A‑1BB, UK",
        "Studio E1 6pm, EC1A 1BB", "Unit E1 4th floor, 2 Some Street, EC1A 1BB", "near ec1a-1bb!",
        "\u05dc\u05d5\u05e0\u05d3\u05d5\u05df EC1A 1BB", "a" * 100_000 + " EC1A 1BB", "EC1A 1BB" + " x" * 50_000,
    ],
)  # fmt: skip
def test_a_postcode_is_found_among_words(written: str) -> None:
    assert read(written) == ("EC1A 1BB", "listed")
    assert rule_of(written) == "found_in_words"


@pytest.mark.parametrize(
    "written",
    [
        "Unit E1, 2nd floor", "Unit E1 2nd floor", "Unit E1 4th Floor", "Unit E1 4TH FL", "Block E1 - 2nd Level",
        "EC1A 1BBB", "XEC1A 1BB", "EC1A 1BB9", "LONDONEC1A 1BB", "EC1A 1B8", "12345", "020 7946 0901", "0", "O",
        "Girdle", "NPTABC", "GIRAFFE", "guildhall", "x" * 100_000, "9" * 100_000, "-" * 100_000 + "x",
        "ЕC1A 1BB", "EС1A 1BB", "EC1А 1BB", "EC1A 1ВВ",  # a Cyrillic letter that looks like ours, each time
        "ЖECIA 1BB", "EC1A 1ΒΒ", "ÉC1A 1BB", "EC1A 1BB\u0301",  # other scripts, accents
        "EC1A ١BB", "E1١ 6AN", "E١ 6AN", "EC1A १BB",  # digits of other scripts
    ],
)  # fmt: skip
def test_what_only_resembles_a_postcode_is_none(written: str) -> None:
    assert read(written) == (None, "invalid")
    assert rule_of(written) == "not_a_postcode"
    assert find_postcode(written)[0] == ""


@pytest.mark.parametrize(
    "written", ["E1", "EC1", "London E1", "London, E1.", "(EC1A)", "E16", "London, E.C.1", "Unit E1"]
)
def test_an_outward_code_is_refused_as_geography(written: str) -> None:
    assert (read(written), rule_of(written)) == ((None, "invalid"), "outward_code_only")


@pytest.mark.parametrize("written", ["E1 6", "EC1Y8", "EC1Y 8", "London EC1A 1", "e1-6", "(E1 6)"])
def test_a_sector_is_refused_as_geography(written: str) -> None:
    assert (read(written), rule_of(written)) == ((None, "invalid"), "sector_only")


@pytest.mark.parametrize(
    "written",
    [
        "EC1A 1BB or E1 6AN",
        "EC1A 1BB/E1 6AN",
        "E1 6AN EC1A 1BB E1 6AN",
        "E1 6AN; ZE1 0AA",
        "E1 6PM or E1 6CM",
    ],
)
def test_of_several_postcodes_none_is_chosen(written: str) -> None:
    assert (read(written), rule_of(written)) == ((None, "invalid"), "several_postcodes")


@pytest.mark.parametrize(
    "written",
    [
        None, "", " ", "\t\n", "-", "–", "?", "???", "...", "\u200b", "\x00", "🙂", "n/a", "N.A.", "#N/A",
        "TBC", "[TBC]", "tbc?", "t.b.c.", "None", "(none)", "null", "nan", "Unknown", "Not known.", "not provided",
        "To be confirmed", "no postcode", "various", "Online", "ZOOM", "Ｎ／Ａ", "see website",
    ],
)  # fmt: skip
def test_words_for_nothing_are_a_missing_postcode(written: str | None) -> None:
    assert read(written) == (None, "missing")


def test_a_well_formed_postcode_that_the_directory_does_not_hold_is_unknown() -> None:
    assert read("ze1 0aa") == ("ZE1 0AA", "unknown")
    assert read("Town Hall, ZE1 0AA") == ("ZE1 0AA", "unknown")
    assert read("E1 6CM") == ("E1 6CM", "unknown")  # no unit has these letters
    assert read("GIR 1AA") == ("GIR 1AA", "unknown")


@pytest.mark.parametrize("written", ["GIR 0AA", "gir0aa", "Girobank, GIR 0AA", "NPT 1AA", "npt-1aa"])
def test_two_old_outward_codes_without_a_digit_are_read(written: str) -> None:
    assert read(written)[0] == written[-7:].upper().replace("-", " ").replace("GIR0", "GIR 0").strip()
    assert read(written)[1] == "listed"


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("S E1 6AN", "SE1 6AN"),
        ("S.E.1 6AN", "SE1 6AN"),
        ("E C1A 1BB", "EC1A 1BB"),
        ("E1-1 1AA", "E11 1AA"),
        ("S    E1         6AN", "SE1 6AN"),
        ("Flat S, E1 6AN", "E1 6AN"),
    ],
)
def test_a_cell_that_is_one_postcode_as_a_whole_is_that_one(written: str, postcode: str) -> None:
    assert read(written) == (postcode, "listed")
    assert find_postcode(written)[0] == postcode.replace(" ", "")


def test_a_parser_reads_what_the_lookup_reads() -> None:
    values = read_postcodes(texts("ec1a1bb", "Guildhall, EC2P 2EJ", "London E1", None))["value"]
    assert values.iloc[:2].tolist() == ["EC1A 1BB", "EC2P 2EJ"]
    assert values.iloc[2:].isna().all()


# Letters and digits taken for one another


@pytest.mark.parametrize(
    ("written", "postcode"),
    [
        ("SWIA OAA", "SW1A 0AA"),
        ("swiaoaa", "SW1A 0AA"),
        ("ECIA IBB", "EC1A 1BB"),
        ("EC1A-IBB", "EC1A 1BB"),
        ("E1I 1AA", "E11 1AA"),
        ("NI 0NS", "N1 0NS"),
        ("King Edward Street, London ECIA 1BB", "EC1A 1BB"),
        ("Москва ECIA 1BB", "EC1A 1BB"),
        ("ＥＣＩＡ　１ＢＢ", "EC1A 1BB"),
        ("ECIA\u00a01BB", "EC1A 1BB"),
    ],
)
def test_a_swap_is_mended_where_exactly_one_postcode_fits(written: str, postcode: str) -> None:
    assert read(written) == (postcode, "listed")
    assert rule_of(written) == "letter_and_digit_swapped"


@pytest.mark.parametrize("written", ["WIO 1AA", "WI0 1AA", "ECIA 1ZZ", "OIOI OIO", "EC1A IB8"])
def test_a_swap_that_fits_several_or_none_is_not_mended(written: str) -> None:
    assert read(written)[1] in ("invalid", "unknown")


def test_a_listed_postcode_is_never_mended_into_another() -> None:
    assert read("W1O 1AA") == ("W1O 1AA", "listed")
    assert read("W10 1AA") == ("W10 1AA", "listed")


# A full directory

DATED = directory_of("""
    postal_code | easting | northing | lad_code  | terminated | quality
    EC1A 1BB    | 532001  | 181601   | E09000001 | .          | 1
    EC1A 1BD    | 532001  | 181702   | E09000001 | .          | 2
    EC1A 1BE    | 532001  | 181703   | E09000001 | .          | 3
    EC1A 1BG    | 532001  | 181704   | E09000001 | .          | 5
    EC1A 1BH    | 532001  | 181705   | E09000001 | .          | 6
    EC1A 1BJ    | 532000  | 181700   | E09000001 | .          | 1
    EC1A 1BL    | 532000  | 181800   | E09000001 | .          | 6
    EC1A 1BN    | .       | .        | E09000001 | .          | 9
    EC1A 1BP    | 532001  | 181706   | E09000001 | 201203     | 8
    W10 1AA     | 525001  | 181001   | E09000020 | 201203     | 1
    W1O 1AA     | 528001  | 181001   | E09000033 | .          | 1
    N10 1AA     | 528001  | 190001   | E09000003 | 201203     | 1
    SE10 1AA    | 538001  | 178001   | E09000011 | .          | 1
    SE1O 1AA    | 538001  | 178002   | E09000011 | 201203     | 1
""")


@pytest.mark.parametrize(
    ("postcode", "status"),
    [("EC1A 1BB", "live"), ("EC1A 1BP", "terminated"), ("EC1A 1ZZ", "unknown"), ("EC1A 1BN", "live")],
)
def test_a_full_directory_says_live_or_terminated(postcode: str, status: str) -> None:
    assert read(postcode, DATED) == (postcode, status)


def test_a_terminated_postcode_is_never_mended_into_a_live_one() -> None:
    assert read("W10 1AA", DATED) == ("W10 1AA", "terminated")
    assert read("London W10 1AA", DATED) == ("W10 1AA", "terminated")


def test_a_mended_postcode_is_always_one_in_use() -> None:
    assert read("NIO 1AA", DATED) == (None, "invalid")
    assert read("N1O 1AA", DATED) == ("N1O 1AA", "unknown")
    # Of two that fit, one in use: that one.
    assert read("SEIO 1AA", DATED) == ("SE10 1AA", "live")
    assert read("WIO 1AA", DATED) == ("W1O 1AA", "live")


def precision_of(postcode: str, directory: PostcodeDirectory) -> str:
    return PRECISIONS[look(postcode, directory=directory).precision()[0]]


@pytest.mark.parametrize(
    ("postcode", "precision"),
    [
        ("EC1A 1BB", "unit"),
        ("EC1A 1BD", "unit"),
        ("EC1A 1BE", "approximate"),
        ("EC1A 1BG", "imputed"),
        ("EC1A 1BH", "sector"),
        ("EC1A 1BJ", "coarse"),
        ("EC1A 1BL", "sector"),
        ("EC1A 1BP", "unit"),
    ],
)
def test_the_directory_says_how_precise_a_point_is(postcode: str, precision: str) -> None:
    assert precision_of(postcode, DATED) == precision


# How a directory is built


def stack(count: int, stack_size: int = 5, more: str = "") -> PostcodeDirectory:
    rows = "\n".join(f"EC1A 1B{letter} | 532001 | 181601 | E09000001" for letter in "ABDEFGHJLN"[:count])
    return directory_of(f"postal_code | easting | northing | lad_code\n{rows}\n{more}", stack_size)


@pytest.mark.parametrize(("count", "is_stack"), [(4, False), (5, True), (6, True)])
def test_a_sorting_office_is_as_many_postcodes_on_a_point_as_the_threshold_says(
    count: int, is_stack: bool
) -> None:
    directory = stack(count, more="EC1A 1BZ | 532001 | 181602 | E09000001")
    assert read("EC1A 1BA", directory)[1] == ("po_box" if is_stack else "listed")
    assert read("EC1A 1BZ", directory)[1] == "listed"


def test_a_row_that_stands_twice_does_not_make_a_sorting_office() -> None:
    again = "\n".join(["EC1A 1BA | 532001 | 181601 | E09000001"] * 5)
    assert read("EC1A 1BA", stack(4, more=again))[1] == "listed"


def test_postcodes_without_a_point_are_no_stack() -> None:
    rows = "\n".join(f"EC1A 1B{letter} | . | . | E09000001" for letter in "ABDEF")
    directory = directory_of(f"postal_code | easting | northing | lad_code\n{rows}", stack_size=5)
    assert read("EC1A 1BA", directory)[1] == "listed"
    assert not look("EC1A 1BA", directory=directory).is_(HAS_POINT)[0]


def test_northern_irelands_points_are_on_another_grid_and_not_used() -> None:
    directory = directory_of("""
        postal_code | easting | northing | lad_code
        BT1 1AA     | 334316  | 374675   | N09000003
        B1 1AA      | 406501  | 286801   | E08000025
    """)
    found = look("BT1 1AA", "B1 1AA", directory=directory)
    assert found.is_(HAS_POINT).tolist() == [False, True]
    assert found.is_(IS_LISTED).all()


ROWS = read_table("""
    postal_code | easting | northing | lad_code  | terminated | quality
    EC1A 1BB    | 532001  | 181601   | E09000001 | .          | 1
    EC1A 1BD    | 532001  | 181601   | E09000001 | 201203     | 1
    EC1A 1BE    | 532001  | 181601   | E09000001 | .          | 3
    EC1A 1BB    | 532001  | 181601   | E09000001 | .          | 1
    EC1A 1BB    | 532009  | 181609   | E09000012 | 201203     | 1
    EC1A 1BD    | 532001  | 181601   | E09000001 | 201203     | 1
    EC1A 1BE    | .       | .        | E09000001 | .          | 9
    E1 6AN      | 533501  | 181601   | E09000030 | .          | 1
    E1 6AN      | 533502  | 181601   | .         | .          | 1
    JE1 1AA     | .       | .        | .         | .          | 9
""")


def of_rows(rows: list[dict[str, str]]) -> PostcodeDirectory:
    lines = [" | ".join(row.get(name, ".") for name in ROWS[0] | ROWS[1]) for row in rows]
    return directory_of("\n".join([" | ".join(ROWS[0] | ROWS[1]), *lines]), stack_size=3)


@given(st.permutations(ROWS), st.lists(st.sampled_from(ROWS)))
def test_neither_order_nor_repeats_of_the_directorys_rows_matter(
    rows: list[dict[str, str]], again: list[dict[str, str]]
) -> None:
    one, other = of_rows(ROWS), of_rows(rows + again)
    assert one.lad_codes == other.lad_codes
    assert all(np.array_equal(one.arrays()[name], other.arrays()[name]) for name in ARRAYS)


def test_of_contradicting_rows_the_one_in_use_and_with_a_point_counts() -> None:
    directory = of_rows(ROWS)
    found = look("EC1A 1BB", "EC1A 1BE", directory=directory)
    assert found.easting.tolist() == [532_001, 532_001]
    assert not found.is_(IS_TERMINATED).any()
    assert found.is_(IS_PO_BOX).all()  # three postcodes on one point, however often each stands there


def table_of(**columns: list[object]) -> pa.Table:
    usual = {"postal_code": ["E16AN"], "easting": [533_501], "northing": [181_601], "lad_code": ["E09000030"]}
    return pa.table(usual | columns)


@pytest.mark.parametrize(
    "columns",
    [
        {"postal_code": ["E16A"]},
        {"postal_code": ["E1 6ANNN"]},
        {"postal_code": [""]},
        {"postal_code": ["E16CM"]},
        {"easting": [-1]},
        {"northing": [2**21]},
    ],
)
def test_a_directory_that_no_slot_can_hold_is_refused(columns: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError):
        build_directory(table_of(**columns), 5)


def test_more_authorities_than_a_slot_can_number_are_refused() -> None:
    letters = "ABDEFGHJLNPQRSTUVWXYZ"
    codes = [f"E16{a}{b}" for a in letters for b in letters] + [
        f"E17{a}{b}" for a in letters for b in letters
    ]
    count = 512
    columns = {name: [500_000] * count for name in ("easting", "northing")}
    lads = [f"E{number:08}" for number in range(count)]
    with pytest.raises(ValueError, match="authorities"):
        build_directory(pa.table({"postal_code": codes[:count], **columns, "lad_code": lads}), 10_000)


def test_every_listed_postcode_is_found_where_its_row_says() -> None:
    keys = DIRECTORY.listed_keys()
    assert np.array_equal(DIRECTORY.slots_of(keys), DIRECTORY.listed())
    found = look("DN55 1PT", "SE1 6AN")
    assert found.easting.tolist() == [454_801, 532_301]
    assert found.northing.tolist() == [405_401, 179_201]
    assert [DIRECTORY.lad_codes[number] for number in found.authority] == ["E08000016", "E09000028"]


# Keys

OUTWARD = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
INWARD = st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True)
POSTCODES = st.one_of(
    st.sampled_from(LISTED), st.tuples(OUTWARD, INWARD).map(" ".join), st.sampled_from(["GIR 0AA", "NPT 9ZZ"])
)


@given(st.lists(POSTCODES, min_size=1))
def test_a_key_spells_its_postcode_one_by_one_and_many_at_once(postcodes: list[str]) -> None:
    bare = [postcode.replace(" ", "") for postcode in postcodes]
    keys = keys_of(pa.array(bare))
    assert [key_of(postcode) for postcode in postcodes] == keys.tolist()
    assert [text_of(int(key)) for key in keys] == postcodes
    assert look(*postcodes).postcodes().to_pylist() == postcodes


@given(POSTCODES, POSTCODES)
def test_two_postcodes_never_share_a_key(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


@given(st.integers(0, 2**64 - 1))
def test_any_number_taken_for_a_key_finds_a_slot_within_the_tables(key: int) -> None:
    slot = int(DIRECTORY.slots_of(np.array([key], np.uint64))[0])
    assert 0 <= slot < len(DIRECTORY.slots)


# The compiled loops and the words agree

FULL_WIDTH = {
    ord(c): ord(c) + 0xFEE0 for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
}
BETWEEN = st.text(
    st.sampled_from(
        " \t\n.,-_/()'\"*\xa0\u00ad\u200b\u200d\u2060\ufeff\u202e\u2009\u3000\u2011–—•🙂\ufe0f\x00"
    ),
    max_size=2,
)


@st.composite
def disguised(draw: st.DrawFn) -> tuple[str, str]:
    """A postcode, and one of its many disguises."""
    postcode = draw(POSTCODES)
    pieces = [draw(BETWEEN)]
    for letter in postcode.replace(" ", ""):
        shown = letter.lower() if draw(st.booleans()) else letter
        pieces += [shown.translate(FULL_WIDTH) if draw(st.booleans()) else shown, draw(BETWEEN)]
    return postcode, "".join(pieces)


WORDS = st.one_of(
    POSTCODES,
    disguised().map(lambda pair: pair[1]),
    st.sampled_from(
        [
            *"NSEOI1,.🙂Жéß",
            "London",
            "Unit",
            "12",
            "E1",
            "EC1A",
            "1BB",
            "6AN",
            "WIO",
            "ECIA",
            "IBB",
            "1O1",
            "1st",
            "2nd",
            "4TH",
            "floor",
            "FL",
            "TBC",
            "none",
        ]
    ),
)
ADDRESSES = st.lists(WORDS, max_size=5).flatmap(
    lambda words: st.sampled_from([" ", "", ", ", "\n"]).map(lambda gap: gap.join(words))
)
NEAR_MISSES = st.text("ECSWNIO01689AB eci .,-/\x00\x7f\t\u200bЕ", max_size=14)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
CELLS = st.lists(st.one_of(ADDRESSES, NEAR_MISSES, ANY_TEXT, st.none()), max_size=25)


def by_words(cells: list[str | None], directory: PostcodeDirectory) -> Found:
    """What reading every cell word by word gives."""
    keys, rules = read_words([cell or "" for cell in cells], directory)
    entries = directory.entries(directory.slots_of(keys))
    return Found(**vars(entries), rule=rules, key=keys)


def assert_same(one: Found, other: Found, cells: object = None) -> None:
    """Equal in all that is used: the slot of what is not listed says nothing."""
    for name in ("rule", "key", "state", "easting", "northing", "authority"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist(), (name, cells)
    listed = one.state > 0
    assert np.array_equal(one.slot[listed], other.slot[listed])


@given(CELLS)
def test_compiled_loops_and_words_agree_on_every_text(cells: list[str | None]) -> None:
    for directory in (DIRECTORY, DATED):
        assert_same(look(*cells, directory=directory), by_words(cells, directory), cells)


@given(st.lists(disguised(), min_size=1, max_size=20))
def test_no_disguise_hides_a_postcode(pairs: list[tuple[str, str]]) -> None:
    found = look(*(text for _, text in pairs))
    for (postcode, text), read_as, rule in zip(pairs, found.postcodes().to_pylist(), found.rule, strict=True):
        assert read_as == postcode or RULES[rule] == "letter_and_digit_swapped", text


@given(st.lists(st.text(max_size=60), max_size=10))
def test_no_text_raises(cells: list[str]) -> None:
    for cell in cells:
        find_postcode(cell)
        read_postcodes(pd.Series([cell], dtype="object"))


LOOK_ALIKE = str.maketrans("ABCEHIKMOPSTXY016", "АВСЕНІКМОРЅТХУ٠١б")


@given(POSTCODES, st.integers(0, 7), st.sampled_from(["", "London "]))
def test_a_look_alike_of_another_script_is_never_taken_for_ours(
    postcode: str, place: int, ahead: str
) -> None:
    one = postcode[place : place + 1].translate(LOOK_ALIKE)
    spoilt = ahead + postcode[:place] + one + postcode[place + 1 :]
    if one != postcode[place : place + 1]:
        assert find_postcode(spoilt)[0] == ""
        assert read(spoilt) == (None, "invalid")


def test_a_very_long_cell_costs_no_more_than_its_length() -> None:
    look("x")
    begin = time.perf_counter()
    look("A1B2" * 100_000, "9" * 400_000, ("E1" + "-" * 999) * 400)
    assert time.perf_counter() - begin < 5


# The result does not depend on how the column lies in memory

VARIED: list[str | None] = [
    *LISTED, None, "", "ECIA 1BB", "London E1 6AN", "ЖEC1A 1BB", "ＥＣ１Ａ　１ＢＢ", "E1", "E1 6", "ZE1 0AA", None,
    "TBC", "EC1A 1BB or E1 6AN", "EC1A\u200b1BB", "x" * 300, "12", "é", "WIO 1AA", "S E1 6AN", "Unit E1 2nd floor",
] * 53  # more rows than one block, and not a multiple of it  # fmt: skip
PLAIN = look(*VARIED)


def exact(cells: list[str | None], kind: pa.DataType = pa.string(), hides: bytes = b"") -> pa.Array:  # noqa: B008
    """A column whose buffers have not a byte to spare; nulls stand over the text ``hides``."""
    width = np.int64 if kind == pa.large_string() else np.int32
    raw = [hides if cell is None else cell.encode() for cell in cells]
    offsets = np.cumsum([0, *map(len, raw)]).astype(width)
    valid = np.packbits(np.array([cell is not None for cell in cells], bool), bitorder="little")
    buffers = [pa.py_buffer(part) for part in (valid.tobytes(), offsets.tobytes(), b"".join(raw))]
    return pa.Array.from_buffers(kind, len(cells), buffers)


def between(column: pa.Array, before: int, after: int) -> pa.Array:
    """The same column as a slice of a longer one."""
    padding = pa.array(["E1 6AN", None, "EC1A 1BB", "London"] * 5, column.type)
    return pa.concat_arrays([padding[:before], column, padding[:after]]).slice(before, len(column))


def pieces(column: pa.Array, *sizes: int) -> pa.ChunkedArray:
    """The same column in pieces of some sizes, again and again, an empty one among them."""
    chunks, begin = [column[:0]], 0
    while begin < len(column):
        for size in sizes:
            chunks.append(column[begin : begin + size])
            begin += size
    return pa.chunked_array(chunks, column.type)


LAYOUTS: dict[str, Callable[[pa.Array], pa.Array | pa.ChunkedArray]] = {
    "a slice": lambda column: between(column, 3, 7),
    "a slice at a whole byte of nulls": lambda column: between(column, 8, 0),
    "a slice of the start": lambda column: between(column, 0, 19),
    "one chunk": lambda column: pa.chunked_array([column]),
    "chunks": lambda column: pieces(column, 1, 255, 3, 0, 40),
    "64-bit offsets": lambda column: column.cast(pa.large_string()),
    "a slice with 64-bit offsets": lambda column: between(column.cast(pa.large_string()), 5, 2),
    "views": lambda column: column.cast(pa.string_view()),
    "a dictionary": lambda column: column.dictionary_encode(),
    "a dictionary of 64-bit offsets": lambda column: column.cast(pa.large_string()).dictionary_encode(),
    "chunks of dictionaries": lambda column: pa.chunked_array(
        [column[:50].dictionary_encode(), column[50:].dictionary_encode()]
    ),
    "bytes": lambda column: column.cast(pa.binary()),
    "exact buffers": lambda column: exact(column.to_pylist()),
    "exact buffers of 64-bit offsets": lambda column: exact(column.to_pylist(), pa.large_string()),
    "nulls over text": lambda column: exact(column.to_pylist(), hides=b"EC1A 1BB"),
    "nulls over long text": lambda column: exact(column.to_pylist(), hides=b"Guildhall, London EC2P 2EJ"),
    "a slice of exact buffers": lambda column: between(exact(column.to_pylist(), hides=b"E1 6AN"), 1, 1),
}


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_the_result_does_not_depend_on_how_a_column_is_stored(
    layout: Callable[[pa.Array], pa.Array | pa.ChunkedArray],
) -> None:
    assert_same(find_postcodes(layout(pa.array(VARIED, pa.string())), DIRECTORY), PLAIN)


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("portion", [1, 7, 256, 300])
def test_the_result_depends_on_neither_threads_nor_the_size_of_a_portion(threads: int, portion: int) -> None:
    with patch.object(postcode_lookup, "_PORTION", portion):
        column = between(pa.array(VARIED, pa.string()), 3, 2)
        assert_same(find_postcodes(column, DIRECTORY, threads=threads), PLAIN)


@given(CELLS, st.integers(0, 9), st.integers(0, 9), st.integers(1, 9), st.booleans())
def test_a_cell_is_read_the_same_among_any_others(
    cells: list[str | None], before: int, after: int, portion: int, is_large: bool
) -> None:
    column = between(
        exact(cells, pa.large_string() if is_large else pa.string(), hides=b"E1 6AN"), before, after
    )
    with patch.object(postcode_lookup, "_PORTION", portion):
        assert_same(find_postcodes(pieces(column, portion), DIRECTORY), by_words(cells, DIRECTORY), cells)


@given(CELLS)
def test_a_column_without_nulls_may_do_without_a_bitmap(cells: list[str | None]) -> None:
    column = exact([cell or "" for cell in cells])
    bare = pa.Array.from_buffers(pa.string(), len(column), [None, *column.buffers()[1:]])
    assert_same(find_postcodes(column, DIRECTORY), find_postcodes(bare, DIRECTORY))


def test_keys_may_be_left_out() -> None:
    column = pa.array(VARIED, pa.string())
    without = find_postcodes(column, DIRECTORY, with_keys=False)
    assert len(without.key) == 0
    for name in ("rule", "state", "easting", "northing", "authority"):
        assert np.array_equal(getattr(without, name), getattr(PLAIN, name))


@pytest.mark.parametrize(
    "kind",
    [pa.string(), pa.large_string(), pa.string_view(), pa.null(), pa.dictionary(pa.int32(), pa.string())],
)
def test_nothing_and_nulls_alone_are_no_trouble(kind: pa.DataType) -> None:
    for column in (pa.nulls(0, kind), pa.chunked_array([], kind), pa.chunked_array([pa.nulls(0, kind)])):
        assert len(find_postcodes(column, DIRECTORY).key) == 0
        assert find_postcodes(column, DIRECTORY).postcodes().to_pylist() == []
    found = find_postcodes(pa.nulls(600, kind), DIRECTORY)
    assert set(found.rule) == {RULES.index("missing")}
    assert not found.key.any()
    assert not found.state.any()
    assert found.postcodes().null_count == 600


def test_empty_texts_need_no_text_at_all() -> None:
    column = pa.Array.from_buffers(
        pa.string(), 3, [None, pa.py_buffer(np.zeros(4, np.int32)), pa.py_buffer(b"")]
    )
    assert set(find_postcodes(column, DIRECTORY).rule) == {RULES.index("missing")}


@pytest.fixture
def page_end() -> Iterator[Callable[[bytes], pa.Buffer]]:
    """Puts bytes at the very end of memory that may be read: one byte further stops the process."""
    page = mmap.PAGESIZE
    memory = mmap.mmap(-1, 2 * page)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    protect = ctypes.CDLL(None, use_errno=True).mprotect
    protect.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]
    assert protect(address + page, page, 0) == 0

    def put(content: bytes) -> pa.Buffer:
        ctypes.memmove(address + page - len(content), content, len(content))
        return pa.foreign_buffer(address + page - len(content), len(content), memory)

    yield put
    protect(address + page, page, 3)


@pytest.mark.skipif(sys.platform != "linux", reason="protects a page of memory as Linux does")
@pytest.mark.parametrize(
    "cells",
    [
        ["EC1A 1BB", "E1 6AN"], ["E1 6AN"], ["EC1A 1BB London", "E16AN"], ["", "E1 6AN", ""], ["x"], ["ECIA 1BB"],
        ["ZE1 0AA"] * 30, [None, "E1 6AN", None], ["London E1 6AN"],
    ],
)  # fmt: skip
def test_not_a_byte_behind_the_text_is_read(
    cells: list[str | None], page_end: Callable[[bytes], pa.Buffer]
) -> None:
    column = exact(cells)
    valid, offsets, text = column.buffers()
    guarded = pa.Array.from_buffers(pa.string(), len(cells), [valid, offsets, page_end(text.to_pybytes())])
    assert_same(find_postcodes(guarded, DIRECTORY), look(*cells))


def test_a_status_says_why() -> None:
    directory = stack(5, stack_size=THRESHOLDS.po_box_stack_postcodes)
    told = {cell: read(cell, directory)[1] for cell in ("EC1A 1BA", "EC1A 1ZZ", "EC1A", "TBC", "ECIA 1BA")}
    assert told == {
        "EC1A 1BA": "po_box", "EC1A 1ZZ": "unknown", "EC1A": "invalid", "TBC": "missing", "ECIA 1BA": "po_box",
    }  # fmt: skip
