"""The contestants of ``benchmarks/matching.py``: a CSV in, ``id`` and ``cluster_id`` out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import pandas as pd
from matching import told_usage

_LEGAL = r"\b(?:ltd|limited|cic|c\.i\.c\.|cio|charity|community interest company|the)(?!\w)"


def squaremile(file: Path, out: Path) -> None:
    """The command as it is."""
    from flows.match_file import match_file
    from flows.places import Places
    from flows.reference import Reference

    match_file(file, out, Reference(Places()).matching)
    told_usage(out)


def plain_rapidfuzz(file: Path, out: Path) -> None:
    """Blocks in pandas, one score of the names."""
    import numpy as np
    from rapidfuzz import fuzz, process, utils

    rows = pd.read_csv(file, dtype="str", keep_default_na=False)
    rows["name"] = rows["name"].str.lower().str.replace(_LEGAL, " ", regex=True)
    rows["phone"] = rows["phone"].str.replace(r"\D", "", regex=True).str[-10:]
    rows["postcode"] = rows["postcode"].str.replace(" ", "").str.upper()
    pairs: list[pd.DataFrame] = []
    for column in ("postcode", "phone", "charity_no", "company_no"):
        known = rows.loc[rows[column] != "", ["id", "name", column]]
        both = known.merge(known, on=column, suffixes=("", "_other"))
        pairs.append(both.loc[both["id"] < both["id_other"], ["id", "name", "id_other", "name_other"]])
    every = pd.concat(pairs).drop_duplicates(["id", "id_other"])
    names, others = (every[c].map(utils.default_process).to_numpy(object) for c in ("name", "name_other"))
    score = process.cpdist(names, others, scorer=fuzz.token_sort_ratio, workers=-1)
    same = every[np.asarray(score) >= 90]
    _write(out, rows["id"], zip(same["id"], same["id_other"], strict=True))


def splink(file: Path, out: Path) -> None:
    """As the documentation of splink shows it."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    rows = pd.read_csv(file, dtype="str", keep_default_na=False).rename(columns={"id": "unique_id"})
    rows["name"] = rows["name"].str.lower().str.replace(_LEGAL, " ", regex=True)
    rows["website"] = rows["website"].str.replace(r"^(?:https?://)?(?:www\.)?|/$", "", regex=True)
    rows["phone"] = rows["phone"].str.replace(r"\D", "", regex=True).str[-10:]
    rows = rows.map(lambda cell: cell.strip() or None)
    exact = ["postcode", "phone", "website", "charity_no", "company_no"]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[cl.JaroWinklerAtThresholds("name", [0.95, 0.88]), *(cl.ExactMatch(c) for c in exact)],
        blocking_rules_to_generate_predictions=[block_on(c) for c in (*exact, "name")],
    )
    database = DuckDBAPI()
    linker = Linker(database.register(rows) if hasattr(database, "register") else rows, settings)
    linker.training.estimate_probability_two_random_records_match([block_on("charity_no")], recall=0.3)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6)
    for column in ("postcode", "name"):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    predicted = linker.inference.predict(threshold_match_probability=0.95).as_pandas_dataframe()
    _write(out, rows["unique_id"], zip(predicted["unique_id_l"], predicted["unique_id_r"], strict=True))


def _write(out: Path, ids: pd.Series, pairs: Iterable[tuple[str, str]]) -> None:
    """Clusters are whatever a chain of pairs joins."""
    parent: dict[str, str] = {}

    def root(item: str) -> str:
        while (above := parent.get(item, item)) != item:
            parent[item] = parent.get(above, above)
            item = above
        return item

    for one, other in pairs:
        parent[root(one)] = root(other)
    told_usage(out)
    pd.DataFrame({"id": ids, "cluster_id": [root(i) for i in ids]}).to_csv(out, index=False)


RUN: dict[str, Callable[[Path, Path], None]] = {
    "squaremile": squaremile,
    "rapidfuzz": plain_rapidfuzz,
    "splink": splink,
}
