"""What several rosters together say about one activity or venue."""

from __future__ import annotations

import pandas as pd

from transforms.vocabulary import Answer


def agreed(answers: pd.Series, group: pd.Series) -> pd.Series:
    """For each row, what the rows of its group say together.

    Equal answers stand. A known answer stands beside an unknown one. Known answers that differ contradict each
    other, and then nothing is known.
    """
    known = answers.where(answers.ne(Answer.UNKNOWN)).groupby(group)
    return known.transform("first").where(known.transform("nunique").eq(1), Answer.UNKNOWN.value)
