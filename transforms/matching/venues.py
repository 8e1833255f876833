"""Venues across rosters: one property number, or one name at one postcode or point."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from transforms.identifiers import make_id
from transforms.matching.clusters import CLUSTER, join_pairs, tell
from transforms.matching.decisions import NO_DECISIONS, Decisions
from transforms.matching.names import NameEvidence, compare_names
from transforms.matching.records import NONE, Prepared, prepare
from transforms.matching.rules import MatchRules
from transforms.tables import Address, Location, Match, MatchRecord
from transforms.vocabulary import AddressRole, MatchDecision, MatchEntity, Zone

_SAME_PROPERTY, _SAME_NAME_HERE, _OTHER_PROPERTY = 0.99, 0.97, 0.01
_NAMES_SAME, _NAMES_ALIKE = 0.9, 0.6
_NOT_ON_GROUND = (Zone.ONLINE, Zone.HOME_OUTREACH)


def match_locations(
    locations: pd.DataFrame, addresses: pd.DataFrame, rules: MatchRules, decisions: Decisions = NO_DECISIONS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Locations with their venue cluster; and the pairs of venues, as ``Match``.

    A provider's own home is compared with nothing. A place that is not on the ground clusters with its like:
    online is one place.
    """
    is_venue = locations[Location.x_address_role].eq(AddressRole.VENUE) & ~locations[
        Location.x_is_home
    ].astype(bool)
    venues = locations[is_venue].reset_index(drop=True)
    code = venues[Location.id].map(addresses.set_index(Address.location_id)[Address.postal_code])
    prepared = prepare(
        pd.DataFrame(
            {
                MatchRecord.id: venues[Location.id],
                MatchRecord.name: venues[Location.name],
                MatchRecord.postcode: code,
            }
        ),
        rules,
    )
    pairs = _compare(prepared, venues, rules)
    uprn = venues.set_index(Location.id)[Location.external_identifier].dropna()
    numbers = {i: {Location.external_identifier: number} for i, number in uprn.items()}
    clusters, pairs = join_pairs(pairs, prepared.ids, MatchEntity.LOCATION, decisions, numbers)
    told = tell(prepared.ids, clusters, pairs).set_index(venues[Location.id])
    not_on_ground = locations[Location.x_zone].isin(_NOT_ON_GROUND)
    roots = locations[Location.x_zone].where(
        not_on_ground, locations[Location.id].map(told[CLUSTER]).fillna(locations[Location.id])
    )
    clustered = locations.assign(**{Location.x_cluster_id: [make_id("loc-c", root) for root in roots]})
    return clustered, Match.frame(Match.sorted(pairs))


def _compare(prepared: Prepared, venues: pd.DataFrame, rules: MatchRules) -> pd.DataFrame:
    left, right, is_near = _candidates(prepared, venues, rules.near_m)
    names = compare_names(prepared, left, right)
    code = prepared.code[MatchRecord.postcode]
    same_code = (code[left] == code[right]) & (code[left] != NONE)
    uprn = venues[Location.external_identifier].to_numpy(object, na_value="")
    both = (uprn[left] != "") & (uprn[right] != "")
    same_uprn, other_uprn = both & (uprn[left] == uprn[right]), both & (uprn[left] != uprn[right])
    here = same_code | is_near
    same_name = here & (names.agreement >= _NAMES_SAME) & ~names.is_contrast
    alike = here & (names.agreement >= _NAMES_ALIKE)
    in_between = rules.maybe_at + (rules.match_at - rules.maybe_at) * 0.9 * names.agreement
    confidence = np.select(
        [same_uprn, other_uprn & ~same_name, other_uprn, same_name, alike],
        [_SAME_PROPERTY, _OTHER_PROPERTY, rules.maybe_at, _SAME_NAME_HERE, in_between],
        0.1 * names.agreement,
    ).round(4)
    decision = np.select(
        [confidence >= rules.match_at, confidence >= rules.maybe_at],
        [MatchDecision.MATCH.value, MatchDecision.MAYBE.value],
        MatchDecision.NO.value,
    )
    return pd.DataFrame(
        {
            Match.entity: MatchEntity.LOCATION.value,
            Match.left_id: prepared.ids[left],
            Match.right_id: prepared.ids[right],
            Match.decision: decision,
            Match.confidence: confidence,
            Match.reason: _reasons(names, same_code, is_near, same_uprn, other_uprn),
        }
    )


def _reasons(
    names: NameEvidence,
    same_code: np.ndarray,
    is_near: np.ndarray,
    same_uprn: np.ndarray,
    other_uprn: np.ndarray,
) -> list[str]:
    where = np.select([same_code, is_near], ["the same postcode", "points next to each other"], "")
    name = np.select(
        [names.is_equal, names.agreement >= _NAMES_SAME, names.agreement >= _NAMES_ALIKE],
        ["the same name", "nearly the same name", "a similar name"],
        "unlike names",
    )
    apart = np.where(names.is_contrast, "another place or number in the name", "")
    other = np.where(other_uprn, "another property number", "")
    told = [", ".join(filter(None, words)) for words in zip(name, where, apart, other, strict=True)]
    return ["the same property number" if one else words for one, words in zip(same_uprn, told, strict=True)]


def _candidates(
    prepared: Prepared, venues: pd.DataFrame, near_m: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pairs of venues with one property number, one postcode, or points that lie close, and whether they do.

    The point of a postcode is no point of a venue: only points as sure as ``near_m`` is wide count.
    """
    rows = pd.Series(np.arange(len(venues)))
    found: set[tuple[int, int]] = set()
    for key in (
        venues[Location.external_identifier],
        pd.Series(prepared.code[MatchRecord.postcode]).replace(NONE, pd.NA),
    ):
        for _, same in rows.groupby(key.to_numpy(object, na_value=None)):
            found |= {(a, b) for n, a in enumerate(same) for b in list(same)[n + 1 :]}
    is_sure = venues[Location.x_positional_error_m].le(near_m / 2) & venues[Location.x_easting].notna()
    sure = np.flatnonzero(is_sure)
    points = shapely.points(
        venues[Location.x_easting].to_numpy(float)[sure], venues[Location.x_northing].to_numpy(float)[sure]
    )
    one, other = shapely.STRtree(points).query(points, predicate="dwithin", distance=near_m)
    near = {(sure[a], sure[b]) for a, b in zip(one, other, strict=True) if a < b}
    pairs = sorted(
        (tuple(sorted(pair, key=lambda at: prepared.ids[at])) for pair in found | near),
        key=lambda pair: (prepared.ids[pair[0]], prepared.ids[pair[1]]),
    )
    sides = np.array(pairs, np.int64).reshape(-1, 2)
    is_near = np.array([tuple(sorted(pair)) in near for pair in pairs], bool)
    return sides[:, 0], sides[:, 1], is_near
