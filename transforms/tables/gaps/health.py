"""Health services as reached from each GP route."""

from __future__ import annotations

from transforms.schema import Column, Kind
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import OLDEST_AGE, AgeBand, Answer, PathwayAlignment, PathwayDifference


def _offered(route: str, *, required: bool) -> Column:
    return Column(
        Kind.TEXT, f"{route}: offered at some age of the band, by what was checked recently",
        required=required, values=Answer,
    )  # fmt: skip


def _age(route: str, which: str, oldest: int) -> Column:
    return Column(
        Kind.WHOLE, f"{route}: {which} age of the service as stated", unit="years", minimum=0, maximum=oldest
    )


def _referral(route: str) -> Column:
    return Column(Kind.TEXT, f"{route}: who may refer, in the roster's words")


def _wait(route: str) -> Column:
    return Column(Kind.WHOLE, f"{route}: weeks to first appointment", unit="weeks", minimum=0)


def _checked(route: str) -> Column:
    return Column(Kind.DATE, f"{route}: when last checked")


_HACKNEY, _TOWER_HAMLETS, _ISLINGTON = "City & Hackney GP", "Tower Hamlets GP", "Islington GP"


class HealthOffer(GapTable, name="health_pathway"):
    """One health service at one age band, as reached from each GP route."""

    question = "Do City children get the same from a health service whichever GP they are registered with?"
    service_name = Column(Kind.TEXT, "Health service", required=True)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    city_hackney_offered = _offered(_HACKNEY, required=True)
    city_hackney_minimum_age = _age(_HACKNEY, "youngest", OLDEST_AGE)
    city_hackney_maximum_age = _age(_HACKNEY, "oldest", 99)
    city_hackney_referral = _referral(_HACKNEY)
    city_hackney_wait_weeks = _wait(_HACKNEY)
    city_hackney_last_verified = _checked(_HACKNEY)
    tower_hamlets_offered = _offered(_TOWER_HAMLETS, required=True)
    tower_hamlets_minimum_age = _age(_TOWER_HAMLETS, "youngest", OLDEST_AGE)
    tower_hamlets_maximum_age = _age(_TOWER_HAMLETS, "oldest", 99)
    tower_hamlets_referral = _referral(_TOWER_HAMLETS)
    tower_hamlets_wait_weeks = _wait(_TOWER_HAMLETS)
    tower_hamlets_last_verified = _checked(_TOWER_HAMLETS)
    islington_offered = _offered(_ISLINGTON, required=False)
    islington_minimum_age = _age(_ISLINGTON, "youngest", OLDEST_AGE)
    islington_maximum_age = _age(_ISLINGTON, "oldest", 99)
    islington_referral = _referral(_ISLINGTON)
    islington_wait_weeks = _wait(_ISLINGTON)
    islington_last_verified = _checked(_ISLINGTON)
    wait_difference_weeks = Column(
        Kind.WHOLE,
        "Weeks that a child on the Tower Hamlets route waits longer than one on the City & Hackney route; "
        "negative where shorter",
        unit="weeks",
    )
    stated_differences = Column(
        Kind.TEXT,
        "In what the two routes of the City differ as stated, however long ago it was checked",
        values=PathwayDifference,
        several=True,
    )
    alignment = Column(
        Kind.TEXT, "Verdict on the two routes of the City", required=True, values=PathwayAlignment
    )
    key = (service_name, age_band)
