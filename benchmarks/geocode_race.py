"""Contestants in turn: each in a process of its own, kept to so many cores, timed round after round."""

from __future__ import annotations

import faulthandler
import gc
import multiprocessing
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

# A contestant that says nothing for so long has hung.
PATIENCE_S = 1800
# A contestant whose process dies (a crash, or the system ends it) is started again, so often.
MOST_DEATHS = 2
# Answers in metres may differ by this much, which is rounding.
TOLERANCE_M = 1e-6
_POOLS = (
    "POLARS_MAX_THREADS",
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "RAYON_NUM_THREADS",
)


class Unequal(Exception):
    """Two contestants do not give the same answers, so their timings say nothing."""


class Died(Exception):
    """A contestant's process ended by itself; says how."""


class Runner:
    """The work of one contestant, made in its own process: loading and compiling happen before the first run.

    ``rows`` is how many rows a run takes, ``about`` how it was set up.
    """

    rows: int
    about: str = ""

    def before(self) -> None:
        """What is done before each timing."""

    def run(self) -> Any:
        """The work that is timed."""
        raise NotImplementedError

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        """What a run found, by name, in the order of the rows; ``rows`` names them when they are not all."""
        raise NotImplementedError


def fastest(ways: dict[str, Callable[[], Any]], trials: int = 3) -> str:
    """The name of the fastest of several ways of doing the same, each tried a few times in turn."""
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for _trial in range(trials):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    return min(ways, key=lambda name: min(seconds[name]))


@dataclass(frozen=True)
class Contestant:
    """Who runs: ``runner`` is ``module:Class``, called with the folder of inputs, ``threads`` and ``settings``.

    ``most_rounds`` is for the slow. ``has_own_data`` says that answers may differ, because it brings another
    directory; what it shares with the first contestant is then told.
    """

    name: str
    runner: str
    threads: int
    settings: dict[str, Any] = field(default_factory=dict)
    most_rounds: int | None = None
    has_own_data: bool = False


@dataclass
class Result:
    """What a contestant needed: seconds of every round, processor seconds, and peak memory in bytes."""

    contestant: Contestant
    rows: int = 0
    about: str = ""
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_bytes: int = 0
    agreeing: float | None = None
    deaths: list[str] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return median(self.wall)

    @property
    def cpu_seconds(self) -> float:
        return median(self.cpu)

    @property
    def seconds_a_row(self) -> float:
        return self.seconds / self.rows


def cores() -> list[int]:
    """The processors this process may use, by number."""
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    return list(range(os.cpu_count() or 1))


def peak_bytes() -> int:
    """Most memory this process has held. A new process inherits its parent's ``ru_maxrss``, so not that."""
    status = Path("/proc/self/status")
    if status.is_file():
        lines = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(lines["VmHWM"].split()[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Worker:
    """A process that holds one contestant, ready to run; should it die, another takes its place.

    ``deaths`` hears how each of them ended.
    """

    def __init__(self, contestant: Contestant, folder: Path, deaths: list[str]) -> None:
        self._name = f"{contestant.name}, {contestant.threads} thread(s)"
        self._contestant, self._folder, self._deaths = contestant, folder, deaths
        self._is_alive, self._has_run = False, False
        self._lasting(lambda: None)

    def run(self) -> tuple[float, float, int]:
        """Seconds, processor seconds and peak memory of one run."""
        measured = self._lasting(lambda: self._ask("run"))
        self._has_run = True
        return measured

    def answers(self) -> dict[str, np.ndarray]:
        """What the last run found."""
        return self._lasting(lambda: self._ask("answers"))

    def close(self) -> None:
        self._process.kill()
        self._process.join()

    def _lasting(self, work: Callable[[], Any]) -> Any:
        """The work, by a new process where there is none that lives, after a run that is not timed."""
        while True:
            try:
                if not self._is_alive:
                    self.rows, self.about = self._start()
                    self._is_alive = True
                    if self._has_run:
                        self._ask("run")
                return work()
            except Died as death:
                self._is_alive = False
                self._deaths.append(str(death))
                if len(self._deaths) > MOST_DEATHS:
                    raise RuntimeError(f"{self._name}: {'; '.join(self._deaths)}") from None

    def _start(self) -> Any:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=_serve, args=(theirs, self._contestant, self._folder), daemon=True
        )
        before = {name: os.environ.get(name) for name in _POOLS}
        os.environ.update(dict.fromkeys(_POOLS, str(self._contestant.threads)))
        try:
            self._process.start()
        finally:
            for name, value in before.items():
                os.environ.pop(name) if value is None else os.environ.update({name: value})
        theirs.close()
        return self._reply("while it made ready")

    def _ask(self, order: str) -> Any:
        try:
            self._pipe.send(order)
        except OSError:
            raise Died(self._end(f"before “{order}”")) from None
        return self._reply(f"during “{order}”")

    def _reply(self, when: str) -> Any:
        if not self._pipe.poll(PATIENCE_S):
            raise TimeoutError(f"{self._name} has said nothing for {PATIENCE_S} s")
        try:
            is_good, said = self._pipe.recv()
        except (EOFError, OSError):
            raise Died(self._end(when)) from None
        if not is_good:
            raise RuntimeError(f"{self._name}:\n{said}")
        return said

    def _end(self, when: str) -> str:
        """How the process ended, in words."""
        self._process.join(PATIENCE_S)
        code = self._process.exitcode or 0
        return f"died {when} of {signal.Signals(-code).name if code < 0 else f'exit code {code}'}"


def _serve(pipe: Connection, contestant: Contestant, folder: Path) -> None:
    """Make the runner, then do as told until the pipe closes."""
    # Should it crash, it says where.
    faulthandler.enable()
    try:
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, cores()[-contestant.threads :])
        import pyarrow as pa

        pa.set_cpu_count(contestant.threads)
        module, name = contestant.runner.split(":")
        runner: Runner = getattr(import_module(module), name)(
            folder, contestant.threads, **contestant.settings
        )
        pipe.send((True, (runner.rows, runner.about)))
        result: Any = None
        while True:
            order = pipe.recv()
            if order == "run":
                result = None
                gc.collect()
                runner.before()
                began, cpu_began = time.perf_counter(), time.process_time()
                result = runner.run()
                wall, cpu = time.perf_counter() - began, time.process_time() - cpu_began
                pipe.send((True, (wall, cpu, peak_bytes())))
            else:
                pipe.send((True, runner.answers(result)))
    except EOFError:
        return
    except Exception:
        pipe.send((False, traceback.format_exc()))


def race(
    contestants: list[Contestant],
    folder: Path,
    rounds: int,
    say: Callable[[str], None],
    *,
    is_fresh: bool = False,
    compares: bool = True,
) -> list[Result]:
    """Time all contestants in turn within each round, after one untimed round whose answers are compared.

    ``is_fresh`` starts a process anew for every run, for those who measure memory. Raises ``Unequal``.
    """
    results = [Result(contestant) for contestant in contestants]
    workers: list[_Worker | None] = [None] * len(contestants)
    ours: dict[str, np.ndarray] = {}
    try:
        for turn in range(0 if compares or not is_fresh else 1, rounds + 1):
            for number, result in enumerate(results):
                contestant = result.contestant
                if contestant.most_rounds is not None and turn > contestant.most_rounds:
                    continue
                say(f"{contestant.name}, {contestant.threads} thread(s), round {turn} of {rounds}")
                worker = workers[number] or _Worker(contestant, folder, result.deaths)
                workers[number] = worker
                wall, cpu, peak = worker.run()
                result.rows, result.about = worker.rows, worker.about
                if turn:
                    result.wall.append(wall)
                    result.cpu.append(cpu)
                    result.peak_bytes = max(result.peak_bytes, peak)
                elif compares:
                    found = worker.answers()
                    ours = ours or found
                    result.agreeing = _agreeing(contestant, found, ours)
                if is_fresh:
                    worker.close()
                    workers[number] = None
    finally:
        for worker in workers:
            if worker:
                worker.close()
    return results


def _agreeing(contestant: Contestant, found: dict[str, np.ndarray], ours: dict[str, np.ndarray]) -> float:
    """Share of rows with our answers: 1, or ``Unequal`` is raised, but for those who bring their own data."""
    rows = found.pop("rows", None)
    rows = np.arange(len(next(iter(found.values())))) if rows is None else rows
    same = np.ones(len(rows), bool)
    for name, values in found.items():
        expected = ours[name][rows]
        if np.issubdtype(values.dtype, np.floating):
            same &= np.isclose(values, expected, rtol=0, atol=TOLERANCE_M, equal_nan=True)
        else:
            same &= values == expected
    if not same.all() and not contestant.has_own_data:
        first = int(rows[np.flatnonzero(~same)[0]])
        raise Unequal(
            f"{contestant.name}, {contestant.threads} thread(s): {int((~same).sum())} of {len(rows)} answers "
            f"are not ours, the first in row {first}"
        )
    return float(same.mean()) if len(rows) else 1.0
