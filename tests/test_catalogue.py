"""Every field that can be read by itself keeps the promises of a parser."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import project_synonyms, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parsers.catalogue import FIELDS, LINE, read_field
from transforms.parsers.reading import CONFIDENCE, MISSING_RULE, RULE, STATUS
from transforms.vocabulary import ParsedField, ParseStatus

SYNONYMS = project_synonyms()
COLUMNS = {
    "ages": ["minimum_age", "maximum_age"],
    "schedule": ["freq", "interval", "byday", "opens_at", "closes_at", "calendar_period"],
    "cost": ["amount", "unit", "is_free"],
    "needs": ["need_code", "scope"],
    "tier": ["tier"],
    "tristate": ["value"],
    "residency": ["value"],
    "phone": ["phone"],
    "date": ["value"],
}
every_field = pytest.mark.parametrize("field", FIELDS)

_PIECES = {
    "ages": ["5", "11", "25", "8+", "5-11", "under", "up to", "over", "yrs", "birthday", "KS2", "Year 7",
             "Reception", "05-Nov", "adults", "13-19 (25 SEND)", "birth", "6 months", "all ages", "Primary"],
    "schedule": ["Sat", "Mon-Fri", "Tues & Thurs", "1st Sunday", "last Friday", "1SU", "-1FR", "MO,TU", "fortnightly",
                 "monthly", "10-12", "4.30pm-6.30pm", "22:00-07:00", "24/7", "term time", "hols", "Easter", ";", "~",
                 "Weekends", "daily", "all year", "except", "25:99"],
    "cost": ["£5", "£1,250", "£2.50", "5", "per", "session", "hr", "a day", "free", "/", "donation", "nil", "£0", "p",
             "from", "siblings", "POA", "or", "£20 a week"],
    "phone": ["020 7946 0123", "07700 900123", "+44", "(0)", "ext 5", "2079460123.0", "call Jane on", "/", "or", "999",
              "O20 7946 Ol23", "2.079460123E9", "Tel:", "0800 SIGN UP"],
    "date": ["03/04/2026", "23/11/2026", "5 March 2026", "5-Mar-26", "46349", "2026-11-23", "31/02/2026", "Thursday",
             "23.11.26", "10:30", "00:00:00", "-", "ongoing", "2026/11/23"],
}  # fmt: skip
_VOCABULARY_OF = {"needs": ("need", "need_scope"), "tier": ("tier",), "tristate": ("answer",),
                  "residency": ("residency",), "schedule": ("calendar_period",)}  # fmt: skip
_ANYWHERE = [
    "", "no", "not", "yes", "if", "only", "but", "?", "TBC", "n/a", ",", "(", ")", "\n", "-", "–", "½", "²", "٣", "İ",
    "ß", "\u200b", "\x00",
]  # fmt: skip


def cells_of(field: str) -> st.SearchStrategy[str]:
    """Whatever could stand in a cell, and more often what this field has rules for."""
    own = list(_PIECES.get(field, []))
    own += sorted({p for name in _VOCABULARY_OF.get(field, ()) for p in SYNONYMS[name].codes_of})
    one_piece = st.one_of(st.sampled_from(own), st.sampled_from(own + _ANYWHERE))
    return st.one_of(
        st.sampled_from(own), st.lists(one_piece, max_size=5).map(" ".join), st.text(max_size=20)
    )


UNKNOWN = [
    "",
    " ",
    "-",
    "–",
    "?",
    "n/a",
    "N/A",
    "TBC",
    "tbc.",
    "null",
    "None",
    "unknown",
    "see website",
    None,
]


def read(field: str, *cells: str | None) -> pd.DataFrame:
    return read_field(field, texts(*cells), SYNONYMS)


def is_known(value: object) -> bool:
    return bool(pd.notna(value))


def canonical_text(field: str, row: pd.Series) -> str:
    """What was read, written as plainly as a roster can."""
    known = {name: value for name, value in row.items() if is_known(value)}
    if field == "ages":
        low, high = known.get("minimum_age"), known.get("maximum_age")
        if low is not None:
            return f"{low}-{high}" if high is not None else f"{low}+"
        return f"under {high + 1}" if high is not None else ""
    if field == "schedule":
        times = f"{known['opens_at']}-{known['closes_at']}" if {"opens_at", "closes_at"} <= set(known) else ""
        often = "fortnightly" if known.get("interval") == 2 else ""
        monthly = "monthly" if known.get("freq") == "MONTHLY" else ""
        words = (known.get("byday", ""), times, often, monthly, known.get("calendar_period", ""))
        return " ".join(word for word in words if word)
    if field == "cost":
        if known.get("is_free"):
            return "free"
        unit = "" if known.get("unit", "unknown") == "unknown" else f" per {known['unit']}"
        return f"£{known['amount']:.2f}{unit}" if "amount" in known else ""
    if field == "needs" and known.get("scope") not in ("named", "area"):
        return str(known.get("scope", ""))
    return str(known.get(COLUMNS[field][0], ""))


def test_every_field_has_a_reader_but_the_postcode_which_needs_the_directory() -> None:
    assert set(FIELDS) == set(ParsedField) - {ParsedField.POSTCODE}


@every_field
def test_a_reading_holds_the_canonical_columns_and_how_far_to_trust_them(field: str) -> None:
    assert list(read(field, "x", "")) == [LINE, *COLUMNS[field], STATUS, RULE, CONFIDENCE]
    assert read_field(field, texts(), SYNONYMS).empty


@every_field
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_no_text_makes_a_field_raise_or_lose_a_line(field: str, data: st.DataObject) -> None:
    cells = data.draw(st.lists(cells_of(field), min_size=1, max_size=5))
    raw = texts(*cells).set_axis([f"row {n}" for n in range(len(cells))])
    found = read_field(field, raw, SYNONYMS)
    assert found[LINE].is_monotonic_increasing
    assert list(found[LINE].unique()) == list(range(1, len(cells) + 1))
    assert list(found.index) == [f"row {n - 1}" for n in found[LINE]]
    assert found[CONFIDENCE].between(0, 1).all()
    assert set(found[STATUS]) <= set(ParseStatus)


@every_field
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_what_was_read_is_read_the_same_when_written_plainly(field: str, data: st.DataObject) -> None:
    for _, row in read(field, data.draw(cells_of(field))).iterrows():
        if not (text := canonical_text(field, row)):
            continue
        again = read(field, text)
        assert len(again) == 1
        # A word for "unknown" is published as a blank is.
        kept = [name for name in COLUMNS[field] if is_known(row[name]) and row[name] != "unknown"]
        if field == "needs":
            kept = ["need_code"] if is_known(row["need_code"]) else ["scope"]
        assert again.iloc[0][kept].astype(str).to_dict() == row[kept].astype(str).to_dict()


@every_field
@settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_what_could_not_be_read_gives_no_value(field: str, data: st.DataObject) -> None:
    found = read(field, data.draw(cells_of(field)))
    unread = found[found[STATUS].isin([ParseStatus.UNPARSED, ParseStatus.QUARANTINE])]
    assert unread[COLUMNS[field]].isna().all(axis=None)
    assert (unread[CONFIDENCE] == 0).all()


@every_field
def test_unknown_is_empty_and_never_no_or_free_or_nought(field: str) -> None:
    found = read(field, *UNKNOWN)
    assert len(found) == len(UNKNOWN)
    assert found[COLUMNS[field]].isna().all(axis=None)
    assert set(found[RULE]) == {MISSING_RULE}
    assert set(found[STATUS]) == {"parsed"}


# "None" alone is a blank; among other words it may be an answer.
_SAYS_NOTHING = st.sampled_from(
    [word for word in UNKNOWN if word not in (None, "None")] + ["ask provider", "details", "to follow"]
)


@pytest.mark.parametrize("field", ["tristate", "residency"])
@settings(max_examples=60, deadline=None)
@given(words=st.lists(_SAYS_NOTHING, min_size=1, max_size=4), mark=st.sampled_from([" ", ", ", " / ", "; "]))
def test_words_that_say_nothing_never_become_no(field: str, words: list[str], mark: str) -> None:
    (value,) = read(field, mark.join(words))["value"]
    assert not is_known(value) or value == "unknown"


def test_several_sessions_prices_and_needs_are_a_row_each() -> None:
    assert read("schedule", "Sat 10:00-12:00; Sun 14:00-16:00", "TBC")[LINE].to_list() == [1, 1, 2]
    assert read("cost", "Free / £5", "£2")[LINE].to_list() == [1, 1, 2]
    assert read("needs", "autism, ADHD", "all needs")[LINE].to_list() == [1, 1, 2]


def test_a_season_is_told_of_every_session_and_a_season_alone_is_a_part() -> None:
    found = read("schedule", "Mon 16:00-18:00; Sat 10:00-12:00 term time", "Easter")
    assert found["calendar_period"].to_list() == ["term_time", "term_time", "easter"]
    assert found[STATUS].iat[2] == "parsed"


def test_markup_and_broken_encodings_are_mended_before_a_value_is_read() -> None:
    assert read("phone", "020&nbsp;7946&nbsp;0123")["phone"].iat[0] == "+44 20 7946 0123"
    assert read("cost", "<p>&pound;5 per session</p>", "Â£5 per session")["amount"].to_list() == [5, 5]
    assert read("ages", "5 â€“ 11")[["minimum_age", "maximum_age"]].to_numpy().tolist() == [[5, 11]]
