"""How well and how fast organizations are matched, beside splink and plain rapidfuzz, on made-up rosters.

Each contestant runs in a process of its own, in turn, on the same file; what it finds is measured against the truth
of who is who. Seconds are those of the whole process, from its start to the written result.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pandas as pd

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENT = PROJECT / "docs" / "performance-matching.md"
CONTESTANTS = {
    "squaremile": "squaremile match",
    "rapidfuzz": "rapidfuzz alone: token_sort_ratio of at least 90 within a postcode, a telephone or a number",
    "splink": "splink 5 on DuckDB: names, postcode, telephone, website and numbers, trained by EM, at 0.95",
}
GOALS = {"precision": 0.99, "recall": 0.95, "seconds": 10.0, "gigabytes": 2.0}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(CONTESTANTS), help=f"some of {','.join(CONTESTANTS)}")
    parser.add_argument(
        "--limit", type=float, default=600.0, help="seconds after which a contestant is stopped"
    )
    parser.add_argument("--write", action="store_true", help=f"write docs/{DOCUMENT.name}")
    parser.add_argument("--run", nargs=3, metavar=("NAME", "FILE", "OUT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        import matching_contestants

        matching_contestants.RUN[asked.run[0]](Path(asked.run[1]), Path(asked.run[2]))
        return 0
    from matching_data import TRUTH, listings

    wanted = asked.only.split(",")
    if unknown := set(wanted) - set(CONTESTANTS):
        parser.error(f"there is no {', '.join(sorted(unknown))}; there are {', '.join(CONTESTANTS)}")
    with tempfile.TemporaryDirectory(prefix="squaremile-match-") as scratch:
        rosters = listings(asked.rows)
        file = Path(scratch) / "organizations.csv"
        rosters.drop(columns=TRUTH).to_csv(file, index=False)
        truth = rosters.set_index("id")[TRUTH]
        seen: dict[str, list[dict[str, float]]] = {name: [] for name in wanted}
        for turn in range(asked.rounds):
            for name in wanted:
                print(f"round {turn + 1} of {asked.rounds}: {name}", file=sys.stderr)
                seen[name].append(_measured(name, file, Path(scratch) / f"{name}.csv", truth, asked.limit))
    table = _table(seen)
    print(table)
    if asked.write:
        DOCUMENT.write_text(_document(table, asked.rows, asked.rounds, truth), encoding="utf-8")
        print(f"Written to {DOCUMENT.relative_to(PROJECT)}.")
    return 0


def _measured(name: str, file: Path, out: Path, truth: pd.Series, limit: float) -> dict[str, float]:
    """One run: seconds, processor seconds, most memory, precision and recall; nothing where it did not end."""
    out.unlink(missing_ok=True)
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, __file__, "--run", name, str(file), str(out)], cwd=PROJECT)
    while process.poll() is None:
        if time.perf_counter() - began > limit:
            process.kill()
        time.sleep(0.01)
    seconds = time.perf_counter() - began
    if not out.is_file():
        return {}
    found = pd.read_csv(out, dtype="str").set_index("id")
    used = pd.read_csv(out.with_suffix(".used"))
    clusters = found["cluster_id"].reindex(truth.index)
    together = _pairs(pd.Series(list(zip(truth, clusters, strict=True))))
    return {
        "precision": together / max(_pairs(clusters), 1),
        "recall": together / max(_pairs(truth), 1),
        "seconds": seconds,
        "cpu": float(used["cpu"][0]),
        "gigabytes": float(used["peak_bytes"][0]) / 1e9,
    }


def told_usage(out: Path) -> None:
    """Beside a result: what its process used."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    row = {"cpu": used.ru_utime + used.ru_stime, "peak_bytes": used.ru_maxrss * 1024}
    pd.DataFrame([row]).to_csv(out.with_suffix(".used"), index=False)


def _pairs(values: pd.Series) -> int:
    times = values.value_counts().to_numpy()
    return int((times * (times - 1) // 2).sum())


def _table(seen: dict[str, list[dict[str, float]]]) -> str:
    lines = [
        "| | precision | recall | seconds | processor seconds | most memory, GB |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, runs in seen.items():
        ended = [run for run in runs if run]
        if not ended:
            lines.append(f"| {CONTESTANTS[name]} | no result in the time given | | | | |")
            continue
        of = {key: median(run[key] for run in ended) for key in ended[0]}
        lines.append(
            f"| {CONTESTANTS[name]} | {of['precision']:.4f} | {of['recall']:.4f} | {of['seconds']:.1f} "
            f"| {of['cpu']:.1f} | {of['gigabytes']:.2f} |"
        )
    wanted = (
        f"{GOALS['precision']:.2f}",
        f"{GOALS['recall']:.2f}",
        f"{GOALS['seconds']:.0f}",
        f"{GOALS['gigabytes']:.0f}",
    )
    lines.append(
        f"| *wanted* | *{wanted[0]}* | *{wanted[1]}* | *under {wanted[2]}* | | *under {wanted[3]}* |"
    )
    return "\n".join(lines)


def _document(table: str, rows: int, rounds: int, truth: pd.Series) -> str:
    cores, load = os.cpu_count(), os.getloadavg()[1]
    busy = (
        f"\nThe machine was busy with other work meanwhile (load {load:.1f} on {cores} processors): the seconds are "
        "too many, the rest holds.\n"
        if load > (cores or 1) + 1
        else ""
    )
    return f"""# Matching, measured

*This page is written by `python benchmarks/matching.py --write`. Do not edit it.*

{rows:,} listings of {truth.nunique():,} made-up organizations, {_pairs(truth):,} pairs of which are the same.
Listings of one organization differ in legal form, spelling, word order, trading names, and in which of postcode,
telephone, website and numbers they have or have had changed; at least one of those is that of the first listing.
Among them are brands with branches, charities with a trading arm, halls with fifty users, generic names and saints'.

Precision and recall count pairs within clusters. Median of {rounds} round(s), contestants in turn, each in a process
of its own, from start to written result, on {cores} processors.
{busy}
{table}

Splink and rapidfuzz are set up as their documentation shows, not tuned; a few days of tuning would better both.
"""


if __name__ == "__main__":
    sys.exit(main())
