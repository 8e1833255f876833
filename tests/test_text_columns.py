"""Whole columns of text: among others, joined, and in words."""

import pandas as pd

from transforms.text_columns import in_words, is_among, joined


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
