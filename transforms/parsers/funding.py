"""Who pays for a place, and how: one entry for each source of money."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.choices import ONE_PHRASE, VALUE, read_choice, read_commissioner
from transforms.parsers.reading import Reading, is_blank, read_each
from transforms.parsers.synonyms import Synonyms
from transforms.tables import Funding
from transforms.vocabulary import CommissionerType, FundingRoute

SOURCES = "sources"

_SEPARATOR = re.compile(r"[~;\n]")


def read_funding(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """The sources of money in each cell: frame with ``sources``, a tuple of dicts of Funding's columns.

    A payer is often only a name, which tells neither the route nor the kind of commissioner: they are
    then unknown, and the cell is read all the same.
    """
    routes, buyers = synonyms["funding_route"], synonyms["commissioner_type"]

    def read(text: str) -> Reading:
        told = pd.Series([part.strip() for part in _SEPARATOR.split(text) if not is_blank(part)], dtype="str")
        found = {
            Funding.source: told,
            Funding.x_route: read_choice(told, routes)[VALUE].fillna(FundingRoute.UNKNOWN.value),
            Funding.x_commissioner_type: read_commissioner(told, buyers)[VALUE].fillna(
                CommissionerType.UNKNOWN.value
            ),
        }
        sources = tuple(pd.DataFrame(found).drop_duplicates().to_dict("records"))
        return Reading({SOURCES: sources}, "sources_of_money", ONE_PHRASE)

    return read_each(raw, read, [SOURCES])
