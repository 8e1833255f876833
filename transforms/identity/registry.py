"""The registry from one night to the next: who is who tonight, who is gone, who became one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.identifiers import make_id, prefix_of
from transforms.identity.evidence import EVIDENCE, PROVISIONAL, is_same_spelling
from transforms.identity.pairing import pair, same_evidence
from transforms.tables import Identity
from transforms.thresholds import Thresholds
from transforms.vocabulary import IdentityEntity, IdentityState

GONE = "no longer among the usable records of its source"
BECAME_ONE = "the same name and place as the record it redirects to, which its source still lists"

_OF_THE_RECORD = [column for column in EVIDENCE if column != PROVISIONAL]
_ONLY_IN_USE = [Identity.name, Identity.alternate_names]
_SPELLED = (Identity.name, Identity.alternate_names)


def next_registry(
    evidence: pd.DataFrame,
    registry: pd.DataFrame,
    entity: IdentityEntity,
    received: Mapping[str, tuple[pd.Timestamp, bool]],
    day: pd.Timestamp,
    thresholds: Thresholds,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows of one kind as they stand after tonight, and the id of every provisional id.

    ``received`` says of each source when the roster in use was received, and whether that was tonight:
    what a source that was not received no longer lists may yet come back, and is left as it is.
    """
    known = _in_order(registry[registry[Identity.entity].eq(entity)])
    tonight = evidence.sort_values(Identity.native_id, ignore_index=True)
    paired = pair(tonight, _as_text(known), thresholds, may_move=entity is IdentityEntity.SERVICE)
    ids = _ids(tonight, paired, known)
    of_known = known.reindex(paired).set_axis(tonight.index)
    seen = tonight[Identity.source].map({source: on for source, (on, _) in received.items()})
    rows = tonight[_OF_THE_RECORD].assign(
        **{
            Identity.entity: entity.value,
            Identity.id: ids,
            Identity.state: IdentityState.CURRENT.value,
            Identity.first_seen: _first(of_known[Identity.first_seen], seen),
            Identity.last_seen: _last(of_known[Identity.last_seen], seen),
            Identity.cluster_id: of_known[Identity.cluster_id],
            **{column: _kept_spelling(tonight[column], of_known[column]) for column in _SPELLED},
        }
    )
    others = known[~known.index.isin(paired.dropna())]
    rows = pd.concat(
        [Identity.frame(rows.replace("", None)), _without(others, tonight, ids, received, day)],
        ignore_index=True,
    )
    return rows, dict(zip(tonight[PROVISIONAL], ids, strict=True))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The eldest first, so that the eldest is kept wherever one must be chosen."""
    return rows.sort_values([Identity.first_seen, Identity.id], ignore_index=True)


def _as_text(rows: pd.DataFrame) -> pd.DataFrame:
    text = rows[[*_OF_THE_RECORD, Identity.state]].astype("str")
    return text.where(rows[text.columns].notna(), "")


def _ids(tonight: pd.DataFrame, paired: pd.Series, known: pd.DataFrame) -> pd.Series:
    """The remembered id, or for a new record the one its native key gives, if it was never another's."""
    ids = known[Identity.id].reindex(paired).set_axis(tonight.index)
    taken = set(known[Identity.id])
    for label in ids.index[ids.isna()]:
        ids[label] = free_id(tonight.at[label, Identity.native_id], taken)
        taken.add(ids[label])
    return ids


def free_id(wanted: str, taken: set[str]) -> str:
    """The id itself, or where it is another's, one made from it."""
    candidate, number = wanted, 1
    while candidate in taken:
        number += 1
        candidate = make_id(prefix_of(wanted), wanted, number)
    return candidate


def _first(remembered: pd.Series, seen: pd.Series) -> pd.Series:
    return pd.concat([remembered, seen], axis=1).min(axis=1)


def _last(remembered: pd.Series, seen: pd.Series) -> pd.Series:
    return pd.concat([remembered, seen], axis=1).max(axis=1)


def _kept_spelling(tonight: pd.Series, remembered: pd.Series) -> pd.Series:
    """Tonight's names, in the spelling first seen where nothing but the spelling has changed."""
    return pd.Series(
        [
            old if isinstance(old, str) and old and is_same_spelling(new, old) else new
            for new, old in zip(tonight, remembered, strict=True)
        ],
        index=tonight.index,
        dtype="str",
    )


def _without(
    others: pd.DataFrame,
    tonight: pd.DataFrame,
    ids: pd.Series,
    received: Mapping[str, tuple[pd.Timestamp, bool]],
    day: pd.Timestamp,
) -> pd.DataFrame:
    """The rows of what tonight's records do not hold: retired, or merged into a record with their evidence."""
    came = {source for source, (_, is_tonight) in received.items() if is_tonight}
    is_gone = others[Identity.state].eq(IdentityState.CURRENT) & others[Identity.source].isin(came)
    by_evidence = pd.Series(ids.to_numpy(), index=same_evidence(tonight), dtype="str")
    by_evidence = by_evidence[by_evidence.index.notna() & ~by_evidence.index.duplicated(keep=False)]
    into = same_evidence(_as_text(others)).map(by_evidence).where(is_gone)
    became_one = into.notna()
    left = others.copy()
    left.loc[is_gone, Identity.state] = IdentityState.RETIRED.value
    left.loc[is_gone, Identity.reason] = GONE
    left.loc[is_gone, _ONLY_IN_USE] = None
    left.loc[became_one, Identity.state] = IdentityState.MERGED.value
    left.loc[became_one, Identity.reason] = BECAME_ONE
    left.loc[became_one, Identity.redirect_to] = into[became_one]
    left.loc[became_one, Identity.redirected_on] = day
    return Identity.frame(left)


def resolve(identifier: str, registry: pd.DataFrame) -> str | None:
    """The id to use today for one that was ever published; nothing for one that never was.

    Redirects are followed; an id that retired without one stands for itself.
    """
    to = dict(zip(registry[Identity.id], registry[Identity.redirect_to], strict=True))
    passed: set[str] = set()
    while identifier in to and isinstance(to[identifier], str) and identifier not in passed:
        passed.add(identifier)
        identifier = to[identifier]
    return identifier if identifier in to else None
