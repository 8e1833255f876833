"""What stands behind the figures: which services count, where, and why not for certain."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import Doubt, Standing

_DOUBTS = "What is in doubt; blank when confirmed"


class Supply(Table, name="x_supply"):
    """One service at one place, and whether it counts at all: what every gap table starts from."""

    service_at_location_id = Column(Kind.TEXT, "The service at its place", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    activity_id = Column(
        Kind.TEXT, "The activity: the same in every roster that lists it, and counted once", required=True
    )
    provider_id = Column(Kind.TEXT, "The provider's cluster", required=True)
    counts_as = Column(
        Kind.TEXT,
        "How it counts, before need, age, tier and zone are asked for",
        required=True,
        values=Standing,
    )
    doubts = Column(Kind.TEXT, _DOUBTS, values=Doubt, several=True)
    is_running = Column(Kind.FLAG, "Runs on the date of the snapshot", required=True)
    is_verified = Column(Kind.FLAG, "Checked recently enough to count", required=True)
    sessions_per_4_weeks = Column(
        Kind.NUMBER, "Sessions; blank when not known", unit="sessions per 4 weeks", minimum=0
    )
    place_hours_per_4_weeks = Column(
        Kind.NUMBER, "Places × hours; blank when not known", unit="place-hours per 4 weeks", minimum=0
    )
    key = (service_at_location_id,)


class Counted(Table, name="x_counted"):
    """One service at one place in one row of a gap table: what the row's figures count."""

    gap_table = Column(Kind.TEXT, "The gap table", required=True)
    row_key = Column(
        Kind.TEXT, "Its row: the parts of its key in order, such as ASD/5_10/specialist/inside", required=True
    )
    service_at_location_id = Column(Kind.TEXT, "The service at its place", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    activity_id = Column(Kind.TEXT, "The activity; figures count each once", required=True)
    counts_as = Column(Kind.TEXT, "How it counts in this row", required=True, values=Standing)
    counts_in = Column(Kind.TEXT, "The columns of the row that count it, comma separated")
    doubts = Column(Kind.TEXT, _DOUBTS, values=Doubt, several=True)
    key = (gap_table, row_key, service_at_location_id)
