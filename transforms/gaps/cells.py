"""Which cells of a gap table a service stands in: its needs, age bands, tiers and zones.

Each function takes rows of the supply frame and gives them back once for every cell they confirm or may serve, with
what is in doubt about it. A gap table is a chain of them.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from transforms.doubts import cast_doubt, fewest_doubts
from transforms.supply import SERVICE_ID
from transforms.tables import Location, Service, ServiceNeed
from transforms.vocabulary import (
    AREA_OF_NEED,
    NEEDS_TO_COVER,
    TIERS,
    AgeBand,
    Doubt,
    NeedScope,
    Tier,
    Zone,
)

# Columns of a cell.
NEED, NEED_AREA, AGE_BAND, AGE, TIER, ZONE = "need", "need_area", "age_band", "age", "tier", "zone"
# Beside them: how widely the service is meant, and whether it covers the whole of the band.
SCOPE, AGE_FULL = "scope", "age_full"
_ROW = "row"

_WIDER_THAN_NAMED = {
    NeedScope.AREA: Doubt.WIDER_AREA,
    NeedScope.ANY_SEND: Doubt.ANY_SEND,
    NeedScope.OPEN: Doubt.OPEN_TO_ALL,
    NeedScope.NOT_STATED: Doubt.NEED_NOT_STATED,
}


def in_needs(rows: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Rows in each need they name, and in every need when they name none; a need that is not named is in doubt."""
    return _in_parts(rows, needs, NEED, {need.value: need.value for need in NEEDS_TO_COVER})


def in_need_areas(rows: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Rows once in each broad area of need; naming any need of an area is naming the area.

    A wider word may mean needs of several areas, so what it says of each stays in doubt.
    """
    areas = {need.value: AREA_OF_NEED[need].value for need in NEEDS_TO_COVER}
    numbered = rows.assign(**{_ROW: range(len(rows))})
    return fewest_doubts(_in_parts(numbered, needs, NEED_AREA, areas), [NEED_AREA, _ROW]).drop(columns=_ROW)


def _in_parts(rows: pd.DataFrame, needs: pd.DataFrame, part: str, part_of: dict[str, str]) -> pd.DataFrame:
    """Rows in each part that the needs they name belong to, and in every part when they name none."""
    named = needs[ServiceNeed.need_code]
    # A census category is not a need to cover.
    spoken_of = needs[named.isna() | named.isin(list(part_of))]
    spoken_of = pd.DataFrame(
        {
            SERVICE_ID: spoken_of[ServiceNeed.service_id],
            SCOPE: spoken_of[ServiceNeed.scope],
            part: spoken_of[ServiceNeed.need_code].map(part_of).astype("str"),
        }
    )
    rows = rows.merge(spoken_of, on=SERVICE_ID)
    for scope, doubt in _WIDER_THAN_NAMED.items():
        rows = cast_doubt(rows, doubt, rows[SCOPE].eq(scope))
    unspoken = rows[part].isna()
    every = pd.DataFrame({part: list(dict.fromkeys(part_of.values()))})
    return pd.concat(
        [rows[~unspoken], rows[unspoken].drop(columns=part).merge(every, how="cross")], ignore_index=True
    )


def in_age_bands(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in each age band that their ages overlap, or may overlap."""
    bands = [
        in_ages(rows, band.first_year, band.last_year).assign(**{AGE_BAND: band.value}) for band in AgeBand
    ]
    return pd.concat(bands, ignore_index=True)


def in_years(rows: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Rows in each of these single years of age that they take, or may take."""
    rows = rows.merge(pd.DataFrame({AGE: list(years)}), how="cross")
    return in_ages(rows, rows[AGE], rows[AGE])


def in_ages(rows: pd.DataFrame, first_year: int | pd.Series, last_year: int | pd.Series) -> pd.DataFrame:
    """Rows whose ages overlap, or may overlap, these whole years; ``AGE_FULL`` where they cover them all."""
    low, high = rows[Service.minimum_age].astype("float64"), rows[Service.maximum_age].astype("float64")
    # An end that is not known may lie anywhere; what is known for certain is only what is stated.
    sure_low, sure_high = low.fillna(high), high.fillna(low)
    sure = sure_low.le(last_year) & sure_high.ge(first_year)
    maybe = ~(low.gt(last_year) | high.lt(first_year))
    full = low.le(first_year) & high.ge(last_year)
    return cast_doubt(rows.assign(**{AGE_FULL: full}), Doubt.AGES_NOT_KNOWN, ~sure)[maybe]


def in_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their tier, and those whose tier is not known in every one."""
    unknown = rows[Service.x_tier].eq(Tier.UNKNOWN)
    rows = cast_doubt(rows, Doubt.TIER_NOT_KNOWN, unknown).assign(**{TIER: rows[Service.x_tier]})
    may_be = [rows[unknown].assign(**{TIER: tier.value}) for tier in TIERS]
    return pd.concat([rows[~unknown], *may_be], ignore_index=True)


def in_zones(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their zone, and those near the border in the zone across it as well."""
    zone = rows[Location.x_zone]
    # A place that is not known is unknown for certain: it is counted there and nowhere else.
    unsure = ~rows[Location.x_zone_certain].astype(bool) & zone.ne(Zone.UNKNOWN)
    rows = cast_doubt(rows, Doubt.PLACE_UNSURE, unsure).assign(**{ZONE: zone})
    across = [
        rows[unsure & zone.eq(own)].assign(**{ZONE: other.value})
        for own, other in ((Zone.INSIDE, Zone.NEAR), (Zone.NEAR, Zone.INSIDE))
    ]
    return pd.concat([rows, *across], ignore_index=True)


def every_cell(**parts: Iterable[str | int]) -> pd.MultiIndex:
    """The full product of the parts of a key, named and in the order given: a cell without a service is a row."""
    return pd.MultiIndex.from_product(
        [[value if isinstance(value, int) else str(value) for value in part] for part in parts.values()],
        names=list(parts),
    )
