"""What several rosters together say about one activity or venue."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.text_columns import numbered
from transforms.vocabulary import Answer


def agreed(answers: pd.Series, group: pd.Series) -> pd.Series:
    """For each row, what the rows of its group say together.

    Equal answers stand. A known answer stands beside an unknown one. Known answers that differ contradict each
    other, and then nothing is known. What is not known has one word in every vocabulary, so answers of any of them
    may be given.
    """
    which, groups = numbered(group)
    said, words = pd.factorize(answers.where(answers.ne(Answer.UNKNOWN)))
    is_told = (said >= 0) & (which >= 0)
    # Where all that is told is alike, its least and greatest number are the same. The last group is for rows of none.
    least, greatest = np.full(groups + 1, len(words)), np.full(groups + 1, -1)
    np.minimum.at(least, which[is_told], said[is_told])
    np.maximum.at(greatest, which[is_told], said[is_told])
    together = np.where(least == greatest, least, -1)[which]
    # The last word, which −1 finds.
    texts = np.array([*words, Answer.UNKNOWN.value], dtype=object)
    return pd.Series(texts[together], index=answers.index, dtype=answers.dtype)
