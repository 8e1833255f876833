"""What can end a command, each with its exit code and words for the person who sees it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command, as documented in ``docs/operations.md``."""

    DONE = 0
    ROSTER_REFUSED = 1
    MISTAKE_IN_COMMAND = 2
    RUN_ABORTED = 3
    ANOTHER_RUN = 4


class PlainError(Exception):
    """An error that is told in words, never as a traceback."""

    exit_code = ExitCode.RUN_ABORTED

    def __init__(self, message: str, what_to_do: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.what_to_do = what_to_do


class Mistake(PlainError):
    """Something in a command, a source file or reference data is written wrongly."""

    exit_code = ExitCode.MISTAKE_IN_COMMAND


class RunAborted(PlainError):
    """The run stops without publishing; the last snapshot stays as it was."""


class NothingUsable(RunAborted):
    """No source has a roster that could be used, tonight's or an earlier one."""


class AnotherRun(PlainError):
    """Another run holds the lock; nothing was done."""

    exit_code = ExitCode.ANOTHER_RUN
