"""Open questions by what their answers would close: the value of information of a call."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, is_in_doubt, would_be_confirmed
from transforms.gaps.cells import TIER, ZONE, taken
from transforms.gaps.groups import distinct
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured, as_members
from transforms.supply import (
    ACTIVITY,
    ORGANIZATION_NAME,
    PROVIDER,
    SAL_ID,
    SERVICE_CLUSTER,
    SERVICE_ID,
    SERVICE_NAME,
)
from transforms.tables import CallList, Identity, Organization, Service
from transforms.text_columns import is_among, looked_up, numbered
from transforms.vocabulary import TIERS, Doubt, IdentityEntity, OpenQuestion, SupposedAnswer, Zone

# The doubts that an answer takes away. What a roster does state, such as “any special need”, is no open question.
DOUBTS_OF: dict[OpenQuestion, frozenset[Doubt]] = {
    OpenQuestion.LAST_VERIFIED: frozenset({Doubt.NEVER_CHECKED, Doubt.NOT_CHECKED_RECENTLY}),
    OpenQuestion.ACCEPTS_CITY_RESIDENTS: frozenset(
        {Doubt.RESIDENCY_NOT_STATED, Doubt.RESIDENCY_CONDITIONAL, Doubt.RESIDENCY_CONTRADICTED}
    ),
    OpenQuestion.PLACE: frozenset({Doubt.PLACE_UNSURE}),
    OpenQuestion.TIER: frozenset({Doubt.TIER_NOT_KNOWN}),
    OpenQuestion.AGES: frozenset({Doubt.AGES_NOT_KNOWN}),
    OpenQuestion.NEEDS: frozenset({Doubt.WIDER_AREA, Doubt.NEED_NOT_STATED}),
}
_SUPPOSED = {
    OpenQuestion.AGES: SupposedAnswer.EVERY_AGE,
    OpenQuestion.NEEDS: SupposedAnswer.EVERY_NEED,
}
# A yes about City residents overrules the “no” of another roster that lists the same activity.
_ANSWERED_BY = {
    question.value: doubts | {Doubt.NO_CITY_RESIDENTS}
    if question is OpenQuestion.ACCEPTS_CITY_RESIDENTS
    else doubts
    for question, doubts in DOUBTS_OF.items()
}
_EVERY_DOUBT = frozenset().union(*_ANSWERED_BY.values())

_CELL, _WHOLE_CALL = "cell", "whole call"
# Stands for no provider where providers are numbers.
_NOBODY = -1
# Whether the cell of a row has nothing confirmed, or rests on one other provider: what an answer would do to it.
_CLOSES, _SECURES = "closes", "secures"
_OF_CELL = [_CELL, _CLOSES, _SECURES, TIER, ZONE]
_LISTING = [SAL_ID, SERVICE_ID, SERVICE_CLUSTER, PROVIDER, ACTIVITY]
_KEY = [SERVICE_CLUSTER, CallList.open_question]


def call_list(inputs: GapInputs) -> Measured:
    """Whom to ring first, and what to ask?

    One row per service and open question about it; a service counts once, however many rosters list it. An
    answer closes a cell of coverage when the cell has nothing confirmed, and the question is all that keeps
    the service from being confirmed there. It secures a cell that rests on one provider when the service is
    another's. The answer supposed is the one that closes most: yes, every need or age the service may be for,
    of three tiers the best. So a figure says what a call may bring at most. A place near the border counts as
    found inside.
    """
    rows = _rows(inputs)
    asked = _asked(rows)
    if asked.empty:
        return Measured(CallList.frame())
    supposed = _supposed_tiers(rows)
    # Of the cells it may be in, those that the answers supposed would put it in.
    elsewhere = is_in_doubt(rows, DOUBTS_OF[OpenQuestion.PLACE]) & rows[ZONE].ne(Zone.INSIDE)
    other_tier = is_in_doubt(rows, DOUBTS_OF[OpenQuestion.TIER]) & rows[TIER].ne(
        looked_up(rows[SERVICE_CLUSTER], supposed)
    )
    rows = rows[~elsewhere & ~other_tier]
    alone = _closed(rows, _ANSWERED_BY, [SERVICE_CLUSTER])
    alone = pd.concat({question: alone[question] for question in _ANSWERED_BY}).swaplevel().rename_axis(_KEY)
    table = asked.groupby(_KEY).agg(**{CallList.listings: (SERVICE_ID, "nunique")}).join(alone)
    table = table.reset_index().merge(_described(inputs, asked), on=_KEY, validate="1:1")
    for group, closes, secures in (
        (SERVICE_CLUSTER, CallList.service_closes, CallList.service_secures),
        (PROVIDER, CallList.call_closes, CallList.call_secures),
    ):
        together = _closed(rows, {_WHOLE_CALL: _EVERY_DOUBT}, [group])[_WHOLE_CALL]
        table[closes], table[secures] = (table[group].map(together[name]) for name in (_CLOSES, _SECURES))
    figures = [c.name for c in CallList.columns() if c.name.endswith((_CLOSES, _SECURES))]
    table = table.fillna(dict.fromkeys(figures, 0))
    table[CallList.rank] = _rank(table)
    table[CallList.supposed_answer] = _answers(table, supposed)
    table = table.rename(
        columns={SERVICE_CLUSTER: CallList.service_cluster_id, PROVIDER: CallList.provider_id}
    )
    members = asked.rename(columns={SERVICE_CLUSTER: CallList.service_cluster_id})
    return Measured(table, as_members(CallList, members))


def _rows(inputs: GapInputs) -> pd.DataFrame:
    """Each service at its place in each cell that it may serve, with what the cell rests on now.

    A “no” to City residents that another roster contradicts is an open question too, and stays.
    """
    rows, cell = inputs.in_coverage, inputs.cell_of_coverage.to_numpy()
    sure = rows[IS_CONFIRMED].to_numpy("bool")
    provider, _ = numbered(rows[PROVIDER])
    now = pd.Series(provider[sure]).groupby(cell[sure]).agg(["min", "max"])
    now = now.reindex(range(cell.max(initial=-1) + 1), fill_value=_NOBODY)
    # What rests on one provider has no other: the least and the greatest are the same.
    sole = now["min"].where(now["min"].eq(now["max"]), _NOBODY).to_numpy()[cell]
    rows = rows[[*_LISTING, TIER, ZONE, DOUBTS, IS_CONFIRMED, IS_POSSIBLE]].assign(
        **{
            _CELL: cell,
            _CLOSES: now["min"].eq(_NOBODY).to_numpy()[cell],
            _SECURES: (sole != _NOBODY) & (sole != provider),
        }
    )
    rows = rows[~is_in_doubt(rows, [Doubt.NOT_RUNNING, Doubt.ENDED])]
    contradicted = rows.loc[is_in_doubt(rows, [Doubt.RESIDENCY_CONTRADICTED]), ACTIVITY]
    says_no = is_in_doubt(rows, [Doubt.NO_CITY_RESIDENTS])
    return rows[~says_no | is_among(rows[ACTIVITY], contradicted)]


def _asked(rows: pd.DataFrame) -> pd.DataFrame:
    """Every listing with every question it leaves open, once, and what is in doubt about it."""
    listing, _ = numbered(rows[SAL_ID])
    places, questions = [], []
    for question, doubts in DOUBTS_OF.items():
        open_at = np.flatnonzero(is_in_doubt(rows, doubts))
        _, first = np.unique(listing[open_at], return_index=True)
        places.append(open_at[first])
        questions += [question.value] * len(first)
    told = taken(rows.drop(columns=_OF_CELL), np.concatenate(places))
    # Listings are few beside cells: their ids are texts again.
    told = told.astype(dict.fromkeys(_LISTING, "str")).assign(**{CallList.open_question: questions})
    return told.sort_values([*_KEY, SAL_ID])


def _closed(rows: pd.DataFrame, answers: Mapping[str, frozenset[Doubt]], group: list[str]) -> pd.DataFrame:
    """Cells that close, and cells that are secured, per group: for each answer, when its doubts are gone."""
    groups = rows.groupby(group)
    number, cell = groups.ngroup().to_numpy(), rows[_CELL].to_numpy()
    cells = cell.max(initial=0) + 1
    found = {}
    for answer, doubts in answers.items():
        is_certain = would_be_confirmed(rows, doubts)
        for name in (_CLOSES, _SECURES):
            where = (is_certain & rows[name]).to_numpy("bool")
            each = distinct(number[where] * cells + cell[where])
            found[answer, name] = np.bincount(each // cells, minlength=groups.ngroups)
    return pd.DataFrame(found, index=_as_text(groups.size().index))


def _as_text(index: pd.Index) -> pd.Index:
    if isinstance(index, pd.MultiIndex):
        return index.set_levels([level.astype("str") for level in index.levels])
    return index.astype("str")


def _supposed_tiers(rows: pd.DataFrame) -> pd.Series:
    """The tier of each service whose tier is not known that closes most: alone, then with every other answer."""
    unknown = rows[is_in_doubt(rows, DOUBTS_OF[OpenQuestion.TIER])]
    answers = {"alone": DOUBTS_OF[OpenQuestion.TIER], _WHOLE_CALL: _EVERY_DOUBT}
    found = -_closed(unknown, answers, [SERVICE_CLUSTER, TIER])
    order = [" ".join(names) for names in found.columns]
    found = found.set_axis(order, axis="columns").reset_index()
    found["tier order"] = found[TIER].map({tier.value: number for number, tier in enumerate(TIERS)})
    best = found.sort_values([SERVICE_CLUSTER, *order, "tier order"]).drop_duplicates(SERVICE_CLUSTER)
    return best.set_index(SERVICE_CLUSTER)[TIER]


def _rank(table: pd.DataFrame) -> pd.Series:
    """1 for the best: by what the answer alone closes, then secures, then what the whole call closes."""
    worth = [_CLOSES, _SECURES, CallList.call_closes, CallList.call_secures]
    best_first = table[worth].sort_values(worth, ascending=False, kind="stable")
    is_worse = best_first.ne(best_first.shift()).any(axis=1)
    place = pd.Series(range(1, len(table) + 1), index=best_first.index)
    return place.where(is_worse).ffill().astype("int64").reindex(table.index)


def _answers(table: pd.DataFrame, supposed_tiers: pd.Series) -> pd.Series:
    """The answer that each row supposes."""
    question = table[CallList.open_question]
    said = question.map(
        {asked.value: _SUPPOSED.get(asked, SupposedAnswer.YES).value for asked in OpenQuestion}
    )
    return said.mask(question.eq(OpenQuestion.TIER), table[SERVICE_CLUSTER].map(supposed_tiers))


def _described(inputs: GapInputs, asked: pd.DataFrame) -> pd.DataFrame:
    """Names, contact and age of each open question: the first listing's where they differ."""
    frames, supply = inputs.frames, inputs.supply.set_index(SAL_ID)
    listed = asked[[*_KEY, PROVIDER, SAL_ID, SERVICE_ID]]
    offices = frames[Organization].set_index(Organization.id)
    office = listed[SAL_ID].map(supply[Service.organization_id])
    known = frames[Identity]
    seen = known[known[Identity.entity].eq(IdentityEntity.SERVICE)].set_index(Identity.id)[
        Identity.first_seen
    ]
    told = listed.assign(
        **{
            CallList.service_name: listed[SAL_ID].map(supply[SERVICE_NAME]),
            CallList.organization_name: listed[SAL_ID].map(supply[ORGANIZATION_NAME]),
            CallList.phone: office.map(offices[Organization.phone]),
            CallList.email: office.map(offices[Organization.email]),
            CallList.website: office.map(offices[Organization.website]),
            CallList.first_seen: seen.reindex(listed[SERVICE_ID]).to_numpy(),
            CallList.last_verified: listed[SAL_ID].map(supply[Service.x_last_verified]),
        }
    )
    firsts = [PROVIDER, CallList.service_name, CallList.organization_name,
              CallList.phone, CallList.email, CallList.website]  # fmt: skip
    of_each = told.groupby(_KEY)
    found = of_each[firsts].first()
    found[CallList.first_seen] = of_each[CallList.first_seen].min()
    found[CallList.last_verified] = of_each[CallList.last_verified].max()
    found[CallList.organization_name] = found[CallList.organization_name].fillna("not named")
    found = found.reset_index()
    is_check = found[CallList.open_question].eq(OpenQuestion.LAST_VERIFIED)
    since = found[CallList.last_verified].where(is_check).fillna(found[CallList.first_seen])
    found[CallList.open_days] = (inputs.as_of - since).dt.days.clip(lower=0).astype("Int64")
    return found
