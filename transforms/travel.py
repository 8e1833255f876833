"""Ways to venues from where City families live and their children go to school."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.tables import Location, Origin, Travel
from transforms.thresholds import Thresholds
from transforms.vocabulary import AddressRole, OriginKind


def straight_lines_m(easting: pd.Series, northing: pd.Series, origins: pd.DataFrame) -> pd.DataFrame:
    """Metres in a straight line from each point (EPSG:27700) to each origin.

    One row a point, on the points' index; one column an origin, in the order given.
    """
    east = easting.to_numpy("float64", na_value=np.nan)[:, None] - origins[Origin.easting].to_numpy("float64")
    north = northing.to_numpy("float64", na_value=np.nan)[:, None] - origins[Origin.northing].to_numpy(
        "float64"
    )
    return pd.DataFrame(np.hypot(east, north), index=easting.index, columns=list(origins[Origin.origin]))


def homes(origins: pd.DataFrame) -> pd.DataFrame:
    """The origins at which City families live."""
    return origins[origins[Origin.kind].eq(OriginKind.ESTATE)]


def walking_minutes(distance_m: pd.Series, thresholds: Thresholds) -> pd.Series:
    """Minutes on foot for straight-line metres: × ``walking_detour`` ÷ ``walking_m_per_min``."""
    return distance_m * thresholds.walking_detour / thresholds.walking_m_per_min


def build_travel(locations: pd.DataFrame, origins: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """Every way from an origin to a venue that has a point; estates alone rank, equal distances in their order."""
    venues = locations[
        locations[Location.x_address_role].eq(AddressRole.VENUE) & locations[Location.x_easting].notna()
    ].set_index(Location.id)
    metres = straight_lines_m(venues[Location.x_easting], venues[Location.x_northing], origins)
    ways = metres.melt(var_name=Travel.origin, value_name=Travel.distance_m, ignore_index=False).reset_index()
    ways = ways.rename(columns={Location.id: Travel.location_id})
    from_home = ways[ways[Travel.origin].isin(homes(origins)[Origin.origin])]
    rank = from_home.groupby(Travel.location_id)[Travel.distance_m].rank(method="first")
    ways[Travel.rank] = rank.astype("Int64")
    ways[Travel.walk_min] = walking_minutes(ways[Travel.distance_m], thresholds).round(1)
    ways[Travel.distance_m] = ways[Travel.distance_m].round(1)
    ways[Travel.positional_error_m] = ways[Travel.location_id].map(venues[Location.x_positional_error_m])
    return Travel.frame(ways)
