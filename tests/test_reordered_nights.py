"""Two whole nights on the same rosters, in another order, case and numbering: the same bytes."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pandas as pd
import pytest
from installations import AS_OF, run
from reordered_rosters import rewrite

from flows.night import SourceTonight
from flows.places import PROJECT, Places
from flows.reference import Reference
from flows.run import PLAIN, Steps
from transforms.schema import Table
from transforms.source_spec import Source
from transforms.tables import PUBLISHED, Identity, SourceRecord


@pytest.mark.flow
def test_rosters_in_another_order_case_and_numbering_publish_the_same_bytes(tmp_path: Path) -> None:
    places = Places(data=tmp_path)
    shutil.copytree(PROJECT / "data" / "raw", places.raw)
    rewrite(places.raw, None)
    first = run(places, as_of=AS_OF)
    rewrite(places.raw, random.Random("another order"))
    second = run(places, steps=Steps(ingest=_last_source_first))
    assert first.folder is not None
    assert second.folder is not None
    assert second.run_id == first.run_id
    for table in PUBLISHED:
        names = [
            folder / "tables" / f"{table.table_name}.parquet" for folder in (first.folder, second.folder)
        ]
        if not table.lineage_names():
            for kind in (".csv", ".parquet"):
                before, after = (name.with_suffix(kind).read_bytes() for name in names)
                assert before == after, table.table_name
        before, after = (_without_lineage(pd.read_parquet(name), table) for name in names)
        pd.testing.assert_frame_equal(before, after, obj=table.table_name)
    # The rows did move, or this would show nothing.
    where = [SourceRecord.file, SourceRecord.physical_row, SourceRecord.service_id]
    assert not first.frames[SourceRecord][where].equals(second.frames[SourceRecord][where])
    before, after = (result.frames[Identity][Identity.native_id] for result in (first, second))
    assert before.ne(after).sum() > 100
    again = run(places, as_of=AS_OF)
    assert not again.is_new
    assert again.folder == second.folder


def _last_source_first(
    sources: list[Source], places: Places, reference: Reference, asked: set[str]
) -> list[SourceTonight]:
    return PLAIN.ingest(sources[::-1], places, reference, asked)


def _without_lineage(frame: pd.DataFrame, table: type[Table]) -> pd.DataFrame:
    told = frame.drop(columns=table.lineage_names())
    return told.sort_values(list(told.columns), ignore_index=True)
