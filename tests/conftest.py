"""Settings shared by every test."""

from __future__ import annotations

from hypothesis import settings

# Derandomised, so that a red night is a change of ours and not a throw of the dice.
settings.register_profile("squaremile", derandomize=True, deadline=None, max_examples=40, database=None)
settings.load_profile("squaremile")
