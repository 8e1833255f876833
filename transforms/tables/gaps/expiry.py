"""Contracts and what ends with them."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import Answer, CityPart, ContractExpiry, ContractStatus


class ContractEnd(GapTable, name="contract_expiry"):
    """One contract with all its lots, and what would end with it."""

    question = "Which contracts lapse, when, and what would end with them?"
    contract_id = Column(Kind.TEXT, "The contract", required=True)
    ref = Column(Kind.TEXT, "Its reference", required=True)
    lot = Column(Kind.TEXT, "Its lots, comma separated; no roster tells which service is of which")
    title = Column(Kind.TEXT, "What it is for, in the boroughs' words")
    commissioners = Column(Kind.TEXT, "Authorities that buy it, GSS codes, comma separated")
    commissioned_by = Column(Kind.TEXT, "Who buys it, in the rosters' words")
    city_part = Column(Kind.TEXT, "What the City is to it", required=True, values=CityPart)
    contract_status = Column(
        Kind.TEXT, "Whether it runs on the day of the snapshot", required=True, values=ContractStatus
    )
    end = Column(Kind.DATE, "Last day before any extension; blank when not known or when rosters disagree")
    days_to_end = Column(Kind.WHOLE, "Days until then; negative when past", unit="days")
    may_be_extended = Column(Kind.TEXT, "Whether it may be extended", required=True, values=Answer)
    extension_end = Column(Kind.DATE, "Last day if every extension is taken; blank when not known")
    notice_date = Column(Kind.DATE, "Day by which notice must be given, where a roster gives one")
    days_to_notice = Column(Kind.WHOLE, "Days until then; negative when past", unit="days")
    services = Column(Kind.WHOLE, "Services listed under it, each once", required=True, minimum=0)
    providers = Column(Kind.WHOLE, "Providers that deliver it", required=True, minimum=0)
    activities_confirmed = Column(
        Kind.WHOLE, "Its activities that are certain to serve City children", required=True, minimum=0
    )
    activities_possible = Column(
        Kind.WHOLE, "Confirmed and those that may also serve them", required=True, minimum=0
    )
    place_hours_confirmed = Column(
        Kind.NUMBER, "Places × hours of the confirmed in four weeks, where known",
        unit="place-hours per 4 weeks", required=True, minimum=0,
    )  # fmt: skip
    place_hours_possible = Column(
        Kind.NUMBER, "Places × hours of the possible in four weeks, where known",
        unit="place-hours per 4 weeks", required=True, minimum=0,
    )  # fmt: skip
    sole_confirmed_cells = Column(
        Kind.WHOLE,
        "Cells of coverage that would lose all that is confirmed: the only confirmed activities are under it",
        required=True,
        minimum=0,
    )
    sole_possible_cells = Column(
        Kind.WHOLE,
        "Cells of coverage that would be left with nothing: all that is even possible is under it",
        required=True,
        minimum=0,
    )
    services_succeeded = Column(
        Kind.WHOLE, "Of the services: another contract of the same buyer is known to pay for longer",
        required=True, minimum=0,
    )  # fmt: skip
    successor = Column(Kind.TEXT, "References of those contracts, comma separated")
    disagreement = Column(Kind.TEXT, "What rosters say differently; such a value is left blank")
    source = Column(Kind.TEXT, "Roster sources that list it, comma separated", required=True)
    expiry = Column(Kind.TEXT, "Verdict", required=True, values=ContractExpiry)
    key = (contract_id,)
    rules = (
        NotAbove(activities_confirmed, activities_possible, "what is confirmed is also possible"),
        NotAbove(place_hours_confirmed, place_hours_possible, "what is confirmed is also possible"),
        NotAbove(services_succeeded, services, "what is succeeded is among the services"),
    )
