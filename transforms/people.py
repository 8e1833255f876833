"""Where young people live, as far as published figures tell."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.tables import CITY_LAD_CODE, Origin, PeoplePoint, Population
from transforms.travel import homes


def people_points(
    population: pd.DataFrame, origins: pd.DataFrame, postcodes: pd.DataFrame, square_m: float
) -> pd.DataFrame:
    """People aged 0 to 25 at points, EPSG:27700, on ``PeoplePoint``.

    The City's people stand in equal parts at its estates, since most of its postcodes are offices. A neighbour's
    are spread over its postcodes (``PeoplePoint`` columns without people), which are dense where addresses are, and
    brought together by squares of ``square_m`` metres, each at the mean of its postcodes. Neither is a count of
    anybody: nobody publishes where the City's young people live, and a postcode may be an office elsewhere too.
    """
    people = population.groupby(Population.area_code)[Population.people].sum().astype("float64")
    at = homes(origins)[[Origin.easting, Origin.northing]].assign(**{PeoplePoint.area_code: CITY_LAD_CODE})
    near = postcodes.assign(
        east=np.floor(postcodes[PeoplePoint.easting] / square_m),
        north=np.floor(postcodes[PeoplePoint.northing] / square_m),
    ).groupby([PeoplePoint.area_code, "east", "north"], as_index=False)
    squares = near.agg(
        **{name: (name, "mean") for name in (PeoplePoint.easting, PeoplePoint.northing)},
        share=(PeoplePoint.easting, "size"),
    ).drop(columns=["east", "north"])
    points = pd.concat([at.assign(share=1), squares], ignore_index=True)
    share = points["share"] / points.groupby(PeoplePoint.area_code)["share"].transform("sum")
    points[PeoplePoint.people] = share * points[PeoplePoint.area_code].map(people)
    return PeoplePoint.frame(points.drop(columns="share").dropna(subset=[PeoplePoint.people]))
