"""``squaremile whatif``: which gap cells proposed, changed or lost activities would close or open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.text import Text

from flows.asked import snapshot_asked
from flows.baseline_words import baseline_words
from flows.moved_view import print_moved, print_target
from flows.outputs import checked_csv_path, write_csv
from flows.places import Places
from flows.planned import carried_out, inputs_of
from flows.proposals import Proposal, read_proposals
from flows.reference import Reference
from flows.snapshot import Snapshot
from flows.words import day, plain, sample_mark, words_of
from transforms.doubts import doubt_codes
from transforms.gaps import GapInputs
from transforms.planning.compare import differences
from transforms.schema import LIST_JOINT
from transforms.supply import PLACE_HOURS, SERVICE_ID, SESSIONS
from transforms.tables import Baseline, Eligibility, Location, Service, ServiceNeed, TargetTracker, WhatIf
from transforms.vocabulary import Doubt, PlannedChange


def what_if(
    console: Console, places: Places, file: Path, csv: Path | None, as_of: dt.date | None = None
) -> None:
    """Tell what the file's proposals would do to every gap table; nothing is published."""
    if csv:
        checked_csv_path(csv)
    snapshot, reference = snapshot_asked(console, places, as_of), Reference(places)
    with console.status(f"Reading {file.name} and measuring the gaps anew…"):
        proposals = read_proposals(file, reference)
        before = inputs_of(snapshot, reference)
        after = carried_out(file.name, before, proposals)
        found = differences(before, after)
    sample_mark(console, snapshot)
    _print_proposals(console, file, snapshot, proposals, after)
    cells = found[found[WhatIf.gap_table].ne(TargetTracker.table_name)]
    print_moved(console, cells, "No verdict of any gap table would change.")
    print_target(console, found[found[WhatIf.gap_table].eq(TargetTracker.table_name)])
    for words in baseline_words(before.facts[Baseline]):
        console.print(words, style="italic")
    if csv:
        write_csv(csv, found, is_sample=snapshot.is_sample)
        console.print(f"{len(found):,} rows written to {csv}", soft_wrap=True, markup=False)


def _print_proposals(
    console: Console, file: Path, snapshot: Snapshot, proposals: list[Proposal], after: GapInputs
) -> None:
    """What was understood of each row, and what keeps a new activity from being certain."""
    console.print(Text.assemble((f"What if: {file.name}", "bold"), (f"  as at {day(snapshot.as_of)}", "dim")))
    console.print(
        "Nothing is published. What the file proposes counts as checked on that day.", style="italic"
    )
    for one in proposals:
        said = Text.assemble((f"Row {one.row}: {one.change.label}", "bold"), f" “{plain(one.name())}”")
        if one.change is PlannedChange.ADD:
            said.append(_understood(one, after))
        console.print(said)


def _understood(one: Proposal, after: GapInputs) -> str:
    service = one.read[Service].iloc[0]
    supply = after.supply[after.supply[SERVICE_ID].eq(service[Service.id])]
    row = supply.iloc[0]
    needs = one.read[ServiceNeed]
    named = needs[ServiceNeed.need_code].fillna(needs[ServiceNeed.scope]).astype("str")
    ages = "–".join("?" if pd.isna(service[c]) else str(service[c]) for c in _AGES)
    volume = [f"{row[name]:g} {words}" for name, words in _VOLUME if pd.notna(row[name])]
    certain = "" if row[Location.x_zone_certain] else ", so near the border that it is not certain"
    parts = [
        words_of(Location.column(Location.x_zone), row[Location.x_zone]) + certain,
        ", ".join(named), f"ages {ages}", words_of(Service.column(Service.x_tier), row[Service.x_tier]),
        *(volume or ["sessions not known"]),
        f"City residents: {row[Eligibility.accepts_city_residents]}",
    ]  # fmt: skip
    codes = [code for code in doubt_codes(supply).fillna("").iat[0].split(LIST_JOINT) if code]
    doubts = f". Not certain: {'; '.join(Doubt(code).label for code in codes)}" if codes else ""
    return f": {' · '.join(parts)}{doubts}"


_AGES = (Service.minimum_age, Service.maximum_age)
_VOLUME = ((SESSIONS, "sessions in four weeks"), (PLACE_HOURS, "place-hours in four weeks"))
