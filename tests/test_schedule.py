"""The schedule and the command line, against a real Prefect server on loopback."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pandas as pd
import pytest
from filelock import FileLock

from flows.errors import ExitCode
from flows.places import PROJECT, Places
from flows.schedule import nightly_deployment

pytestmark = pytest.mark.flow

PATIENCE_S = 180


def wait_for(what: str, ready: Any) -> Any:
    """Whatever ``ready`` gives once it gives something; fails in words when it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if found := ready():
                return found
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    pytest.fail(f"{what} did not happen within {PATIENCE_S} s")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """An installation with the smallest sample source alone."""
    root = tmp_path_factory.mktemp("installation")
    shutil.copytree(PROJECT / "data" / "raw" / "city_health", root / "data" / "raw" / "city_health")
    (root / "sources").mkdir()
    shutil.copy(PROJECT / "sources" / "city_health.toml", root / "sources")
    return Places(data=root / "data", sources=root / "sources")


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory, places: Places) -> dict[str, str]:
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")},
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
        "SQUAREMILE_DATA": str(places.data),
        "SQUAREMILE_SOURCES": str(places.sources),
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A Prefect server of our own, and a client for its API."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}/api"
    with httpx.Client(base_url=url, timeout=30) as client:
        try:
            wait_for("the server's start", lambda: client.get("/health").status_code == httpx.codes.OK)
            yield client
        finally:
            process.terminate()
            process.wait(timeout=30)


@pytest.fixture(scope="module")
def deployment(server: httpx.Client, environment: dict[str, str]) -> Iterator[dict[str, Any]]:
    """`squaremile serve` running against the server, and the deployment it made."""
    command = [sys.executable, "-m", "flows.command_line", "serve"]
    env = {**environment, "PREFECT_API_URL": str(server.base_url).rstrip("/")}
    process = subprocess.Popen(
        command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=PROJECT
    )

    def found() -> dict[str, Any] | None:
        answer = server.get("/deployments/name/refresh/nightly")
        return answer.json() if answer.status_code == httpx.codes.OK else None

    try:
        yield wait_for("the deployment", found)
    finally:
        process.terminate()
        process.wait(timeout=60)


def trigger(server: httpx.Client, deployment: dict[str, Any], **parameters: Any) -> dict[str, Any]:
    """Start a run through the API as an engineer would, and wait for its end."""

    def accepted() -> httpx.Response | None:
        answer = server.post(
            f"/deployments/{deployment['id']}/create_flow_run", json={"parameters": parameters}
        )
        # Prefect's own SQLite says 503 while another write holds it; any client tries again.
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer.raise_for_status()

    run_id = wait_for("the run's acceptance", accepted).json()["id"]

    def ended() -> dict[str, Any] | None:
        run: dict[str, Any] = server.get(f"/flow_runs/{run_id}").json()
        return run if run["state"]["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"} else None

    ended_run: dict[str, Any] = wait_for("the run's end", ended)
    return ended_run


def squaremile(
    environment: dict[str, str], *words: str, cwd: Path = PROJECT
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "flows.command_line", *words],
        env={**environment, "COLUMNS": "160"}, cwd=cwd, capture_output=True, text=True, timeout=PATIENCE_S, check=False,
    )  # fmt: skip


def test_serve_picks_up_the_nightly_schedule(server: httpx.Client, deployment: dict[str, Any]) -> None:
    [schedule] = deployment["schedules"]
    assert schedule["active"]
    assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 4 * * *", "Europe/London")

    def scheduled() -> list[dict[str, Any]]:
        body = {
            "deployments": {"id": {"any_": [deployment["id"]]}},
            "flow_runs": {"state": {"type": {"any_": ["SCHEDULED"]}}},
        }
        runs: list[dict[str, Any]] = server.post("/flow_runs/filter", json=body).json()
        return [run for run in runs if run["auto_scheduled"]]

    runs = wait_for("a scheduled run", scheduled)
    starts = [pd.Timestamp(run["expected_start_time"]).tz_convert(ZoneInfo("Europe/London")) for run in runs]
    assert {(start.hour, start.minute) for start in starts} == {(4, 0)}


def test_the_deployment_is_typed_documented_and_limited_to_one_run(deployment: dict[str, Any]) -> None:
    properties = deployment["parameter_openapi_schema"]["properties"]
    assert set(properties) == {"data_folder", "sources_folder", "only", "as_of", "dry_run"}
    assert all(entry.get("description") for entry in properties.values())
    assert "Parameters" in deployment["description"]
    assert deployment["enforce_parameter_schema"]
    assert deployment["global_concurrency_limit"]["limit"] == 1
    assert nightly_deployment()["entrypoint"] == "flows/refresh.py:refresh"


def test_a_run_triggered_through_the_api_publishes(
    server: httpx.Client, deployment: dict[str, Any], places: Places
) -> None:
    run = trigger(server, deployment, **deployment["parameters"], as_of="2026-11-23")
    assert run["state"]["type"] == "COMPLETED", run["state"]["message"]
    assert run["name"] == "refresh-2026-11-23"
    pointer = json.loads(places.pointer.read_text(encoding="utf-8"))
    assert (places.curated / pointer["snapshot"] / "report.html").is_file()
    tasks = server.post("/task_runs/filter", json={"flow_runs": {"id": {"any_": [run["id"]]}}}).json()
    assert "ingest-city_health" in {task["name"] for task in tasks}
    # The run's own page leads with what it is, tells the figures in pairs, and says where the files are.
    asked = {"artifacts": {"flow_run_id": {"any_": [run["id"]]}}}
    [page] = [one["data"] for one in server.post("/artifacts/filter", json=asked).json()]
    assert page.startswith("**SAMPLE")
    assert "| Confirmed | Possible |" in page
    assert "| City health pathways | taken tonight | 24 | 24 | 0 | 0 |" in page
    report = places.curated / pointer["snapshot"] / "report.html"
    assert f"[The report]({report.as_uri()})" in page


def test_a_run_that_is_asked_for_nonsense_is_refused_by_the_api(
    server: httpx.Client, deployment: dict[str, Any]
) -> None:
    answer = server.post(
        f"/deployments/{deployment['id']}/create_flow_run", json={"parameters": {"dry_run": "perhaps"}}
    )
    assert answer.is_client_error


def test_the_second_of_two_overlapping_runs_leaves_at_once(
    server: httpx.Client, deployment: dict[str, Any], places: Places, environment: dict[str, str]
) -> None:
    before = {p: p.stat().st_mtime_ns for p in places.curated.rglob("*")}
    with FileLock(places.lock):
        run = trigger(server, deployment, **deployment["parameters"], as_of="2026-12-01")
        started = time.monotonic()
        typed = squaremile(environment, "refresh", "--as-of", "2026-12-01")
        took_s = time.monotonic() - started
    assert (run["state"]["type"], run["state"]["name"]) == ("COMPLETED", "AlreadyRunning")
    assert typed.returncode == ExitCode.ANOTHER_RUN
    assert "nothing" in typed.stderr.lower() or "changed nothing" in typed.stderr
    assert took_s < 30
    assert {p: p.stat().st_mtime_ns for p in places.curated.rglob("*")} == before


def test_the_command_refreshes_with_a_server_of_its_own_and_says_where_the_report_is(
    environment: dict[str, str], places: Places
) -> None:
    done = squaremile(environment, "refresh")
    assert done.returncode == ExitCode.DONE, done.stderr
    assert "SAMPLE" in done.stdout
    assert "report.html" in done.stdout
    assert "24" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_reading_commands_answer_in_plain_words(environment: dict[str, str]) -> None:
    listed = squaremile(environment, "sources")
    assert listed.returncode == ExitCode.DONE
    assert "City health pathways" in listed.stdout
    tables = squaremile(environment, "tables")
    assert "What is missing, for which need, age and level of offer, and where?" in " ".join(
        tables.stdout.split()
    )
    shown = squaremile(
        environment, "show", "coverage", "--where", "zone=inside", "--rows", "3", "--columns", "need,tier"
    )
    assert shown.returncode == ExitCode.DONE
    assert "SAMPLE" in shown.stdout
    assert "3 of 195 rows" in shown.stdout
    wrong = squaremile(environment, "show", "coverge")
    assert wrong.returncode == ExitCode.MISTAKE_IN_COMMAND
    assert "coverage" in wrong.stderr


def test_check_lists_every_problem_and_tells_whether_it_would_be_refused(
    environment: dict[str, str], tmp_path: Path
) -> None:
    roster = tmp_path / "health_pathways.csv"
    text = (PROJECT / "data/raw/city_health/health_pathways.csv").read_text(encoding="utf-8")
    roster.write_text(text.replace("12/10/2026", "31/02/2026", 1), encoding="utf-8")
    report = tmp_path / "problems.csv"
    taken = squaremile(environment, "check", str(roster), "--source", "city_health", "--csv", str(report))
    assert taken.returncode == ExitCode.DONE, taken.stderr
    assert "31/02/2026" in taken.stdout
    assert "23 of 24 rows" in taken.stdout
    assert "31/02/2026" in report.read_text(encoding="utf-8")
    roster.write_text(text.replace("GP route", "GP rout"), encoding="utf-8")
    refused = squaremile(environment, "check", str(roster), "--source", "city_health")
    assert refused.returncode == ExitCode.ROSTER_REFUSED
    assert "GP rout" in refused.stdout
    unknown = squaremile(environment, "check", str(roster), "--source", "city_helth")
    assert unknown.returncode == ExitCode.MISTAKE_IN_COMMAND
    assert "city_health" in unknown.stderr
