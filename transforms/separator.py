"""The mark between several values in one cell, as Open Objects exports write it.

In a module of its own so that the process that parses files can share it without importing pandas.
"""

LIST_SEPARATOR = "~"
