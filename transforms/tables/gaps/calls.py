"""Whom to ring first."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import OpenQuestion, SupposedAnswer

_CLOSED = "Gap cells of coverage that would have their first certain activity"
_SECURED = "Cells of coverage that rest on one provider and would rest on two"


class CallList(GapTable, name="call_list"):
    """One open question about one service, whatever number of rosters list it."""

    question = "Whom to ring first, and what to ask?"
    service_cluster_id = Column(Kind.TEXT, "The service, the same in every roster", required=True)
    open_question = Column(Kind.TEXT, "What is not known", required=True, values=OpenQuestion)
    rank = Column(
        Kind.WHOLE,
        "1 for the answer that closes most gap cells; equal answers share a rank",
        required=True,
        minimum=1,
    )
    supposed_answer = Column(
        Kind.TEXT, "The answer the figures of this row suppose", required=True, values=SupposedAnswer
    )
    closes = Column(Kind.WHOLE, f"{_CLOSED} by this answer alone", required=True, minimum=0)
    secures = Column(Kind.WHOLE, f"{_SECURED} by this answer alone", required=True, minimum=0)
    service_closes = Column(
        Kind.WHOLE, f"{_CLOSED} by every open answer about the service", required=True, minimum=0
    )
    service_secures = Column(
        Kind.WHOLE, f"{_SECURED} by every open answer about the service", required=True, minimum=0
    )
    call_closes = Column(
        Kind.WHOLE,
        f"{_CLOSED} by one call to the provider that answers everything open about all its services",
        required=True,
        minimum=0,
    )
    call_secures = Column(
        Kind.WHOLE,
        f"{_SECURED} by one call to the provider that answers everything open about all its services",
        required=True,
        minimum=0,
    )
    service_name = Column(Kind.TEXT, "Service", required=True)
    provider_id = Column(Kind.TEXT, "The provider's cluster", required=True)
    organization_name = Column(Kind.TEXT, "Provider", required=True)
    phone = Column(Kind.TEXT, "Telephone of the provider")
    email = Column(Kind.TEXT, "Role mailbox of the provider; a person's own address is never published")
    website = Column(Kind.TEXT, "Website of the provider")
    listings = Column(Kind.WHOLE, "Listings of the service that leave it open", required=True, minimum=1)
    first_seen = Column(Kind.DATE, "Night on which the first of these listings was first published")
    last_verified = Column(Kind.DATE, "When a borough last checked one of these listings")
    open_days = Column(
        Kind.WHOLE,
        "Days since the last check where that is the question, since it was first seen otherwise",
        unit="days",
        minimum=0,
    )
    key = (service_cluster_id, open_question)
    rules = (
        NotAbove(closes, service_closes, "one answer closes no more than all answers about the service"),
        NotAbove(service_closes, call_closes, "one service closes no more than all the provider's"),
        NotAbove(secures, service_secures, "one answer secures no more than all answers about the service"),
        NotAbove(service_secures, call_secures, "one service secures no more than all the provider's"),
    )
