"""How many children and young people of the City may need something, before disclosure control."""

from __future__ import annotations

import pandas as pd

from transforms.tables import CITY_LAD_CODE, EhcPlans, ExpectedChildren, Population

LONDON, ENGLAND = "E12000007", "E92000001"


def expected_children(plans: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """EHC plans of the City by need, and the plans it would have at the rates of London and of England.

    One row a need and one for all, of the newest period, on ``ExpectedChildren`` without its release. The rate
    is a region's plans of a need ÷ its people aged 0 to 25; the estimate is that × the City's people aged 0 to 25.
    A rate takes no account of age: young adults have few plans and are most of the City's young people, so it says
    too much rather than too little. Children at SEN support are in neither figure.

    Sources: Department for Education, education, health and care plans; Office for National Statistics, mid-year
    population estimates. Only the City, so that no wider area can be subtracted from (one geography per count).
    """
    of_city = _newest(plans, CITY_LAD_CODE)
    people = population.groupby(Population.area_code)[Population.people].sum().astype("float64")
    at_rates = pd.DataFrame(
        {
            area: of_city[EhcPlans.need].map(
                _newest(plans, area).set_index(EhcPlans.need)[EhcPlans.plans].astype("float64")
            )
            / people.get(area)
            * people.get(CITY_LAD_CODE)
            for area in (LONDON, ENGLAND)
            if {area, CITY_LAD_CODE} <= set(people.index)
        },
        index=of_city.index,
    )
    return pd.DataFrame(
        {
            ExpectedChildren.area_code: of_city[EhcPlans.area_code],
            ExpectedChildren.need: of_city[EhcPlans.need],
            ExpectedChildren.plans: of_city[EhcPlans.plans],
            ExpectedChildren.plans_mark: of_city[EhcPlans.mark],
            ExpectedChildren.estimate_low: at_rates.min(axis=1).round(1),
            ExpectedChildren.estimate_high: at_rates.max(axis=1).round(1),
            ExpectedChildren.period: of_city[EhcPlans.period],
        }
    )


def _newest(plans: pd.DataFrame, area_code: str) -> pd.DataFrame:
    """Plans of one area in the newest period there is for it."""
    of_area = plans[plans[EhcPlans.area_code].eq(area_code)]
    return of_area[of_area[EhcPlans.period].eq(of_area[EhcPlans.period].max())]
