"""How far each roster can be trusted."""

from __future__ import annotations

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured
from transforms.gaps.quality_checks import OF, PASSES, looked_at
from transforms.tables import DataQuality, SourceRecord
from transforms.vocabulary import QualityDimension, QualityStatus


def data_quality(inputs: GapInputs) -> Measured:
    """How far can each borough's roster be trusted?

    Per source: *completeness*, answers given of the eight a commissioner needs of every service (youngest and
    oldest age, tier, need, residency, parent, siblings, last check); *validity*, filled cells that could
    be read; *uniqueness*, rows that repeat no other; *consistency*, rows that do not contradict
    themselves; *timeliness*, services checked recently; *geocode*, venues placed on the map.
    A source without anything to measure has no percentage.
    """
    least = inputs.thresholds
    threshold = {
        QualityDimension.COMPLETENESS: least.good_completeness_pct,
        QualityDimension.VALIDITY: least.good_validity_pct,
        QualityDimension.UNIQUENESS: least.good_uniqueness_pct,
        QualityDimension.CONSISTENCY: least.good_consistency_pct,
        QualityDimension.TIMELINESS: least.good_timeliness_pct,
        QualityDimension.GEOCODE: least.good_geocode_pct,
    }
    counted = {
        dimension: judged[PASSES].astype(bool).groupby(judged[OF]).agg(["sum", "size"])
        for dimension, judged in looked_at(inputs.frames, inputs.supply).items()
    }
    rows = []
    for source in sorted(inputs.frames[SourceRecord][SourceRecord.source].unique()):
        for dimension, judged in counted.items():
            good, of = map(int, judged.loc[source]) if source in judged.index else (0, 0)
            value = round(good / of * 100, 1) if of else None
            if value is None:
                status = QualityStatus.NOT_APPLICABLE
            else:
                status = (
                    QualityStatus.GOOD if value >= threshold[dimension] else QualityStatus.BELOW_THRESHOLD
                )
            rows.append(
                {
                    DataQuality.source: source,
                    DataQuality.dimension: dimension.value,
                    DataQuality.numerator: good,
                    DataQuality.denominator: of,
                    DataQuality.value_pct: value,
                    DataQuality.threshold_pct: threshold[dimension],
                    DataQuality.status: status.value,
                }
            )
    table = pd.DataFrame(rows, columns=[c for c in DataQuality.names() if c not in _STAMPS])
    return Measured(table)


_STAMPS = {DataQuality.snapshot_date, DataQuality.run_id, DataQuality.method_version}
