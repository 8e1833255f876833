"""``squaremile review``: the pairs that may be the same, one after another, and what somebody decides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from flows.errors import Mistake
from flows.places import Places
from flows.reviews import read_reviews, write_reviews
from transforms.tables import MatchReview as R
from transforms.vocabulary import ReviewDecision

Ask = Callable[[str], str]

_SHOWN = {
    "Name": (R.left_name, R.right_name),
    "Other names": (R.left_other_names, R.right_other_names),
    "Place": (R.left_place, R.right_place),
    "Numbers": (R.left_numbers, R.right_numbers),
    "Contact": (R.left_contact, R.right_contact),
    "Roster": (R.left_source, R.right_source),
}
_ANSWERS = {"s": ReviewDecision.SAME, "d": ReviewDecision.DIFFERENT}
_SKIP, _QUIT = "k", "q"
_QUESTION = "same (s), different (d), skip (k) or quit (q)? "


def review(out: Console, ask: Ask, places: Places, role: str | None, today: dt.date) -> None:
    """Show every undecided pair and write down what is answered, each answer as soon as it is given."""
    path = places.match_reviews
    reviews = read_reviews(path)
    open_rows = reviews.index[reviews[R.decision].isna()]
    if not len(open_rows):
        told = f" {_pairs(len(reviews))} decided." if len(reviews) else ""
        out.print(
            f"There is nothing to review.{told} Each `squaremile refresh` puts the pairs here that may be the same."
        )
        return
    out.print(f"{_pairs(len(open_rows))} to review. An answer holds until what is shown here changes.")
    role = (role or _answer(ask, "Your role, such as SEND commissioning officer: ") or "").strip()
    if not role or "@" in role:
        raise Mistake("No role was given.", "Name yours with --role; a role, not a name or an address.")
    decided = 0
    for number, at in enumerate(open_rows, start=1):
        _show(out, reviews.loc[at].to_dict(), f"{number} of {len(open_rows)}")
        answer = _choice(out, ask)
        if answer is None:
            break
        if answer == _SKIP:
            continue
        note = _answer(ask, "What did you go by? (may be blank) ")
        _keep(places, reviews.loc[at], _ANSWERS[answer], role, today, (note or "").strip())
        decided += 1
    left = len(open_rows) - decided
    out.print(
        f"{_pairs(decided)} decided, {left} left. Decisions take effect with the next `squaremile refresh`."
    )


def _pairs(count: int) -> str:
    return f"{count} pair{'s' * (count != 1)}"


def _show(out: Console, row: Mapping[Any, Any], title: str) -> None:
    table = Table(title=f"{title}: {row[R.entity]}", title_justify="left")
    table.add_column("")
    table.add_column("One", overflow="fold")
    table.add_column("Other", overflow="fold")
    for label, (left, right) in _SHOWN.items():
        cells = [_cell(row[left]), _cell(row[right])]
        if any(cells):
            is_equal = cells[0].casefold() == cells[1].casefold()
            table.add_row(
                label, *(f"[green]{cell}[/green]" if is_equal else cell for cell in map(escape, cells))
            )
    out.print(table)
    sure = "" if pd.isna(row[R.confidence]) else f" ({row[R.confidence]:.0%} sure that they are the same)"
    out.print(escape(f"The rules say maybe{sure}: {_cell(row[R.reason])}."))
    if earlier := _cell(row[R.earlier_decision]):
        out.print(escape(f"Decided before, on other evidence: {earlier}."))


def _cell(value: Any) -> str:
    return "" if pd.isna(value) else str(value)


def _choice(out: Console, ask: Ask) -> str | None:
    """The letter answered; nothing when somebody quits or the input ends."""
    while True:
        answer = _answer(ask, _QUESTION)
        if answer is None:
            return None
        letter = {"same": "s", "different": "d", "skip": _SKIP, "quit": _QUIT}.get(
            answer.strip().casefold(), answer
        )
        letter = letter.strip().casefold()
        if letter == _QUIT:
            return None
        if letter in (*_ANSWERS, _SKIP):
            return letter
        out.print("Answer with one of the letters.")


def _answer(ask: Ask, question: str) -> str | None:
    try:
        return ask(question)
    except EOFError:
        return None


def _keep(
    places: Places, row: pd.Series, decision: ReviewDecision, role: str, today: dt.date, note: str
) -> None:
    """Write one decision into the file as it is now, which may have changed meanwhile."""
    reviews = read_reviews(places.match_reviews)
    at = reviews.index[
        reviews[R.left_id].eq(row[R.left_id])
        & reviews[R.right_id].eq(row[R.right_id])
        & reviews[R.entity].eq(row[R.entity])
        & reviews[R.evidence].eq(row[R.evidence])
    ]
    if not len(at):
        raise Mistake(
            "The file was changed while you were reviewing, and this pair is no longer in it.",
            "Start `squaremile review` again; what you decided before is kept.",
        )
    answered = {
        R.decision: decision.value,
        R.by_role: role,
        R.decided_on: pd.Timestamp(today),
        R.note: note or None,
    }
    for column, value in answered.items():
        reviews.loc[at, column] = value
    write_reviews(places.match_reviews, reviews)
