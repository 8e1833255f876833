"""What each figure of data quality looks at, one row a thing, and whether it passes."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schema import Table
from transforms.supply import IS_VERIFIED, SERVICE_ID
from transforms.tables import (
    Eligibility,
    Issue,
    Location,
    Service,
    ServiceNeed,
    SourceRecord,
    ValueProvenance,
)
from transforms.text_columns import is_among
from transforms.vocabulary import (
    AddressRole,
    Answer,
    GeocodeMethod,
    NeedScope,
    Outcome,
    ParseStatus,
    QualityDimension,
    Tier,
)

# Whose roster a row is of, and what it is about: a service or a place by its id, or a record by where it stands.
OF, WHAT, ID, PASSES = "of", "what", "id", "passes"
FILE, PART, ROW = SourceRecord.file, SourceRecord.part, SourceRecord.physical_row

_TERMS = [
    Eligibility.accepts_city_residents, Eligibility.parent_must_stay, Eligibility.siblings_welcome
]  # fmt: skip
_REPEATS = ("exact_copy", "contradicting_copies")
_CONTRADICTIONS = (
    "columns_in_order",
    "columns_agree",
    "coordinates_far_from_postcode",
    "contradicting_copies",
)


def looked_at(
    frames: Mapping[type[Table], pd.DataFrame], supply: pd.DataFrame
) -> dict[QualityDimension, pd.DataFrame]:
    """For each dimension what sources are judged by: ``OF``, ``WHAT``, ``ID`` or file, part and row, ``PASSES``.

    ``supply`` is the supply frame or the published table of it.
    """
    services, issues, records = frames[Service], frames[Issue], frames[SourceRecord]
    of_service = services.set_index(Service.id)[Service.x_source]
    records = records.loc[
        records[SourceRecord.outcome].ne(Outcome.REJECTED), [SourceRecord.source, FILE, PART, ROW]
    ]
    read = frames[ValueProvenance][
        [ValueProvenance.id, ValueProvenance.field, ValueProvenance.file, ValueProvenance.part,
         ValueProvenance.physical_row, ValueProvenance.status]
    ]  # fmt: skip
    read = read[is_among(read[ValueProvenance.id], of_service.index)]
    places = frames[Location][
        [Location.id, Location.x_source, Location.x_address_role, Location.x_geocode_method]
    ]
    venues = places[places[Location.x_address_role].eq(AddressRole.VENUE)]
    checked = supply[[SERVICE_ID, IS_VERIFIED]].drop_duplicates(SERVICE_ID)
    return {
        QualityDimension.COMPLETENESS: _answers(services, frames[Eligibility], frames[ServiceNeed]),
        QualityDimension.VALIDITY: pd.DataFrame(
            {
                OF: read[ValueProvenance.id].map(of_service),
                WHAT: read[ValueProvenance.field],
                ID: read[ValueProvenance.id],
                FILE: read[ValueProvenance.file],
                PART: read[ValueProvenance.part],
                ROW: read[ValueProvenance.physical_row],
                PASSES: read[ValueProvenance.status].isin([ParseStatus.PARSED, ParseStatus.PARTIAL]),
            }
        ),
        QualityDimension.UNIQUENESS: _without(records, issues, _REPEATS),
        QualityDimension.CONSISTENCY: _without(records, issues, _CONTRADICTIONS),
        QualityDimension.TIMELINESS: pd.DataFrame(
            {
                OF: checked[SERVICE_ID].map(of_service),
                WHAT: Service.x_last_verified,
                ID: checked[SERVICE_ID],
                PASSES: checked[IS_VERIFIED],
            }
        ),
        QualityDimension.GEOCODE: pd.DataFrame(
            {
                OF: venues[Location.x_source],
                WHAT: Location.table_name,
                ID: venues[Location.id],
                PASSES: venues[Location.x_geocode_method].ne(GeocodeMethod.NONE),
            }
        ),
    }


def _answers(services: pd.DataFrame, eligibility: pd.DataFrame, needs: pd.DataFrame) -> pd.DataFrame:
    """The answers a commissioner needs of every service, one row a service and answer."""
    asked = [Service.id, Service.x_source, Service.minimum_age, Service.maximum_age, Service.x_tier]
    terms = services[[*asked, Service.x_last_verified]].merge(
        eligibility[[Eligibility.service_id, *_TERMS]], left_on=Service.id, right_on=Eligibility.service_id,
        validate="1:1",
    )  # fmt: skip
    stated = needs[needs[ServiceNeed.scope].ne(NeedScope.NOT_STATED)][ServiceNeed.service_id]
    given = {
        Service.minimum_age: terms[Service.minimum_age].notna(),
        Service.maximum_age: terms[Service.maximum_age].notna(),
        Service.x_tier: terms[Service.x_tier].ne(Tier.UNKNOWN),
        Service.x_last_verified: terms[Service.x_last_verified].notna(),
        ServiceNeed.need_code: is_among(terms[Service.id], stated),
        **{term: terms[term].ne(Answer.UNKNOWN) for term in _TERMS},
    }
    parts = [
        pd.DataFrame({OF: terms[Service.x_source], WHAT: what, ID: terms[Service.id], PASSES: passes})
        for what, passes in given.items()
    ]
    return pd.concat(parts, ignore_index=True)


def _without(records: pd.DataFrame, issues: pd.DataFrame, rules: tuple[str, ...]) -> pd.DataFrame:
    """Records, which pass when no issue of these rules is about them."""
    about = issues[issues[Issue.rule].isin(rules)]
    where = [Issue.source, Issue.file, Issue.part, Issue.physical_row]
    hit = {tuple(key): rule for *key, rule in _plain(about[[*where, Issue.rule]])}
    rule = [hit.get(tuple(key)) for key in _plain(records)]
    found = records.rename(columns={SourceRecord.source: OF})
    return found.assign(**{WHAT: rule, PASSES: [r is None for r in rule]})


def _plain(frame: pd.DataFrame) -> list[list[object]]:
    return frame.astype("object").fillna("").to_numpy().tolist()
