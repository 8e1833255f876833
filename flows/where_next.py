"""``squaremile where-next``: which new activities, and where, would close most gap cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.asked import snapshot_asked
from flows.baseline_words import baseline_words
from flows.errors import Mistake
from flows.outputs import checked_csv_path, write_csv
from flows.places import Places
from flows.planned import inputs_of
from flows.proposals import CHANGE, HEADING_OF, declared, of_row, read_lines
from flows.reference import Reference
from flows.words import day, plain, sample_mark, words_of
from transforms.gaps import REGISTERED, GapInputs
from transforms.issues import row_id
from transforms.mapping import Mapped
from transforms.normalise.source import Normalised
from transforms.planning.changes import Frames, added, measured_anew
from transforms.planning.siting import Choice, choose, closed_by, open_cells
from transforms.schema import KEY_JOINT
from transforms.source_spec import Format
from transforms.tables import (
    ActivityKind,
    Baseline,
    CandidateVenue,
    Counted,
    Location,
    Origin,
    Service,
    TargetTracker,
)
from transforms.tables import ShortBreakLine as L
from transforms.travel import homes, straight_lines_m
from transforms.vocabulary import Answer, PlannedChange, Zone

_FILE = "activity_kinds.csv"
_PROVIDER = "To be found"
_MOST_PLACES = 3


@dataclass(frozen=True)
class Options:
    """Every kind of activity at every candidate venue, as lines and as read; and what each would close."""

    lines: pd.DataFrame
    read: Normalised
    before: GapInputs
    gaps: pd.DataFrame
    closes: pd.DataFrame


def where_next(
    console: Console,
    places: Places,
    budget: int,
    seconds: float,
    csv: Path | None,
    as_of: dt.date | None = None,
) -> None:
    """Tell where so many new activities would close most gap cells; nothing is published."""
    if csv:
        checked_csv_path(csv)
    snapshot, reference = snapshot_asked(console, places, as_of), Reference(places)
    with console.status("Measuring the gaps with every kind of activity at every place…"):
        options = options_of(inputs_of(snapshot, reference), reference)
        choice = choose(options.closes.to_numpy(), budget, seconds)
    sample_mark(console, snapshot)
    _print(console, options, choice, budget, snapshot.as_of)
    if csv:
        rows = chosen_rows(options, choice)
        write_csv(csv, rows, is_sample=snapshot.is_sample)
        console.print(
            f"{len(rows):,} rows written to {csv}; `squaremile whatif {csv}` tells what they would do.",
            soft_wrap=True, markup=False,
        )  # fmt: skip


def options_of(before: GapInputs, reference: Reference) -> Options:
    """Each kind of activity at each candidate venue, the venues nearest to where City families live first."""
    facts = before.facts
    kinds, venues = facts[ActivityKind], facts[CandidateVenue]
    if kinds.empty or venues.empty:
        raise Mistake(
            "There is nothing to choose from: activity_kinds.csv or candidate_venues.csv is empty.",
            "Fill in both in the reference folder.",
        )
    metres = straight_lines_m(
        venues[CandidateVenue.easting], venues[CandidateVenue.northing], homes(facts[Origin])
    )
    venues = venues.assign(metres=metres.sum(axis=1)).sort_values(["metres", CandidateVenue.name])
    lines = _lines(venues, kinds)
    mapped = Mapped(lines, {column: column for column in HEADING_OF})
    read = read_lines(_FILE, mapped, declared(Format.CSV, _FILE), reference)
    all_at_once = measured_anew(before, added(dict(before.frames), _checked(read.frames, before)))
    gaps = open_cells(before)
    service_of = read.became.set_index(L.row_id)["service_id"]
    closes = closed_by(gaps, all_at_once, [str(service_of[row]) for row in lines[L.row_id]])
    return Options(lines, read, before, gaps, closes)


def _lines(venues: pd.DataFrame, kinds: pd.DataFrame) -> pd.DataFrame:
    """Roster lines of every kind at every venue."""
    # As the file of kinds counts its rows, for whoever has to mend one.
    kinds = kinds.assign(row=range(2, len(kinds) + 2))
    pairs = venues[[CandidateVenue.name, CandidateVenue.postal_code]].merge(
        kinds.drop(columns=[ActivityKind.as_at, ActivityKind.source]),
        how="cross",
        suffixes=("_venue", "_kind"),
    )
    ids = [row_id(_FILE, venue, row) for venue, row in zip(pairs["name_venue"], pairs["row"], strict=True)]
    said = {
        L.row_id: ids,
        L.record_ref: ids,
        L.file: _FILE,
        L.part: pairs["name_venue"],
        L.physical_row: pairs["row"],
        L.service_name: pairs["name_kind"],
        L.provider_name: _PROVIDER,
        L.venue_name: pairs["name_venue"],
        L.venue_postcode: pairs[CandidateVenue.postal_code],
        L.residency: Answer.YES.value,
        L.places: pairs[ActivityKind.places].astype("str"),
    }
    same = (L.ages, L.needs, L.tier, L.schedule, L.parent_stays, L.siblings, L.kind_of_service)
    return L.frame(pd.DataFrame({**said, **{column: pairs[column] for column in same}}))


def _checked(frames: Frames, inputs: GapInputs) -> Frames:
    return {**frames, Service: frames[Service].assign(**{Service.x_last_verified: inputs.as_of})}


def with_chosen(options: Options, choice: Choice) -> GapInputs:
    """The inputs with the chosen activities alone."""
    frames: Frames = dict(options.before.frames)
    for number in choice.options:
        read = of_row(options.read, str(options.lines.iloc[number][L.row_id]))
        frames = added(frames, _checked(read, options.before))
    return measured_anew(options.before, frames)


def chosen_rows(options: Options, choice: Choice) -> pd.DataFrame:
    """The chosen activities as ``squaremile whatif`` reads them."""
    lines = options.lines.iloc[choice.options]
    rows = pd.DataFrame({heading: lines[column] for column, heading in HEADING_OF.items()})
    rows.insert(0, CHANGE, PlannedChange.ADD.value)
    return rows


def _print(console: Console, options: Options, choice: Choice, budget: int, as_of: str) -> None:
    gaps = f"{len(options.gaps):,} gaps inside the Square Mile"
    console.print(
        Text.assemble((f"Where next: {budget} new activities", "bold"), (f"  as at {day(as_of)}", "dim"))
    )
    tables = ", ".join(sorted(options.gaps[Counted.gap_table].unique()))
    if not choice.options:
        console.print(f"No activity of a kind we know would close any of {gaps} ({tables}).")
        return
    kinds, venues = options.lines[L.service_name].nunique(), options.lines[L.venue_name].nunique()
    console.print(
        f"These {len(choice.options)} would close {choice.closed:,} of {gaps} ({tables}), "
        f"chosen from {kinds} kinds of activity at {venues} places."
    )
    if choice.is_proven_best:
        console.print(f"Proven best: no other choice of {budget} closes more.", style="green")
    else:
        console.print("Not proven best in the time given; at least as good as taking the best one by one.")
    if len(choice.options) < budget:
        console.print("More than these would close nothing further.")
    covered = pd.Series(False, index=options.closes.index)
    for place, (number, adds) in enumerate(zip(choice.options, choice.adds, strict=True), start=1):
        mine = options.closes.iloc[:, number]
        what = plain(options.lines.iloc[number][L.service_name])
        console.print(
            Text.assemble((f"\n{place}. {what}", "bold"), f": closes {adds:,}{' more' * (place > 1)}")
        )
        console.print(Padding(_where(options, number), (0, 0, 0, 3)))
        for told in _cells(mine.index[mine & ~covered]):
            console.print(Padding(Text(told, style="dim"), (0, 0, 0, 3)))
        covered |= mine
    console.print()
    _print_target(console, options, choice)
    for words in baseline_words(options.before.facts[Baseline]):
        console.print(words, style="italic")
    _print_unsure(console, options)
    console.print("That a room is to be had, or anybody to run it, is not implied.", style="italic")


def _where(options: Options, number: int) -> str:
    """The place, and how many others would do as well for the same kind of activity."""
    lines, own = options.lines, options.lines.iloc[number]
    same_kind = lines[L.service_name].eq(own[L.service_name]).to_numpy()
    mine = options.closes.iloc[:, [number]].to_numpy()
    as_good = same_kind & (options.closes.to_numpy() == mine).all(axis=0)
    others = [plain(name) for name in lines.loc[as_good, L.venue_name] if name != own[L.venue_name]]
    told = f"{plain(own[L.venue_name])}, {own[L.venue_postcode]}"
    if not others:
        return f"at {told}"
    more = f" and {len(others) - _MOST_PLACES} more" if len(others) > _MOST_PLACES else ""
    return f"at {told}; as well at {', '.join(others[:_MOST_PLACES])}{more}"


def _cells(index: pd.MultiIndex) -> Iterator[str]:
    """What is closed, by table: the values of each part of the key that occur."""
    cells = index.to_frame(index=False)
    for name, keys in cells.groupby(Counted.gap_table)[Counted.row_key]:
        table = next(t for t in REGISTERED if t.table_name == name)
        parts = keys.str.split(KEY_JOINT, expand=True)
        told = []
        for column, part in zip(table.key, parts, strict=False):
            order = [code for code in column.allowed if code in set(parts[part])] or sorted(set(parts[part]))
            told.append(", ".join(words_of(column, code) for code in order))
        yield f"{name}: {' · '.join(told)}"


def _print_target(console: Console, options: Options, choice: Choice) -> None:
    """What the chosen activities do to the count of activities that the target is about."""
    before = REGISTERED[TargetTracker](options.before).table
    after = REGISTERED[TargetTracker](with_chosen(options, choice)).table
    for was, becomes in zip(before.to_dict("records"), after.to_dict("records"), strict=True):
        if was[TargetTracker.confirmed] == becomes[TargetTracker.confirmed]:
            continue
        what = [words_of(c, was[c.name]) for c in TargetTracker.key]
        console.print(
            f"Target tracker, {what[0]}, {what[1]}: {was[TargetTracker.confirmed]:,g} → "
            f"{becomes[TargetTracker.confirmed]:,g} confirmed.",
            style="dim",
        )


def _print_unsure(console: Console, options: Options) -> None:
    """Places at which an activity would not count as inside for certain."""
    places = options.read.frames[Location]
    sure = places[Location.x_zone].eq(Zone.INSIDE) & places[Location.x_zone_certain].astype(bool)
    names = sorted({plain(name) for name in places[~sure][Location.name]})
    if names:
        console.print(
            f"Not inside for certain, so an activity there closes nothing inside: {', '.join(names)}.",
            style="dim",
        )
