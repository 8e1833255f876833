"""Keeping the nightly schedule with Prefect; the deployment is declared once, in ``prefect.yaml``."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import yaml
from rich.console import Console

from flows.errors import RunAborted
from flows.places import PROJECT, Places

_DECLARATION = PROJECT / "prefect.yaml"
_SERVER_PORT = 4200
_SERVER_START_SECONDS = 120


def nightly_deployment() -> dict[str, Any]:
    """The deployment as ``prefect.yaml`` declares it."""
    deployment: dict[str, Any] = yaml.safe_load(_DECLARATION.read_text(encoding="utf-8"))["deployments"][0]
    return deployment


def serve_nightly(console: Console, places: Places) -> None:
    """Serve the deployment until stopped, on the server that is named or one of our own."""
    if os.environ.get("PREFECT_API_URL"):
        _serve(console, places)
        return
    with _own_server(console) as url:
        os.environ["PREFECT_API_URL"] = url
        _serve(console, places)


def _serve(console: Console, places: Places) -> None:
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.schedules import Cron

    from flows.refresh import refresh

    declared = nightly_deployment()
    schedule, limit = declared["schedules"][0], declared["concurrency_limit"]
    console.print(
        f"Serving [bold]refresh/{declared['name']}[/bold]: cron {schedule['cron']} {schedule['timezone']}, "
        f"on {os.environ['PREFECT_API_URL']}. Stop with Ctrl+C.",
        soft_wrap=True,
    )
    refresh.serve(
        name=declared["name"],
        description=declared["description"],
        tags=declared["tags"],
        parameters={"data_folder": str(places.data), "sources_folder": str(places.sources)},
        schedule=Cron(schedule["cron"], timezone=schedule["timezone"]),
        global_limit=ConcurrencyLimitConfig(
            limit=limit["limit"], collision_strategy=ConcurrencyLimitStrategy(limit["collision_strategy"])
        ),
        enforce_parameter_schema=declared["enforce_parameter_schema"],
        print_starting_message=False,
    )


@contextmanager
def _own_server(console: Console) -> Iterator[str]:
    url = f"http://127.0.0.1:{_SERVER_PORT}/api"
    console.print("Starting a Prefect server on this machine…")
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(_SERVER_PORT)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(url, server)
        console.print(f"Its page: http://127.0.0.1:{_SERVER_PORT}")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=30)


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _SERVER_START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{url}/health", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.5)
    raise RunAborted(
        f"Prefect's server did not start on port {_SERVER_PORT}.",
        "Free the port, or name a running server in PREFECT_API_URL.",
    )
