"""Where a service happens, and what placed it."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


class Zone(Labelled):
    """Where a service happens, seen from the Square Mile."""

    INSIDE = "inside", "Inside the Square Mile"
    NEAR = "near", "Near: a short walk outside"
    OUTSIDE = "outside", "Further outside"
    ONLINE = "online", "Online"
    HOME_OUTREACH = "home_outreach", "At home or outreach"
    UNKNOWN = "unknown", "Place not known"


class LocationType(StrEnum):
    """Open Referral UK's location type."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class AddressRole(StrEnum):
    """What an address is: only a venue gets a zone; a headquarters never does."""

    VENUE = "venue"
    HQ = "hq"
    UNKNOWN = "unknown"


class OriginKind(Labelled):
    """What City children do at a place from which their ways are measured."""

    ESTATE = "estate", "where families live"
    SCHOOL = "school", "where children spend the school day"


class PostcodeStatus(Labelled):
    """What the postcode directory says of a postcode."""

    LISTED = "listed", "in the packaged directory, which carries no dates"
    LIVE = "live", "in use"
    TERMINATED = "terminated", "no longer in use"
    PO_BOX = "po_box", "a PO box or large-user postcode: not a place"
    UNKNOWN = "unknown", "well formed, not in the directory"
    INVALID = "invalid", "not a postcode"
    MISSING = "missing", "none given"


class GeocodeMethod(StrEnum):
    """Which evidence placed a venue, the best first."""

    UPRN = "uprn"
    COORDINATES = "coordinates"
    POSTCODE = "postcode"
    NONE = "none"
