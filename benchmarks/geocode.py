"""How fast postcodes are looked up, points told apart and files placed, beside what others offer.

Every answer is compared before anything is timed; unequal answers end the benchmark with an error.
"""

from __future__ import annotations

import argparse
import shlex
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
DOCUMENT = PROJECT / "docs" / "performance.md"


def main() -> int:
    # Here, because every contestant's process imports this file, and should hold no more than it needs.
    from geocode_chapters import CHAPTERS, NOTES, Setting
    from geocode_race import Unequal, cores
    from geocode_report import document, goal_table
    from rich.console import Console

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000, help="postcodes, points and rows of the CSV")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", default=",".join(CHAPTERS), help=f"some of {','.join(CHAPTERS)}")
    parser.add_argument("--write", action="store_true", help=f"write docs/{DOCUMENT.name}; needs every part")
    asked = parser.parse_args()
    wanted = asked.only.split(",")
    if unknown := set(wanted) - set(CHAPTERS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(CHAPTERS)}")
    if asked.write and set(wanted) != set(CHAPTERS):
        parser.error("--write needs every part: leave out --only")
    threads = (1, 2) if len(cores()) > 1 else (1,)
    console = Console(width=None if sys.stdout.isatty() else 160)
    chapters = []
    with (
        tempfile.TemporaryDirectory(prefix="squaremile-bench-") as scratch,
        Console(stderr=True).status("…") as status,
    ):
        setting = Setting(PROJECT, Path(scratch), asked.rows, asked.rounds, threads, _say(status.update))
        for name in CHAPTERS:
            if name not in wanted:
                continue
            try:
                chapter = CHAPTERS[name](setting)
            except Unequal as error:
                Console(stderr=True).print(f"Unequal answers in {name}: {error}", style="bold red")
                return 1
            chapters.append(chapter)
            console.rule(chapter.title)
            console.print(f"{chapter.about}\n", highlight=False)
            for table in chapter.tables:
                table.show(console)
            for note in chapter.notes:
                console.print(f"  {note}", style="dim", highlight=False)
            console.print()
    goal_table(chapters).show(console)
    if asked.write:
        command = "python benchmarks/geocode.py " + " ".join(map(shlex.quote, sys.argv[1:]))
        DOCUMENT.write_text(document(chapters, command.strip(), NOTES), encoding="utf-8")
        console.print(f"Written to {DOCUMENT.relative_to(PROJECT)}.")
    return 0


def _say(update: Callable[[str], None]) -> Callable[[str], None]:
    return lambda words: update(words)


if __name__ == "__main__":
    sys.exit(main())
