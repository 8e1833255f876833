"""What is compared when rosters are matched, and what came of it."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import MatchDecision, MatchEntity, ReviewDecision


class MatchRecord(Table, name="match_record"):
    """One organization as it is compared with others; any column but the id may be blank."""

    id = Column(Kind.TEXT, "Identifier, once", required=True)
    name = Column(Kind.TEXT, "Name; a trading name may stand in it")
    alternate_names = Column(Kind.TEXT, "Other names, parted by semicolons")
    postcode = Column(Kind.TEXT, "Postcode of its office")
    charity_no = Column(Kind.TEXT, "Charity registration number")
    company_no = Column(Kind.TEXT, "Companies House number")
    ofsted_urn = Column(Kind.TEXT, "Ofsted unique reference number")
    website = Column(Kind.TEXT, "Website")
    phone = Column(Kind.TEXT, "Telephone")
    email = Column(Kind.TEXT, "Mailbox")
    key = (id,)


class Match(Table, name="x_match"):
    """Two records of one kind that were compared, and whether they are the same."""

    entity = Column(Kind.TEXT, "What was compared", required=True, values=MatchEntity)
    left_id = Column(Kind.TEXT, "One record, the earlier in the order of identifiers", required=True)
    right_id = Column(Kind.TEXT, "The other", required=True)
    decision = Column(Kind.TEXT, "Whether they are the same", required=True, values=MatchDecision)
    confidence = Column(
        Kind.NUMBER, "How sure it is that they are the same", required=True, minimum=0, maximum=1
    )
    reason = Column(Kind.TEXT, "Why, in words", required=True)
    key = (entity, left_id, right_id)


class MatchReview(Table, name="match_review"):
    """One pair that somebody is asked about, its evidence side by side, and what was decided."""

    entity = Column(Kind.TEXT, "What was compared", required=True, values=MatchEntity)
    left_name = Column(Kind.TEXT, "Name of the one")
    right_name = Column(Kind.TEXT, "Name of the other")
    left_other_names = Column(Kind.TEXT, "Its other names")
    right_other_names = Column(Kind.TEXT, "Its other names")
    left_place = Column(Kind.TEXT, "Its postcode")
    right_place = Column(Kind.TEXT, "Its postcode")
    left_numbers = Column(Kind.TEXT, "Its register numbers")
    right_numbers = Column(Kind.TEXT, "Its register numbers")
    left_contact = Column(Kind.TEXT, "Its website, telephone and mailbox")
    right_contact = Column(Kind.TEXT, "Its website, telephone and mailbox")
    left_source = Column(Kind.TEXT, "Its roster")
    right_source = Column(Kind.TEXT, "Its roster")
    confidence = Column(Kind.NUMBER, "How sure the rules are that they are the same", minimum=0, maximum=1)
    reason = Column(Kind.TEXT, "Why the rules are not sure")
    decision = Column(Kind.TEXT, "same or different; blank while undecided", values=ReviewDecision)
    by_role = Column(Kind.TEXT, "Role of whoever decided, never a name")
    decided_on = Column(Kind.DATE, "When")
    note = Column(Kind.TEXT, "What they went by")
    earlier_decision = Column(Kind.TEXT, "What was decided on earlier evidence, which has changed since")
    left_id = Column(Kind.TEXT, "Our identifier of the one", required=True)
    right_id = Column(Kind.TEXT, "Our identifier of the other", required=True)
    evidence = Column(Kind.TEXT, "Digest of what was compared", required=True, pattern=r"^[0-9a-f]{16}$")
    key = (entity, left_id, right_id)
