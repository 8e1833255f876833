"""The same provider, venue and service across rosters: evidence weighed, and never guessed from a name alone."""

from __future__ import annotations

from transforms.matching.decisions import NO_DECISIONS, Decisions, decisions_of
from transforms.matching.organizations import match_organizations
from transforms.matching.pairs import CLUSTER, Matched, match_records, score_pairs
from transforms.matching.reviews import describe, next_reviews, standing
from transforms.matching.rules import MatchRules
from transforms.matching.services import match_services
from transforms.matching.venues import match_locations

__all__ = [
    "CLUSTER",
    "NO_DECISIONS",
    "Decisions",
    "MatchRules",
    "Matched",
    "decisions_of",
    "describe",
    "match_locations",
    "match_organizations",
    "match_records",
    "match_services",
    "next_reviews",
    "score_pairs",
    "standing",
]
