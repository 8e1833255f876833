"""What stops at a birthday, and what goes on; and what is there at each year of age."""

from __future__ import annotations

import pandas as pd

from reports.behind import Behind
from reports.charts.columns import age_columns
from reports.facts import Frames, rows_of
from reports.grid import Axes, GridCell, Row, panels
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import number, plural
from transforms.tables import GapTable, Location, Service, ServiceAtLocation, Supply, TransitionCliff
from transforms.vocabulary import OLDEST_AGE, Standing, Transition, Zone


def transition(frames: Frames, behind: Behind) -> Section:
    """The section on the cliff at each change of stage."""
    table = rows_of(frames, TransitionCliff)
    axes = Axes(
        row=TransitionCliff.tier,
        column=TransitionCliff.transition,
        group=TransitionCliff.need_area,
        panel=TransitionCliff.zone,
    )
    ages, grids = _by_age(frames), panels(TransitionCliff, table, axes, _cell)
    data = {
        "lead": _lead(ages),
        "ages": age_columns(ages, {one.age: one.label for one in Transition}) if len(ages) else None,
        "panels": grids,
        "behind": behind.take(
            TransitionCliff,
            [grid.keys for grid in grids],
            TransitionCliff.onward_confirmed,
            TransitionCliff.onward_possible,
        ),
    }
    return Section(
        "transition", "Birthdays", "What stops at a birthday, and does anything go on?", Part.MISSING,
        "transition", data,
    )  # fmt: skip


def _by_age(frames: Frames) -> pd.DataFrame:
    """For each year of age: activities confirmed and possible inside the Square Mile or a short walk outside.

    Confirmed: confirmed wherever it counts, and its ages are stated and hold this year; on which side of the City
    boundary it is makes no difference here. Possible: no answer rules it out, and neither do its ages, as far as
    they are stated.
    """
    places = rows_of(frames, Location)[[Location.id, Location.x_zone]]
    at = rows_of(frames, ServiceAtLocation).merge(
        places.rename(columns={Location.id: ServiceAtLocation.location_id}),
        on=ServiceAtLocation.location_id, validate="m:1",
    )  # fmt: skip
    supply = rows_of(frames, Supply).merge(
        at[[ServiceAtLocation.id, Location.x_zone]],
        left_on=Supply.service_at_location_id, right_on=ServiceAtLocation.id, validate="1:1",
    )  # fmt: skip
    services = rows_of(frames, Service)[[Service.id, Service.minimum_age, Service.maximum_age]]
    rows = supply.merge(
        services.rename(columns={Service.id: Supply.service_id}), on=Supply.service_id, validate="m:1"
    )
    rows = rows[
        rows[Supply.counts_as].ne(Standing.RULED_OUT) & rows[Location.x_zone].isin([Zone.INSIDE, Zone.NEAR])
    ]
    if rows.empty:
        return pd.DataFrame()
    low, high = rows[Service.minimum_age], rows[Service.maximum_age]
    sure = rows[Supply.counts_as].eq(Standing.CONFIRMED) & low.notna() & high.notna()
    found = []
    for age in range(OLDEST_AGE + 1):
        may = ~(low.gt(age).fillna(False) | high.lt(age).fillna(False))
        activity = rows[Supply.activity_id]
        found.append((age, activity[may & sure].nunique(), activity[may].nunique()))
    return pd.DataFrame(found, columns=["age", "confirmed", "possible"])


def _lead(ages: pd.DataFrame) -> str:
    if ages.empty:
        return "No activity inside the Square Mile or a short walk outside is listed that City children may join."
    sure = ages.set_index("age")["confirmed"]
    return (
        f"Inside the Square Mile or a short walk outside, {plural(int(sure[10]), 'activity is', 'activities are')} "
        f"confirmed for a child of 10, {number(sure[16])} for a young person of 16, {number(sure[18])} at 18 and "
        f"{number(sure[24])} at 24."
    )


def _cell(table: type[GapTable], row: Row) -> GridCell:
    """What goes on past the change: confirmed, and how many more are possible."""
    onward = row[TransitionCliff.onward_confirmed]
    more = row[TransitionCliff.onward_possible] - onward
    verdict = verdict_of(table, row[TransitionCliff.gap_status])
    ends = row[TransitionCliff.ending_possible]
    stops = f"; up to {number(ends)} stop" if ends else ""
    return GridCell(number(onward), f"+{number(more)} possible{stops}", verdict.label, style(verdict))
