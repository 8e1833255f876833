"""What people decide about matches: asked once, remembered, and asked again when the evidence changes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from installations import run

from flows.errors import Mistake
from flows.places import PROJECT, Places
from flows.reviews import read_reviews, write_reviews
from transforms.matching import decisions_of, next_reviews, standing
from transforms.matching.reviews import evidence_of
from transforms.tables import Location, Match
from transforms.tables import MatchReview as R

KEY = ("organization", "A", "B")


def described(name: str = "Otters Club", **more: str) -> dict[tuple[str, str], dict[str, str]]:
    return {
        ("organization", "A"): {"name": "Otters", "place": "E1 7AF", "source": "city"},
        ("organization", "B"): {"name": name, "place": "E1 7AF", "source": "hackney", **more},
    }


def maybe(decision: str = "maybe") -> pd.DataFrame:
    row = dict(zip(Match.names(), (*KEY, decision, 0.7, "a similar name, the same postcode"), strict=True))
    return Match.frame([row])


def asked() -> pd.DataFrame:
    return next_reviews(maybe(), described(), R.frame())


def decide(reviews: pd.DataFrame, decision: str = "same") -> pd.DataFrame:
    on = pd.Timestamp("2026-11-03")
    return R.frame(reviews.assign(decision=decision, by_role="SEND officer", decided_on=on, note="rang them"))


def test_a_maybe_is_asked_about_with_its_evidence_side_by_side() -> None:
    row = asked().iloc[0]
    assert (row[R.left_name], row[R.right_name]) == ("Otters", "Otters Club")
    assert (row[R.left_source], row[R.right_source]) == ("city", "hackney")
    assert row[R.reason] == "a similar name, the same postcode"
    assert row[[R.decision, R.by_role, R.decided_on, R.note, R.earlier_decision]].isna().all()


@pytest.mark.parametrize("decision", ["match", "no"])
def test_what_the_rules_are_sure_of_is_not_asked(decision: str) -> None:
    assert not len(next_reviews(maybe(decision), described(), R.frame()))


def test_a_decision_stands_while_the_evidence_is_the_same() -> None:
    reviews = decide(asked())
    words = decisions_of(standing(reviews, described())).same["organization"]["A", "B"]
    assert words == "decided by the SEND officer on 3 November 2026"
    # Of what was decided the night is sure, so it is no maybe; the row stays all the same.
    pd.testing.assert_frame_equal(next_reviews(maybe("match"), described(), reviews), reviews)
    assert len(standing(reviews, described("OTTERS club")))


def test_changed_evidence_asks_again_and_keeps_the_earlier_decision_in_sight() -> None:
    reviews = decide(asked())
    changed = described("Otters Swimming")
    assert not len(standing(reviews, changed))
    row = next_reviews(maybe(), changed, reviews).iloc[0]
    assert pd.isna(row[R.decision])
    assert row[R.earlier_decision] == "same, by the SEND officer on 2026-11-03: rang them"
    assert row[R.right_name] == "Otters Swimming"
    again = decide(next_reviews(maybe(), changed, reviews), "different")
    third = next_reviews(maybe(), described("Seals"), again).iloc[0]
    assert third[R.earlier_decision].startswith("different, by")
    assert third[R.earlier_decision].endswith(
        "before that same, by the SEND officer on 2026-11-03: rang them"
    )


def test_a_decided_row_outlives_a_night_without_its_roster() -> None:
    reviews = decide(asked())
    gone = {("organization", "A"): described()["organization", "A"]}
    kept = next_reviews(Match.frame(), gone, reviews)
    pd.testing.assert_frame_equal(kept, reviews)
    assert not len(standing(kept, gone))
    assert len(standing(kept, described()))


def test_the_source_of_a_record_is_no_evidence_and_the_order_of_a_pair_neither() -> None:
    there = evidence_of(described(source="islington"), *KEY)
    assert there == evidence_of(described(), "organization", "B", "A")
    assert there != evidence_of(described(place="N1 1AA"), *KEY)


# --- The file


def test_the_file_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "reviews" / "matches.csv"
    reviews = decide(asked())
    write_reviews(path, reviews)
    pd.testing.assert_frame_equal(read_reviews(path), reviews)
    before = path.read_bytes()
    write_reviews(path, read_reviews(path))
    assert path.read_bytes() == before


def test_a_formula_in_a_name_stays_text(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    write_reviews(path, next_reviews(maybe(), described("=cmd()"), R.frame()))
    assert "'=cmd()" in path.read_text(encoding="utf-8")
    write_reviews(path, read_reviews(path))
    assert "''=cmd()" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"decision": "perhaps"}, "Row 2 of matches.csv, column decision: “perhaps” is no decision"),
        ({"decided_on": "yesterday"}, "Row 2 of matches.csv, column decided_on: “yesterday” is no date"),
        ({"decided_on": ""}, "Row 2 of matches.csv, column decided_on is blank"),
        ({"by_role": ""}, "Row 2 of matches.csv, column by_role is blank"),
        ({"by_role": "jo@example.org"}, "column by_role: “jo@example.org” is an address"),
        ({"entity": "person"}, "column entity: “person” is none of ours"),
        ({"evidence": ""}, "column evidence is blank"),
        ({"confidence": "high"}, "column confidence: “high” is no number"),
    ],
)
def test_a_mistake_in_the_file_is_told_with_row_column_and_value(
    tmp_path: Path, changes: dict[str, str], told: str
) -> None:
    path = tmp_path / "matches.csv"
    write_reviews(path, decide(asked()))
    pd.read_csv(path, dtype="str", keep_default_na=False).assign(**changes).to_csv(path, index=False)
    with pytest.raises(Mistake) as caught:
        read_reviews(path)
    assert told in caught.value.message
    assert caught.value.what_to_do


def test_a_lost_heading_and_a_pair_given_twice_are_told(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    write_reviews(path, decide(asked()))
    sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
    sheet.rename(columns={"decision": "decison"}).to_csv(path, index=False)
    with pytest.raises(Mistake, match=r"no column “decision”\. Nearest: “decison”"):
        read_reviews(path)
    pd.concat([sheet, sheet]).to_csv(path, index=False)
    with pytest.raises(Mistake, match=r"Rows 2 and 3 of matches\.csv are about the same pair"):
        read_reviews(path)


def test_what_a_spreadsheet_makes_of_the_file_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "matches.csv"
    write_reviews(path, decide(asked()))
    sheet = pd.read_csv(path, dtype="str", keep_default_na=False)
    sheet.assign(decision=" Same ", decided_on="03/11/2026").to_csv(path, index=False, sep=";")
    pd.testing.assert_frame_equal(read_reviews(path), decide(asked()))


# --- The command


def review(data: Path, answers: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.command_line", "review", "--data", str(data), *more]
    return subprocess.run(command, input=answers, capture_output=True, text=True, cwd=PROJECT, check=False)


def test_answers_can_be_piped_in_and_are_kept(tmp_path: Path) -> None:
    path = Places(data=tmp_path).match_reviews
    write_reviews(path, asked())
    done = review(tmp_path, "SEND officer\nwhat\ns\nrang them\n")
    assert done.returncode == 0, done.stderr
    assert "Answer with one of the letters." in done.stdout
    row = read_reviews(path).iloc[0]
    assert (row[R.decision], row[R.by_role], row[R.note]) == ("same", "SEND officer", "rang them")
    assert "nothing to review" in review(tmp_path, "").stdout


def test_skipping_and_quitting_decide_nothing(tmp_path: Path) -> None:
    path = Places(data=tmp_path).match_reviews
    write_reviews(path, asked())
    before = path.read_bytes()
    for answers in ("k\n", "q\n", ""):
        assert review(tmp_path, answers, "--role", "SEND officer").returncode == 0
        assert path.read_bytes() == before


def test_a_review_without_a_role_is_refused(tmp_path: Path) -> None:
    write_reviews(Places(data=tmp_path).match_reviews, asked())
    done = review(tmp_path, "\n")
    assert done.returncode == 2
    assert "No role was given" in done.stderr


@pytest.mark.flow
def test_a_decision_takes_effect_the_next_night_and_holds(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data")
    shutil.copytree(PROJECT / "data" / "raw", places.raw)
    first = run(places)
    reviews = read_reviews(places.match_reviews)
    hall = reviews[reviews[R.entity].eq("location") & reviews[R.left_name].eq("Hoxton Street Hall")]
    ids = hall[[R.left_id, R.right_id]].iloc[0].tolist()
    for column, value in (
        ("decision", "same"),
        ("by_role", "officer"),
        ("decided_on", pd.Timestamp("2026-11-23")),
    ):
        reviews.loc[hall.index, column] = value
    write_reviews(places.match_reviews, reviews)

    def clusters(frames: pd.DataFrame) -> int:
        return int(frames[frames[Location.id].isin(ids)][Location.x_cluster_id].nunique())

    second, third = run(places), run(places)
    assert clusters(first.frames[Location]) == 2
    assert clusters(second.frames[Location]) == clusters(third.frames[Location]) == 1
    assert second.is_new
    assert not third.is_new
    kept = read_reviews(places.match_reviews)
    assert kept.loc[kept[R.left_id].eq(ids[0]) & kept[R.right_id].eq(ids[1]), R.decision].tolist() == ["same"]
