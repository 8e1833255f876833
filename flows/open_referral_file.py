"""The services of a snapshot as one page of Open Referral UK 3.0."""

from __future__ import annotations

import json
from pathlib import Path

from flows.outputs import Frames
from reports.words import SAMPLE
from transforms.open_referral import page, services

OPEN_REFERRAL = "open_referral_uk.json"


def write_open_referral(folder: Path, frames: Frames, *, is_sample: bool) -> None:
    """One page of services. In a sample run it says so first, and so does each service, wherever it is taken."""
    mark = {"sample": SAMPLE} if is_sample else {}
    document = {**mark, **page(services(frames, alert=SAMPLE if is_sample else ""))}
    text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    (folder / OPEN_REFERRAL).write_text(text, encoding="utf-8")
