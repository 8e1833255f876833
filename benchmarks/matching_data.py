"""Organizations as several rosters list them, made up, with the truth of who is who beside them.

Everything follows from one seed. An organization is listed once to four times; each further listing is spelt
anew, loses fields and has some changed, but keeps at least one of its postcode, telephone, website and numbers:
of two listings that share nothing but a name nobody could say.
"""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import dataclass, replace

import pandas as pd

SEED = 20261124
TRUTH = "entity"
COLUMNS = ["id", "name", "postcode", "charity_no", "company_no", "website", "phone"]

LISTINGS = (1, 2, 3, 4)
LISTED = (0.66, 0.22, 0.08, 0.04)
FRANCHISE, ARM, GENERIC, SAINT, POPULAR = 0.07, 0.03, 0.10, 0.05, 0.30
AT_A_HUB = 0.20


def _listed(words: str) -> list[str]:
    return words.split(", ")


_TOPICS = _listed(
    "Youth, Autism, Play, Arts, Dance, Sports, Swimming, Football, Music, Drama, Family, Parents, Carers, "
    "Disability, Deaf, Sensory, Learning, Support, Inclusion, Adventure, Holiday, Care, Wellbeing, Therapy, "
    "Gymnastics, Early, Years, Community, Education, Garden"
)
_TYPES = _listed(
    "Club, Group, Project, Trust, Centre, Association, Society, Network, Academy, Service, Playgroup, "
    "Nursery, School, Foundation, Hub, Partnership, Forum, Company, Scheme, Workshop"
)
_PLACES = _listed(
    "Hackney, Islington, Tower Hamlets, Camden, Newham, Hoxton, Dalston, Bow, Stepney, Bethnal Green, "
    "Clerkenwell, Finsbury Park, Highbury, Holloway, Homerton, Shoreditch, Poplar, Wapping, Whitechapel, "
    "Barbican, Southwark, Lambeth, Lewisham, Haringey, Tottenham, Walthamstow, Stratford, Leyton, Peckham, "
    "Brixton, Clapton, Stoke Newington"
)
_POPULAR = _listed(
    "Rainbow, Sunshine, Bright Stars, Little Stars, Busy Bees, Stepping Stones, First Steps, Oak Tree, Acorn, "
    "Butterfly, Dragonfly, Lighthouse, Open Door, New Horizons, Bridge, Phoenix, Kaleidoscope, Sparkle, "
    "Bluebell, Poppy, Daisy, Jigsaw, Rocket, Treehouse, Hopscotch, Footprints, Ladybird, Kingfisher, Robin, "
    "Willow, Riverside, Parkside, Hillside, Lakeside, Mosaic, Harmony, Unity, Together, Pathways, Gateway, "
    "Compass, Anchor, Beacon, Horizon, Springboard, Ability, Aspire, Inspire, Thrive, Bloom, Nurture, Spark"
)
_SAINTS = _listed(
    "Mary, John, Luke, Peter, Paul, James, Andrew, Anne, Mark, Michael, Thomas, Joseph, George, Barnabas, "
    "Matthias"
)
_LEGAL = (
    "",
    "",
    "",
    " Ltd",
    " Limited",
    " CIC",
    " CIO",
    " C.I.C.",
    " Charity",
    " Community Interest Company",
)
_SHORT = {
    "Association": "Assoc", "Centre": "Ctr", "Community": "Comm", "Group": "Grp", "Project": "Proj",
    "Society": "Soc", "School": "Sch", "Youth": "Yth", "Service": "Svc",
}  # fmt: skip
_BRANDS = _listed("Tots, Kickers, Stars, Gym, Swim School, Nurseries, Tumblers")
_OF_SAINTS = _listed("Playgroup, Church Hall, Youth Club, Nursery, Primary School, Pre-School")
_SYLLABLES = _listed(
    "bar, bel, bran, cal, cor, dal, den, dor, el, fen, gar, hal, har, ken, lan, lin, mal, mar, mor, nel, nor, "
    "pel, pen, ral, ren, ros, sal, sel, tal, tan, tor, val, ver, vin, wal, wel, win, wy, yar, zel"
)
_ENDS = _listed("by, don, ford, ham, ley, mere, more, ton, wick, worth, field, gate, bury, land, stone")


@dataclass(frozen=True)
class Listing:
    """One organization as it is, or as one roster lists it."""

    entity: int
    name: str
    legal: str
    other_name: str
    postcode: str
    charity_no: str
    company_no: str
    website: str
    phone: str


def listings(rows: int, seed: int = SEED) -> pd.DataFrame:
    """``rows`` listings in no order, with the organization of each under ``entity``."""
    chance = random.Random(seed)
    maker = _Maker(chance, rows)
    records: list[Listing] = []
    while len(records) < rows:
        for entity in maker.entities():
            times = chance.choices(LISTINGS, LISTED)[0]
            records.append(entity)
            records.extend(_listed_anew(entity, chance) for _ in range(times - 1))
    records = records[:rows]
    chance.shuffle(records)
    table = pd.DataFrame(
        {
            "id": [f"R{n:07}" for n in range(rows)],
            "name": [_shown(record, chance) for record in records],
            **{column: [getattr(record, column) for record in records] for column in COLUMNS[2:]},
            TRUTH: [record.entity for record in records],
        }
    )
    return table.astype(dict.fromkeys(COLUMNS, "str"))


class _Maker:
    """Makes organizations: ordinary ones, brands with branches, charities with a trading arm, generic names."""

    def __init__(self, chance: random.Random, rows: int) -> None:
        self._chance, self._next = chance, 0
        districts = [f"{area}{n}" for area in ("E", "N", "EC", "SE", "NW", "SW", "W") for n in range(1, 20)]
        self._districts = districts
        self._hubs = [self._postcode() for _ in range(max(rows // 250, 1))]
        self._desks = {hub: self._phone() for hub in self._hubs}
        self._taken: set[str] = set()

    def entities(self) -> list[Listing]:
        """One organization, or several that belong together without being the same."""
        kind = self._chance.random()
        if kind < FRANCHISE / 8:
            return self._branches()
        if kind < FRANCHISE / 8 + ARM / 2:
            return self._with_arm()
        return [self._one(self._name())]

    def _one(self, name: str, website: str | None = None) -> Listing:
        c = self._chance
        self._next += 1
        hub = c.random() < AT_A_HUB
        postcode = c.choice(self._hubs) if hub else self._postcode()
        phone = self._desks[postcode] if hub and c.random() < 0.15 else self._phone()
        own = self._domain(name)
        page = f"https://www.facebook.com/{own.split('.')[0]}{self._next}"
        if website is None:
            website = c.choices([f"https://www.{own}", page, ""], [0.6, 0.15, 0.25])[0]
        return Listing(
            entity=self._next,
            name=name,
            legal=c.choice(_LEGAL),
            other_name=f"{self._stem()} {c.choice(_TYPES)}" if c.random() < 0.06 else "",
            postcode=postcode,
            charity_no=self._charity() if c.random() < 0.4 else "",
            company_no=self._company() if c.random() < 0.35 else "",
            website=website,
            phone=phone if c.random() < 0.8 else "",
        )

    def _branches(self) -> list[Listing]:
        """One brand in several boroughs: one website, other doors, telephones and owners."""
        c = self._chance
        brand = f"{self._stem()} {c.choice(_BRANDS)}"
        site = f"https://{self._domain(brand)}"
        are_named = c.random() < 0.75
        places = c.sample(_PLACES, c.randrange(3, 14))
        return [
            self._one(
                f"{brand} {place}" if are_named else brand,
                f"{site}/{place.split()[0].lower()}" if c.random() < 0.5 else site,
            )
            for place in places
        ]

    def _with_arm(self) -> list[Listing]:
        """A charity and the company that trades for it: one door, one website, often one telephone."""
        c = self._chance
        charity = replace(self._one(self._name()), charity_no=self._charity())
        arm = self._one(f"{charity.name} {c.choice(['Trading', 'Enterprises', 'Ventures'])}", charity.website)
        return [
            charity,
            replace(
                arm, postcode=charity.postcode, legal=" Ltd", company_no=self._company(), charity_no="", other_name="",
                phone=charity.phone if c.random() < 0.5 else arm.phone,
            ),
        ]  # fmt: skip

    def _charity(self) -> str:
        return self._new(lambda: str(self._chance.randrange(200_000, 1_210_000)))

    def _company(self) -> str:
        return self._new(lambda: f"{self._chance.randrange(1_000_000, 15_900_000):08}")

    def _domain(self, name: str) -> str:
        stem = "".join(letter for letter in name.lower() if letter.isalnum())[:18]
        ends = iter(["", "-uk", "-london", *map(str, range(2, 1000))])
        return self._new(
            lambda: stem + next(ends) + self._chance.choice([".org.uk", ".co.uk", ".org", ".com"])
        )

    def _new(self, make: Callable[[], str]) -> str:
        """A number or a domain that nobody else has."""
        while (made := make()) in self._taken:
            pass
        self._taken.add(made)
        return made

    def _name(self) -> str:
        c, kind = self._chance, self._chance.random()
        topic, what, place = c.choice(_TOPICS), c.choice(_TYPES), c.choice(_PLACES)
        if kind < GENERIC:
            return c.choice(
                [
                    f"{place} {topic} {what}",
                    f"{topic} {what}",
                    f"{place} {what}",
                    f"{place} {c.choice(_TOPICS)} and {topic} {what}",
                ]
            )
        if kind < GENERIC + SAINT:
            return f"St {c.choice(_SAINTS)}'s {c.choice(_OF_SAINTS)}"
        stem = c.choice(_POPULAR) if kind < GENERIC + SAINT + POPULAR else self._stem()
        return c.choice(
            [
                f"{stem} {topic} {what}",
                f"{stem} {what}",
                f"{stem} {topic}",
                f"{stem} {topic} and {c.choice(_TOPICS)} {what}",
                f"{stem} {place}",
                f"{place} {stem} {what}",
                stem,
            ]
        )

    def _stem(self) -> str:
        c = self._chance
        return "".join(c.choices(_SYLLABLES, k=c.choice([1, 2, 2]))).capitalize() + c.choice(_ENDS)

    def _postcode(self) -> str:
        c = self._chance
        return (
            f"{c.choice(self._districts)} {c.randrange(10)}{''.join(c.choices('ABDEFGHJLNPQRSTUWXYZ', k=2))}"
        )

    def _phone(self) -> str:
        c = self._chance
        return f"020 {c.choice('378')}{c.randrange(100, 1000)} {c.randrange(10_000):04}"


def _listed_anew(entity: Listing, c: random.Random) -> Listing:
    """The same organization in another roster."""
    while True:
        found = replace(
            entity,
            name=_respelt(entity.name, c),
            legal=c.choice(_LEGAL),
            postcode=_kept(entity.postcode, c, 0.20, 0.07, lambda: _moved(entity.postcode, c)),
            charity_no=_kept(entity.charity_no, c, 0.45, 0.01, lambda: _slipped(entity.charity_no, c)),
            company_no=_kept(entity.company_no, c, 0.45, 0.01, lambda: _slipped(entity.company_no, c)),
            website=_kept(
                entity.website, c, 0.35, 0.05, lambda: f"https://{entity.entity}-{c.randrange(9999)}.example"
            ),
            phone=_kept(
                entity.phone, c, 0.30, 0.10, lambda: f"020 7{c.randrange(100, 1000)} {c.randrange(10_000):04}"
            ),
        )
        if any(
            getattr(found, column) and getattr(found, column) == getattr(entity, column)
            for column in COLUMNS[2:]
        ):
            return replace(found, website=_rewritten(found.website, c), phone=_redialled(found.phone, c))


def _kept(value: str, c: random.Random, lost: float, changed: float, other: object) -> str:
    fate = c.random()
    if not value or fate < lost:
        return ""
    return other() if fate < lost + changed else value  # type: ignore[operator,no-any-return]


def _respelt(name: str, c: random.Random) -> str:
    words = name.split()
    if c.random() < 0.08 and len(words) > 2:
        at = c.randrange(len(words) - 1)
        words[at], words[at + 1] = words[at + 1], words[at]
    if c.random() < 0.12:
        words = [_SHORT.get(word, word) for word in words]
    if c.random() < 0.10 and len(words) > 2 and words[-1] in _TYPES:
        words = words[:-1]
    elif c.random() < 0.06:
        words.append(c.choice(_TYPES))
    name = " ".join(words)
    if c.random() < 0.5:
        name = name.replace(" and ", " & ")
    if c.random() < 0.10:
        name = f"The {name}"
    if c.random() < 0.3:
        name = name.replace("'", "")
    for _ in range(c.choices([0, 1, 2], [0.68, 0.26, 0.06])[0]):
        name = _mistyped(name, c)
    return name


def _mistyped(name: str, c: random.Random) -> str:
    at = c.randrange(1, max(len(name) - 1, 2))
    return c.choice(
        [
            name[:at] + name[at + 1 :],
            name[:at] + c.choice(string.ascii_lowercase) + name[at:],
            name[:at] + c.choice(string.ascii_lowercase) + name[at + 1 :],
            name[: at - 1] + name[at : at + 1] + name[at - 1 : at] + name[at + 1 :],
        ]
    )


def _moved(postcode: str, c: random.Random) -> str:
    if c.random() < 0.5:
        return f"{postcode.split()[0]} {c.randrange(10)}{''.join(c.choices('ABDEFGHJLN', k=2))}"
    unit = "".join(c.choices("ABDEFGHJLN", k=2))
    return f"{c.choice(['E', 'N', 'SE', 'NW'])}{c.randrange(1, 20)} {c.randrange(10)}{unit}"


def _slipped(number: str, c: random.Random) -> str:
    if not number:
        return ""
    at = c.randrange(len(number))
    return number[:at] + str((int(number[at]) + c.randrange(1, 10)) % 10) + number[at + 1 :]


def _rewritten(site: str, c: random.Random) -> str:
    bare = site.removeprefix("https://").removeprefix("www.")
    return c.choice([site, bare, f"http://www.{bare}/", f"www.{bare}"]) if site else ""


def _redialled(phone: str, c: random.Random) -> str:
    return (
        c.choice([phone, phone.replace(" ", ""), f"+44 {phone[1:]}", f"({phone[:3]}) {phone[4:]}"])
        if phone
        else ""
    )


def _shown(record: Listing, c: random.Random) -> str:
    name = record.name + record.legal
    if record.other_name:
        name = c.choice(
            [
                f"{name} t/a {record.other_name}",
                f"{name} trading as {record.other_name}",
                name,
                record.other_name,
            ]
        )
    return c.choice([name, name, name, name.upper(), name.lower()])
