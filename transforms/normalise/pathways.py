"""Health-pathway lines → the health pathway table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.identifiers import make_id
from transforms.issues import Problem
from transforms.parsers import ages, choices, dates, values
from transforms.parsers.reading import MISSING_RULE, RULE, STATUS
from transforms.parsers.synonyms import Synonyms
from transforms.source_spec import Roster
from transforms.tables import HealthPathway
from transforms.tables import HealthPathwayLine as L
from transforms.vocabulary import Answer, HealthRoute, ParseStatus, Severity


def build_pathways(
    lines: pd.DataFrame, roster: Roster, synonyms: Synonyms, heading_of: Mapping[str, str], source: str
) -> tuple[pd.DataFrame, list[Problem]]:
    """One row per health service and GP route, on the lines' index; a blank answer is unknown."""
    reading = {
        L.route: choices.read_choice(lines[L.route], synonyms["health_route"]),
        L.offered: choices.read_answer(lines[L.offered], synonyms["answer"]),
        L.age_from: ages.read_age_columns(lines[L.age_from], lines[L.age_to]),
        L.wait: values.read_whole_numbers(lines[L.wait]),
        L.last_verified: dates.read_dates(lines[L.last_verified], roster.date_format),
    }
    problems = []
    for column, read in reading.items():
        unread = read[STATUS].isin([ParseStatus.UNPARSED, ParseStatus.QUARANTINE]) & read[RULE].ne(
            MISSING_RULE
        )
        for index in read.index[unread]:
            line = lines.loc[index]
            must_know = column == L.route or read.at[index, STATUS] == ParseStatus.QUARANTINE
            problems.append(
                Problem(
                    f"{column}_{read.at[index, RULE]}",
                    Severity.QUARANTINE if must_know else Severity.WARNING,
                    f"“{line[column]}” could not be read.",
                    "Use one of the agreed answers.",
                    line[L.file],
                    "",
                    int(line[L.physical_row]),
                    heading_of.get(column, column),
                    str(line[column]),
                )
            )
    frame = pd.DataFrame(
        {
            HealthPathway.id: [make_id("hpw", source, ref) for ref in lines[L.record_ref]],
            HealthPathway.service_name: lines[L.service_name],
            HealthPathway.route: reading[L.route][choices.VALUE].fillna(HealthRoute.UNKNOWN.value),
            HealthPathway.offered: reading[L.offered][choices.VALUE].fillna(Answer.UNKNOWN.value),
            HealthPathway.minimum_age: reading[L.age_from][ages.LOW],
            HealthPathway.maximum_age: reading[L.age_from][ages.HIGH],
            HealthPathway.referral: lines[L.referral],
            HealthPathway.wait_weeks: reading[L.wait][values.VALUE],
            HealthPathway.provider_name: lines[L.provider_name],
            HealthPathway.x_last_verified: reading[L.last_verified][values.VALUE],
            HealthPathway.x_source: source,
        },
        index=lines.index,
    )
    return frame, problems
