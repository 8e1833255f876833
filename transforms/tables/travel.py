"""The table of ways: how far each venue is from where City families live and their children go to school."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table


class Travel(Table, name="x_travel"):
    """One way from a City estate, or the City's school, to one venue, in a straight line and on foot."""

    origin = Column(Kind.TEXT, "Residential estate or school of the City", required=True)
    location_id = Column(Kind.TEXT, "The venue", required=True)
    distance_m = Column(Kind.NUMBER, "Straight line between them", unit="m", required=True, minimum=0)
    walk_min = Column(
        Kind.NUMBER,
        "Estimated walk: the straight line, longer by the usual detour, at the usual speed",
        unit="minutes",
        required=True,
        minimum=0,
    )
    rank = Column(
        Kind.WHOLE, "1 for the venue's nearest estate, 2 for the next; blank for a school", minimum=1
    )
    positional_error_m = Column(
        Kind.NUMBER, "How far off the venue's point may be", unit="m", required=True, minimum=0
    )
    key = (location_id, origin)
