"""The page that a run leaves with Prefect, where Prefect does not take it."""

from __future__ import annotations

import logging
from importlib import import_module
from types import SimpleNamespace

import pytest

refresh = import_module("flows.refresh")


def test_a_run_stands_when_prefect_does_not_take_its_page(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuses(*_: object, **__: object) -> None:
        raise ConnectionError("a secret address")

    monkeypatch.setattr(refresh, "run_page", lambda _: "")
    monkeypatch.setattr(refresh, "create_markdown_artifact", refuses)
    refresh._leave_page(SimpleNamespace(message="Published."), logging.getLogger("a run"))
    assert caplog.messages == ["The page of this run could not be left with Prefect: ConnectionError."]
