"""How an explanation looks in the terminal. Words of rosters are shown as text, never as markup."""

from __future__ import annotations

import pandas as pd
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from flows.snapshot import Snapshot
from flows.words import day, known, plain, sample_mark, words_of
from transforms.gaps.quality_checks import FILE, ID, PART, ROW, WHAT
from transforms.lineage import DIMENSION, LINES, OTHER_VALUE
from transforms.match_evidence import MAYBE
from transforms.normalise.fields import FIELD_OF
from transforms.schema import LIST_JOINT, Column, Table
from transforms.tables import (
    Counted,
    DataQuality,
    Explained,
    GapTable,
    Identity,
    SourceNight,
    SourceRecord,
)
from transforms.vocabulary import Doubt, ParseStatus, QualityDimension, Standing, Zone

_MOST_NAMES, _MOST_FAILURES = 3, 40
# Below this width a reading takes lines of its own rather than columns.
_WIDE = 90
_MARK = {
    Standing.CONFIRMED: ("● ", "green"),
    Standing.POSSIBLE: ("○ ", "yellow"),
    Standing.RULED_OUT: ("✕ ", "red"),
}
_SECTION = {
    Standing.CONFIRMED: "Confirmed",
    Standing.POSSIBLE: "Possible, not certain",
    Standing.RULED_OUT: "Not counted: an answer rules it out",
}


def record_words(row: pd.Series) -> str:
    """File, sheet and row, as a person looks them up."""
    sheet = f", sheet {plain(row[SourceRecord.part])}" if known(row[SourceRecord.part]) else ""
    return f"{plain(row[SourceRecord.file])}{sheet}, row {row[SourceRecord.physical_row]}"


class View:
    """Prints an explanation, piece by piece."""

    def __init__(self, console: Console, snapshot: Snapshot, *, short: bool) -> None:
        self.console = console
        self._short = short
        nights = snapshot[SourceNight]
        self._owner = dict(zip(nights[SourceNight.source], nights[SourceNight.title], strict=True))
        self._as_of = snapshot.as_of
        sample_mark(console, snapshot)

    def _say(self, *parts: RenderableType, indent: int = 0) -> None:
        for part in parts:
            self.console.print(Padding(part, (0, 0, 0, indent)) if indent else part)

    def redirect(self, old: str, became: pd.Series) -> None:
        """An id that was merged, and the one to use instead."""
        self._say(
            Text(
                f"{old} became {became[Identity.redirect_to]}: {plain(became[Identity.reason])}.",
                style="italic",
            )
        )

    def heading(self, table: type[Table], row: pd.Series, row_key: str, column: str | None) -> None:
        """The row in words and figures."""
        self._say(
            Text.assemble(
                (table.table_name, "bold"),
                " ",
                (plain(row_key), "bold cyan"),
                (f"  as at {day(self._as_of)}", "dim"),
            )
        )
        if table.question:
            self._say(Text(table.question, style="italic"))
        labels = [words_of(c, row[c.name]) for c in table.key if c.allowed]
        if labels:
            self._say(Text(" · ".join(labels)))
        verdict = _verdict(table)
        if "confirmed" in row and "possible" in row:
            said = f"{row['confirmed']:g} confirmed, {row['possible']:g} possible"
            if verdict:
                said += f": {words_of(verdict, row[verdict.name])}"
            self._say(Text(f"{said}.", style="bold"))
        if column:
            declared = table.column(column)
            self._say(
                Text.assemble(
                    (f"{column}: ", "bold"),
                    words_of(declared, row[column]),
                    (f"  {declared.description}", "dim"),
                )
            )
            return
        shown = [
            f"{c.name} {words_of(c, row[c.name])}"
            for c in table.columns()
            if c not in table.key and c.name not in (*_STAMPS, "confirmed", "possible") and c is not verdict
            and known(row[c.name]) and row[c.name] != 0
        ]  # fmt: skip
        if shown:
            self._say(Text(" · ".join(shown), style="dim"))

    def records(self, records: pd.DataFrame) -> None:
        """Roster records and where they ended."""
        if len(records):
            self._say(Text("\nStands in", style="bold"))
        for _, row in records.iterrows():
            ended = row[SourceRecord.outcome] + (
                f" ({row[SourceRecord.reason]})" if known(row[SourceRecord.reason]) else ""
            )
            held = ", withheld from publication" if row[SourceRecord.is_withheld] else ""
            self._say(
                Text.assemble(
                    f"{self._title(row[SourceRecord.source])} · {record_words(row)}",
                    (f"  {ended}{held}", "dim"),
                ),
                indent=2,
            )

    def activities(self, members: pd.DataFrame, evidence: pd.DataFrame) -> None:
        """Every activity, confirmed first, with each roster's listing of it."""
        best = (
            members[Counted.counts_as].map(list(Standing).index).groupby(members[Counted.activity_id]).min()
        )
        for number, standing in enumerate(Standing):
            mine = best.index[best.eq(number)]
            if not len(mine):
                continue
            n = len(mine)
            self._say(Text(f"\n{_SECTION[standing]} · {n} activit{'y' if n == 1 else 'ies'}", style="bold"))
            for activity in mine:
                listed = members[members[Counted.activity_id].eq(activity)].sort_values(Counted.counts_as)
                self._activity(standing, listed, evidence)

    def _activity(self, standing: Standing, listed: pd.DataFrame, evidence: pd.DataFrame) -> None:
        first = listed.iloc[0]
        mark, colour = _MARK[standing]
        name = Text.assemble((mark, colour), (plain(first[Explained.service_name]), "bold"))
        if known(first[Explained.organization_name]):
            name.append(f" · {plain(first[Explained.organization_name])}")
        self._say(name, indent=1)
        self._say(Text(_place_words(first), style="dim"), indent=4)
        if volume := _volume_words(first):
            self._say(Text(volume, style="dim"), indent=4)
        for words in _match_words(listed, evidence):
            self._say(Text(f"≡ {plain(words)}", style="dim"), indent=4)
        for _, listing in listed.iterrows():
            self._listing(listing, evidence)

    def _listing(self, listing: pd.Series, evidence: pd.DataFrame) -> None:
        order = list(FIELD_OF)
        read = evidence[
            evidence[Explained.service_at_location_id].eq(listing[Counted.service_at_location_id])
            & evidence[Explained.service_id].eq(listing[Counted.service_id])
        ]
        read = read.sort_values(
            [Explained.is_own_record, SourceRecord.physical_row, Explained.field],
            ascending=[False, True, True],
            key=lambda part: (
                part.map(order.index, na_action="ignore") if part.name == Explained.field else part
            ),
            kind="stable",
        )
        records = read.drop_duplicates([SourceRecord.file, SourceRecord.part, SourceRecord.physical_row])
        title = self._title(listing[Explained.source])
        for number, (_, record) in enumerate(records.iterrows()):
            whose = f"{title} · " if not number else "and its provider's row: "
            self._say(Text.assemble(whose, (record_words(record), "cyan")), indent=4)
        if known(listing[Counted.doubts]):
            doubts = [Doubt(code) for code in str(listing[Counted.doubts]).split(LIST_JOINT)]
            lead = (
                "why not counted: "
                if listing[Counted.counts_as] == Standing.RULED_OUT
                else "why not certain: "
            )
            words = "; ".join(_doubt_words(doubt, listing) for doubt in doubts)
            self._say(Text.assemble((lead, "yellow"), words), indent=6)
        if not self._short:
            self._say(self._readings(read[read[Explained.field].notna()]), indent=6)

    def _readings(self, read: pd.DataFrame) -> RenderableType:
        lines = [_reading(row) for _, row in read.iterrows()]
        if self.console.width < _WIDE:
            return Group(
                *(
                    Text.assemble((f"{h} ", "dim"), f"{raw} → {said} ", (rule, "dim"))
                    for h, raw, said, rule in lines
                )
            )
        grid = Grid.grid(padding=(0, 2))
        for style in ("dim", "", "green", "dim"):
            grid.add_column(style=style, overflow="fold")
        for heading, raw, said, rule in lines:
            grid.add_row(Text(heading), Text(raw), Text(f"→ {said}"), Text(rule))
        return grid

    def near_misses(
        self, table: type[GapTable], row: pd.Series, members: pd.DataFrame, near: pd.DataFrame
    ) -> None:
        """Where nothing is certain: what was looked for, and what fails in one part of the key alone."""
        if "confirmed" not in row or row["confirmed"]:
            return
        looked = " · ".join(words_of(c, row[c.name]) for c in table.key)
        nothing = "Nothing is certain" if len(members) else "Nothing was found, certain or possible,"
        self._say(Text(f"\n{nothing} for {looked}.", style="bold"))
        if near.empty:
            return
        self._say(Text("Nearest, one part apart:"))
        for (dimension, value), part in near.groupby([DIMENSION, OTHER_VALUE], sort=False):
            sure = part[part[Counted.counts_as].eq(Standing.CONFIRMED)].drop_duplicates(Counted.activity_id)
            n = part[Counted.activity_id].nunique()
            names = [plain(name) for name in sure[Explained.service_name].head(_MOST_NAMES)]
            more = ", …" if len(sure) > _MOST_NAMES else ""
            label = words_of(table.column(str(dimension)), value)
            self._say(
                Text.assemble(
                    (f"{dimension} {label}: ", "cyan"), f"{len(sure)} confirmed, {n} possible",
                    (f"  {', '.join(names)}{more}" if names else "", "dim"),
                ),
                indent=2,
            )  # fmt: skip

    def counted_in(self, counted: pd.DataFrame, members: pd.DataFrame) -> None:
        """In how many rows of each gap table services count."""
        mine = counted[counted[Counted.service_at_location_id].isin(members[Counted.service_at_location_id])]
        if mine.empty:
            return
        self._say(Text("\nCounts in", style="bold"))
        for name, part in mine.groupby(Counted.gap_table, sort=True):
            rows = [
                f"{part.loc[part[Counted.counts_as].eq(s), Counted.row_key].nunique()} {s.value.replace('_', ' ')}"
                for s in Standing
            ]
            self._say(Text.assemble((f"{name}: ", "cyan"), f"rows {', '.join(rows)}"), indent=2)

    def quality(self, dimension: QualityDimension, row: pd.Series, failed: pd.DataFrame) -> None:
        """What did not pass, down to file and row."""
        of = row[DataQuality.denominator]
        self._say(Text(f"{dimension.label}: {row[DataQuality.numerator]} of {of} pass.", style="bold"))
        if failed.empty:
            return
        self._say(Text(f"\n{len(failed)} do not", style="bold"))
        for _, one in failed.head(_MOST_FAILURES).iterrows():
            where = record_words(
                one.rename({FILE: SourceRecord.file, PART: SourceRecord.part, ROW: SourceRecord.physical_row})
            )
            about = f"  {one[ID]}" if ID in one and known(one[ID]) else ""
            self._say(
                Text.assemble((where, "cyan"), f"  {plain(one[WHAT]).replace('_', ' ')}", (about, "dim")),
                indent=2,
            )
        if len(failed) > _MOST_FAILURES:
            self._say(
                Text(f"… and {len(failed) - _MOST_FAILURES} more; --csv FILE writes them all.", style="dim"),
                indent=2,
            )

    def _title(self, source: object) -> str:
        return plain(self._owner.get(str(source), source))


_STAMPS = (GapTable.snapshot_date, GapTable.run_id, GapTable.method_version)


def _verdict(table: type[Table]) -> Column | None:
    """The column that gives a gap table's verdict."""
    return table.verdict_column() if issubclass(table, GapTable) else None


def _reading(row: pd.Series) -> tuple[str, str, str, str]:
    """One value as heading, the roster's words, what was made of them, and the rule."""
    field = plain(row[Explained.field]).replace("_", " ")
    heading = plain(row[Explained.heading]) if known(row[Explained.heading]) else "(sheet or file)"
    parsed = plain(row[Explained.parsed]) if known(row[Explained.parsed]) else "not known"
    how = [plain(row[Explained.rule]).replace("_", " ")]
    if row[Explained.reading_status] != ParseStatus.PARSED:
        how.append(plain(row[Explained.reading_status]))
    elif row[Explained.confidence] < 1:
        how.append(f"{row[Explained.confidence]:.0%} sure")
    if not row[Explained.is_own_record]:
        how.append("provider's row")
    raw = f"“{plain(row[Explained.raw])}”" if known(row[Explained.raw]) else "free text, not repeated"
    return heading, raw, f"{field}: {parsed}", ", ".join(how)


def _place_words(row: pd.Series) -> str:
    name = " ".join(plain(row[c]) for c in (Explained.venue_name, Explained.postal_code) if known(row[c]))
    zone = Zone(row[Explained.zone]).label if known(row[Explained.zone]) else "place not published"
    words = f"{name}: {zone}" if name else zone
    if known(row[Explained.signed_distance_m]):
        distance = row[Explained.signed_distance_m]
        side = "inside" if distance < 0 else "outside"
        words += (
            f", {abs(distance):,.0f} m {side} the boundary, give or take {row[Explained.positional_error_m]:.0f} m"
            f" (by {row[Explained.geocode_method]})"
        )
    return words


def _volume_words(row: pd.Series) -> str:
    sessions, hours = row[Explained.sessions_per_4_weeks], row[Explained.place_hours_per_4_weeks]
    said = [
        f"{sessions:g} sessions" if known(sessions) else "",
        f"{hours:g} place-hours" if known(hours) else "",
    ]
    return f"{' and '.join(filter(None, said))} in four weeks" if any(said) else ""


def _match_words(listed: pd.DataFrame, evidence: pd.DataFrame) -> list[str]:
    """Each sentence of match evidence about an activity, once; of the first listing before the others'."""
    told = evidence[
        evidence[Explained.service_at_location_id].isin(listed[Counted.service_at_location_id])
    ].drop_duplicates(Explained.service_at_location_id)
    told = told.set_index(Explained.service_at_location_id)[Explained.match_evidence]
    first, *others = listed[Counted.service_at_location_id]
    sentences = str(told[first]).split(LINES) if known(told.get(first)) else []
    for other in others:
        # What another listing says of the same matches is the same seen from its side.
        maybes = [s for s in str(told.get(other)).split(LINES) if s.startswith(MAYBE)]
        sentences += maybes
    return list(dict.fromkeys(sentences))


def _doubt_words(doubt: Doubt, row: pd.Series) -> str:
    if doubt is Doubt.NOT_CHECKED_RECENTLY and known(row[Explained.last_verified]):
        return f"last checked {day(row[Explained.last_verified])}, {doubt.label}"
    return doubt.label
