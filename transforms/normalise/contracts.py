"""Lines → what each says of a contract. Rosters meet later: one contract may stand in several."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.identifiers import make_id
from transforms.issues import Problem
from transforms.normalise.readings import what_to_say
from transforms.parsers import choices
from transforms.parsers.contracts import (
    MAY_BE_EXTENDED,
    MONTHS,
    REFS,
    contract_key,
    read_contract_refs,
    read_extensions,
)
from transforms.parsers.dates import VALUE, read_dates
from transforms.parsers.reading import RULE, STATUS
from transforms.parsers.synonyms import Phrases, Synonyms
from transforms.separator import LIST_SEPARATOR
from transforms.source_spec import Roster
from transforms.tables import CITY_LAD_CODE, ContractMention
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import Answer, CommissionerType, ParseStatus, Severity

_DATES = {
    ContractMention.start: L.contract_start,
    ContractMention.end: L.contract_end,
    ContractMention.notice_date: L.contract_notice,
}


def build_mentions(
    lines: pd.DataFrame,
    organization_id: pd.Series,
    service_id: pd.Series,
    roster: Roster,
    synonyms: Synonyms,
    heading_of: Mapping[str, str],
    source: str,
) -> tuple[pd.DataFrame, list[Problem]]:
    """One row per line and contract reference in it (ContractMention, on the lines' index), and the problems.

    A service takes the reference from its provider where the source says so (``inherit``), but for a universal
    offer that is only listed among what is commissioned.
    """
    reading = read_contract_refs(lines[L.contract_ref])
    refs = reading[REFS].dropna()
    is_inherited = L.contract_ref in roster.inherit
    if is_inherited:
        only_listed = synonyms["tier_in_name"]
        names = lines.loc[refs.index, L.service_name].fillna("")
        refs = refs[[not only_listed.within(name) for name in names]]
    said = lines.loc[refs.index]
    dates = {column: read_dates(said[line], roster.date_format) for column, line in _DATES.items()}
    extension = read_extensions(said[L.contract_extension])
    about = _About(lines, roster, heading_of)
    problems = [] if is_inherited else about.unread(L.contract_ref, reading)
    for column, line in _DATES.items():
        problems += about.unread(line, dates[column])
    problems += about.unread(L.contract_extension, extension)
    backwards = _is_backwards(dates)
    problems += [about.backwards(index) for index in backwards.index[backwards]]
    if said.empty:
        return ContractMention.frame(), problems
    authorities = synonyms["authority"]
    told = pd.DataFrame(
        {
            ContractMention.lot: said[L.contract_lot],
            ContractMention.title: said[L.contract_title],
            **{column: read[VALUE].mask(backwards) for column, read in dates.items()},
            ContractMention.may_be_extended: extension[MAY_BE_EXTENDED].fillna(Answer.UNKNOWN.value),
            ContractMention.extension_months: extension[MONTHS].astype("Int64"),
            ContractMention.commissioned_by: said[L.commissioned_by],
            ContractMention.commissioners: said[L.commissioned_by].map(
                lambda words: _codes(words, authorities), na_action="ignore"
            ),
            ContractMention.commissioner_type: choices.read_commissioner(
                said[L.funding], synonyms["commissioner_type"]
            )[choices.VALUE].fillna(CommissionerType.UNKNOWN.value),
            ContractMention.covered: _covered(said, roster, synonyms),
            ContractMention.organization_id: organization_id[said.index],
            ContractMention.service_id: service_id[said.index],
            ContractMention.source: source,
        },
        index=said.index,
    )
    rows = told.assign(**{ContractMention.ref: refs}).explode(ContractMention.ref)
    keys = [contract_key(ref) for ref in rows[ContractMention.ref]]
    rows[ContractMention.contract_id] = [contract_id(key, source) for key in keys]
    rows[ContractMention.id] = [
        make_id("cmn", source, row, key)
        for row, key in zip(lines.loc[rows.index, L.row_id], keys, strict=True)
    ]
    return rows, problems


def contract_id(key: str, source: str) -> str:
    """Identifier of a contract. A bare number names a contract within one source only."""
    return make_id("con", source, key) if key.isdigit() else make_id("con", key)


def _is_backwards(dates: Mapping[str, pd.DataFrame]) -> pd.Series:
    """Where a contract would end before it starts: neither day is taken."""
    start, end = (dates[column][VALUE] for column in (ContractMention.start, ContractMention.end))
    return (start.notna() & end.notna() & (start.fillna("") > end.fillna(""))).astype(bool)


@dataclass(frozen=True)
class _About:
    """Problems of contract columns. None sets its row aside: the provider is there whatever its contract says."""

    lines: pd.DataFrame
    roster: Roster
    heading_of: Mapping[str, str]

    def unread(self, column: str, reading: pd.DataFrame) -> list[Problem]:
        """What a column says that could not be read."""
        bad = reading.index[reading[STATUS].isin([ParseStatus.UNPARSED, ParseStatus.QUARANTINE])]
        return [
            self._problem(
                index,
                column,
                f"{column}_{reading.at[index, RULE]}",
                *what_to_say(reading.at[index, RULE], str(self.lines.at[index, column]), self.roster),
            )
            for index in bad
        ]

    def backwards(self, index: Hashable) -> Problem:
        """A contract that would end before it starts."""
        start, end = (self.heading_of.get(c, c) for c in (L.contract_start, L.contract_end))
        return self._problem(
            index,
            L.contract_end,
            "contract_ends_before_it_starts",
            f"The contract would end before it starts (“{start}” and “{end}”); neither day is used.",
            "Correct the wrong one of the two.",
        )

    def _problem(self, index: Hashable, column: str, rule: str, words: str, advice: str) -> Problem:
        line = self.lines.loc[index]
        return Problem(
            rule, Severity.WARNING, words, advice, line[L.file], line[L.part] if pd.notna(line[L.part]) else "",
            int(line[L.physical_row]), self.heading_of.get(column, column), str(line[column]),
        )  # fmt: skip


def _codes(words: str, authorities: Phrases) -> str | None:
    return (
        LIST_SEPARATOR.join(sorted({code for codes in authorities.within(words) for code in codes})) or None
    )


def _covered(lines: pd.DataFrame, roster: Roster, synonyms: Synonyms) -> pd.Series:
    """Authorities that a contract is said to cover; the City also by a column of its own, which has the last word."""
    authorities, city = synonyms["authority"], CITY_LAD_CODE
    answers = choices.read_answer(lines[L.covers_city], synonyms["answer"])[choices.VALUE]
    covered = []
    for words, answer in zip(lines[L.areas_covered].fillna(""), answers, strict=True):
        codes = {code for codes in authorities.within(words) for code in codes}
        codes |= {city} if answer in (Answer.YES, Answer.CONDITIONAL) else set()
        codes -= {city} if answer == Answer.NO else set()
        covered.append(LIST_SEPARATOR.join(sorted(codes)) or None)
    return pd.Series(covered, index=lines.index, dtype="str")
