"""From evidence to a decision on each pair of organizations: match, maybe or no, how surely, and why.

Identifiers come first. Two organizations with one number of a register are the same; with two numbers of one
register they are not, unless a digit slipped. Otherwise names and contacts are weighed against each other in
points (natural log-odds), and some things hold however many points there are: a name alone, another arm of a
charity, or two branches of a brand never make more than a maybe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transforms.matching.names import NameEvidence, compare_names
from transforms.matching.records import (
    CHARITY_BASE,
    DISTRICT,
    MAIL_HOST,
    NONE,
    PAGE,
    PLACES,
    REGISTERS,
    SITE,
    Prepared,
)
from transforms.matching.rules import MatchRules, Points
from transforms.tables import Match, MatchRecord
from transforms.vocabulary import MatchDecision

DECISION, CONFIDENCE, REASON = Match.decision, Match.confidence, Match.reason
# Whether only the brand is the same.
BRANCHES = "are_branches"

_REGISTER_WORDS = {
    MatchRecord.charity_no: "charity number",
    MatchRecord.company_no: "company number",
    MatchRecord.ofsted_urn: "Ofsted number",
}
# Confidence where identifiers decide.
_SAME_NUMBER, _SAME_NUMBER_OTHER_NAME, _DISPUTED, _OTHER_NUMBER = 0.99, 0.96, 0.6, 0.01
_MOST = 0.98
_NAMES_AGREE, _NAMES_ALIKE = 0.6, 0.9
_DIGITS = 4


@dataclass(frozen=True)
class Evidence:
    """What speaks for and against each pair."""

    name: NameEvidence
    same: dict[str, np.ndarray]
    differ: dict[str, np.ndarray]
    slip: dict[str, np.ndarray]
    linked: np.ndarray
    contact: dict[str, np.ndarray]
    crowd: dict[str, np.ndarray]
    places: np.ndarray

    def __getitem__(self, which: np.ndarray) -> Evidence:
        def some(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
            return {name: values[which] for name, values in columns.items()}

        return Evidence(
            self.name[which], some(self.same), some(self.differ), some(self.slip), self.linked[which],
            some(self.contact), some(self.crowd), self.places[which],
        )  # fmt: skip


SAME_POSTCODE, OTHER_POSTCODE = "the same postcode", "another postcode"
OTHER_DISTRICT = "another postcode district"
SAME_SITE, OTHER_PAGE, OTHER_SITE = "the same website or mail domain", "another page of it", "another website"
SAME_PHONE, OTHER_PHONE, SAME_MAILBOX = "the same telephone", "another telephone", "the same mailbox"


def weigh_pairs(
    prepared: Prepared, left: np.ndarray, right: np.ndarray, rules: MatchRules, least: float = 0.0
) -> pd.DataFrame:
    """Decision, confidence and reason of each pair, in the order given, and whether they are branches of a brand.

    The index is the position of the pair; pairs of less confidence than ``least`` are left out, but for branches.
    """
    contact, crowd = _contacts(prepared, left, right)
    registers = _registers(prepared, left, right)
    places = np.maximum(prepared.crowd[PLACES][left], prepared.crowd[PLACES][right])
    evidence = Evidence(compare_names(prepared, left, right), *registers, contact, crowd, places)
    return _decide(evidence, rules, least)


def _registers(
    prepared: Prepared, left: np.ndarray, right: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], dict[str, np.ndarray], np.ndarray]:
    same, differ, slip = {}, {}, {}
    bases = prepared.code[CHARITY_BASE]
    linked = np.zeros(len(left), bool)
    for column in REGISTERS:
        one, other = prepared.code[column][left], prepared.code[column][right]
        both = (one != NONE) & (other != NONE)
        same[column] = both & (one == other)
        # Ofsted numbers settings: one provider may have several.
        apart = both & (one != other) & (column != MatchRecord.ofsted_urn)
        if column == MatchRecord.charity_no:
            linked = apart & (bases[left] == bases[right])
            apart &= ~linked
        slip[column] = np.zeros(len(left), bool)
        at = np.flatnonzero(apart)
        if len(at):
            text = prepared.text[column]
            slip[column][at] = process.cpdist(text[left[at]], text[right[at]], scorer=OSA.distance) == 1
        differ[column] = apart & ~slip[column]
    return same, differ, slip, linked


def _contacts(
    prepared: Prepared, left: np.ndarray, right: np.ndarray
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray]]:
    code, crowd = prepared.code, prepared.crowd
    site, mail, page, district = code[SITE], code[MAIL_HOST], code[PAGE], code[DISTRICT]

    def equal(one: np.ndarray, other: np.ndarray) -> np.ndarray:
        return (one[left] == other[right]) & (one[left] != NONE)

    def unlike(values: np.ndarray) -> np.ndarray:
        return (values[left] != values[right]) & (values[left] != NONE) & (values[right] != NONE)

    same_site = equal(site, site) | equal(site, mail) | equal(mail, site) | equal(mail, mail)
    contact = {
        SAME_POSTCODE: equal(code[MatchRecord.postcode], code[MatchRecord.postcode]),
        OTHER_POSTCODE: unlike(code[MatchRecord.postcode]),
        OTHER_DISTRICT: unlike(district),
        SAME_SITE: same_site,
        OTHER_PAGE: equal(site, site) & unlike(page),
        OTHER_SITE: unlike(site) & ~same_site,
        SAME_PHONE: equal(code[MatchRecord.phone], code[MatchRecord.phone]),
        OTHER_PHONE: unlike(code[MatchRecord.phone]),
        SAME_MAILBOX: equal(code[MatchRecord.email], code[MatchRecord.email]) & ~same_site,
    }
    sharing = {
        SAME_POSTCODE: MatchRecord.postcode,
        SAME_SITE: SITE,
        SAME_PHONE: MatchRecord.phone,
        SAME_MAILBOX: MatchRecord.email,
    }
    return contact, {
        fact: np.maximum(crowd[column][left], crowd[column][right]) for fact, column in sharing.items()
    }


def _decide(evidence: Evidence, rules: MatchRules, least: float) -> pd.DataFrame:
    name, contact = evidence.name, evidence.contact
    points, support = _points(evidence, rules.points)
    chance = np.minimum(1 / (1 + np.exp(-points)), _MOST)
    any_same = np.any([*evidence.same.values()], axis=0)
    any_differ = np.any([*evidence.differ.values()], axis=0)
    any_slip = np.any([*evidence.slip.values()], axis=0)
    # What holds however many points there are.
    only_maybe = (support == 0) | name.is_contrast | name.is_other_arm | any_slip | evidence.linked
    under = rules.match_at - 10.0**-_DIGITS
    confidence = np.where(only_maybe, np.minimum(chance, under), chance)
    # Charities that become a new legal form get a new number: only if all else agrees is that worth a question.
    new_form = (
        (chance >= rules.match_at) & (name.agreement >= _NAMES_ALIKE) & (support >= 2) & ~name.is_contrast
    )
    # A trading name may be unlike the legal one, where the door, the telephone and the website are theirs alone.
    one_door = contact[SAME_POSTCODE] & contact[SAME_PHONE] & contact[SAME_SITE] & ~only_maybe
    confidence = np.where(one_door, np.maximum(confidence, rules.match_at), confidence)
    confidence = np.where(
        name.is_other_body, np.minimum(confidence, rules.maybe_at - 10.0**-_DIGITS), confidence
    )
    confidence = np.where(any_differ, np.where(new_form, rules.maybe_at, _OTHER_NUMBER), confidence)
    alike = name.agreement >= _NAMES_AGREE
    # One number under names that are unlike is a copied number, an umbrella's, or a name that is new: contacts tell.
    of_number = np.select([alike, support > 0], [_SAME_NUMBER, _SAME_NUMBER_OTHER_NAME], _DISPUTED)
    of_number = np.where(any_slip & ~alike | any_differ, _DISPUTED, of_number)
    confidence = np.where(any_same, of_number, confidence).round(_DIGITS)
    are_branches = name.is_contrast & alike & ~any_same
    told = np.flatnonzero((confidence >= least) | are_branches)
    sure = confidence[told]
    decision = np.select(
        [sure >= rules.match_at, sure >= rules.maybe_at],
        [MatchDecision.MATCH.value, MatchDecision.MAYBE.value],
        MatchDecision.NO.value,
    )
    return pd.DataFrame(
        {
            DECISION: decision,
            CONFIDENCE: sure,
            REASON: _reasons(evidence[told], any_same[told]),
            BRANCHES: are_branches[told],
        },
        index=told,
    )


def _points(evidence: Evidence, worth: Points) -> tuple[np.ndarray, np.ndarray]:
    """Points of each pair, and how many pieces of evidence beside the name support it."""
    name, contact = evidence.name, evidence.contact

    def shared(fact: str, points: float) -> np.ndarray:
        cost = worth.crowd_cost * np.log(np.maximum(evidence.crowd[fact] / worth.crowd, 1))
        return np.where(contact[fact], np.maximum(points - cost, 0.0), 0.0)

    over = name.agreement - worth.name_even
    points = worth.start + np.where(
        over > 0, worth.name * over * (0.4 + 0.6 * name.rarity), worth.name_unlike * over
    )
    places = np.maximum(evidence.places / worth.site_places, 1)
    points += shared(SAME_POSTCODE, worth.postcode) + shared(SAME_SITE, worth.website) / places
    points += shared(SAME_PHONE, worth.phone) + shared(SAME_MAILBOX, worth.mailbox)
    points += worth.other_district * contact[OTHER_DISTRICT] + worth.other_page * contact[OTHER_PAGE]
    points += worth.other_website * contact[OTHER_SITE] + worth.other_phone * contact[OTHER_PHONE]
    points += worth.site_elsewhere * (contact[SAME_SITE] & contact[OTHER_POSTCODE])
    points += worth.contrast * name.is_contrast + worth.other_legal_name * name.is_other_legal
    support = sum(contact[fact].astype(int) for fact in (SAME_POSTCODE, SAME_SITE, SAME_PHONE, SAME_MAILBOX))
    return points, np.asarray(support)


def _reasons(evidence: Evidence, any_same: np.ndarray) -> np.ndarray:
    """Why, in words: what is the same, then what differs. Equal findings are put into words once."""
    name, contact = evidence.name, evidence.contact
    alike = np.select(
        [name.is_equal, name.is_initials, name.agreement >= _NAMES_ALIKE, name.agreement >= _NAMES_AGREE],
        [4, 3, 2, 1],
        0,
    )
    findings: list[tuple[np.ndarray, str]] = [
        *((evidence.same[c], f"the same {words}") for c, words in _REGISTER_WORDS.items()),
        ((alike == 4) & ~any_same, "the same name"),
        ((alike == 3) & ~any_same, "one name is the initials of the other"),
        ((alike == 2) & ~any_same, "nearly the same name"),
        ((alike == 1) & ~any_same, "a similar name"),
        *((contact[fact] & ~any_same, fact) for fact in (SAME_POSTCODE, SAME_SITE, SAME_PHONE, SAME_MAILBOX)),
    ]
    against: list[tuple[np.ndarray, str]] = [
        *((evidence.differ[c], f"another {words}") for c, words in _REGISTER_WORDS.items()),
        *((evidence.slip[c], f"the {words} differs by one digit") for c, words in _REGISTER_WORDS.items()),
        (evidence.linked, "linked charities"),
        (name.is_contrast & ~any_same, "another place, number or time in the name"),
        (name.is_other_arm & ~any_same, "one may be the trading arm of the other"),
        (name.is_other_body & ~any_same, "one is a body beside the other"),
        (name.is_other_legal & ~any_same, "other legal names"),
        ((alike == 0) & ~any_same, "the names are unlike"),
        *(
            (contact[fact] & ~any_same, fact)
            for fact in (OTHER_DISTRICT, OTHER_PAGE, OTHER_SITE, OTHER_PHONE)
        ),
    ]
    code = np.zeros(len(any_same), np.int64)
    for bit, (found, _) in enumerate([*findings, *against]):
        code |= found.astype(np.int64) << bit
    kinds, at = np.unique(code, return_inverse=True)
    worded = np.empty(len(kinds), object)
    for k, kind in enumerate(kinds):
        fors = [words for bit, (_, words) in enumerate(findings) if kind >> bit & 1]
        buts = [words for bit, (_, words) in enumerate(against, len(findings)) if kind >> bit & 1]
        told = ", ".join(fors)
        worded[k] = f"{told}; but {', '.join(buts)}" if fors and buts else told or ", ".join(buts)
    return worded[at]
