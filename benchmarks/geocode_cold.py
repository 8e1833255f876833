"""What a process pays before its first answer: building the reference, opening it, loading the compiled loops."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

OPENINGS, FIRSTS = 11, 5

# Each runs in a fresh process and prints one line of JSON.
_BEGIN = """
import json, sys, time
began = time.perf_counter()
sys.path.insert(0, sys.argv[1])
from geocode_race import peak_bytes
from flows.ground import lay_ground
from flows.places import Places
from flows.reference import Reference
reference = Reference(Places())
given = reference.places, reference.thresholds, reference.authorities
ready = time.perf_counter()
"""
_BUILD = (
    _BEGIN
    + """
work = lay_ground(*given, anew=True)
print(json.dumps({"build": time.perf_counter() - ready, "peak": peak_bytes(), "folder": str(work.folder)}))
"""
)
_OPEN = (
    _BEGIN
    + """
lay_ground(*given)
print(json.dumps({"open": time.perf_counter() - ready, "peak": peak_bytes()}))
"""
)
_FIRST = (
    _BEGIN
    + """
directory = lay_ground(*given).ground.directory
opened = time.perf_counter()
import pyarrow as pa
from transforms.place.postcode_lookup import find_postcodes
cells = pa.array(["EC2Y 8DT", "ec1a  1bb", None, "EC1A 9ZZ"])
find_postcodes(cells, directory)
first = time.perf_counter()
find_postcodes(cells, directory)
print(json.dumps({
    "import": ready - began, "open": opened - ready, "first": first - opened,
    "second": time.perf_counter() - first, "peak": peak_bytes(),
}))
"""
)


@dataclass(frozen=True)
class Cold:
    """Seconds and bytes; medians where a thing was measured several times."""

    build_s: float
    build_peak: int
    size: int
    open_s: float
    open_evicted_s: float | None
    open_peak: int
    import_s: float
    first_s: float
    second_s: float
    first_compiling_s: float


def measure(say: Callable[[str], None]) -> Cold:
    """Build the reference into a folder of its own, then open it in one fresh process after another."""
    with tempfile.TemporaryDirectory() as scratch:
        # Byte code is kept as an ordinary installation keeps it, whatever this environment says of that.
        built = {
            "SQUAREMILE_BUILT": scratch,
            "PYTHONDONTWRITEBYTECODE": "",
            "PYTHONPYCACHEPREFIX": f"{scratch}/bytecode",
        }
        say("building the reference")
        _child(_BUILD, built | {"NUMBA_CACHE_DIR": f"{scratch}/compiled-before"})
        # As on a fresh machine, where the loops are compiled on first use.
        build = _child(_BUILD, built | {"NUMBA_CACHE_DIR": f"{scratch}/compiled-by-build"})
        files = [file for file in Path(build["folder"]).iterdir() if file.is_file()]
        opens, evicted = [], []
        for turn in range(1, OPENINGS + 1):
            say(f"opening the reference, {turn} of {OPENINGS}")
            opens.append(_child(_OPEN, built))
            if _evict(files):
                evicted.append(_child(_OPEN, built))
        firsts = []
        _child(_FIRST, built)
        for turn in range(1, FIRSTS + 1):
            say(f"first lookup of a process, {turn} of {FIRSTS}")
            firsts.append(_child(_FIRST, built))
        say("first lookup of all, compiling")
        compiling = _child(_FIRST, built | {"NUMBA_CACHE_DIR": f"{scratch}/compiled"})
        return Cold(
            build_s=build["build"],
            build_peak=build["peak"],
            size=sum(file.stat().st_size for file in files),
            open_s=_median(opens, "open"),
            open_evicted_s=_median(evicted, "open") if evicted else None,
            open_peak=max(one["peak"] for one in opens),
            import_s=_median(firsts, "import"),
            first_s=_median(firsts, "first"),
            second_s=_median(firsts, "second"),
            first_compiling_s=compiling["first"],
        )


def _median(measured: list[dict[str, Any]], name: str) -> float:
    return median(one[name] for one in measured)


def _child(program: str, environment: dict[str, str]) -> dict[str, Any]:
    ran = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    if ran.returncode:
        raise RuntimeError(ran.stderr)
    return json.loads(ran.stdout.splitlines()[-1])


def _evict(files: list[Path]) -> bool:
    """Ask the system to forget what it keeps of files in memory; False where that cannot be asked."""
    if not hasattr(os, "posix_fadvise"):
        return False
    os.sync()
    for file in files:
        with file.open("rb") as opened:
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    return True
