"""Drawings as shapes a template lays out: each has its numbers beside it as a table."""
