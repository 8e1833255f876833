"""Lines → services and what belongs to them: times, prices, terms, needs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from transforms.identifiers import make_id
from transforms.normalise.readings import Readings
from transforms.parsers import (
    ages,
    choices,
    contacts,
    costs,
    funding,
    needs,
    periods,
    residency,
    schedules,
    values,
)
from transforms.parsers.reading import CONFIDENCE
from transforms.parsers.session_times import hours_between
from transforms.parsers.synonyms import Synonyms, evened
from transforms.short_breaks import PATHWAY_OF, REGULATION_4_OF
from transforms.tables import (
    CostOption,
    Eligibility,
    Funding,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServicePathway,
)
from transforms.tables import ShortBreakLine as L
from transforms.thresholds import Thresholds
from transforms.vocabulary import (
    Answer,
    CalendarPeriod,
    CostUnit,
    DaySlot,
    DeliveryMode,
    NeedScope,
    ParseStatus,
    PathwayBasis,
    SenStage,
    ServiceStatus,
    ShortBreakType,
    Tier,
    Weekday,
)

_WEEKEND = {Weekday.SA, Weekday.SU}
HOURS_IN_A_DAY = 24


def _or_unknown(readings: Readings, field: str, unknown: str) -> pd.Series:
    return readings.of[field][choices.VALUE].fillna(unknown)


def native_service_id(source: str, ref: str) -> str:
    """Identifier that the key of a service in its own roster gives."""
    return make_id("svc", source, ref)


def build_services(
    readings: Readings, organization_id: pd.Series, modes: pd.Series, synonyms: Synonyms, source: str
) -> pd.DataFrame:
    """One service per line; lines of one record share an id."""
    lines = readings.lines
    bespoke = synonyms["bespoke"]
    named = lines[L.service_name].str.cat(lines[L.kind_of_service], sep=" ~ ", na_rep="")
    kind = readings.of["kind_of_service"][choices.VALUE]
    # The kind may stand in the name when the roster has no column for it.
    from_name = choices.read_choice(lines[L.service_name], synonyms["short_break_type"], in_name=True)[
        choices.VALUE
    ]
    kind = kind.where(kind.notna(), from_name).fillna(ShortBreakType.UNKNOWN.value)
    website = contacts.read_websites(lines[L.website])[values.VALUE]
    ids = [native_service_id(source, ref) for ref in lines[L.record_ref]]
    return pd.DataFrame(
        {
            Service.id: ids,
            Service.organization_id: organization_id,
            Service.name: lines[L.service_name],
            Service.url: website,
            Service.status: readings.of["status"][choices.VALUE].fillna(ServiceStatus.ACTIVE.value),
            Service.minimum_age: readings.of["ages"][ages.LOW],
            Service.maximum_age: readings.of["ages"][ages.HIGH],
            Service.x_last_verified: readings.of["last_verified"][values.VALUE],
            Service.x_ends_on: readings.of["valid_to"][values.VALUE],
            Service.x_tier: _or_unknown(readings, "tier", Tier.UNKNOWN),
            Service.x_tier_native: lines[L.tier],
            Service.x_short_break_type: kind,
            Service.x_regs2011_element: kind.map(
                {of.value: element.value for of, element in REGULATION_4_OF.items()}
            ),
            Service.x_delivery_mode: _in_all_its_places(modes, ids),
            Service.x_is_bespoke: [bool(bespoke.within(text)) for text in named],
            Service.x_source: source,
            Service.x_cluster_id: ids,
        },
        index=lines.index,
    )


def _in_all_its_places(modes: pd.Series, service_ids: Sequence[str]) -> pd.Series:
    """How each line's service reaches a child: hybrid where one of its places is online and another on the ground."""
    both = {DeliveryMode.ONLINE.value, DeliveryMode.PHYSICAL.value}
    found = modes.groupby(service_ids).agg(lambda own: both <= set(own))
    return modes.mask(found.loc[service_ids].to_numpy("bool"), DeliveryMode.HYBRID.value)


def build_service_at_location(
    readings: Readings, service_id: pd.Series, location_id: pd.Series
) -> pd.DataFrame:
    """One service at one place per line."""
    return pd.DataFrame(
        {
            ServiceAtLocation.id: [
                make_id("sal", *pair) for pair in zip(service_id, location_id, strict=True)
            ],
            ServiceAtLocation.service_id: service_id,
            ServiceAtLocation.location_id: location_id,
            ServiceAtLocation.x_places_per_session: readings.of["places"][values.VALUE],
            ServiceAtLocation.x_ratio: readings.lines[L.ratio],
        },
        index=service_id.index,
    )


def build_schedules(readings: Readings, sal_id: pd.Series, thresholds: Thresholds) -> pd.DataFrame:
    """One row per session; a line whose times cannot be read keeps one row with what is known."""
    reading = readings.of["schedule"]
    seasons = readings.of["calendar_period"][periods.SEVERAL_PERIODS]
    spoken = [
        c
        for c in (
            L.schedule,
            L.byday,
            L.monday,
            L.tuesday,
            L.wednesday,
            L.thursday,
            L.friday,
            L.saturday,
            L.sunday,
        )
        if readings.lines[c].notna().any()
    ]
    raw = readings.lines[spoken].fillna("").agg(" ".join, axis=1).str.strip() if spoken else None
    rows, index = [], []
    for line, sessions in reading[schedules.SESSIONS].items():
        beside = seasons[line] if isinstance(seasons[line], tuple) else ()
        listed = [
            (session, period)
            for session in (sessions if isinstance(sessions, tuple) else ({},))
            for period in periods.narrowed(session.get(Schedule.x_calendar_period), beside)
        ]
        for number, (session, period) in enumerate(listed):
            hours = hours_between(session.get(Schedule.opens_at), session.get(Schedule.closes_at))
            rows.append(
                {
                    **session,
                    Schedule.id: make_id("sch", sal_id[line], number),
                    Schedule.service_at_location_id: sal_id[line],
                    Schedule.valid_from: readings.of["valid_from"].at[line, values.VALUE],
                    Schedule.valid_to: readings.of["valid_to"].at[line, values.VALUE],
                    Schedule.description: raw[line] or None if raw is not None else None,
                    Schedule.x_calendar_period: period,
                    Schedule.x_day_slot: _day_slot(session, period, hours, thresholds).value,
                    Schedule.x_hours: hours,
                    Schedule.x_parse_status: reading.at[line, "status"]
                    if session
                    else ParseStatus.UNPARSED.value,
                }
            )
            index.append(line)
    return pd.DataFrame(rows, index=index)


def _day_slot(session: dict[str, str], period: str, hours: float | None, thresholds: Thresholds) -> DaySlot:
    opens, closes, days = (session.get(c) for c in (Schedule.opens_at, Schedule.closes_at, Schedule.byday))
    if not opens or not closes or not days:
        return DaySlot.UNKNOWN
    # Midnight ends an evening; round the clock takes in the night.
    if (closes <= opens and closes != "00:00") or hours == HOURS_IN_A_DAY:
        return DaySlot.OVERNIGHT
    if {code[-2:] for code in days.split(",")} <= _WEEKEND:
        return DaySlot.WEEKEND_AM if opens < "12:00" else DaySlot.WEEKEND_PM
    is_holiday = period not in (CalendarPeriod.TERM_TIME, CalendarPeriod.ALL_YEAR, CalendarPeriod.UNKNOWN)
    if is_holiday and hours and hours >= thresholds.holiday_day_hours:
        return DaySlot.ALL_DAY_HOLIDAY
    if opens < closes <= thresholds.school_day_from:
        return DaySlot.BEFORE_SCHOOL
    if opens >= thresholds.evening_from:
        return DaySlot.EVENING
    return DaySlot.AFTER_SCHOOL if opens >= thresholds.after_school_from else DaySlot.SCHOOL_DAY


def build_costs(readings: Readings, service_id: pd.Series) -> pd.DataFrame:
    """One row per price; a line without a readable price keeps one row that says so."""
    payable = _or_unknown(readings, "dp_payable", Answer.UNKNOWN)
    rows, index = [], []
    for line, options in readings.of["cost"][costs.OPTIONS].items():
        unread = {CostOption.x_unit: CostUnit.UNKNOWN.value}
        raw = readings.lines.at[line, L.cost]
        if not isinstance(options, tuple) and pd.isna(raw) and payable[line] == Answer.UNKNOWN:
            continue
        for number, option in enumerate(options if isinstance(options, tuple) else (unread,)):
            rows.append(
                {
                    **option,
                    CostOption.id: make_id("cst", service_id[line], number),
                    CostOption.service_id: service_id[line],
                    CostOption.amount_description: raw,
                    CostOption.x_dp_payable: payable[line],
                }
            )
            index.append(line)
    return pd.DataFrame(rows, index=index)


def build_funding(readings: Readings, service_id: pd.Series) -> pd.DataFrame:
    """Who pays: one row per service and source of money that its roster names."""
    rows, index = [], []
    for line, sources in readings.of["funding"][funding.SOURCES].items():
        for number, source in enumerate(sources if isinstance(sources, tuple) else ()):
            id_parts = (service_id[line], number) if number else (service_id[line],)
            rows.append(
                {**source, Funding.id: make_id("fnd", *id_parts), Funding.service_id: service_id[line]}
            )
            index.append(line)
    return pd.DataFrame(rows, index=index)


def build_eligibility(
    readings: Readings, service_id: pd.Series, synonyms: Synonyms, date_format: str
) -> pd.DataFrame:
    """Who may come: one row per service. What a roster does not say is unknown."""
    lines = readings.lines
    accepts = residency.residency_evidence(
        readings.of["residency"],
        lines[L.residency],
        lines[L.funding],
        readings.of["last_verified"][values.VALUE],
        synonyms,
        date_format,
    )
    return accepts.assign(
        **{
            Eligibility.service_id: service_id,
            Eligibility.condition: lines[L.residency],
            Eligibility.sen_stage: _or_unknown(readings, "sen_stage", SenStage.UNKNOWN),
            Eligibility.parent_must_stay: _or_unknown(readings, "parent_stays", Answer.UNKNOWN),
            Eligibility.parent_condition: readings.of["parent_stays"][choices.CONDITION],
            Eligibility.siblings_welcome: _or_unknown(readings, "siblings", Answer.UNKNOWN),
            Eligibility.siblings_condition: readings.of["siblings"][choices.CONDITION],
        }
    )


def build_needs(readings: Readings, service_id: pd.Series) -> pd.DataFrame:
    """One row per need that a service names or may mean; one without a code for "any" or "all"."""
    rows, index = [], []
    reading = readings.of["needs"]
    unsaid = {ServiceNeed.need_code: None, ServiceNeed.scope: NeedScope.NOT_STATED.value}
    for line, entries in reading[needs.NEEDS].items():
        for entry in entries if isinstance(entries, tuple) else (unsaid,):
            rows.append(
                {
                    ServiceNeed.confidence: reading.at[line, CONFIDENCE],
                    **entry,
                    ServiceNeed.service_id: service_id[line],
                    ServiceNeed.raw: readings.lines.at[line, L.needs],
                }
            )
            index.append(line)
    return pd.DataFrame(rows, index=index)


def build_pathways_to_adulthood(
    services: pd.DataFrame, lines: pd.DataFrame, synonyms: Synonyms, thresholds: Thresholds
) -> pd.DataFrame:
    """One row per service and Preparing-for-Adulthood outcome, by its name or its kind.

    A service whose oldest age is below that of preparing for adulthood has none.
    """
    phrases = synonyms["pathway"]
    too_young = services[Service.maximum_age].lt(thresholds.adulthood_prepared_from_age).fillna(False)
    rows, index = [], []
    old_enough = services[~too_young.astype(bool)]
    words = lines.loc[old_enough.index, [L.service_name, L.kind_of_service]]
    for line, service_id, kind, *said in zip(
        old_enough.index,
        old_enough[Service.id],
        old_enough[Service.x_short_break_type],
        *(words[column].to_numpy(object) for column in words),
        strict=True,
    ):
        named = " ~ ".join(word for word in said if pd.notna(word))
        by_words = {hit.codes[0] for hit in choices.affirmed(evened(named), phrases)}
        by_kind = PATHWAY_OF.get(ShortBreakType(kind))
        for pathway in sorted(by_words | ({by_kind.value} if by_kind else set())):
            basis = PathwayBasis.WORDS if pathway in by_words else PathwayBasis.KIND_OF_SERVICE
            rows.append(
                {
                    ServicePathway.service_id: service_id,
                    ServicePathway.pathway: pathway,
                    ServicePathway.basis: basis.value,
                }
            )
            index.append(line)
    return pd.DataFrame(rows, index=index, columns=ServicePathway.names())
