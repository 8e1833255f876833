"""Lines → the places where services happen, and their addresses."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd

from transforms.identifiers import make_id
from transforms.normalise.readings import Readings
from transforms.parsers import access, values
from transforms.parsers.postcodes import find_postcode, standard_form
from transforms.parsers.reading import fold, is_blank
from transforms.parsers.synonyms import Phrases, Synonyms
from transforms.tables import Accessibility, Address, Location
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import (
    AccessFeature,
    AddressRole,
    Answer,
    DeliveryMode,
    GeocodeMethod,
    LocationType,
    PostcodeStatus,
    StepFree,
    Zone,
)

_NOT_ON_THE_GROUND = {
    DeliveryMode.ONLINE: Zone.ONLINE,
    DeliveryMode.HOME: Zone.HOME_OUTREACH,
    DeliveryMode.OUTREACH: Zone.HOME_OUTREACH,
}


COLUMN_OF_FEATURE: dict[AccessFeature, str] = {
    AccessFeature.ACCESSIBLE_TOILET: Accessibility.x_accessible_toilet,
    AccessFeature.CHANGING_PLACES: Accessibility.x_changing_places,
    AccessFeature.HEARING_LOOP: Accessibility.x_hearing_loop,
    AccessFeature.QUIET_SPACE: Accessibility.x_quiet_space,
}


def delivery_modes(lines: pd.DataFrame, synonyms: Synonyms) -> pd.Series:
    """How each line's service reaches a child.

    The venue's own words count first; a line with a postcode is on the ground unless it says
    otherwise; a line that says nothing is not known.
    """
    phrases, own_home = synonyms["delivery"], synonyms["own_home"]

    def mode(line: dict[str, Any]) -> str:
        if pd.notna(line[L.venue_name]) and own_home.within(str(line[L.venue_name])):
            return DeliveryMode.PHYSICAL.value  # The provider's home is a place that children go to.
        words = [line[L.delivery], line[L.venue_name], line[L.venue_address]]
        if pd.notna(line[L.delivery]) and (told := phrases.exactly(line[L.delivery])):
            return told[0]
        found = [codes[0] for codes in phrases.within(" ~ ".join(str(w) for w in words if pd.notna(w)))]
        if {DeliveryMode.ONLINE, DeliveryMode.PHYSICAL} <= set(found):
            return DeliveryMode.HYBRID.value
        if found:
            return found[0]
        if line[L.venue_type] == LocationType.VIRTUAL:
            return DeliveryMode.ONLINE.value
        on_the_ground = _is_placed(line, line[L.venue_postcode])
        if on_the_ground or line[L.venue_type] == LocationType.PHYSICAL or pd.notna(line[L.venue_name]):
            return DeliveryMode.PHYSICAL.value
        kind = line[L.kind_of_service]
        if pd.notna(kind) and (found := [codes[0] for codes in phrases.within(str(kind))]):
            return found[0]
        return DeliveryMode.UNKNOWN.value

    return pd.Series([mode(line) for line in lines.to_dict("records")], index=lines.index, dtype="str")


def build_places(
    readings: Readings, modes: pd.Series, synonyms: Synonyms, source: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A location for every line, and an address where one is given.

    Returns location rows and address rows, one per line on the lines' index; equal places share an id
    and are still repeated, so that a line can find its place.
    """
    lines = readings.lines
    untold = synonyms["place_untold"]
    latitude, longitude, easting, northing = (
        readings.of[name][values.VALUE] for name in ("latitude", "longitude", "easting", "northing")
    )
    uprn = readings.of["uprn"][values.VALUE]
    locations, addresses = [], []
    for index, line in zip(lines.index, lines.to_dict("records"), strict=True):
        mode = DeliveryMode(modes[index])
        postcode = _postcode_words(line)
        place = _place(line, mode, untold, has_place=_is_placed(line, postcode))
        name = line[L.venue_name] if pd.notna(line[L.venue_name]) else None
        key = [fold(str(name or "")), postcode, uprn[index], latitude[index], longitude[index]]
        if pd.notna(easting[index]) or pd.notna(northing[index]):
            key += [easting[index], northing[index]]
        is_home = is_own_home(line, synonyms)
        if is_home:  # A home of which nothing is told is not the place of which nothing is told.
            key.append(Location.x_is_home)
        location_id = make_id("loc", source, place[Location.location_type], place[Location.x_zone], *key)
        locations.append(
            {
                **place,
                Location.id: location_id,
                Location.name: name,
                Location.latitude: latitude[index],
                Location.longitude: longitude[index],
                Location.x_easting: easting[index],
                Location.x_northing: northing[index],
                Location.external_identifier: uprn[index],
                Location.x_geocode_method: GeocodeMethod.NONE.value,
                Location.x_zone_certain: place[Location.x_zone] != Zone.UNKNOWN,
                Location.x_is_home: is_home,
                Location.x_source: source,
                Location.x_cluster_id: location_id,
            }
        )
        addresses.append(
            {
                Address.id: make_id("adr", location_id),
                Address.location_id: location_id,
                Address.address_1: line[L.venue_address],
                Address.x_postcode_raw: postcode or None,
                Address.x_postcode_status: PostcodeStatus.MISSING.value,
            }
        )
    return pd.DataFrame(locations, index=lines.index), pd.DataFrame(addresses, index=lines.index)


def _is_placed(line: Mapping[str, Any], postcode: object) -> bool:
    """Whether a line says where on the ground it is."""
    return (pd.notna(postcode) and bool(postcode)) or pd.notna(line[L.latitude]) or pd.notna(line[L.easting])


def is_own_home(line: Mapping[str, Any], synonyms: Synonyms) -> bool:
    """Whether a line's provider works from its own home, as a childminder does."""
    said = " ~ ".join(
        str(line[c]) for c in (L.provider_type, L.provider_name, L.venue_name) if pd.notna(line[c])
    )
    return bool(synonyms["own_home"].within(said))


def _postcode_words(line: Mapping[str, Any]) -> str:
    """The postcode cell, or the postcode that stands in the address when the cell is blank."""
    if pd.notna(line[L.venue_postcode]) and not is_blank(line[L.venue_postcode]):
        return str(line[L.venue_postcode])
    if pd.notna(line[L.venue_address]):
        return standard_form(find_postcode(str(line[L.venue_address]))[0])
    return ""


def _place(
    line: Mapping[str, Any], mode: DeliveryMode, untold: Phrases, *, has_place: bool
) -> dict[str, object]:
    if line[L.venue_type] == LocationType.POSTAL:
        return _of(LocationType.POSTAL, AddressRole.HQ, Zone.UNKNOWN)
    if mode in _NOT_ON_THE_GROUND:
        return _of(LocationType.VIRTUAL, AddressRole.UNKNOWN, _NOT_ON_THE_GROUND[mode])
    # Of the several places of a service, the one online.
    if mode is DeliveryMode.HYBRID and line[L.venue_type] == LocationType.VIRTUAL and not has_place:
        return _of(LocationType.VIRTUAL, AddressRole.UNKNOWN, Zone.ONLINE)
    words = " ".join(str(line[c]) for c in (L.venue_name, L.venue_address) if pd.notna(line[c]))
    if not has_place or untold.within(words):
        return _of(LocationType.PHYSICAL, AddressRole.UNKNOWN, Zone.UNKNOWN)
    return _of(LocationType.PHYSICAL, AddressRole.VENUE, Zone.UNKNOWN)


def _of(kind: LocationType, role: AddressRole, zone: Zone) -> dict[str, object]:
    return {
        Location.location_type: kind.value,
        Location.x_address_role: role.value,
        Location.x_zone: zone.value,
    }


def build_accessibility(readings: Readings, location_id: pd.Series) -> pd.DataFrame:
    """What the lines say of access, one row per place; lines that contradict each other leave it unknown."""
    features = [
        {told[access.FEATURE]: told[access.VALUE] for told in line} if isinstance(line, tuple) else {}
        for line in readings.of["access_features"][access.FEATURES]
    ]
    frame = pd.DataFrame(
        {
            Accessibility.id: [make_id("acc", location) for location in location_id],
            Accessibility.location_id: location_id,
            Accessibility.accessibility: readings.lines[L.step_free],
            Accessibility.x_step_free: readings.of["step_free"][access.VALUE],
            **{
                column: pd.Series([told.get(feature) for told in features], location_id.index, dtype="str")
                for feature, column in COLUMN_OF_FEATURE.items()
            },
        },
        index=location_id.index,
    )
    answers = [Accessibility.x_step_free, *COLUMN_OF_FEATURE.values()]
    said = frame[frame[[Accessibility.accessibility, *answers]].notna().any(axis=1)]
    told: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name in answers:
        for place, answer in zip(said[Accessibility.location_id], said[name].to_numpy(object), strict=True):
            if pd.notna(answer):
                told[name][place].add(answer)
    kept = said.drop_duplicates(Accessibility.location_id)
    for name in answers:
        agreed = [_agreed(told[name][place]) for place in kept[Accessibility.location_id]]
        kept = kept.assign(**{name: pd.Series(agreed, kept.index, dtype="str")})
    return kept.fillna(
        {Accessibility.x_step_free: StepFree.UNKNOWN.value}
        | dict.fromkeys(COLUMN_OF_FEATURE.values(), Answer.UNKNOWN.value)
    )


def _agreed(told: set[str]) -> str | None:
    """The answer on which all lines agree that give one; in part where one says yes and one in part."""
    if told == {StepFree.YES, StepFree.PARTIAL}:
        return StepFree.PARTIAL.value
    return next(iter(told)) if len(told) == 1 else None
