"""What a kind of service counts as: under the short-breaks Regulations, and on the way to adulthood."""

from __future__ import annotations

from transforms.vocabulary import Pathway, Regulation4
from transforms.vocabulary import ShortBreakType as Kind

# Regulation 4 of the Breaks for Carers of Disabled Children Regulations 2011 asks for four kinds of service.
# A club named by its hour counts as (d), services in evenings, at weekends and in holidays; one named by what
# is done there as (c), educational or leisure activities outside the home. Where a kind could be two, the
# choice is our judgement. Kinds that are missing here are no short break, or money that may buy any of them.
REGULATION_4_OF: dict[Kind, Regulation4] = {
    Kind.DAY_CARE_IN_HOME: Regulation4.DAY_CARE,
    Kind.DAY_CARE_ELSEWHERE: Regulation4.DAY_CARE,
    Kind.DOMICILIARY_CARE: Regulation4.DAY_CARE,
    Kind.SITTING: Regulation4.DAY_CARE,
    # A worker has the child in care for some hours, at home or out and about.
    Kind.OUTREACH_1TO1: Regulation4.DAY_CARE,
    Kind.SPECIALIST_OUTREACH_1TO1: Regulation4.DAY_CARE,
    Kind.OVERNIGHT_IN_HOME: Regulation4.OVERNIGHT,
    Kind.OVERNIGHT_RESIDENTIAL: Regulation4.OVERNIGHT,
    Kind.FAMILY_BASED_OVERNIGHT: Regulation4.OVERNIGHT,
    Kind.RESIDENTIAL_TRIP: Regulation4.OVERNIGHT,
    Kind.EVENING_CLUB: Regulation4.EVENING_WEEKEND_HOLIDAY,
    Kind.WEEKEND_CLUB: Regulation4.EVENING_WEEKEND_HOLIDAY,
    Kind.HOLIDAY_PLAYSCHEME: Regulation4.EVENING_WEEKEND_HOLIDAY,
    # After school is still the afternoon.
    Kind.AFTER_SCHOOL_CLUB: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.BEFRIENDING: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.LEISURE_ACTIVITY: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.EDUCATION_ACTIVITY: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.SPORT: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.ARTS: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.ADVENTURE_PLAY: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.YOUTH_CLUB: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
    Kind.STAY_AND_PLAY: Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME,
}

SHORT_BREAKS: tuple[Kind, ...] = tuple(REGULATION_4_OF)

# Kinds of service that are for one Preparing-for-Adulthood outcome whatever they are called.
PATHWAY_OF: dict[Kind, Pathway] = {
    Kind.SUPPORTED_INTERNSHIP: Pathway.EMP,
    Kind.WORK_EXPERIENCE: Pathway.EMP,
    Kind.CAREERS_IAG: Pathway.EMP,
    Kind.TRAVEL_TRAINING: Pathway.IL,
    Kind.INDEPENDENT_LIVING_SKILLS: Pathway.IL,
    Kind.BEFRIENDING: Pathway.CI,
}
