"""Tonight's records and those remembered, paired by the strongest evidence first."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pandas as pd
from rapidfuzz import fuzz, process

from transforms.identity.evidence import DIGEST_JOINT, evened_name
from transforms.tables import Identity
from transforms.thresholds import Thresholds
from transforms.vocabulary import IdentityState

TONIGHT, KNOWN = "tonight", "known"
Step = Callable[[pd.DataFrame, pd.DataFrame], pd.DataFrame]
"""Records left tonight and identities left → pairs of their index labels, each at most once."""

_KEY, _OWN, _OTHER = "_key", "_own", "_other"
_NUMBERS = re.compile(r"\d+")


def pair(
    evidence: pd.DataFrame, registry: pd.DataFrame, thresholds: Thresholds, *, may_move: bool
) -> pd.Series:
    """For records of one kind, the index label in ``registry`` that each is known by; missing where it is new.

    Both frames hold the evidence columns as text, blank where there is none; ``registry`` also the state,
    the eldest first. Each step looks at the identities in use before those that are not. ``may_move`` says
    that a record stays the same when it moves with what it belongs to, as a service does.
    """
    found = pd.Series(np.nan, index=evidence.index, dtype="float64")
    in_use = registry[Identity.state].eq(IdentityState.CURRENT)
    for step in _steps(thresholds, may_move=may_move):
        for known in (registry[in_use], registry[~in_use]):
            left = evidence[found.isna()]
            free = known[~known.index.isin(found)]
            if len(left) and len(free):
                pairs = step(left, free)
                found[pairs[TONIGHT]] = pairs[KNOWN].to_numpy("float64")
    return found


def _steps(thresholds: Thresholds, *, may_move: bool) -> tuple[Step, ...]:
    i = Identity
    return (
        _same(i.native_id, i.belongs_to, i.name_digest, i.place_digest, i.detail_digest),
        # Twins that differ in nothing but their number are told apart by nothing, and need not be.
        _same(i.belongs_to, i.name_digest, i.place_digest, i.detail_digest, as_twins=True),
        _same(i.native_id, i.belongs_to, i.name_digest, i.place_digest),
        _same(i.belongs_to, i.name_digest, i.place_digest),
        _same_register_number,
        lambda tonight, known: _same_key(tonight, known, thresholds),
        lambda tonight, known: _same_name_elsewhere(tonight, known, may_move=may_move),
        _same_key_and_place,
        lambda tonight, known: _renamed(tonight, known, i.place_digest, thresholds),
        lambda tonight, known: _renamed(tonight, known, i.detail_digest, thresholds),
    )


def same_evidence(frame: pd.DataFrame) -> pd.Series:
    """What two records of one source have in common when they are one: provider or kind, name and place."""
    return _keys(frame, (Identity.belongs_to, Identity.name_digest, Identity.place_digest))


def _keys(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    """The columns as one text; missing where neither name nor place nor number says anything."""
    telling = [c for c in columns if c not in (Identity.belongs_to, Identity.detail_digest)]
    says = frame[telling].ne("").any(axis=1)
    joined = frame[Identity.source].str.cat([frame[c] for c in columns], sep="|")
    return joined.where(says)


def _same(*columns: str, as_twins: bool = False) -> Step:
    """Pairs of records that agree in all columns.

    Of several identities the eldest is kept; several records tonight are left, but for twins, which are
    paired in order where there are as many tonight as there were.
    """

    def step(tonight: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
        own = _keys(tonight, columns).dropna().rename(_KEY).to_frame()
        other = _keys(known, columns).dropna().rename(_KEY).to_frame()
        if as_twins:
            as_many = own[_KEY].value_counts().eq(other[_KEY].value_counts())
            own = own[own[_KEY].map(as_many).eq(True)]
            own["n"], other["n"] = own.groupby(_KEY).cumcount(), other.groupby(_KEY).cumcount()
        else:
            own = own[~own[_KEY].duplicated(keep=False)]
            other = other.drop_duplicates(_KEY)
        return _merged(own, other, list(own.columns))

    return step


def _merged(own: pd.DataFrame, other: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    return (
        own.rename_axis(TONIGHT).reset_index()
        .merge(other.rename_axis(KNOWN).reset_index(), on=on)[[TONIGHT, KNOWN]]
    )  # fmt: skip


def _only_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Pairs of which neither side stands in another."""
    pairs = pairs.drop_duplicates()
    return pairs[~pairs[TONIGHT].duplicated(keep=False) & ~pairs[KNOWN].duplicated(keep=False)]


def _same_register_number(tonight: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """A charity, company, Ofsted or property number that one record had and one has."""

    def numbers(frame: pd.DataFrame) -> pd.DataFrame:
        each = frame[Identity.identifier_digests].str.split(DIGEST_JOINT).explode()
        each = each[each.ne("")]
        keys = frame[Identity.source].reindex(each.index).str.cat(each, sep="|").rename(_KEY)
        return keys[~keys.duplicated(keep=False)].to_frame()

    return _only_pairs(_merged(numbers(tonight), numbers(known), [_KEY]))


def _by_native_key(tonight: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    columns = [Identity.source, Identity.native_id]
    return _merged(tonight[columns], known[columns], columns)


def _sides(
    pairs: pd.DataFrame, tonight: pd.DataFrame, known: pd.DataFrame, column: str
) -> tuple[pd.Series, pd.Series]:
    return (
        tonight.loc[pairs[TONIGHT], column].reset_index(drop=True),
        known.loc[pairs[KNOWN], column].reset_index(drop=True),
    )


def _same_key(tonight: pd.DataFrame, known: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """The source's own key again, and a name that is the same, lightly changed, or not there to compare."""
    pairs = _by_native_key(tonight, known).reset_index(drop=True)
    digests = _sides(pairs, tonight, known, Identity.name_digest)
    names = _sides(pairs, tonight, known, Identity.name)
    alike = [
        own == other or not own or not other or is_light_rename(name, known_name, thresholds)
        for own, other, name, known_name in zip(*digests, *names, strict=True)
    ]
    return pairs[np.array(alike, dtype=bool)].drop_duplicates(TONIGHT).drop_duplicates(KNOWN)


def _same_key_and_place(tonight: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """The source's own key again under another name, at the same place or with the same particulars."""
    pairs = _by_native_key(tonight, known).reset_index(drop=True)
    stays = np.zeros(len(pairs), dtype=bool)
    for column in (Identity.place_digest, Identity.detail_digest):
        own, other = _sides(pairs, tonight, known, column)
        stays |= (own.eq(other) & own.ne("")).to_numpy()
    return pairs[stays].drop_duplicates(TONIGHT).drop_duplicates(KNOWN)


def _same_name_elsewhere(tonight: pd.DataFrame, known: pd.DataFrame, *, may_move: bool) -> pd.DataFrame:
    """The only one of its name, which has moved with its provider or whose place was not told before or now."""
    columns = (Identity.belongs_to, Identity.name_digest)
    sides = []
    for frame in (tonight, known):
        keys = _keys(frame[frame[Identity.name_digest].ne("")], columns).dropna()
        sides.append(keys[~keys.duplicated(keep=False)].rename(_KEY).to_frame())
    pairs = _merged(sides[0], sides[1], [_KEY]).reset_index(drop=True)
    own, other = _sides(pairs, tonight, known, Identity.place_digest)
    stays = own.eq("") | other.eq("")
    if may_move:
        stays |= _sides(pairs, tonight, known, Identity.belongs_to)[0].ne("")
    return pairs[stays]


def is_light_rename(one: str, other: str, thresholds: Thresholds) -> bool:
    """Whether two names are as alike as a correction leaves them; numbers in them must agree."""
    return _likeness(evened_name(one), evened_name(other)) >= thresholds.light_rename_pct


def _likeness(one: str, other: str, **_: object) -> float:
    if not one or not other or _NUMBERS.findall(one) != _NUMBERS.findall(other):
        return 0.0
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other))


def _renamed(tonight: pd.DataFrame, known: pd.DataFrame, at: str, thresholds: Thresholds) -> pd.DataFrame:
    """A lightly changed name among those with the same place or particulars: each the other's likest, by a lead."""
    columns = (Identity.belongs_to, at)
    own, other = (frame[frame[Identity.name].ne("") & frame[at].ne("")] for frame in (tonight, known))
    groups = _joint(own, columns).groupby(_joint(own, columns)).groups
    others = _joint(other, columns).groupby(_joint(other, columns)).groups
    pairs = [
        found
        for key in sorted(set(groups) & set(others))
        for found in _likest(own.loc[groups[key]], other.loc[others[key]], thresholds)
    ]
    return pd.DataFrame(pairs, columns=[TONIGHT, KNOWN])


def _joint(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    return frame[Identity.source].str.cat([frame[c] for c in columns], sep="|")


def _likest(own: pd.DataFrame, other: pd.DataFrame, thresholds: Thresholds) -> list[tuple[int, int]]:
    likeness = process.cdist(
        own[Identity.name].map(evened_name).tolist(),
        other[Identity.name].map(evened_name).tolist(),
        scorer=_likeness,
    ).astype("float64")
    pairs = []
    for row, column in enumerate(likeness.argmax(axis=1)):
        score = likeness[row, column]
        rivals = np.concatenate([np.delete(likeness[row], column), np.delete(likeness[:, column], row)])
        lead = score - rivals.max(initial=0)
        if score >= thresholds.light_rename_pct and lead >= thresholds.light_rename_lead_pct:
            pairs.append((own.index[row], other.index[column]))
    return pairs
