"""Installations to run a refresh in: folders of their own with some of the sample rosters."""

from __future__ import annotations

import copy
import datetime as dt
import functools
import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pytest

import flows.workbooks
from flows.ingest import ingest
from flows.ingested import Ingested
from flows.night import Frames
from flows.places import PROJECT, Places
from flows.received import Received
from flows.reference import Reference
from flows.run import PLAIN, Result, Steps, _gate, run_refresh
from transforms.schema import Table
from transforms.vocabulary import SourceState

if TYPE_CHECKING:
    from expectations.gate import Verdict

AS_OF = dt.date(2026, 11, 23)

_write_workbooks = flows.workbooks.write_workbooks

# A borough of two rows, for nights that need no more.
CAMDEN = """
name = "camden"
title = "London Borough of Camden"
lad_code = "E09000007"
owner = "London Borough of Camden"
licence = "OGL"
contact_role = "Local Offer officer"

[[roster]]
kind = "short_breaks"
format = "csv"
files = ["activities.csv"]
delimiter = ";"
[roster.columns]
record_ref = ["Ref"]
provider_name = ["Who runs it"]
service_name = ["What"]
venue_name = ["Where"]
venue_postcode = ["PC"]
ages = ["For ages"]
needs = ["For whom"]
tier = ["Level"]
residency = ["Who may come"]
last_verified = ["Checked"]
"""
ACTIVITIES = """\
Ref;Who runs it;What;Where;PC;For ages;For whom;Level;Who may come;Checked
1;Regent Players;Drama for all;Barbican Centre;EC2Y 8DS;5-11;autism;Universal;Pan-London;01/11/2026
2;Regent Players;Drama at home;Holborn Hall;WC1R 4PF;11-15;deaf;Specialist;Pan-London;01/11/2026
"""


def run(
    places: Places,
    *,
    as_of: dt.date | None = AS_OF,
    only: list[str] | None = None,
    steps: Steps = PLAIN,
) -> Result:
    """One refresh."""
    return run_refresh(places, only or [], as_of, steps=steps)


@contextmanager
def without_workbooks() -> Iterator[None]:
    """Nights leave their workbooks out, which take a third of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.workbooks, "write_workbooks", lambda *_: None)
        yield


@contextmanager
def with_workbooks() -> Iterator[None]:
    """Nights write their workbooks, where a test looks at them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flows.workbooks, "write_workbooks", _write_workbooks)
        yield


_remembered: dict[tuple[Any, ...], Ingested] = {}


@functools.wraps(ingest)
def remembered_ingest(
    received: Received, reference: Reference, *, rows_last_time: int | None = None
) -> Ingested:
    """``ingest``, once a process for equal files under equal rules: most nights of the tests read the same rosters.

    Whoever is given a source's rows may change them, so each is given a copy of its own.
    """
    source = received.source
    key = (repr(source), tuple(sorted(received.sha256.items())), tuple(reference.files()))
    if key not in _remembered:
        with gates_remembered():
            _remembered[key] = ingest(received, reference)
    found = _remembered[key]
    if rows_last_time and rows_last_time > found.rows_in:  # It may have lost too many to be taken.
        return ingest(received, reference, rows_last_time=rows_last_time)
    return replace(copy.deepcopy(found), received=received, source=source)


_verdicts: dict[tuple[Any, ...], Verdict] = {}


def _digest(frame: pd.DataFrame) -> bytes:
    """What equal frames have in common, and others have not."""
    table = pa.Table.from_pandas(frame, preserve_index=False).combine_chunks().replace_schema_metadata(None)
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return hashlib.blake2b(sink.getvalue(), digest_size=16).digest()


@contextmanager
def gates_remembered() -> Iterator[None]:
    """Gates are asked once a process for equal frames: from night to night most tables are the same."""
    import expectations.gate  # Great Expectations takes seconds to import: only where it is used.

    asked = expectations.gate.check

    def check(
        gate: str, table: type[Table], frame: pd.DataFrame, row_range: tuple[int, int] | None = None
    ) -> Verdict:
        key = (table, row_range, tuple(frame.dtypes.astype("str").items()), len(frame), _digest(frame))
        if key not in _verdicts:
            _verdicts[key] = asked(gate, table, frame, row_range)
        return replace(_verdicts[key], gate=gate)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(expectations.gate, "check", check)
        yield


def forget() -> None:
    """From here on rosters are read and tables gated anew."""
    _remembered.clear()
    _verdicts.clear()


@functools.wraps(_gate)
def remembered_gate(frames: Frames) -> list[dict[str, Any]]:
    """The gates before publishing, each asked once a process for equal frames."""
    with gates_remembered():
        return _gate(frames)


def installed(folder: Path, *sources: str) -> Places:
    """A data folder with some of the sample rosters, and the project's sources."""
    places = Places(data=folder / "data", sources=folder / "sources")
    places.sources.mkdir()
    for name in sources:
        if name == "camden":
            add_camden(places)
        else:
            shutil.copytree(PROJECT / "data" / "raw" / name, places.raw / name)
            shutil.copy(PROJECT / "sources" / f"{name}.toml", places.sources)
    return places


def add_camden(places: Places) -> None:
    """Add the two-row borough: one TOML and one roster."""
    (places.sources / "camden.toml").write_text(CAMDEN, encoding="utf-8")
    (places.raw / "camden").mkdir(parents=True)
    (places.raw / "camden" / "activities.csv").write_text(ACTIVITIES, encoding="utf-8")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def state_of(result: Result, source: str) -> SourceState:
    return next(n.state for n in result.nights if n.name == source)
