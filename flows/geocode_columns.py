"""Which columns of a file say where a row is: as asked for, or by headings that leave no doubt."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from flows.errors import Mistake
from transforms.mapping import nearest_name

# Headings as their letters and digits alone, in lower case.
_USUAL: dict[str, tuple[str, ...]] = {
    "postcode": ("postcode", "postalcode", "pcds", "pcd", "venuepostcode", "venuepcode", "pcode", "zip"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon", "lng", "long"),
    "easting": ("easting", "eastings", "oseast1m", "east1m", "xcoordinate", "xeasting"),
    "northing": ("northing", "northings", "osnrth1m", "north1m", "ycoordinate", "xnorthing"),
    # Not “property reference”: councils number properties in other ways too, and any number may be a UPRN.
    "uprn": ("uprn",),
}
# What a heading may also just hold, where no heading is usual.
_TELLING = {"postcode": "postcode", "uprn": "uprn"}
_HEADINGS_TOLD = 20


@dataclass(frozen=True)
class Where:
    """The columns that say where each row is; ``""`` for none."""

    postcode: str = ""
    lat: str = ""
    lon: str = ""
    easting: str = ""
    northing: str = ""
    uprn: str = ""

    def named(self) -> dict[str, str]:
        """Option → column, of those that are there."""
        return {option: column for option, column in vars(self).items() if column}

    @property
    def has_points(self) -> bool:
        """Whether rows may come with a point of their own."""
        return bool(self.lat or self.easting or self.uprn)


def choose_columns(headings: Sequence[str], asked: dict[str, str | None]) -> Where:
    """The columns that were asked for, and for the rest those whose heading is usual.

    Raises ``Mistake`` for a column that is not there, one half of a pair, or headings that leave a doubt.
    """
    chosen: dict[str, str] = {}
    for option, usual in _USUAL.items():
        wanted = asked.get(option)
        if wanted is not None:
            if wanted and wanted not in headings:
                nearest = nearest_name(wanted, headings)
                hint = f" Nearest: “{nearest}”." if nearest else ""
                raise Mistake(f"There is no column “{wanted}”.{hint}", f"The file has: {_told(headings)}.")
            chosen[option] = wanted
            continue
        chosen[option] = _usual_one(headings, option, usual)
    for one, other in (("lat", "lon"), ("easting", "northing")):
        if bool(chosen[one]) != bool(chosen[other]):
            there, missing = (one, other) if chosen[one] else (other, one)
            if asked.get(there) or asked.get(missing):
                raise Mistake(
                    f"--{there} is of no use without --{missing}.", f"Name the other column with --{missing}."
                )
            chosen[there] = ""
    for one, other in itertools.combinations([option for option in chosen if chosen[option]], 2):
        if chosen[one] == chosen[other]:
            raise Mistake(
                f"--{one} and --{other} both name the column “{chosen[one]}”.", "Name one column for each."
            )
    if not any(chosen.values()):
        raise Mistake(
            f"No heading looks like a postcode, a pair of coordinates or a UPRN. The file has: {_told(headings)}.",
            "Name the column, for example with --postcode. Headings must stand in the first row.",
        )
    return Where(**chosen)


def _told(headings: Sequence[str]) -> str:
    more = len(headings) - _HEADINGS_TOLD
    return ", ".join(headings[:_HEADINGS_TOLD]) + (f" and {more:,} more" if more > 0 else "")


def _usual_one(headings: Sequence[str], option: str, usual: tuple[str, ...]) -> str:
    plain = {heading: re.sub(r"[^a-z0-9]", "", heading.casefold()) for heading in headings}
    exact = [heading for name in usual for heading in headings if plain[heading] == name]
    if exact:
        best = [heading for heading in exact if plain[heading] == plain[exact[0]]]
    else:
        telling = _TELLING.get(option)
        best = [heading for heading in headings if telling and telling in plain[heading]]
    if len(best) > 1:
        raise Mistake(
            f"Several columns could be the {option}: {', '.join(best)}.",
            f"Name the right one with --{option}.",
        )
    return best[0] if best else ""
