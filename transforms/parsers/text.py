"""Cells as plain text: entities decoded, markup removed, broken encodings mended, hidden marks dropped."""

from __future__ import annotations

import html
import re

import ftfy
import nh3
import pandas as pd

# Zero-width characters, the soft hyphen and the marks that turn the direction of writing.
_HIDDEN = re.compile(r"[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_WORTH_A_LOOK = re.compile(r"[&<\u0080-\uffff]")

# Where one of these ends, so does a line: list items and paragraphs are not one word.
_LINE_ENDS = re.compile(r"(?:</(?:li|p|div|td|th|tr|h[1-6]|dd|dt)|<br)\b[^>]*>", re.IGNORECASE)

# Directory exports escape twice ("&amp;nbsp;").
_TIMES_ESCAPED = 2


def plain_text(text: str) -> str:
    """One cell as a reader should see it. Curly quotes and dashes stay as they are."""
    if not _WORTH_A_LOOK.search(text):
        return text
    for _ in range(_TIMES_ESCAPED):
        text = html.unescape(text)
    if re.search(r"<[a-zA-Z/!]", text):
        text = _LINE_ENDS.sub("\n", text)
        text = html.unescape(nh3.clean(text, tags=set()))
    text = ftfy.fix_text(text, uncurl_quotes=False)
    return _HIDDEN.sub("", text).replace("\xa0", " ").strip()


def plain_texts(cells: pd.Series) -> pd.Series:
    """A column of cells as plain text; equal cells are cleaned once."""
    cleaned = {text: plain_text(text) for text in cells.dropna().unique()}
    return cells.map(cleaned, na_action="ignore")
