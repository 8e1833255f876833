"""How each published value was read: raw words, what was read, by which rule, how surely."""

from __future__ import annotations

import pandas as pd

from transforms.normalise.fields import FIELDS
from transforms.normalise.readings import Readings
from transforms.parsers.reading import CONFIDENCE, MISSING_RULE, RULE, STATUS, TRUST
from transforms.tables import Service, ValueProvenance

# Coordinates and numbers are published as they are; only readings of words need their evidence kept.
_PLAIN = {"latitude", "longitude", "uprn"}


def build_provenance(readings: Readings, service_id: pd.Series) -> pd.DataFrame:
    """One row per service and field that the roster fills."""
    rows = []
    for item in FIELDS:
        if item.name in _PLAIN:
            continue
        reading = readings.of[item.name]
        for line in reading.index[reading[RULE].ne(MISSING_RULE)]:
            source = readings.lines.loc[line, list(item.columns)]
            parsed = reading.loc[line].drop(TRUST)
            rows.append(
                {
                    ValueProvenance.entity: Service.table_name,
                    ValueProvenance.id: service_id[line],
                    ValueProvenance.field: item.name,
                    ValueProvenance.raw: " | ".join(str(v) for v in source if pd.notna(v)),
                    ValueProvenance.parsed: "; ".join(_shown(v) for v in parsed if _is_known(v)) or None,
                    ValueProvenance.rule: reading.at[line, RULE],
                    ValueProvenance.confidence: reading.at[line, CONFIDENCE],
                    ValueProvenance.status: reading.at[line, STATUS],
                }
            )
    return ValueProvenance.frame(
        pd.DataFrame(rows).drop_duplicates(ValueProvenance.key_names()) if rows else []
    )


def _is_known(value: object) -> bool:
    return isinstance(value, tuple) or bool(pd.notna(value))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return " ".join(str(v) for v in value.values() if v is not None)
    return f"{value:g}" if isinstance(value, float) else str(value)
