"""How far each roster can be trusted."""

from __future__ import annotations

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured, no_members
from transforms.supply import IS_VERIFIED, SERVICE_ID
from transforms.tables import (
    DataQuality,
    Eligibility,
    Issue,
    Location,
    Service,
    ServiceNeed,
    SourceRecord,
    ValueProvenance,
)
from transforms.vocabulary import (
    AddressRole,
    Answer,
    GeocodeMethod,
    NeedScope,
    Outcome,
    ParseStatus,
    QualityDimension,
    QualityStatus,
    Tier,
)

_REPEATS = ("exact_copy", "contradicting_copies")
_CONTRADICTIONS = (
    "columns_in_order",
    "columns_agree",
    "coordinates_far_from_postcode",
    "contradicting_copies",
)


def data_quality(inputs: GapInputs) -> Measured:
    """How far can each borough's roster be trusted?

    Per source: *completeness*, answers given of the eight a commissioner needs of every service (youngest and
    oldest age, tier, need, residency, parent, siblings, last check); *validity*, filled cells that could
    be read; *uniqueness*, rows that repeat no other; *consistency*, rows that do not contradict
    themselves; *timeliness*, services checked recently; *geocode*, venues placed on the map.
    A source without anything to measure has no percentage.
    """
    least = inputs.thresholds
    threshold = {
        QualityDimension.COMPLETENESS: least.good_completeness_pct,
        QualityDimension.VALIDITY: least.good_validity_pct,
        QualityDimension.UNIQUENESS: least.good_uniqueness_pct,
        QualityDimension.CONSISTENCY: least.good_consistency_pct,
        QualityDimension.TIMELINESS: least.good_timeliness_pct,
        QualityDimension.GEOCODE: least.good_geocode_pct,
    }
    records = inputs.frames[SourceRecord]
    in_scope = records[records[SourceRecord.outcome].ne(Outcome.REJECTED)]
    rows = []
    for source in sorted(records[SourceRecord.source].unique()):
        measured = _measures(inputs, source, in_scope[in_scope[SourceRecord.source].eq(source)])
        for dimension, (good, looked_at) in measured.items():
            value = round(good / looked_at * 100, 1) if looked_at else None
            if value is None:
                status = QualityStatus.NOT_APPLICABLE
            else:
                status = (
                    QualityStatus.GOOD if value >= threshold[dimension] else QualityStatus.BELOW_THRESHOLD
                )
            rows.append(
                {
                    DataQuality.source: source,
                    DataQuality.dimension: dimension.value,
                    DataQuality.numerator: good,
                    DataQuality.denominator: looked_at,
                    DataQuality.value_pct: value,
                    DataQuality.threshold_pct: threshold[dimension],
                    DataQuality.status: status.value,
                }
            )
    table = pd.DataFrame(rows, columns=[c for c in DataQuality.names() if c not in _STAMPS])
    return Measured(table, no_members())


_STAMPS = {DataQuality.snapshot_date, DataQuality.run_id, DataQuality.method_version}


def _measures(
    inputs: GapInputs, source: str, records: pd.DataFrame
) -> dict[QualityDimension, tuple[int, int]]:
    frames = inputs.frames
    services = frames[Service][frames[Service][Service.x_source].eq(source)]
    ids = set(services[Service.id])
    issues = frames[Issue][frames[Issue][Issue.source].eq(source)]
    readings = frames[ValueProvenance][frames[ValueProvenance][ValueProvenance.id].isin(ids)]
    read = readings[ValueProvenance.status].isin([ParseStatus.PARSED, ParseStatus.PARTIAL])
    venues = frames[Location][
        frames[Location][Location.x_source].eq(source)
        & frames[Location][Location.x_address_role].eq(AddressRole.VENUE)
    ]
    checked = inputs.supply[inputs.supply[SERVICE_ID].isin(ids)].drop_duplicates(SERVICE_ID)[IS_VERIFIED]
    return {
        QualityDimension.COMPLETENESS: _answers(services, frames[Eligibility], frames[ServiceNeed]),
        QualityDimension.VALIDITY: (int(read.sum()), len(read)),
        QualityDimension.UNIQUENESS: _without(records, issues, _REPEATS),
        QualityDimension.CONSISTENCY: _without(records, issues, _CONTRADICTIONS),
        QualityDimension.TIMELINESS: (int(checked.sum()), len(checked)),
        QualityDimension.GEOCODE: (
            int(venues[Location.x_geocode_method].ne(GeocodeMethod.NONE).sum()),
            len(venues),
        ),
    }


def _answers(services: pd.DataFrame, eligibility: pd.DataFrame, needs: pd.DataFrame) -> tuple[int, int]:
    terms = services[[Service.id]].merge(
        eligibility, left_on=Service.id, right_on=Eligibility.service_id, validate="1:1"
    )
    stated = needs[needs[ServiceNeed.scope].ne(NeedScope.NOT_STATED)][ServiceNeed.service_id]
    given = [
        services[Service.minimum_age].notna(),
        services[Service.maximum_age].notna(),
        services[Service.x_tier].ne(Tier.UNKNOWN),
        services[Service.x_last_verified].notna(),
        services[Service.id].isin(set(stated)),
        terms[Eligibility.accepts_city_residents].ne(Answer.UNKNOWN),
        terms[Eligibility.parent_must_stay].ne(Answer.UNKNOWN),
        terms[Eligibility.siblings_welcome].ne(Answer.UNKNOWN),
    ]
    return int(sum(part.sum() for part in given)), len(given) * len(services)


def _without(records: pd.DataFrame, issues: pd.DataFrame, rules: tuple[str, ...]) -> tuple[int, int]:
    """Records that no issue of these rules is about."""
    about = issues[issues[Issue.rule].isin(rules)]
    where = [Issue.file, Issue.part, Issue.physical_row]
    hit = set(map(tuple, about[where].astype("object").fillna("").to_numpy()))
    keys = (
        records[[SourceRecord.file, SourceRecord.part, SourceRecord.physical_row]].astype("object").fillna("")
    )
    clean = [tuple(key) not in hit for key in keys.to_numpy()]
    return sum(clean), len(clean)
