"""Tables about the run itself: where each row went, what was wrong, how values were read."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import Outcome, ParseStatus, Severity, SourceState


class SourceRecord(Table, name="x_source_record"):
    """One physical record of a roster and where it ended: the ledger."""

    source = Column(Kind.TEXT, "Roster source", required=True)
    file = Column(Kind.TEXT, "Roster file", required=True)
    part = Column(Kind.TEXT, "Sheet of a workbook; blank for other formats")
    physical_row = Column(
        Kind.WHOLE, "Line, sheet row or record number", required=True, minimum=1, is_lineage=True
    )
    file_sha256 = Column(
        Kind.TEXT, "SHA-256 of the file", required=True, pattern=r"^[0-9a-f]{64}$", is_lineage=True
    )
    record_hash = Column(Kind.TEXT, "SHA-256 of the record's values, first 16 digits", is_lineage=True)
    outcome = Column(Kind.TEXT, "Where the row ended", required=True, values=Outcome)
    reason = Column(Kind.TEXT, "Rule that decided, when not curated")
    organization_id = Column(Kind.TEXT, "Provider it became")
    service_id = Column(Kind.TEXT, "Service it became")
    health_pathway_id = Column(Kind.TEXT, "Health pathway it became")
    is_withheld = Column(Kind.FLAG, "Curated, but kept out of publication by policy", required=True)
    key = (source, file, part, physical_row, file_sha256)


class Issue(Table, name="issue"):
    """One thing a borough officer can look at: where it is, what it is, what to do."""

    source = Column(Kind.TEXT, "Roster source", required=True)
    file = Column(Kind.TEXT, "Roster file")
    part = Column(Kind.TEXT, "Sheet of a workbook; blank for other formats")
    physical_row = Column(
        Kind.WHOLE, "Line, sheet row or record number; blank for a whole file", is_lineage=True
    )
    heading = Column(Kind.TEXT, "Column, in the borough's own words")
    raw_value = Column(Kind.TEXT, "Value as received; withheld when it may be about a child", is_lineage=True)
    rule = Column(Kind.TEXT, "Short name of the rule", required=True)
    severity = Column(Kind.TEXT, "What it did to the row", required=True, values=Severity)
    message = Column(Kind.TEXT, "What is wrong, in words", required=True, is_lineage=True)
    what_to_do = Column(Kind.TEXT, "What mends it", required=True)
    key = (source, file, part, physical_row, heading, rule)


class ValueProvenance(Table, name="x_value_provenance"):
    """How one published value was read from a roster's words."""

    entity = Column(Kind.TEXT, "Table of the value", required=True)
    id = Column(Kind.TEXT, "Row of that table", required=True)
    field = Column(Kind.TEXT, "Column of that table", required=True)
    file = Column(Kind.TEXT, "Roster file the words stand in", required=True)
    part = Column(Kind.TEXT, "Sheet of a workbook; blank for other formats")
    physical_row = Column(
        Kind.WHOLE, "Line, sheet row or record number; the provider's own where it gives the value",
        required=True, minimum=1, is_lineage=True,
    )  # fmt: skip
    heading = Column(
        Kind.TEXT, "Column, in the borough's own words; blank where it is declared for the whole roster"
    )
    raw = Column(Kind.TEXT, "The roster's words; blank where they are free text, which is not published")
    parsed = Column(Kind.TEXT, "What was read")
    rule = Column(Kind.TEXT, "Rule that read it", required=True)
    confidence = Column(Kind.NUMBER, "How sure", required=True, minimum=0, maximum=1)
    status = Column(Kind.TEXT, "How much was read", required=True, values=ParseStatus)
    key = (entity, id, field)


class SourceNight(Table, name="source_night"):
    """What one run made of one source: its state, its age and its row sums."""

    source = Column(Kind.TEXT, "Roster source", required=True)
    title = Column(Kind.TEXT, "Owner of the roster", required=True)
    state = Column(Kind.TEXT, "What was done", required=True, values=SourceState)
    is_sample = Column(Kind.FLAG, "Fictional sample roster", required=True)
    last_good_on = Column(Kind.DATE, "Night on which the figures used were last received")
    age_days = Column(Kind.WHOLE, "Days since then", unit="days", minimum=0)
    rows_in = Column(Kind.WHOLE, "Physical records in the files", required=True, minimum=0)
    rows_curated = Column(Kind.WHOLE, "Records curated", required=True, minimum=0)
    rows_quarantined = Column(Kind.WHOLE, "Records set aside", required=True, minimum=0)
    rows_rejected = Column(Kind.WHOLE, "Records rejected", required=True, minimum=0)
    rows_withheld = Column(
        Kind.WHOLE,
        "Of the curated, kept out of publication by policy",
        required=True,
        minimum=0,
    )
    message = Column(Kind.TEXT, "In words", required=True)
    key = (source,)
