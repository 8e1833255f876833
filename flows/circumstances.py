"""What else was different when a later snapshot was made: the method, the reference, the state of a roster."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.snapshot import Snapshot
from transforms.vocabulary import SourceState


def circumstances(before: Snapshot, after: Snapshot) -> list[str]:
    """Each in a few words; a figure that moved may be their doing and no change in what is on offer."""
    was, becomes = before.manifest, after.manifest
    told = []
    if was["method_version"] != becomes["method_version"]:
        told.append(f"method {was['method_version']} → {becomes['method_version']}")
    hashes = [{file["name"]: file["sha256"] for file in one.get("reference", ())} for one in (was, becomes)]
    changed = sorted(
        name for name in hashes[0].keys() | hashes[1] if hashes[0].get(name) != hashes[1].get(name)
    )
    if changed:
        told.append(f"reference: {', '.join(changed)}")
    old, new = _states(was), _states(becomes)
    told += [
        f"{name}: {new.get(name, SourceState.ABSENT).label}"
        for name in sorted(old.keys() | new)
        if old.get(name) != new.get(name)
    ]
    return told


def _states(manifest: Mapping[str, Any]) -> dict[str, SourceState]:
    return {source["name"]: SourceState(source["state"]) for source in manifest.get("sources", ())}
