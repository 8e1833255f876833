"""Where the time of a refresh goes, on the sample rosters: median seconds of each step over several rounds.

The steps are those that the flow names; loading libraries and the postcode directory is shown once,
apart, because a running worker pays for it once.
"""

from __future__ import annotations

import argparse
import platform
import shutil
import statistics
import tempfile
import time
from collections import defaultdict
from pathlib import Path


class Stopwatch:
    """A display that notes how long each announced step takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._step = ""
        self._began = 0.0

    def step(self, words: str) -> None:
        self.stop()
        self._step, self._began = words, time.perf_counter()

    def source(self, name: str, words: str, *, is_good: bool) -> None:
        pass

    def stop(self) -> None:
        if self._step:
            self.seconds[self._step] = time.perf_counter() - self._began
        self._step = ""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    began = time.perf_counter()
    import expectations.gate  # noqa: F401
    from flows import progress
    from flows.places import PROJECT, Places
    from flows.reference import Reference
    from flows.run import run_refresh

    imported = time.perf_counter()
    _ = Reference(Places()).ground
    print(f"{platform.machine()}, Python {platform.python_version()}")
    print(f"{imported - began:6.2f} s  importing libraries (once)")
    print(f"{time.perf_counter() - imported:6.2f} s  postcode directory and boundaries (once a process)")
    times: dict[str, list[float]] = defaultdict(list)
    for _round in range(rounds):
        with tempfile.TemporaryDirectory() as scratch:
            shutil.copytree(PROJECT / "data" / "raw", Path(scratch) / "raw")
            watch = Stopwatch()
            with progress.reporting_to(watch):
                run_refresh(Places(data=Path(scratch)), [], None)
            watch.stop()
            for step, seconds in watch.seconds.items():
                times[step].append(seconds)
    for step, seconds in times.items():
        print(f"{statistics.median(seconds):6.2f} s  {step}")
    total = [sum(values) for values in zip(*times.values(), strict=True)]
    print(f"{statistics.median(total):6.2f} s  a refresh, median of {rounds}")


if __name__ == "__main__":
    main()
