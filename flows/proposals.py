"""Reading a file of proposed, changed or lost activities, by the rules that rosters are read by."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from flows.errors import Mistake
from flows.ingested import Ingested
from flows.lines import as_problem, map_content
from flows.outputs import SAMPLE_COLUMN, write_csv
from flows.placing import place
from flows.received import Received, read_content
from flows.reference import Reference
from transforms.issues import Problem
from transforms.mapping import Mapped, nearest_name
from transforms.normalise.source import Normalised, RosterLines, normalise
from transforms.parsers.reading import fold, is_blank
from transforms.schema import Table
from transforms.source_spec import Format, Roster, Source
from transforms.tables import (
    DIRECTORY_TABLES,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import PlannedChange, RosterKind, Severity

_FORMATS = {".csv": Format.CSV, ".xlsx": Format.XLSX}


@dataclass(frozen=True)
class Heading:
    """One column of the template: what to write in it, and which column of a roster it is read as."""

    name: str
    meaning: str
    example: str
    column: str = ""


CHANGE, ID, _SERVICE = "Change", "Id", "Service"
TEMPLATE: tuple[Heading, ...] = (
    Heading(CHANGE, "add, change or remove", "add"),
    Heading(
        ID, "Of a change or loss: the id of the service or its cluster, as published; else give its name", ""
    ),
    Heading(_SERVICE, "Name of the activity", "Saturday Club", L.service_name),
    Heading("Provider", "Who runs it, spelled as in the directory where it is known", "Example Play", L.provider_name),
    Heading("Venue", "Where; online, or at home, where it is not at a place", "Barbican Library", L.venue_name),
    Heading("Postcode", "Of the venue", "EC2Y 8DS", L.venue_postcode),
    Heading("Ages", "Such as 5-11, 8+, up to 18", "5-11", L.ages),
    Heading("Needs", "In words or DfE codes; any SEND; open to all", "Autism; Speech and language", L.needs),
    Heading("Tier", "Universal, targeted or specialist", "Specialist", L.tier),
    Heading("When", "Days, times and season", "Saturdays 10am-12pm term time", L.schedule),
    Heading("Places", "Places a session", "12", L.places),
    Heading("Parent stays", "Yes, no, or on what it depends", "No", L.parent_stays),
    Heading("Siblings", "Yes, no, or on what it depends", "Yes", L.siblings),
    Heading("City residents", "Whether children who live in the City may come", "Yes", L.residency),
    Heading("Short-break type", "Such as weekend club or holiday playscheme", "Weekend club", L.kind_of_service),
)  # fmt: skip
HEADING_OF = {heading.column: heading.name for heading in TEMPLATE if heading.column}
_NEEDED = (L.service_name, L.provider_name)
_TOLD = 12


@dataclass(frozen=True)
class Proposal:
    """One row of the file: what it does, what it names, and what was read of it."""

    row: int
    change: PlannedChange
    id: str
    cells: dict[str, str]
    read: dict[type[Table], pd.DataFrame]

    @property
    def said(self) -> set[str]:
        """The columns of ``ShortBreakLine`` that the row fills."""
        return set(self.cells)

    def name(self) -> str:
        """What the row calls its service."""
        return self.cells.get(L.service_name) or self.id


def read_proposals(file: Path, reference: Reference) -> list[Proposal]:
    """Every row of a proposal file, in its order.

    Raises ``Mistake`` that names row and column of everything that cannot be taken at its word.
    """
    if not file.is_file():
        raise Mistake(f"There is no file {file}.", "Check the name and the folder.")
    kind = _FORMATS.get(file.suffix.lower())
    if kind is None:
        raise Mistake(f"{file.name} is neither .csv nor .xlsx.", "Save it as one of the two.")
    roster, source = declared(kind, file.name)
    result = Ingested(source, Received(source, ((file,),), ()))
    # By these the row of headings is found, however few columns the file has.
    content = read_content(
        replace(roster, columns={name: [name] for name in (CHANGE, ID, _SERVICE)}), (file,)
    )
    problems = [as_problem(finding) for finding in content.findings]
    _refuse(file.name, [p for p in problems if p.severity is not Severity.NOTE])
    _check_headings(file.name, {h for part in content.parts for h in part.headings if h})
    mapped = map_content(content, roster, result)
    _refuse(file.name, [p for p in result.problems if p.severity is not Severity.NOTE])
    own = {
        (part.file, part.part, record.row): dict(zip(part.headings, record.cells, strict=True))
        for part in content.parts
        for record in part.records
    }
    lines = _identified(mapped.lines, own)
    changes = [
        _change(file.name, row, own[where]) for row, where in zip(lines[L.physical_row], own, strict=True)
    ]
    _refuse(file.name, list(_incomplete(lines, changes, own)))
    night = read_lines(file.name, replace(mapped, lines=lines), (roster, source), reference)
    return [
        Proposal(
            int(line[L.physical_row]), change, cells.get(ID, "").strip(),
            {c: str(line[c]) for c in HEADING_OF if pd.notna(line[c]) and not is_blank(line[c])},
            of_row(night, str(line[L.row_id])),
        )
        for line, change, cells in zip(lines.to_dict("records"), changes, own.values(), strict=True)
    ]  # fmt: skip


def declared(kind: Format, name: str) -> tuple[Roster, Source]:
    """A file of proposals as a roster of a source of its own."""
    roster = Roster(
        kind=RosterKind.SHORT_BREAKS,
        format=kind,
        files=[name],
        sheets=["*"] if kind is Format.XLSX else [],
        columns={column: [heading] for column, heading in HEADING_OF.items()},
        may_be_absent=list(HEADING_OF),
        unused=[CHANGE, ID, SAMPLE_COLUMN.name],
    )
    source = Source(name="what_if", title="The file", owner="", licence="", contact_role="", roster=[roster])
    return roster, source


def read_lines(name: str, mapped: Mapped, roster: tuple[Roster, Source], reference: Reference) -> Normalised:
    """Lines as roster lines are read, placed and all; whatever cannot be read is told by row and column."""
    lines = RosterLines(roster[0], mapped.lines, mapped.heading_of)
    night = normalise(roster[1], [lines], reference.synonyms, reference.thresholds)
    _refuse(name, [*night.problems, *place(night, [mapped.lines], [mapped], reference, roster[1])])
    return night


def _identified(lines: pd.DataFrame, own: dict[tuple[str, str, int], dict[str, str]]) -> pd.DataFrame:
    """Lines that are each a record of their own; one that names its service by id alone is called by it."""
    ids = pd.Series([cells.get(ID, "").strip() or None for cells in own.values()], lines.index, dtype="str")
    return lines.assign(**{L.record_ref: lines[L.row_id], L.service_name: lines[L.service_name].fillna(ids)})


def _check_headings(name: str, headings: set[str]) -> None:
    known = {fold(heading.name): heading.name for heading in TEMPLATE}
    for heading in sorted(headings - {SAMPLE_COLUMN.name}):
        if fold(heading) not in known:
            raise Mistake(
                f"{name} has a column “{heading}”. Nearest: “{nearest_name(heading, known.values())}”.",
                f"The columns are: {', '.join(known.values())}. `squaremile whatif --template FILE` writes them.",
            )
    if fold(CHANGE) not in {fold(heading) for heading in headings}:
        raise Mistake(
            f"{name} has no column “{CHANGE}”.", f"Say in it of every row: {', '.join(PlannedChange)}."
        )


def _change(name: str, row: int, cells: dict[str, str]) -> PlannedChange:
    said = cells.get(CHANGE, "").strip()
    try:
        return PlannedChange(said.casefold())
    except ValueError:
        words = f"“{said}” is no kind of change" if said else "is blank"
        raise Mistake(
            f"{name}, row {row}, {CHANGE}: {words}.", f"Write one of: {', '.join(PlannedChange)}."
        ) from None


def _incomplete(
    lines: pd.DataFrame, changes: list[PlannedChange], own: dict[tuple[str, str, int], dict[str, str]]
) -> list[Problem]:
    """What a row must say and does not."""
    found = []
    for line, change, cells in zip(lines.to_dict("records"), changes, own.values(), strict=True):
        needed = _NEEDED if change is PlannedChange.ADD else (L.service_name,)
        blank = [c for c in needed if pd.isna(line[c])]
        found += [_blank(line, HEADING_OF[column], "must not be blank.") for column in blank]
        filled = [c for c in HEADING_OF if c not in _NEEDED and pd.notna(line[c])]
        if change is PlannedChange.CHANGE and not filled:
            found.append(_blank(line, CHANGE, "says change, and nothing else of the row says what changes."))
        if change is PlannedChange.ADD and cells.get(ID, "").strip():
            found.append(_blank(line, ID, "is filled, but a new activity has no id yet."))
    return found


def _blank(line: dict[str, object], heading: str, words: str) -> Problem:
    return Problem(
        "incomplete", Severity.REJECT, f"It {words}", "Fill it in.", str(line[L.file]), "",
        int(str(line[L.physical_row])), heading,
    )  # fmt: skip


def _refuse(name: str, problems: list[Problem]) -> None:
    """Tell every problem by row and column; a proposal that is half understood would answer another question."""
    if not problems:
        return
    told = []
    for problem in sorted(dict.fromkeys(problems), key=lambda p: (p.row or 0, p.column)):
        where = f"row {problem.row}" if problem.row else "the file"
        column = f", {problem.column}" if problem.column else ""
        told.append(f"{where}{column}: {problem.message} {problem.what_to_do}")
    told = list(dict.fromkeys(told))
    more = f"\n… and {len(told) - _TOLD} more." if len(told) > _TOLD else ""
    raise Mistake(f"{name} cannot be taken as it stands.", "\n".join(told[:_TOLD]) + more)


def of_row(night: Normalised, row_id: str) -> dict[type[Table], pd.DataFrame]:
    """What was read of one row, in every table of the directory."""
    frames = night.frames
    became = night.became[night.became[L.row_id].eq(row_id)]
    service = set(became["service_id"])
    at = frames[ServiceAtLocation][frames[ServiceAtLocation][ServiceAtLocation.service_id].isin(service)]
    ids = {
        Service: (Service.id, service),
        Organization: (Organization.id, set(became["organization_id"])),
        Location: (Location.id, set(at[ServiceAtLocation.location_id])),
    }
    found: dict[type[Table], pd.DataFrame] = {}
    for table in DIRECTORY_TABLES:
        frame = frames.get(table, table.frame())
        if table in ids:
            column, wanted = ids[table]
        elif ServiceNeed.service_id in table.names():
            column, wanted = ServiceNeed.service_id, service
        elif Schedule.service_at_location_id in table.names():
            column, wanted = Schedule.service_at_location_id, set(at[ServiceAtLocation.id])
        elif ServiceAtLocation.location_id in table.names():
            column, wanted = ServiceAtLocation.location_id, set(at[ServiceAtLocation.location_id])
        else:
            continue
        found[table] = table.frame(frame[frame[column].isin(wanted)])
    return found


def write_template(file: Path) -> None:
    """A CSV with the headings of the template and one example."""
    if file.exists():
        raise Mistake(f"{file} is there already.", "Name another file.")
    rows = pd.DataFrame([[h.example for h in TEMPLATE]], columns=[h.name for h in TEMPLATE], dtype="str")
    write_csv(file, rows, is_sample=False)
