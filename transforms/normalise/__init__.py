"""Roster lines → the canonical directory: one function for a source, the same for every borough."""
