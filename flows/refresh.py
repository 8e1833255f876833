"""The refresh as a Prefect flow: a task for each source, retries after transient faults, the lock.

No ``from __future__ import annotations`` here: Prefect builds the parameters' schema from the real types
when it loads this file by its path.
"""

import datetime as dt
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger, runtime, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from flows import night
from flows.errors import AnotherRun, ExitCode, PlainError
from flows.lock import only_run
from flows.night import SourceTonight
from flows.places import Places, default_places
from flows.reference import Reference
from flows.run import Result, Steps, beat, run_refresh
from flows.run_page import ARTIFACT_KEY, run_page
from flows.tonight import is_transient, source_failed, source_tonight
from transforms.source_spec import Source


def _try_again(_task: Any, _run: Any, state: State[Any]) -> bool:
    error = state.result(raise_on_failure=False)
    return isinstance(error, BaseException) and is_transient(error)


# Rosters pass between tasks in memory and are never written by the orchestrator.
_NOTHING_STORED: dict[str, Any] = {"cache_policy": NO_CACHE, "persist_result": False}

ingest_task = task(
    name="ingest",
    task_run_name="ingest-{source.name}",
    retries=2,
    retry_delay_seconds=[2, 10],
    retry_condition_fn=_try_again,
    **_NOTHING_STORED,
)(source_tonight)
match_task = task(name="match", **_NOTHING_STORED)(night.match_sources)
measure_task = task(name="measure", **_NOTHING_STORED)(night.measure_gaps)


def _each_in_a_task(
    sources: list[Source], places: Places, reference: Reference, asked: set[str]
) -> list[SourceTonight]:
    futures = [ingest_task.submit(s, places, reference, is_asked=s.name in asked) for s in sources]
    nights = []
    for source, future in zip(sources, futures, strict=True):
        # What is still wrong after the retries is this source's own affair.
        found = future.result(raise_on_failure=False)
        if isinstance(found, PlainError):
            raise found
        nights.append(
            source_failed(source, found, places, reference) if isinstance(found, Exception) else found
        )
    return nights


_AS_TASKS = Steps(ingest=_each_in_a_task, match=match_task, measure=measure_task)


def _leave_page(result: Result, logger: Any) -> None:
    """Leave the run's page with Prefect; the snapshot stands whether or not it takes one."""
    try:
        create_markdown_artifact(run_page(result), key=ARTIFACT_KEY, description=result.message)
    except Exception as error:
        logger.warning("The page of this run could not be left with Prefect: %s.", type(error).__name__)


def _run_name() -> str:
    return f"refresh-{runtime.flow_run.parameters.get('as_of') or 'tonight'}"


@flow(
    name="refresh",
    flow_run_name=_run_name,
    description="Read every roster, validate, geocode, match and measure it, and publish a snapshot.",
    persist_result=False,
    validate_parameters=True,
)
def refresh(
    data_folder: Path | None = None,
    sources_folder: Path | None = None,
    only: list[str] | None = None,
    as_of: dt.date | None = None,
    dry_run: bool = False,
) -> Any:
    """Refresh the published snapshot.

    Args:
        data_folder: folder with raw/, archive/ and curated/; the installation's own when left out.
        sources_folder: folder of source declarations; the installation's own when left out.
        only: names of the sources to read; the others keep their last good roster. All when left out.
        as_of: the date the figures describe; today in London when left out.
        dry_run: do everything but publish.
    """
    own = default_places()
    places = Places(data=data_folder or own.data, sources=sources_folder or own.sources)
    logger = get_run_logger()
    try:
        with only_run(places):
            result = run_refresh(places, only or [], as_of, dry_run=dry_run, steps=_AS_TASKS)
    except AnotherRun as busy:
        logger.warning(busy.message)
        return Completed(message=busy.message, name="AlreadyRunning")
    except PlainError as error:
        beat(places, error.exit_code, error.message)
        raise
    except Exception as error:
        beat(places, ExitCode.RUN_ABORTED, f"The run stopped: {type(error).__name__}.")
        raise
    logger.info(result.message)
    _leave_page(result, logger)
    return result
