"""Zone × tier × question of access: what the venues answer."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.answers import agreed
from transforms.gaps.cells import every_cell
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.gaps.rates import share_pct
from transforms.gaps.verdicts import known_status
from transforms.supply import VENUE_CLUSTER, Frames
from transforms.tables import Accessibility, Location
from transforms.tables import PhysicalAccess as T
from transforms.text_columns import looked_up
from transforms.vocabulary import TIERS, AccessQuestion, Answer, KnownStatus, StepFree, Zone

_COLUMN_OF = {
    AccessQuestion.STEP_FREE: Accessibility.x_step_free,
    AccessQuestion.ACCESSIBLE_TOILET: Accessibility.x_accessible_toilet,
    AccessQuestion.CHANGING_PLACES: Accessibility.x_changing_places,
    AccessQuestion.HEARING_LOOP: Accessibility.x_hearing_loop,
    AccessQuestion.QUIET_SPACE: Accessibility.x_quiet_space,
}
_COUNTED_AS = {
    Answer.YES: (T.yes_confirmed, T.yes_possible),
    Answer.CONDITIONAL: (T.in_part_confirmed, T.in_part_possible),
    Answer.NO: (T.no_confirmed, T.no_possible),
    Answer.UNKNOWN: (T.unknown_confirmed, T.unknown_possible),
}
_NO_VENUE = [Zone.ONLINE, Zone.HOME_OUTREACH]
_SAID = "said"


def physical_access(inputs: GapInputs) -> Measured:
    """Can a disabled child get in and stay?

    One row for every combination of six zones, three tiers and five questions: step-free way in, accessible
    toilet, Changing Places toilet, hearing loop, quiet space. Confirmed: the activity is running, was checked
    recently, accepts City residents, and is certain of its zone and tier, whatever the need and age. Possible: no
    answer rules it out. Access is the venue's: what any roster says of the venue stands for every activity there,
    also beside a roster that is silent. Where rosters contradict each other nothing is known; step-free in part
    outweighs step-free. ``known_pct`` = possible activities whose venue answers ÷ possible activities × 100.

    The verdict is to ask before anything is said where more than ``access_unknown_pct`` of the possible activities
    are at venues that do not answer. Online and at home there is no venue to ask about.
    """
    cells = inputs.in_places[[T.zone, T.tier, VENUE_CLUSTER, *COUNTED_BY]]
    answers = _of_venues(inputs.frames)
    rows = pd.concat(
        [
            cells.assign(
                **{T.feature: question.value, _SAID: looked_up(cells[VENUE_CLUSTER], answers[column])}
            )
            for question, column in _COLUMN_OF.items()
        ],
        ignore_index=True,
    )
    said = rows[_SAID].fillna(Answer.UNKNOWN.value)
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    figures = [Figure(T.confirmed, sure), Figure(T.possible, maybe)]
    for answer, (confirmed, possible) in _COUNTED_AS.items():
        figures += [Figure(confirmed, sure & said.eq(answer)), Figure(possible, maybe & said.eq(answer))]
    measured = count(T, rows, figures, every_cell(zone=Zone, tier=TIERS, feature=AccessQuestion))
    table, unknown_pct = measured.table, inputs.thresholds.access_unknown_pct
    possible, known = table[T.possible], table[T.possible] - table[T.unknown_possible]
    status = known_status(known, possible, unknown_pct)
    status = status.mask(table[T.zone].isin(_NO_VENUE), KnownStatus.NOTHING_TO_ASK.value)
    # The share is itself about what is known: nothing of it is withheld.
    share = share_pct(known, possible, possible, 0)
    return replace(measured, table=table.assign(**{T.known_pct: share, T.known_status: status}))


def _of_venues(frames: Frames) -> pd.DataFrame:
    """What rosters together say of each venue: a column an answer, on the venue's cluster."""
    venues = frames[Location][[Location.id, Location.x_cluster_id]]
    told = venues.merge(
        frames[Accessibility], left_on=Location.id, right_on=Accessibility.location_id, validate="1:1",
        suffixes=("", "_of_access"),
    )  # fmt: skip
    cluster, step_free = told[Location.x_cluster_id], told[Accessibility.x_step_free]
    is_partial = step_free.eq(StepFree.PARTIAL).groupby(cluster).transform("max").astype(bool)
    told[Accessibility.x_step_free] = step_free.mask(
        is_partial & step_free.isin([StepFree.YES, StepFree.PARTIAL]), Answer.CONDITIONAL.value
    )
    together = {column: agreed(told[column], cluster) for column in _COLUMN_OF.values()}
    # Of a venue all rows say the same now.
    return told[[Location.x_cluster_id]].assign(**together).drop_duplicates().set_index(Location.x_cluster_id)
