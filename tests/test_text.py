"""Cells as a reader should see them, whatever they went through on their way."""

from __future__ import annotations

import pytest
from builders import texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers.reading import fold
from transforms.parsers.text import plain_text, plain_texts


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("&pound;5 &amp; up", "£5 & up"),
        ("&amp;pound;5", "£5"),
        ("5&nbsp;-&amp;nbsp;11", "5 - 11"),
        ("Downâ€™s", "Down’s"),
        ("Â£5", "£5"),
        ("5 â€“ 11", "5 – 11"),
        ("&acirc;&euro;&trade;", "’"),
        ("don\x92t", "don’t"),
        ("ＥＣ１Ｙ　８ＮＮ", "EC1Y 8NN"),
        ("ｙｅｓ", "yes"),
        ("<p>Free-flow play.</p>", "Free-flow play."),
        ("&lt;p&gt;Free-flow play.&lt;/p&gt;", "Free-flow play."),
        ("<ul><li>Autism</li><li>Down syndrome</li></ul>", "Autism\nDown syndrome"),
        ("Sat 10-12<br/>Sun 2-4", "Sat 10-12\nSun 2-4"),
        ("<script>alert(1)</script>Hall", "Hall"),
        ("zero\u200bwidth", "zerowidth"),
        ("R&D", "R&D"),
        ("5 < 11", "5 < 11"),
        ("Zoë’s café", "Zoë’s café"),
    ],
)
def test_a_cell_is_mended(raw: str, plain: str) -> None:
    assert plain_text(raw) == plain
    assert plain_text(plain) == plain


@pytest.mark.parametrize("written", ["Down's – 5‑11", "Down’s — 5-11", "ＤＯＷＮ'Ｓ - ５-１１"])
def test_quotes_dashes_and_widths_compare_equal(written: str) -> None:
    assert fold(written) == "down's - 5-11"


@given(cells=st.lists(st.one_of(st.text(max_size=40), st.just("&amp;#x110000;<a")), min_size=1, max_size=4))
def test_no_text_breaks_it_or_moves_a_cell(cells: list[str]) -> None:
    found = plain_texts(texts(*cells).set_axis([f"row {n}" for n in range(len(cells))]))
    assert list(found.index) == [f"row {n}" for n in range(len(cells))]
    assert found.tolist() == [plain_text(cell) for cell in cells]
