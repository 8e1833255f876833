"""How the cost of the gap tables grows with the number of services: the sample directory, many times over.

Each size runs in a process of its own, in turn, so that its memory is its own. Seconds are those of the processor:
the best of the rounds for each table, since anything above it is the machine's other work.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from flows.last_night import earlier
from flows.places import PROJECT, Places
from flows.planned import inputs_of
from flows.reference import Reference
from flows.run import run_refresh
from flows.snapshot import Snapshot, current_snapshot
from transforms.gaps import REGISTERED, GapInputs
from transforms.nightly import explain_changes
from transforms.planning.changes import measured_anew
from transforms.schema import Table
from transforms.tables import (
    CHILD_TABLES,
    DIRECTORY_TABLES,
    CommissioningBody,
    Counted,
    NightlyChange,
    Organization,
    Service,
)

DOCUMENT = PROJECT / "docs" / "performance-gaps.md"
SUPPLY, ALL = "supply and cells, shared by all", "all tables"
WANTED_SECONDS, WANTED_EXPONENT = 2.0, 1.1
# Ids of the directory, and of what its rows are one with.
_ENDINGS = ("_id", "id")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--services", default="sample,10000,100000,1000000", help="sizes, comma separated")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of the sample; larger sizes have one")
    parser.add_argument("--write", action="store_true", help=f"write docs/{DOCUMENT.name}")
    parser.add_argument("--run", nargs=2, metavar=("SIZE", "OUT"), help=argparse.SUPPRESS)
    parser.add_argument("--data", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        found = measured(current_snapshot(Places(data=asked.data)), asked.data, asked.run[0], asked.rounds)
        Path(asked.run[1]).write_text(json.dumps(found), encoding="utf-8")
        return 0
    with tempfile.TemporaryDirectory(prefix="squaremile-gaps-") as scratch:
        data = Path(scratch) / "data"
        (data / "raw").parent.mkdir()
        (data / "raw").symlink_to(PROJECT / "data" / "raw")
        run_refresh(Places(data=data), [], None)
        results = []
        for size in asked.services.split(","):
            out = Path(scratch) / f"{size}.json"
            print(f"{size} services …", file=sys.stderr)
            subprocess.run(
                [sys.executable, __file__, "--run", size, str(out), "--data", str(data),
                 "--rounds", str(asked.rounds)],
                check=True,
            )  # fmt: skip
            results.append(json.loads(out.read_text(encoding="utf-8")))
    page = document(results)
    print(page)
    if asked.write:
        DOCUMENT.write_text(page, encoding="utf-8")
    return 0


def measured(snapshot: Snapshot, data: Path, size: str, rounds: int) -> dict[str, Any]:
    """Seconds of every table at one size, the services there are, and the most memory."""
    reference = Reference(Places(data=data))
    inputs = inputs_of(snapshot, reference)
    own = len(inputs.frames[Service])
    times = 1 if size == "sample" else math.ceil(int(size) / own)
    if times > 1:
        inputs = measured_anew(inputs, repeated(inputs.frames, times))
    seconds: dict[str, float] = {}
    for _ in range(rounds if size == "sample" else 1):
        for name, spent in one_round(inputs):
            seconds[name] = min(spent, seconds.get(name, math.inf))
    if size == "sample":
        seconds[Counted.table_name] = in_words(inputs)
        seconds[NightlyChange.table_name] = of_a_night(snapshot, reference, inputs)
    return {
        "services": len(inputs.frames[Service]),
        "seconds": seconds,
        "gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
    }


def one_round(inputs: GapInputs) -> list[tuple[str, float]]:
    """Every table once, from inputs on which nothing is worked out yet."""
    started = time.process_time()
    fresh = measured_anew(inputs, inputs.frames)
    _ = fresh.in_coverage
    found = [(SUPPLY, time.process_time() - started)]
    for table, function in REGISTERED.items():
        began = time.process_time()
        fresh.once(function)
        found.append((table.table_name, time.process_time() - began))
    return [*found, (ALL, time.process_time() - started)]


def in_words(inputs: GapInputs) -> float:
    """What it costs to put into words what the figures of all tables count."""
    measured = [inputs.once(function) for function in REGISTERED.values()]
    began = time.process_time()
    for table in measured:
        _ = table.members
    return time.process_time() - began


def of_a_night(snapshot: Snapshot, reference: Reference, tonight: GapInputs) -> float:
    """What it costs to tell what moved, a week after the snapshot, on the same rosters."""
    before = earlier(snapshot, reference, {table: tonight.frames[table] for table in CHILD_TABLES})
    week = GapInputs(
        tonight.frames,
        tonight.supply,
        tonight.facts,
        tonight.thresholds,
        tonight.as_of + pd.Timedelta(days=7),
    )
    week = measured_anew(week, week.frames)
    tables = {table: function(week).table for table, function in REGISTERED.items()}
    began = time.process_time()
    explain_changes(before, week, tables, ())
    return time.process_time() - began


def repeated(frames: dict[type[Table], pd.DataFrame] | Any, times: int) -> dict[type[Table], pd.DataFrame]:
    """The directory so many times over, each copy with ids, clusters and providers of its own."""
    many = dict(frames)
    for table in frames:
        if table not in DIRECTORY_TABLES:
            continue
        ids = [c.name for c in table.columns() if c.name.endswith(_ENDINGS) and c.name not in _NOT_OURS]
        copies = []
        for number in range(times):
            copy = frames[table].copy()
            for name in ids:
                copy[name] = copy[name] + f"~{number}"
            copies.append(copy)
        many[table] = table.frame(pd.concat(copies, ignore_index=True))
    return many


_NOT_OURS = {Organization.charity_no, CommissioningBody.code}


def document(results: Sequence[dict[str, Any]]) -> str:
    """The page: a column a size, a row a table, and how the cost of each grows."""
    cores, load = os.cpu_count(), os.getloadavg()[1]
    names = list(results[0]["seconds"])
    heads = [f"{one['services']:,}" for one in results]
    lines = [
        f"| Seconds of processor | {' | '.join(heads)} | exponent | of the last step |",
        f"| --- |{' ---: |' * (len(results) + 2)}",
    ]
    for name in sorted(names, key=lambda n: (n == ALL, n != SUPPLY)):
        cells = [f"{one['seconds'][name]:.2f}" if name in one["seconds"] else "" for one in results]
        growth = f"{exponent(results[1:], name)} | {exponent(results[-2:], name)}"
        lines.append(f"| {name} | {' | '.join(cells)} | {growth} |")
    memory = " | ".join(f"{one['gigabytes']:.1f}" for one in results)
    lines.append(f"| *most memory, GB* | {memory} | | |")
    busy = f" Other work went on meanwhile (load {load:.1f})." if load > (cores or 1) + 1 else ""
    return f"""# Gap tables, measured

*This page is written by `python benchmarks/gaps.py --write`. Do not edit it.*

All gap tables on the directory of the sample rosters, and on the same directory many times over, each copy with
ids and providers of its own. Reading the snapshot is left out. Wanted: all tables of the sample in under
{WANTED_SECONDS:g} seconds, and a cost that grows with an exponent of at most {WANTED_EXPONENT:g} from {heads[:2][-1]}
services to the most; that of the last step alone stands beside it. One process a size, {cores} processors.{busy}
`{Counted.table_name}` puts into words what the figures count, and is not among “{ALL}”; nor is
`{NightlyChange.table_name}`, a night on which only the date has moved: every table is worked out twice more.

{chr(10).join(lines)}
"""


def exponent(results: Sequence[dict[str, Any]], name: str) -> str:
    """How the cost grows from the first of these sizes to the last: 1 is in proportion to the services."""
    told = [one for one in results if name in one["seconds"]]
    if len(told) < 2 or told[0]["seconds"][name] < 0.05:
        return ""
    more = told[-1]["seconds"][name] / told[0]["seconds"][name]
    return f"{math.log(more) / math.log(told[-1]['services'] / told[0]['services']):.2f}"


if __name__ == "__main__":
    sys.exit(main())
