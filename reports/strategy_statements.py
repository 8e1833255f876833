"""Which published column answers which statement of the SEND strategy 2020-24: the one place that says so.

A statement is told in our own words; the numbers S01 to S48 are ours. Columns come from their tables' classes,
so one that disappears cannot be named here.
"""

from __future__ import annotations

from dataclasses import dataclass

from transforms.schema import Table
from transforms.tables import (
    BespokeCandidates,
    BorderReach,
    CallList,
    CommissioningShare,
    ContractEnd,
    ContractParty,
    Coverage,
    DataQuality,
    Eligibility,
    Funding,
    HealthOffer,
    HealthPathway,
    JointCommissioning,
    Kpi,
    Location,
    ParentSibling,
    PhysicalAccess,
    PreparingForAdulthood,
    Service,
    ServicePathway,
    StrategyCount,
    SupplyDemand,
    TargetTracker,
    TransitionCliff,
    TravelBurden,
)

_SUPPLIED = "its value, in `kpi_values.csv`: `MISSING` until then"
_GROWTH = "from snapshot to snapshot by `squaremile trend`"
_NO_BASELINE = "growth since 2020: the strategy states no baseline"
_BASELINE = "a baseline, in `baselines.csv`: `NO_BASELINE` until then"


class In:
    """Columns of one published table."""

    def __init__(self, table: type[Table], *columns: str) -> None:
        self.table = table
        self.columns = columns


@dataclass(frozen=True)
class Statement:
    """One statement of the strategy, and where it is answered.

    ``by_hand`` is what somebody must supply; ``lacks`` is what has no column of its own.
    """

    number: str
    asks: str
    answered: tuple[In, ...]
    computed: str
    by_hand: str = ""
    lacks: str = ""


def _kpi(number: str, asks: str, measures: str, *columns: str) -> Statement:
    return Statement(number, asks, (In(Kpi, *columns),), f"as supplied: {measures}", _SUPPLIED)


STATEMENTS: tuple[Statement, ...] = (
    Statement("S01", "Whom it is about: children and young people from birth to 25",
              (In(Coverage, Coverage.age_band), In(Service, Service.minimum_age, Service.maximum_age)),
              "five age bands from 0 to 25; a service of unknown ages is possible in each"),
    Statement("S02", "Is the Local Offer published in full?", (In(DataQuality, DataQuality.value_pct),),
              "dimension `completeness`: answers given of the eight that a commissioner needs of every service"),
    Statement("S03", "How much is commissioned by authority and health together?",
              (In(CommissioningShare, CommissioningShare.measure, CommissioningShare.share_pct),
               In(ContractParty, ContractParty.contract_id, ContractParty.commissioner_type)),
              "activities bought by both, of those somebody buys; withheld where too little is told"),
    _kpi("S04", "Are EHC plans issued within 20 weeks?", "plans issued in time, of all issued in the year",
         Kpi.value, Kpi.base, Kpi.status),
    Statement("S05", "How does that compare with England and London?",
              (In(Kpi, Kpi.benchmark_england, Kpi.benchmark_london, Kpi.benchmark_as_at),),
              "the figures of 2017 that the strategy states, as dated reference"),
    Statement("S06", "Many children go to school outside the City", (In(SupplyDemand, SupplyDemand.caveat),),
              "children are counted where they live, never at school, and each row says so"),
    Statement("S07", "What is open to children at SEN Support, and what only to those with a plan?",
              (In(StrategyCount, StrategyCount.part, StrategyCount.confirmed, StrategyCount.possible,
                  StrategyCount.share_pct),
               In(Eligibility, Eligibility.sen_stage)),
              "measure `sen_stage`: activities by what a family must hold; withheld where too little is told"),
    Statement("S08", "Do families say what would make the Local Offer more useful?", (In(Kpi, Kpi.value),),
              "as supplied: items of feedback, and items answered in public", by_hand=_SUPPLIED),
    Statement("S09", "Health services come by one of two GP routes",
              (In(HealthOffer, HealthOffer.city_hackney_offered, HealthOffer.tower_hamlets_offered),
               In(HealthPathway, HealthPathway.route)),
              "by the GP with whom a child is registered, never by today's board: both routes lead to one"),
    Statement("S10", "Where do the two routes differ?", (In(HealthOffer, HealthOffer.alignment),),
              "ages, referral and presence of each service compared between the routes"),
    Statement("S11", "Are the pathways more aligned?",
              (In(HealthOffer, HealthOffer.alignment), In(CommissioningShare, CommissioningShare.share_pct)),
              "rows that are aligned, of those known on both routes"),
    Statement("S12", "What is commissioned with another borough?",
              (In(JointCommissioning, JointCommissioning.buyers_confirmed,
                  JointCommissioning.joint_contracts_confirmed),
               In(ContractEnd, ContractEnd.commissioners, ContractEnd.city_part),
               In(ContractParty, ContractParty.org_code, ContractParty.role)),
              "contracts with the City and another party"),
    Statement("S13", "What stops when a child changes school or stage?",
              (In(TransitionCliff, TransitionCliff.transition, TransitionCliff.ending_confirmed,
                  TransitionCliff.onward_confirmed, TransitionCliff.gap_status),),
              "services that end at a transition, against those that bridge it or start there"),
    Statement("S14", "Is the Local Offer kept up to date?",
              (In(DataQuality, DataQuality.value_pct), In(Service, Service.x_last_verified)),
              "dimension `timeliness`: services checked recently enough, of all"),
    Statement("S15", "What is offered online?", (In(Service, Service.x_delivery_mode),),
              "as the roster says; online has a zone of its own and is in no target"),
    Statement("S16", "Is provision made from evidence of need?",
              (In(BespokeCandidates, BespokeCandidates.reason),), "what nothing fits, by need, age and tier, and why"),
    Statement("S17", "Does the range of services match the needs?",
              (In(Coverage, Coverage.confirmed, Coverage.possible, Coverage.gap_status),),
              "activities for each need, age band, tier and zone"),
    Statement("S18", "Are there new joint services, and personal budgets?",
              (In(CommissioningShare, CommissioningShare.measure, CommissioningShare.confirmed),
               In(Funding, Funding.x_route)),
              "the City's joint contracts begun within a year; activities payable by personal budget"),
    Statement("S19", "Do children start school with what they need?",
              (In(Coverage, Coverage.age_band, Coverage.gap_status),), "coverage of the band under 5"),
    Statement("S20", "Both SEN Support and EHC plans count",
              (In(StrategyCount, StrategyCount.confirmed), In(Eligibility, Eligibility.sen_stage)), "as S07"),
    Statement("S21", "Are there options across work, home life, health and leisure?",
              (In(PreparingForAdulthood, PreparingForAdulthood.pathway, PreparingForAdulthood.confirmed,
                  PreparingForAdulthood.gap_status),),
              "activities for each Preparing-for-Adulthood pathway, year of age and zone"),
    Statement("S22", "Which outcomes of Preparing for Adulthood does a service serve?",
              (In(ServicePathway, ServicePathway.pathway, ServicePathway.basis),),
              "from its words or its kind; the basis stands beside it"),
    Statement("S23", "Is there a way on without an EHC plan as well?",
              (In(TransitionCliff, TransitionCliff.onward_without_plan_confirmed,
                  TransitionCliff.onward_without_plan_possible),),
              "of what goes on past a transition, what asks for no plan"),
    Statement("S24", "Are there more supported internships and work experience?",
              (In(PreparingForAdulthood, PreparingForAdulthood.internships_confirmed,
                  PreparingForAdulthood.internships_possible),),
              f"those among the activities, by year of age and zone; {_GROWTH}", lacks=_NO_BASELINE),
    Statement("S25", "Is there careers advice for all?",
              (In(PreparingForAdulthood, PreparingForAdulthood.careers_confirmed,
                  PreparingForAdulthood.careers_possible),),
              "careers advice among the activities, by year of age and zone"),
    _kpi("S26", "Are all aged 16 to 25 in education, training or work?",
         "met or not met only, and withheld of fewer than ten", Kpi.status),
    Statement("S27", "Which kinds of activity are there for everyone?", (In(Service, Service.x_short_break_type),),
              "the kind of each service, read from its words"),
    Statement("S28", "What does the City buy for children with SEND in particular?",
              (In(CommissioningShare, CommissioningShare.confirmed, CommissioningShare.share_pct),
               In(JointCommissioning, JointCommissioning.city_part)),
              "specialist activities, of those the City buys"),
    Statement("S29", "The contract with Hackney for specialist short breaks",
              (In(ContractEnd, ContractEnd.commissioners, ContractEnd.lot, ContractEnd.days_to_end,
                  ContractEnd.sole_confirmed_cells),),
              "each lot that both buy: its days left, and what rests on it alone"),
    Statement("S30", "How much of it takes place in other boroughs?",
              (In(CommissioningShare, CommissioningShare.share_pct), In(Location, Location.x_zone)),
              "activities outside, of those the City buys that have a venue"),
    Statement("S31", "How far must families travel?",
              (In(TravelBurden, TravelBurden.nearest_confirmed_walk_min, TravelBurden.nearest_possible_walk_min,
                  TravelBurden.second_confirmed_walk_min, TravelBurden.public_transport_min),),
              "minutes on foot from each estate to the nearest and second nearest; public transport is not measured"),
    Statement("S32", "Do most activities ask a parent to stay?",
              (In(ParentSibling, ParentSibling.parent_stays_pct, ParentSibling.parent_stays_known),),
              "yes, of yes and no; unknown stands apart, and too many unknown withhold the share"),
    Statement("S33", "Does the number inside the Square Mile grow?",
              (In(TargetTracker, TargetTracker.confirmed, TargetTracker.possible),),
              "activities inside for certain, and those that may be"),
    Statement("S34", "Are there more that siblings can join?",
              (In(ParentSibling, ParentSibling.siblings_yes_confirmed, ParentSibling.siblings_yes_possible),),
              f"activities that welcome siblings; {_GROWTH}", lacks=_NO_BASELINE),
    Statement("S35", "How near is the border?", (In(BorderReach, BorderReach.boundary_distance_m),),
              "straight line from a venue outside to the boundary, to a mile"),
    Statement("S36", "Who across it takes City children?",
              (In(BorderReach, BorderReach.accepts_city_residents, BorderReach.is_call_needed),
               In(Eligibility, Eligibility.accepts_city_residents, Eligibility.evidence)),
              "yes, no, on a condition or unknown, with the evidence; unknown is a call to make"),
    Statement("S37", "Where must something be designed?",
              (In(BespokeCandidates, BespokeCandidates.reason, BespokeCandidates.rule_to_relax),),
              "cells without anything that fits; never a child"),
    Statement("S38", "The SEND Friendly City audit",
              (In(Kpi, Kpi.value), In(PhysicalAccess, PhysicalAccess.yes_confirmed)),
              "as supplied: the mean score of an audit; beside it, what venues say of access", _SUPPLIED),
    Statement("S39", "Building relations with providers", (In(CallList, CallList.rank, CallList.call_closes),),
              "whom to ring first: what each answer would close"),
    Statement("S40", "Half as many universal and specialist activities again",
              (In(TargetTracker, TargetTracker.change_pct, TargetTracker.target, TargetTracker.shortfall,
                  TargetTracker.status),),
              "target is the baseline and a half, rounded up; sessions and place-hours stand beside it", _BASELINE),
    _kpi("S41", "A parent carer forum of ten and a working committee",
         "two measures, each met or not met; both must be met", Kpi.status),
    _kpi("S42", "Ten children and young people in City groups", "met or not met only", Kpi.status),
    Statement("S43", "Does the audit show improvement?", (In(Kpi, Kpi.value, Kpi.status),),
              "the score less that of the year before, worked out from S38", _SUPPLIED),
    _kpi("S44", "Are staff of all teams trained, the City police among them?",
         "teams with somebody trained, and staff who are, each with what it is a share of", Kpi.value, Kpi.base,
         Kpi.status),
    _kpi("S45", "Are parents of children at SEN Support in the forum?", "withheld below eight", Kpi.value, Kpi.status),
    Statement("S46", "Is the information and advice service (SENDIASS) there, in each borough?",
              (In(StrategyCount, StrategyCount.part, StrategyCount.confirmed, StrategyCount.possible),
               In(Service, Service.x_short_break_type)),
              "measure `sendiass`: running services of that kind, by authority whose roster lists them"),
    Statement("S47", "The one school in the City", (In(TravelBurden, TravelBurden.origin, TravelBurden.origin_kind),),
              "rows of kind `school`: journeys from The Aldgate School, in the age bands that it takes"),
    _kpi("S48", "Are children's voices heard?", "as S42", Kpi.status),
)  # fmt: skip
