"""Why tonight's figures differ from those of the snapshot before: one thing changed at a time.

Between the two nights stands a chain of directories, each with one cause more carried out than the one before.
Every gap table is computed for each, so that what a cause moved is what differs between two neighbours.
"""

from __future__ import annotations

from transforms.nightly.moves import Earlier
from transforms.nightly.told import explain_changes

__all__ = ["Earlier", "explain_changes"]
