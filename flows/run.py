"""The nightly refresh: read → normalise → validate → geocode → match → measure → publish.

A plain function that reads as the method of the product; ``flows/refresh.py`` wraps its steps for Prefect.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd

from flows import archive, map_layers, night, outputs, publish, quarantine
from flows.errors import ExitCode, NothingUsable, PlainError, RunAborted
from flows.last_night import METHOD, REFERENCE, THRESHOLDS, comparable, earlier, method_digest
from flows.memory import released, remembered
from flows.night import Frames, SourceTonight
from flows.places import Places
from flows.progress import display
from flows.published import snapshot_before
from flows.reference import Reference
from flows.report import REPORT
from flows.reviews import read_reviews, write_reviews
from flows.sources import load_sources, pick
from flows.tonight import source_failed, source_tonight
from transforms.identity import keep_clusters
from transforms.matching import Decisions, MatchRules, decisions_of, describe, next_reviews, standing
from transforms.source_spec import Source
from transforms.tables import CHILD_TABLES, PUBLISHED, Identity, Location, Match, Origin, SourceNight
from transforms.vocabulary import OriginKind, SourceState

LONDON = ZoneInfo("Europe/London")
_SAMPLE_NOTE = "SAMPLE.toml"


@dataclass(frozen=True)
class Result:
    """What a refresh did, for whoever started it."""

    exit_code: ExitCode
    run_id: str
    as_of: dt.date
    is_sample: bool
    folder: Path | None
    is_new: bool
    nights: Sequence[SourceTonight]
    frames: Frames
    quarantine: Path | None
    message: str


@dataclass(frozen=True)
class Steps:
    """The steps that an orchestrator may wrap; by default they are plain calls."""

    ingest: Callable[[list[Source], Places, Reference, set[str]], list[SourceTonight]]
    match: Callable[[Frames, MatchRules, Decisions], Frames] = night.match_sources
    measure: Callable[..., Frames] = night.measure_gaps


def _one_after_another(
    sources: list[Source], places: Places, reference: Reference, asked: set[str]
) -> list[SourceTonight]:
    nights = []
    for source in sources:
        try:
            nights.append(source_tonight(source, places, reference, is_asked=source.name in asked))
        except PlainError:
            raise
        except Exception as error:
            nights.append(source_failed(source, error, places, reference))
    return nights


PLAIN = Steps(ingest=_one_after_another)


def run_refresh(
    places: Places, only: Sequence[str], as_of: dt.date | None, *, dry_run: bool = False, steps: Steps = PLAIN
) -> Result:
    """Refresh the published snapshot; the caller holds the lock.

    Raises ``Mistake`` for what is written wrongly in sources or reference data, ``RunAborted`` when nothing
    could be published; either way the last snapshot stays as it was.
    """
    reference = Reference(places)
    sources = load_sources(places.sources, reference.synonyms)
    read_reviews(places.match_reviews)  # A mistake in it is told before anything is done.
    asked = {source.name for source in pick(sources, only)} if only else {source.name for source in sources}
    nights = _ingest_all(sources, places, reference, asked, steps)
    if all(n.used is None for n in nights):
        raise _nothing_to_publish(nights, places)
    is_sample = any(n.is_sample for n in nights)
    if _is_all_sample(nights):
        reference = reference.for_samples()
    day = pd.Timestamp(as_of or _default_date(nights, places))
    nights = [_dated(n, day) for n in nights]
    prefix = "sample-" if is_sample else ""

    display().step("Matching providers, venues and services across rosters")
    known = night.identify_sources(nights, remembered(places, day, is_sample=is_sample), day, reference)
    described = describe(known.frames)
    decisions = decisions_of(standing(read_reviews(places.match_reviews), described))
    frames, withheld = night.withhold(steps.match(known.frames, reference.matching, decisions))
    frames, registry = keep_clusters(frames, known.registry, day)
    frames |= {Identity: registry} | night.account_for(nights, day, withheld, known.ids)
    releases = {
        table: released(places, table, reference.disclosure, is_sample=is_sample) for table in CHILD_TABLES
    }
    children = night.release_children(reference, releases, day)
    frames |= children
    before = comparable(snapshot_before(places, day, is_sample=is_sample))
    compared_with = before.run_id if before else None
    content = night.content_digest(frames, nights, reference, day, compared_with)
    run_id = f"{prefix}{day.date().isoformat()}-{content[:10]}"
    data_digest = night.inputs_digest(nights, registry, reference, day, decisions, compared_with)
    display().step("Measuring the gaps, and what moved since the snapshot before")
    last_night = earlier(before, reference, children) if before else None
    frames |= steps.measure(frames, reference, day, run_id, last_night, night.rows_set_aside(nights))
    display().step("Checking every table before publishing")
    verdicts = [v for n in nights if n.used for v in n.used.verdicts] + _gate(frames)

    refused = [n for n in nights if n.refused]
    now = publish.current(places)
    parts = [part for n in nights for part in (n.used, n.refused) if part]
    aside = None if dry_run else quarantine.lock_away(places, run_id, parts)
    code = ExitCode.ROSTER_REFUSED if refused else ExitCode.DONE

    def result(folder: Path | None, message: str, *, is_new: bool) -> Result:
        return Result(code, run_id, day.date(), is_sample, folder, is_new, nights, frames, aside, message)

    if not dry_run:
        asked_before = read_reviews(places.match_reviews)
        write_reviews(places.match_reviews, next_reviews(frames[Match], described, asked_before))
    if dry_run:
        return result(None, "Dry run: everything was done but publishing.", is_new=False)
    if refused and now and now["inputs_digest"] == data_digest:
        # Nothing but the refused file has changed: there is nothing new to publish.
        message = f"{', '.join(n.title for n in refused)}: refused. The last snapshot stays current."
        beat(places, code, message, run_id=now["run_id"])
        return result(now["folder"], message, is_new=False)
    display().step("Publishing the snapshot")
    manifest = _manifest(run_id, data_digest, day, nights, frames, verdicts, reference, is_sample=is_sample)
    published = publish.publish(
        places,
        run_id,
        lambda folder: _write(folder, frames, manifest, reference, day, is_sample=is_sample),
        manifest,
        {"run_id": run_id, "as_of": day.date().isoformat(), "is_sample": is_sample},
    )
    for n in nights:
        if n.state is SourceState.ACCEPTED and n.used:
            archive.keep(places, n.used, day)
    if published.is_new:
        message = f"Published snapshot {published.folder.name}."
    else:
        message = f"Nothing has changed: the {published.files} files of {published.folder.name} came out byte for byte."
    beat(places, code, message, run_id=run_id)
    return result(published.folder, message, is_new=published.is_new)


def _ingest_all(
    sources: list[Source], places: Places, reference: Reference, asked: set[str], steps: Steps
) -> list[SourceTonight]:
    """Every source on its own; what all of them need is loaded once, first."""
    display().step("Loading the postcode directory")
    _ = reference.ground
    display().step("Reading, validating and placing the rosters")
    # By name: nothing that is published hangs on which source was read first.
    nights = sorted(steps.ingest(sources, places, reference, asked), key=lambda one: one.name)
    for one in nights:
        if one.state is not SourceState.WAITING:
            display().source(one.name, _counts(one), is_good=one.state is SourceState.ACCEPTED)
    return nights


def _counts(one: SourceTonight) -> str:
    if one.used is None or one.state is not SourceState.ACCEPTED:
        return one.message
    outcomes = one.used.records["outcome"].value_counts()
    parts = [f"{outcomes.get(name, 0)} {name}" for name in ("curated", "quarantined", "rejected")]
    return f"{one.used.rows_in} rows = {' + '.join(parts)}"


def _nothing_to_publish(nights: list[SourceTonight], places: Places) -> NothingUsable:
    told = " ".join(f"{n.title}: {n.message}" for n in nights if n.state is not SourceState.WAITING)
    return NothingUsable(
        f"No source could be used, so nothing is published. {told}", f"Put rosters into {places.raw}."
    )


def _is_all_sample(nights: Sequence[SourceTonight]) -> bool:
    """Whether no real roster is used: then invented facts may stand beside invented providers."""
    return all(n.used.is_sample for n in nights if n.used)


def _default_date(nights: Sequence[SourceTonight], places: Places) -> dt.date:
    """Today in London; the samples' own date when every roster is a sample, so that they do not go stale."""
    note = places.raw / _SAMPLE_NOTE
    if _is_all_sample(nights) and note.is_file():
        return dt.date.fromisoformat(str(tomllib.loads(note.read_text(encoding="utf-8"))["as_of"]))
    return dt.datetime.now(LONDON).date()


def _dated(one: SourceTonight, day: pd.Timestamp) -> SourceTonight:
    if one.state is not SourceState.ACCEPTED:
        return one
    return SourceTonight(one.name, one.title, one.state, one.used, one.refused, day, one.message)


def _gate(frames: Frames) -> list[dict[str, Any]]:
    """Gates on the geocoded venues and on every table about to be published; none may fail."""
    from expectations.gate import check

    verdicts = [check("geocoded venues", Location, frames[Location])]
    verdicts += [check("curated", table, frames[table]) for table in PUBLISHED]
    for verdict in verdicts:
        if not verdict.passed:
            told = "; ".join(f"{f.column}: {f.description}" for f in verdict.failures)
            raise RunAborted(
                f"The table {verdict.table} fails its own rules ({told}), so nothing is published.",
                "Tell the data engineers: this is a fault of ours, not of a roster.",
            )
    return [verdict.as_record() for verdict in verdicts]


def _manifest(
    run_id: str,
    data_digest: str,
    day: pd.Timestamp,
    nights: Sequence[SourceTonight],
    frames: Frames,
    verdicts: list[dict[str, Any]],
    reference: Reference,
    *,
    is_sample: bool,
) -> dict[str, Any]:
    """The record of a run, without any clock: equal inputs give equal bytes."""
    sums = {str(row["source"]): row for row in frames[SourceNight].to_dict("records")}
    return {
        **({"sample": f"SAMPLE: {outputs.SAMPLE_VALUE}, not fact"} if is_sample else {}),
        "run_id": run_id,
        "as_of": day.date().isoformat(),
        "inputs_digest": data_digest,
        "method_version": night.METHOD_VERSION,
        METHOD: method_digest(),
        THRESHOLDS: asdict(reference.thresholds),
        "sources": [
            {
                "name": n.name,
                "title": n.title,
                "owner": n.used.source.owner if n.used else "",
                "licence": n.used.source.licence if n.used else "",
                "state": n.state.value,
                "message": n.message,
                "is_sample": n.is_sample,
                "last_good_on": n.last_good_on.date().isoformat() if n.last_good_on is not None else None,
                "files": n.used.received.sha256 if n.used else {},
                "refused_files": n.refused.received.sha256 if n.refused else {},
                **{k: int(sums[n.name][k]) for k in _SUMS},
            }
            for n in nights
        ],
        REFERENCE: [vars(file) for file in reference.files()],
        "tables": {table.table_name: len(frames[table]) for table in PUBLISHED},
        "verdicts": verdicts,
    }


_SUMS = ("rows_in", "rows_curated", "rows_quarantined", "rows_rejected", "rows_withheld")


def _write(
    folder: Path,
    frames: Frames,
    manifest: dict[str, Any],
    reference: Reference,
    day: pd.Timestamp,
    *,
    is_sample: bool,
) -> None:
    """Every file of a snapshot but its manifest."""
    from flows.feedback_files import write_feedback
    from flows.open_referral_file import write_open_referral
    from flows.workbooks import write_workbooks
    from reports.facts import OriginPoint
    from reports.methods import boundary_words
    from reports.page import ReportFacts, render_report

    outputs.write_tables(folder, frames, is_sample=is_sample)
    package = outputs.datapackage(frames, manifest["run_id"], day, is_sample=is_sample)
    outputs.write_json(folder / "datapackage.json", package)
    facts = ReportFacts(
        run_id=manifest["run_id"],
        as_of=day.date(),
        is_sample=is_sample,
        verdicts=manifest["verdicts"],
        boundaries=reference.ground.areas,
        reference=[(file.name, file.as_at) for file in reference.files()],
        method_version=night.METHOD_VERSION,
        settings=vars(reference.thresholds),
        official_boundary=reference.official_boundary,
        authorities=dict(zip(reference.authorities["lad_code"], reference.authorities["name"], strict=True)),
        origins=[
            OriginPoint(name, kind == OriginKind.ESTATE, *point)
            for name, kind, *point in reference.facts[Origin][
                [Origin.origin, Origin.kind, Origin.easting, Origin.northing]
            ].itertuples(index=False, name=None)
        ],
        licences=[(one["owner"], one["licence"]) for one in manifest["sources"] if one["owner"]],
    )
    (folder / REPORT).write_text(render_report(frames, facts), encoding="utf-8")
    write_feedback(folder / "issues", frames, facts)
    write_workbooks(folder, frames, facts)
    write_open_referral(folder, frames, is_sample=is_sample)
    areas = map_layers.areas_layer(
        facts.boundaries, facts.authorities, boundary_words(facts.official_boundary, facts.settings)
    )
    map_layers.write_map(folder / "map", frames, areas, day, is_sample=is_sample)


def beat(places: Places, code: ExitCode, message: str, run_id: str | None = None) -> None:
    """Tell an outside monitor how the run ended; a disk that refuses this too changes nothing more."""
    facts = {
        "finished_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "exit_code": int(code),
        "outcome": code.name.lower(),
        "run_id": run_id,
        "message": message,
    }
    try:
        publish.write_heartbeat(places, facts)
    except OSError:
        return
