"""Whole columns of text: as numbers, among others, joined, and in words."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.text_columns import (
    coded,
    first_of_each,
    in_words,
    is_among,
    joined,
    looked_up,
    numbered,
    one_of,
    rows_for,
)

SOME_TEXT = st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=3)


def test_a_text_is_among_others_by_its_whole_and_a_blank_is_not():
    texts = pd.Series(["a", None, "ab", "b"], index=[3, 5, 7, 9], dtype="str")
    found = is_among(texts, pd.Series(["b", "a", "a"]))
    assert found.to_dict() == {3: True, 5: False, 7: False, 9: True}


def test_nothing_is_among_nothing():
    assert is_among(pd.Series(["a"]), pd.Index([], dtype="str")).tolist() == [False]
    assert is_among(pd.Series([], dtype="str"), pd.Index(["a"])).empty


def test_texts_are_joined_in_the_order_of_rows_by_sorted_key_and_none_where_the_key_is_blank():
    rows = pd.DataFrame({"key": ["y", None, "x", "y"], "text": ["2", "9", "1", "1"]})
    assert joined(rows, "text", ["key"]).to_dict() == {"x": "1", "y": "2,1"}
    assert joined(rows[:0], "text", ["key"]).empty


def test_numbers_are_put_in_words_and_blank_where_they_say_nothing():
    found = in_words(pd.Series([2, 0, 2], index=[1, 4, 6]), lambda number: "two" if number else None)
    assert found.isna().tolist() == [False, True, False]
    assert found.dropna().to_dict() == {1: "two", 6: "two"}


TEXTS = pd.Series(["b", None, "a", "b"], index=[3, 5, 7, 9], dtype="str")


def test_texts_as_categories_are_in_their_order_and_say_the_same():
    (codes,) = (coded(pd.DataFrame({"text": TEXTS}), ["text"])["text"],)
    assert codes.astype("str").equals(TEXTS)
    assert codes.min() == "a"
    for texts in (codes, TEXTS):
        numbers, many = numbered(texts)
        assert (numbers.tolist(), many) == ([1, -1, 0, 1], 2)
        assert is_among(texts, pd.Index(["a", "z"])).to_dict() == {3: False, 5: False, 7: True, 9: False}


def test_what_is_looked_up_is_never_a_category_itself():
    # One answer for each category is where ``map`` of pandas would make one.
    told = pd.Series({"a": "yes", "b": "no", "z": "?"})
    for texts in (TEXTS, TEXTS.astype(one_of(["a", "b"]))):
        found = looked_up(texts, told)
        assert found.fillna("unknown").to_dict() == {3: "no", 5: "unknown", 7: "yes", 9: "no"}
    assert looked_up(TEXTS.astype(one_of(["a", "b"])), pd.Series({"b": 1.5})).fillna(0).tolist() == [
        1.5,
        0,
        0,
        1.5,
    ]


@given(st.lists(SOME_TEXT, max_size=30))
def test_numbers_of_texts_are_in_their_order_whatever_is_written(texts: list[str | None]):
    column = pd.Series(texts, dtype="str")
    codes, words = pd.factorize(column, sort=True)
    numbers, many = numbered(column)
    assert (numbers.tolist(), many) == (codes.tolist(), len(words))


@given(st.lists(st.tuples(SOME_TEXT, SOME_TEXT), max_size=30))
def test_the_first_text_of_each_key_is_its_least(rows: list[tuple[str | None, str | None]]):
    frame = pd.DataFrame(rows, columns=["key", "text"], dtype="str")
    least = frame.groupby("key")["text"].min().dropna()
    assert first_of_each(frame, "text", "key").to_dict() == least.to_dict()


def test_a_key_finds_its_row_wherever_it_stands_and_a_blank_or_strange_one_none():
    told = pd.DataFrame({"name": ["Ay", "Bee"], "places": [1, 2]}, index=["a", "b"]).astype(
        {"places": "Int64"}
    )
    found = rows_for(pd.Series(["b", None, "z", "b"], index=[3, 5, 7, 9], dtype="str"), told)
    assert found["name"].fillna("-").to_dict() == {3: "Bee", 5: "-", 7: "-", 9: "Bee"}
    assert found["places"].fillna(0).to_dict() == {3: 2, 5: 0, 7: 0, 9: 2}


def test_a_key_that_stands_for_two_rows_is_an_error():
    with pytest.raises(ValueError, match="duplicate"):
        rows_for(pd.Series(["a"]), pd.DataFrame({"name": ["one", "two"]}, index=["a", "a"]))
