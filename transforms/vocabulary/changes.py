"""What plans and nights change, and why."""

from __future__ import annotations

from transforms.vocabulary.labels import Labelled


class PlannedChange(Labelled):
    """What a row of a proposal does to the directory."""

    ADD = "add", "new"
    CHANGE = "change", "changed"
    REMOVE = "remove", "lost"


class CellChange(Labelled):
    """What becomes of a row of a gap table."""

    CLOSES = "closes", "gap closes"
    OPENS = "opens", "gap opens"
    BETTER = "better", "better"
    WORSE = "worse", "worse"
    APPEARS = "appears", "new row"
    GOES = "goes", "row gone"
    DIFFERS = "differs", "differs"
    SAME = "same", "the same"


class ChangeCause(Labelled):
    """Why something differs from the snapshot before, in the order in which causes are told apart."""

    REFERENCE_CHANGE = "reference_change", "dated reference, or how a table is worked out, changed"
    TIME_PASSED = "time_passed", "only the date moved on: listings went stale, activities ended"
    SOURCE_OUTAGE = "source_outage", "a source fell out or came back"
    ROW_SET_ASIDE = "row_set_aside", "a row that was taken before was set aside"
    RULE_CHANGE = "rule_change", "a threshold, or a rule that reads rosters, changed"
    REGEOCODED = "regeocoded", "the same address is placed elsewhere"
    MERGED = "merged", "records were found to be the same, or no longer"
    REAL = "real", "the rosters say something else"
