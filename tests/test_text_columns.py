"""Whole columns of text: as numbers, among others, joined, and in words."""

import pandas as pd

from transforms.text_columns import coded, in_words, is_among, joined, looked_up, numbered, one_of


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
