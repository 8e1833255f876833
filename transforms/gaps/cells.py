"""Which cells of a gap table a service stands in: its needs, age bands, tiers and zones.

Each function takes rows of the supply frame and gives them back once for every cell they confirm or may serve, with
what is in doubt about it. A gap table is a chain of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionDtype

from transforms.doubts import cast_doubt, cast_doubts
from transforms.supply import SERVICE_ID
from transforms.tables import Location, Service, ServiceNeed
from transforms.text_columns import looked_up, one_of
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

# A cell stands in as many rows as there are services in it: its parts are categories.
IN_AGE_BANDS, IN_TIERS, IN_ZONES, _IN_SCOPES = map(one_of, (AgeBand, Tier, Zone, NeedScope))
_WIDER_THAN_NAMED = {
    NeedScope.AREA: Doubt.WIDER_AREA,
    NeedScope.ANY_SEND: Doubt.ANY_SEND,
    NeedScope.OPEN: Doubt.OPEN_TO_ALL,
    NeedScope.NOT_STATED: Doubt.NEED_NOT_STATED,
}


def in_needs(rows: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Rows once in each need they name, and in every need when they name none; a need that is not named is in doubt.

    In the order of needs, and within each in the order of ``rows``.
    """
    return _in_parts(rows, needs, NEED, {need.value: need.value for need in NEEDS_TO_COVER})


def in_need_areas(rows: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """Rows once in each broad area of need, ordered as in ``in_needs``; naming any need of an area is naming the area.

    A wider word may mean needs of several areas, so what it says of each stays in doubt.
    """
    areas = {need.value: AREA_OF_NEED[need].value for need in NEEDS_TO_COVER}
    return _in_parts(rows, needs, NEED_AREA, areas)


def _in_parts(rows: pd.DataFrame, needs: pd.DataFrame, part: str, part_of: dict[str, str]) -> pd.DataFrame:
    """Rows once in each part that the needs they name belong to, and in every part when they name none."""
    spoken_of = _parts_of_services(needs, rows[SERVICE_ID].dtype, part, part_of)
    of_rows = pd.DataFrame({SERVICE_ID: rows[SERVICE_ID], _ROW: range(len(rows))})
    pairs = of_rows.merge(spoken_of, on=SERVICE_ID).sort_values([part, _ROW], ignore_index=True)
    rows = taken(rows, pairs[_ROW]).assign(**{SCOPE: pairs[SCOPE], part: pairs[part]})
    return cast_doubts(rows, {doubt: rows[SCOPE].eq(scope) for scope, doubt in _WIDER_THAN_NAMED.items()})


def _parts_of_services(
    needs: pd.DataFrame, ids: ExtensionDtype, part: str, part_of: dict[str, str]
) -> pd.DataFrame:
    """Each service among ``ids`` once in each part that it may be for: of several words for it, the narrowest."""
    parts = one_of(set(part_of.values()))
    named = needs[ServiceNeed.need_code]
    # A census category is not a need to cover.
    is_asked = named.isna() | named.isin(list(part_of))
    spoken_of = pd.DataFrame(
        {
            SERVICE_ID: needs[ServiceNeed.service_id].astype(ids),
            SCOPE: needs[ServiceNeed.scope].astype(_IN_SCOPES),
            part: named.map(part_of).astype(parts),
        }
    )[is_asked]
    spoken_of = spoken_of[spoken_of[SERVICE_ID].notna()]
    is_unspoken = spoken_of[part].isna()
    unspoken = spoken_of[is_unspoken]
    in_every = taken(unspoken, np.repeat(np.arange(len(unspoken)), len(parts.categories)))
    every = pd.Categorical.from_codes(np.tile(np.arange(len(parts.categories)), len(unspoken)), dtype=parts)
    found = pd.concat([spoken_of[~is_unspoken], in_every.assign(**{part: every})], ignore_index=True)
    # The scopes are declared from the narrowest to the widest.
    width = looked_up(found[SCOPE], pd.Series({scope.value: n for n, scope in enumerate(NeedScope)}))
    return found.iloc[np.argsort(width, kind="stable")].drop_duplicates([SERVICE_ID, part])


def in_age_bands(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in each age band that their ages overlap, or may overlap; ``AGE_FULL`` where they cover it all."""
    first_years = np.array([[band.first_year] for band in AgeBand])
    last_years = np.array([[band.last_year] for band in AgeBand])
    is_sure, may_be, is_full = _overlaps(rows, first_years, last_years)
    band, row = np.nonzero(may_be)
    bands = pd.Categorical([band.value for band in AgeBand], dtype=IN_AGE_BANDS)
    found = taken(rows, row).assign(**{AGE_FULL: is_full[band, row], AGE_BAND: bands.take(band)})
    return cast_doubts(found, {Doubt.AGES_NOT_KNOWN: pd.Series(~is_sure[band, row])})


def in_years(rows: pd.DataFrame, years: Iterable[int]) -> pd.DataFrame:
    """Rows in each of these single years of age that they take, or may take."""
    ages = np.array(list(years))
    is_sure, may_be, _ = _overlaps(rows, ages[:, None], ages[:, None])
    row, age = np.nonzero(may_be.T)
    found = taken(rows, row).assign(**{AGE: ages[age]})
    return cast_doubts(found, {Doubt.AGES_NOT_KNOWN: pd.Series(~is_sure[age, row])})


def _overlaps(
    rows: pd.DataFrame, first_year: np.ndarray, last_year: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Whether the ages of each row overlap these whole years for certain, whether they may, and whether they cover
    them all.
    """
    low, high = (
        rows[age].to_numpy("float64", na_value=np.nan) for age in (Service.minimum_age, Service.maximum_age)
    )
    # An end that is not known may lie anywhere; what is known for certain is only what is stated.
    sure_low, sure_high = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    is_sure = (sure_low <= last_year) & (sure_high >= first_year)
    may_be = ~((low > last_year) | (high < first_year))
    return is_sure, may_be, (low <= first_year) & (high >= last_year)


def in_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their tier, and those whose tier is not known in every one."""
    tier = rows[Service.x_tier]
    unknown = tier.eq(Tier.UNKNOWN)
    rows = cast_doubt(rows, Doubt.TIER_NOT_KNOWN, unknown)
    return _standing(rows, TIER, tier.astype(IN_TIERS), ~unknown, dict.fromkeys(TIERS, unknown))


def in_zones(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their zone, and those near the border in the zone across it as well."""
    zone = rows[Location.x_zone]
    # A place that is not known is unknown for certain: it is counted there and nowhere else.
    unsure = ~rows[Location.x_zone_certain].astype(bool) & zone.ne(Zone.UNKNOWN)
    rows = cast_doubt(rows, Doubt.PLACE_UNSURE, unsure)
    across: dict[StrEnum, pd.Series] = {
        Zone.NEAR: unsure & zone.eq(Zone.INSIDE),
        Zone.INSIDE: unsure & zone.eq(Zone.NEAR),
    }
    return _standing(rows, ZONE, zone.astype(IN_ZONES), zone.notna(), across)


def _standing(
    rows: pd.DataFrame, part: str, own: pd.Series, is_told: pd.Series, also: Mapping[StrEnum, pd.Series]
) -> pd.DataFrame:
    """Rows in the part that is their own where it is told, then in each of the parts in which they may stand."""
    told, *may_be = (np.flatnonzero(where) for where in (is_told, *also.values()))
    parts = pd.Categorical([part.value for part in also], dtype=own.dtype)
    parts = parts.repeat([len(places) for places in may_be])
    every_part = pd.concat([own.take(told), pd.Series(parts)], ignore_index=True)
    return taken(rows, np.concatenate([told, *may_be])).assign(**{part: every_part})


def taken(rows: pd.DataFrame, places: np.ndarray | pd.Series) -> pd.DataFrame:
    """The rows at these places, numbered anew: text is copied once, however often a row is taken."""
    return rows.take(places).reset_index(drop=True)


def every_cell(**parts: Iterable[str | int]) -> pd.MultiIndex:
    """The full product of the parts of a key, named and in the order given: a cell without a service is a row."""
    levels = [
        pd.Index([value if isinstance(value, int) else str(value) for value in part])
        for part in parts.values()
    ]
    shape = [len(level) for level in levels]
    return pd.MultiIndex(levels, list(np.indices(shape).reshape(len(shape), -1)), names=list(parts))
