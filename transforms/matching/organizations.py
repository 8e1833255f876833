"""Providers across rosters: the Organization table with clusters, and the pairs that were compared."""

from __future__ import annotations

import pandas as pd

from transforms.identifiers import make_id
from transforms.matching.decide import CONFIDENCE, REASON
from transforms.matching.decisions import NO_DECISIONS, Decisions
from transforms.matching.pairs import CLUSTER, match_records
from transforms.matching.rules import MatchRules
from transforms.tables import Match, MatchRecord, Organization
from transforms.vocabulary import MatchEntity

_CALLED = {Organization.hq_postcode: MatchRecord.postcode}


def organization_records(organizations: pd.DataFrame) -> pd.DataFrame:
    """Organizations as records to compare."""
    named = organizations.rename(columns=_CALLED)
    return named[[name for name in MatchRecord.names() if name in named]]


def match_organizations(
    organizations: pd.DataFrame, rules: MatchRules, decisions: Decisions = NO_DECISIONS
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Organizations with their cluster, its confidence and the reason in words; and the pairs, as ``Match``."""
    found = match_records(organization_records(organizations), rules, MatchEntity.ORGANIZATION, decisions)
    clustered = organizations.assign(
        **{
            Organization.x_cluster_id: [make_id("orc", root) for root in found.records[CLUSTER]],
            Organization.x_match_confidence: found.records[CONFIDENCE],
            Organization.x_match_reason: found.records[REASON],
        }
    )
    return clustered, Match.frame(found.pairs)
