"""Settings shared by every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from flows.ground import Groundwork
    from flows.places import Places
    from flows.run import Result

# Derandomised, so that a red night is a change of ours and not a throw of the dice.
settings.register_profile("squaremile", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("squaremile")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with whole nights come first: of two processes, the last to end then ends with a short one."""
    long = {item.path for item in items if item.get_closest_marker("flow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session", autouse=True)
def nights_repeat_little() -> Iterator[None]:
    """Equal rosters under equal rules are read once a process, and equal tables gated once, in whatever night they
    come; workbooks are written where a test looks at them.
    """
    from installations import remembered_gate, remembered_ingest, without_workbooks

    import flows.run
    import flows.tonight

    with pytest.MonkeyPatch.context() as patch, without_workbooks():
        patch.setattr(flows.tonight, "ingest", remembered_ingest)
        patch.setattr(flows.run, "_gate", remembered_gate)
        yield


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Places, Result]:
    """One refresh of all sample rosters with its workbooks, read by many tests and changed by none."""
    from installations import run, with_workbooks

    from flows.places import PROJECT, Places

    data = tmp_path_factory.mktemp("sample")
    shutil.copytree(PROJECT / "data" / "raw", data / "raw")
    places = Places(data=data)
    with with_workbooks():
        return places, run(places, as_of=None)


@pytest.fixture(scope="session")
def report(sample: tuple[Places, Result]) -> Path:
    """The report of the refresh of all sample rosters."""
    folder = sample[1].folder
    assert folder is not None
    return folder / "report.html"


@pytest.fixture(scope="session")
def work() -> Groundwork:
    """The reference as it comes with the program: where postcodes are, and what lies inside."""
    from flows.places import Places
    from flows.reference import Reference

    known = Reference(Places())
    return known.groundwork


# Its loop would hinder those that flows start, so it is closed with its module.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's own browser, in which readers' visits are made."""
    from playwright.sync_api import sync_playwright
    from visits import CHROMIUM

    if CHROMIUM is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        # A root user of a container may not open a sandbox of Chromium's own.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Places]:
    """A data folder of its own with some of the sample rosters, and the project's sources."""
    from installations import installed

    return partial(installed, tmp_path)
