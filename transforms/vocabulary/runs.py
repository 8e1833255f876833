"""What becomes of rosters, records and ids in a run."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


class ParseStatus(StrEnum):
    """How much of a value could be read."""

    PARSED = "parsed"
    PARTIAL = "partial"
    UNPARSED = "unparsed"
    QUARANTINE = "quarantine"


class ParsedField(StrEnum):
    """What a value can be, read by itself."""

    AGES = "ages"
    SCHEDULE = "schedule"
    COST = "cost"
    NEEDS = "needs"
    TIER = "tier"
    TRISTATE = "tristate"
    RESIDENCY = "residency"
    POSTCODE = "postcode"
    PHONE = "phone"
    DATE = "date"


class Outcome(Labelled):
    """Where a physical row of a roster ended. Every row ends in exactly one."""

    CURATED = "curated", "published or withheld as the policy says"
    QUARANTINED = "quarantined", "set aside for the borough to mend"
    REJECTED = "rejected", "not a record we take, or its whole file was refused"


class Severity(Labelled):
    """What an issue did to the row or file it is about."""

    NOTE = "note", "For information"
    WARNING = "warning", "Taken, please check"
    QUARANTINE = "quarantine", "Row set aside"
    REJECT = "reject", "File refused"


class SourceState(Labelled):
    """What a night made of one source."""

    ACCEPTED = "accepted", "taken tonight"
    CARRIED_MISSING = "carried_missing", "file missing: last good carried forward"
    CARRIED_REJECTED = "carried_rejected", "file refused: last good carried forward"
    CARRIED_UNASKED = "carried_unasked", "left out of this run: last good carried forward"
    ABSENT = "absent", "nothing to publish yet"
    WAITING = "waiting", "waits for its file"


# States in which figures rest on an earlier night's roster.
CARRIED: frozenset[SourceState] = frozenset(
    {SourceState.CARRIED_MISSING, SourceState.CARRIED_REJECTED, SourceState.CARRIED_UNASKED}
)


class IdentityEntity(StrEnum):
    """What keeps an id from night to night."""

    ORGANIZATION = "organization"
    LOCATION = "location"
    SERVICE = "service"
    HEALTH_PATHWAY = "health_pathway"
    ORGANIZATION_CLUSTER = "organization_cluster"
    LOCATION_CLUSTER = "location_cluster"
    SERVICE_CLUSTER = "service_cluster"


class IdentityState(Labelled):
    """What has become of an id."""

    CURRENT = "current", "in use"
    RETIRED = "retired", "no longer among the records of its source"
    MERGED = "merged", "became one with the record it redirects to"


class MatchEntity(StrEnum):
    """What is matched across rosters."""

    ORGANIZATION = "organization"
    LOCATION = "location"
    SERVICE = "service"


class MatchDecision(StrEnum):
    """Whether two records are the same; a maybe is left apart until somebody decides."""

    MATCH = "match"
    MAYBE = "maybe"
    NO = "no"


class ReviewDecision(StrEnum):
    """What somebody decided about two records."""

    SAME = "same"
    DIFFERENT = "different"


class RosterKind(StrEnum):
    """What one record of a roster describes."""

    PROVIDERS = "providers"
    SHORT_BREAKS = "short_breaks"
    HEALTH_PATHWAYS = "health_pathways"


class RowChange(Labelled):
    """What became of a row of a table between two snapshots."""

    CAME = "came", "new"
    WENT = "went", "gone"
    CHANGED = "changed", "changed"
