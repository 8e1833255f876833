"""Disclosure control: what may be told of counts of children, decided once, before anything is worked out from them.

Services and venues are not counts of children. A gap table never sees a count of children but as released here, so
that no ratio, verdict or difference of its own can tell more than the release does.
"""

from __future__ import annotations

from transforms.disclosure.policy import DisclosurePolicy
from transforms.disclosure.release import release, without_counts

__all__ = ["DisclosurePolicy", "release", "without_counts"]
