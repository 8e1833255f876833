"""Contracts: what is bought, by whom, until when, and which services it pays for."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove, Table
from transforms.vocabulary import Answer, CommissionerType, ContractRole, ContractStatus


class ContractMention(Table, name="contract_mention"):
    """One contract as one roster record tells of it; never published."""

    id = Column(Kind.TEXT, "Our identifier, by the record's row", required=True, is_lineage=True)
    contract_id = Column(
        Kind.TEXT, "The contract, the same for every spelling of its reference", required=True
    )
    ref = Column(Kind.TEXT, "Reference as written", required=True)
    lot = Column(Kind.TEXT, "Lots, as written")
    title = Column(Kind.TEXT, "What it is for, as written")
    start = Column(Kind.DATE, "First day")
    end = Column(Kind.DATE, "Last day before any extension")
    may_be_extended = Column(Kind.TEXT, "Whether it may be extended", required=True, values=Answer)
    extension_months = Column(Kind.WHOLE, "Longest extension", unit="months", minimum=1)
    notice_date = Column(Kind.DATE, "Day by which notice must be given")
    commissioned_by = Column(Kind.TEXT, "Who buys it, as written")
    commissioners = Column(Kind.TEXT, "Authorities that buy it, GSS codes")
    commissioner_type = Column(
        Kind.TEXT, "Which service of the state buys it", required=True, values=CommissionerType
    )
    covered = Column(Kind.TEXT, "Authorities it is said to cover, GSS codes")
    organization_id = Column(Kind.TEXT, "Provider")
    service_id = Column(Kind.TEXT, "Service that the record describes; blank when it describes a provider")
    source = Column(Kind.TEXT, "Roster source", required=True)
    key = (id,)


class Contract(Table, name="x_contract"):
    """One contract, however many rosters list it and however each spells its reference."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    ref = Column(Kind.TEXT, "Reference", required=True)
    lot = Column(Kind.TEXT, "Lots of a framework, comma separated")
    title = Column(Kind.TEXT, "What it is for, in the boroughs' words")
    start = Column(Kind.DATE, "First day")
    end = Column(Kind.DATE, "Last day before any extension; blank when not known or when rosters disagree")
    extension_end = Column(Kind.DATE, "Last day if every extension is taken; blank when not known")
    may_be_extended = Column(Kind.TEXT, "Whether it may be extended", required=True, values=Answer)
    notice_date = Column(Kind.DATE, "Day by which notice must be given, where a roster gives one")
    status = Column(
        Kind.TEXT, "Whether it runs on the day of the snapshot", required=True, values=ContractStatus
    )
    disagreement = Column(Kind.TEXT, "What rosters say differently; such a value is left blank")
    source = Column(Kind.TEXT, "Roster sources that list it, comma separated", required=True)
    key = (id,)
    rules = (
        NotAbove(start, end, "a contract does not end before it starts"),
        NotAbove(end, extension_end, "an extension does not shorten a contract"),
    )


class ContractParty(Table, name="x_contract_party"):
    """One party of a contract: who buys, who is covered, who delivers."""

    contract_id = Column(Kind.TEXT, "The contract", required=True)
    org_code = Column(
        Kind.TEXT,
        "GSS code of an authority, or our identifier of a provider; blank when only words are known",
    )
    role = Column(Kind.TEXT, "What the party is to the contract", required=True, values=ContractRole)
    commissioner_type = Column(Kind.TEXT, "Which service of the state buys it", values=CommissionerType)
    raw = Column(Kind.TEXT, "The rosters' words for who buys it")
    key = (contract_id, role, org_code)


class ContractService(Table, name="x_contract_service"):
    """One service that a contract pays for."""

    contract_id = Column(Kind.TEXT, "The contract", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    key = (contract_id, service_id)
