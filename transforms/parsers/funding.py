"""Who pays for a place, and how: one entry for each source of money."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.choices import ONE_PHRASE, VALUE, affirmed, read_choice, read_commissioner
from transforms.parsers.reading import Reading, is_blank, read_each
from transforms.parsers.synonyms import Phrases, Synonyms, evened
from transforms.schema import LIST_JOINT
from transforms.tables import Funding
from transforms.vocabulary import CommissionerType, FundingRoute

SOURCES = "sources"

_SEPARATOR = re.compile(r"[~;\n]")


def read_funding(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """The sources of money in each cell: frame with ``sources``, a tuple of dicts of Funding's columns.

    A payer is often only a name, which tells neither the route nor the kind of commissioner: they are
    then unknown, and the cell is read all the same.
    """
    routes, buyers, authorities = (
        synonyms[name] for name in ("funding_route", "commissioner_type", "authority")
    )

    def read(text: str) -> Reading:
        told = pd.Series([part.strip() for part in _SEPARATOR.split(text) if not is_blank(part)], dtype="str")
        found = {
            Funding.source: told,
            Funding.x_route: read_choice(told, routes)[VALUE].fillna(FundingRoute.UNKNOWN.value),
            Funding.x_commissioner_type: read_commissioner(told, buyers)[VALUE].fillna(
                CommissionerType.UNKNOWN.value
            ),
            Funding.x_commissioners: told.map(lambda words: _authorities_in(words, authorities)),
            Funding.x_has_health_buyer: told.map(lambda words: _names_health(words, buyers)),
        }
        # A grant or a fee may bear the name of a place, as the City Bridge Foundation's does.
        is_no_buyer = found[Funding.x_route].isin([FundingRoute.GRANT, FundingRoute.SELF_FUNDED])
        is_no_buyer |= found[Funding.x_commissioner_type].eq(CommissionerType.NONE_SELF_FUNDED)
        found[Funding.x_commissioners] = found[Funding.x_commissioners].mask(is_no_buyer, None)
        sources = tuple(pd.DataFrame(found).drop_duplicates().to_dict("records"))
        return Reading({SOURCES: sources}, "sources_of_money", ONE_PHRASE)

    return read_each(raw, read, [SOURCES])


def _authorities_in(words: str, authorities: Phrases) -> str | None:
    """GSS codes of the authorities that the words name, comma separated."""
    return LIST_JOINT.join(sorted({code for codes in authorities.within(words) for code in codes})) or None


def _names_health(words: str, buyers: Phrases) -> bool:
    return any(hit.codes[0] == CommissionerType.HEALTH for hit in affirmed(evened(words), buyers))
