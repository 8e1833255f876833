"""Prefect flows, all reading and writing, publishing and the command line."""
