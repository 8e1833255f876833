"""Whether an activity is a real break: who must stay, and who may come along."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AgeBand, BreakStatus, Tier, Zone


def _activities(description: str) -> Column:
    return Column(Kind.WHOLE, description, required=True, minimum=0)


class ParentSibling(GapTable, name="parent_sibling"):
    """One combination of zone, tier and age band, with what its activities ask of parents and siblings."""

    question = "Is it a real break: may a parent leave, and may brothers and sisters come?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    confirmed = _activities("Activities, every answer about zone, tier and ages certain, whatever the need")
    possible = _activities("Confirmed and all that may also be in the row")
    true_breaks_confirmed = _activities("Confirmed, and a parent need not stay")
    true_breaks_possible = _activities("Possible, and none says that a parent must stay")
    true_break_providers = _activities("Providers behind the confirmed true breaks")
    whole_family_confirmed = _activities("Confirmed, and siblings may come")
    whole_family_possible = _activities("Possible, and none says that siblings may not come")
    parent_stays_yes_confirmed = _activities("Confirmed: a parent must stay")
    parent_stays_yes_possible = _activities("Of the possible: a parent must stay")
    parent_stays_no_confirmed = _activities("Confirmed: a parent need not stay")
    parent_stays_no_possible = _activities("Of the possible: a parent need not stay")
    parent_stays_conditional_confirmed = _activities("Confirmed: it depends whether a parent must stay")
    parent_stays_conditional_possible = _activities("Of the possible: it depends whether a parent must stay")
    parent_stays_unknown_confirmed = _activities(
        "Confirmed: not known, or contradicted, whether a parent must stay"
    )
    parent_stays_unknown_possible = _activities(
        "Of the possible: not known, or contradicted, whether a parent must stay"
    )
    siblings_yes_confirmed = _activities("Confirmed: siblings may come")
    siblings_yes_possible = _activities("Of the possible: siblings may come")
    siblings_no_confirmed = _activities("Confirmed: siblings may not come")
    siblings_no_possible = _activities("Of the possible: siblings may not come")
    siblings_conditional_confirmed = _activities("Confirmed: it depends whether siblings may come")
    siblings_conditional_possible = _activities("Of the possible: it depends whether siblings may come")
    siblings_unknown_confirmed = _activities(
        "Confirmed: not known, or contradicted, whether siblings may come"
    )
    siblings_unknown_possible = _activities(
        "Of the possible: not known, or contradicted, whether siblings may come"
    )
    parent_stays_known = _activities("Of the possible: say yes or no to whether a parent must stay")
    parent_stays_pct = Column(
        Kind.NUMBER,
        "Of these, those where a parent must stay; blank when too few say",
        unit="%",
        minimum=0,
        maximum=100,
    )
    break_status = Column(Kind.TEXT, "Verdict", required=True, values=BreakStatus)
    key = (zone, tier, age_band)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(true_breaks_confirmed, true_breaks_possible, "what is confirmed is also possible"),
        NotAbove(whole_family_confirmed, whole_family_possible, "what is confirmed is also possible"),
        NotAbove(parent_stays_known, possible, "a part is not above the whole"),
    )
