"""``squaremile parse``: how a value is read, for whoever wants to see it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TextIO

import pyarrow as pa

from flows.errors import Mistake
from transforms.place.columns import ADDED, added_columns, plain_name
from transforms.place.evidence import place_by_postcode
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import RULES, find_postcodes
from transforms.tables import Address

# The columns of the geocoding under the names that reading a single value goes by.
_NAMES = {Address.postal_code: "postcode", "postcode_status": "status"}


def read_lines(file: Path | None) -> list[str]:
    """The lines of a file, or of what is piped in, without their line breaks."""
    if file is None:
        if sys.stdin.isatty():
            raise Mistake("There is nothing to read.", "Name a file, or pipe values in, one a line.")
        content = sys.stdin.buffer.read()
    elif file.is_file():
        content = file.read_bytes()
    else:
        raise Mistake(f"There is no file {file}.", "Check the name and the folder.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake("The values are not written in UTF-8.", "Save them as UTF-8.") from None
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


def parse_postcodes(file: Path | None, to: TextIO, ground: Ground) -> None:
    """Write one CSV row a line: line, raw, postcode, status, the rule that read it, and its place."""
    import pandas as pd

    raw = read_lines(file)
    found = find_postcodes(pa.array(raw, pa.string()), ground.directory)
    columns = added_columns(found, place_by_postcode(found, ground), ground)
    frame = pd.DataFrame({"line": range(1, len(raw) + 1), "raw": raw})
    for column, values in zip(ADDED, columns, strict=True):
        name = plain_name(column)
        frame[_NAMES.get(name, name)] = values.to_pandas()
    frame.insert(4, "rule", [RULES[number].value for number in found.rule])
    frame["zone_certain"] = frame["zone_certain"].map({True: "true", False: "false"})
    frame.to_csv(to, index=False, lineterminator="\n", float_format="%.12g")
