"""Roster words → canonical values, one module a kind of value."""
