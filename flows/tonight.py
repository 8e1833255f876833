"""What to do with one source tonight: take its files, carry its last good forward, or leave it out."""

from __future__ import annotations

import traceback

import pandas as pd

from flows.archive import LastGood, folder_of, last_good
from flows.errors import PlainError
from flows.ingest import ingest
from flows.ingested import Ingested
from flows.night import SourceTonight
from flows.places import Places
from flows.received import Received, look_into
from flows.reference import Reference
from transforms.issues import Problem
from transforms.source_spec import Source
from transforms.vocabulary import Severity, SourceState


def is_transient(error: BaseException) -> bool:
    """Whether trying again may help: a busy disk or a broken connection, never a fault of the data."""
    return isinstance(error, (TimeoutError, ConnectionError, BlockingIOError, InterruptedError))


def source_tonight(
    source: Source, places: Places, reference: Reference, *, is_asked: bool = True
) -> SourceTonight:
    """One source's night. A source that is not asked is carried forward, so that a run on some sources
    never publishes the others away.

    Raises transient faults, for whoever tries again, and what the disk refuses; ``source_failed`` then says
    what becomes of the source, so that it never harms another.
    """
    kept = last_good(places, source.name)
    if not is_asked:
        return _unasked(source, kept, places, reference)
    received = look_into(source, places.raw / source.name)
    if not received.is_complete:
        return _missing(source, received, kept, places, reference)
    part = _ingest_safely(received, reference, kept)
    if not part.is_refused:
        return SourceTonight(
            source.name, source.title, SourceState.ACCEPTED, part, None, None, "Taken tonight."
        )
    return _refused(source, part, kept, _carried(source, kept, places, reference))


def source_failed(source: Source, error: Exception, places: Places, reference: Reference) -> SourceTonight:
    """The night of a source whose files could not be reached at all: its last good, where that can be."""
    part = _crashed(Received(source, (), ()), error)
    try:
        kept = last_good(places, source.name)
        carried = _carried(source, kept, places, reference)
    except OSError:
        kept, carried = None, None
    return _refused(source, part, kept, carried)


def _refused(
    source: Source, part: Ingested, kept: LastGood | None, carried: Ingested | None
) -> SourceTonight:
    first = next(p for p in part.problems if p.refuses_file)
    if carried is None or kept is None:
        return SourceTonight(
            source.name, source.title, SourceState.ABSENT, None, part, None,
            f"Refused, and no earlier roster to carry forward. {first.message} {first.what_to_do}",
        )  # fmt: skip
    return SourceTonight(
        source.name, source.title, SourceState.CARRIED_REJECTED, carried, part, kept.night,
        f"Refused; the roster of {_day(kept)} is carried forward. {first.message} {first.what_to_do}",
    )  # fmt: skip


def _unasked(source: Source, kept: LastGood | None, places: Places, reference: Reference) -> SourceTonight:
    carried = _carried(source, kept, places, reference)
    if carried is None or kept is None:
        return SourceTonight(
            source.name, source.title, SourceState.WAITING, None, None, None, "Left out of this run; never received."
        )  # fmt: skip
    return SourceTonight(
        source.name, source.title, SourceState.CARRIED_UNASKED, carried, None, kept.night,
        f"Left out of this run; the roster of {_day(kept)} is carried forward.",
    )  # fmt: skip


def _missing(
    source: Source, received: Received, kept: LastGood | None, places: Places, reference: Reference
) -> SourceTonight:
    missing = ", ".join(received.missing)
    carried = _carried(source, kept, places, reference)
    if carried is None or kept is None:
        waits = source.waits_for_its_file
        words = (
            f"Waiting for its file ({missing})."
            if waits
            else f"No file {missing}, and none was ever received."
        )
        state = SourceState.WAITING if waits else SourceState.ABSENT
        return SourceTonight(source.name, source.title, state, None, None, None, words)
    return SourceTonight(
        source.name, source.title, SourceState.CARRIED_MISSING, carried, None, kept.night,
        f"No file {missing} tonight; the roster of {_day(kept)} is carried forward. Nothing is taken for closed.",
    )  # fmt: skip


def _carried(source: Source, kept: LastGood | None, places: Places, reference: Reference) -> Ingested | None:
    """The last good rosters, read again under today's rules; nothing when they are gone or no longer pass."""
    if kept is None:
        return None
    received = look_into(source, folder_of(places, source.name, kept))
    if not received.is_complete:
        return None
    part = _ingest_safely(received, reference, None)
    return None if part.is_refused else part


def _ingest_safely(received: Received, reference: Reference, kept: LastGood | None) -> Ingested:
    try:
        return ingest(received, reference, rows_last_time=kept.rows if kept else None)
    except PlainError:
        raise
    except Exception as error:
        if is_transient(error):
            raise
        return _crashed(received, error)


def _crashed(received: Received, error: Exception) -> Ingested:
    """A refusal that tells the kind and place of a fault; its words may quote a cell and are not repeated."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    part = Ingested(received.source, received)
    part.problems.append(
        Problem(
            "source_crashed", Severity.REJECT,
            f"Reading {received.source.title} failed in a way we did not foresee "
            f"({type(error).__name__} in {frame.name}, line {frame.lineno}).",
            "Tell the data engineers; the other sources are not affected.",
            next(iter(received.sha256), ""),
        )
    )  # fmt: skip
    part.records = pd.DataFrame(
        columns=[
            "row_id",
            "file",
            "part",
            "row",
            "cells",
            "record_ref",
            "headings",
            "fixed",
            "outcome",
            "reason",
        ]
    )
    return part


def _day(kept: LastGood) -> str:
    return f"{kept.night.day} {kept.night:%B %Y}"
