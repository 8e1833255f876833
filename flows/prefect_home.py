"""Settings for Prefect when a command starts it by itself: quiet, private, in a folder of its own."""

from __future__ import annotations

import os

from flows.places import PROJECT

_SETTINGS = {
    "PREFECT_HOME": str(PROJECT / ".prefect"),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    # Its own limit of 20 s fails on a busy machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    # Rosters must never be stored by the orchestrator.
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
}


def prepare(*, is_quiet: bool) -> None:
    """Set what is not set already; must run before Prefect is imported."""
    for name, value in _SETTINGS.items():
        os.environ.setdefault(name, value)
    if is_quiet:
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
        os.environ.setdefault("PREFECT_LOGGING_ROOT_LEVEL", "CRITICAL")
