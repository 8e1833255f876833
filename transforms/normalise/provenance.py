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
        said = reading[RULE].ne(MISSING_RULE)
        raws = readings.lines.loc[said, list(item.columns)].to_dict("records")
        parsed = reading[said].drop(columns=TRUST).to_dict("records")
        trusts = reading.loc[said, TRUST].to_dict("records")
        for service, raw, values, trust in zip(service_id[said], raws, parsed, trusts, strict=True):
            rows.append(
                {
                    ValueProvenance.entity: Service.table_name,
                    ValueProvenance.id: service,
                    ValueProvenance.field: item.name,
                    ValueProvenance.raw: " | ".join(str(v) for v in raw.values() if pd.notna(v)),
                    ValueProvenance.parsed: "; ".join(_shown(v) for v in values.values() if _is_known(v))
                    or None,
                    ValueProvenance.rule: trust[RULE],
                    ValueProvenance.confidence: trust[CONFIDENCE],
                    ValueProvenance.status: trust[STATUS],
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
