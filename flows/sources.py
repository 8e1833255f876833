"""Loading ``sources/*.toml``: the folder listing is the catalogue of boroughs.

A misspelt key, column, parser or code stops the run with the nearest valid name.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from flows.errors import Mistake
from transforms.mapping import nearest_name
from transforms.normalise.fields import FIELD_OF, PARSERS
from transforms.parsers.synonyms import Synonyms
from transforms.source_spec import Correction, Roster, Source
from transforms.tables import LINE_OF

_SOURCE = TypeAdapter(Source)
_SHAPES = {"": Source, "roster": Roster, "corrections": Correction}


def load_sources(folder: Path, synonyms: Synonyms) -> list[Source]:
    """The sources of a folder in name order."""
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise Mistake(f"There are no source files (*.toml) in {folder}.", "Check the sources folder.")
    return [load_source(path, synonyms) for path in files]


def pick(sources: Sequence[Source], wanted: Collection[str]) -> list[Source]:
    """The sources of these names; a name that is not one stops with the nearest."""
    names = [source.name for source in sources]
    for name in wanted:
        if name not in names:
            raise Mistake(
                f"There is no source “{name}”.{_nearest(name, names)}", f"Known: {', '.join(names)}."
            )
    return [source for source in sources if source.name in wanted]


def load_source(path: Path, synonyms: Synonyms) -> Source:
    """One source, checked name by name."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"{path.name} is not valid TOML: {error}.", "Mend that line.") from None
    try:
        source: Source = _SOURCE.validate_python(data)
    except ValidationError as error:
        raise _explain(path.name, error) from None
    if source.name != path.stem:
        raise Mistake(
            f"{path.name} names its source “{source.name}”.", f"Use name = “{path.stem}”, as the file."
        )
    for number, roster in enumerate(source.roster, start=1):
        _check_names(f"{path.name}, roster {number}", roster, synonyms)
    return source


def _explain(file: str, error: ValidationError) -> Mistake:
    first = error.errors()[0]
    where = [str(part) for part in first["loc"]]
    key = where[-1] if where else ""
    if first["type"] in {"unexpected_keyword_argument", "extra_forbidden"}:
        section = next((part for part in where if part in _SHAPES), "")
        known = [f.name for f in fields(_SHAPES[section])]
        return Mistake(
            f"{file} has the key “{key}”, which we do not know.{_nearest(key, known)}", "Correct the key."
        )
    if first["type"] in {"missing", "missing_argument"}:
        return Mistake(f"{file} lacks the key “{key}” ({' → '.join(where)}).", "Add it.")
    value = first.get("input")
    expected = first.get("ctx", {}).get("expected", "")
    hint = (
        _nearest(str(value), expected.replace("'", "").replace(" or ", ", ").split(", ")) if expected else ""
    )
    return Mistake(f"{file}: {' → '.join(where)} = {value!r}: {first['msg']}.{hint}", "Correct the value.")


def _check_names(where: str, roster: Roster, synonyms: Synonyms) -> None:
    columns = LINE_OF[roster.kind].names()
    used: dict[str, Iterable[str]] = {
        "columns": roster.columns,
        "constants": roster.constants,
        "ticks": roster.ticks,
        "key": roster.key,
        "fill_down": roster.fill_down,
        "may_be_absent": roster.may_be_absent,
        "inherit": roster.inherit,
        "from_sheet": roster.from_sheet,
    }
    for section, names in used.items():
        for name in names:
            _must_be_known(f"{where}, {section}: the column", name, columns)
    for field_name in [*roster.parsers, *roster.values]:
        _must_be_known(f"{where}: the field", field_name, FIELD_OF)
    for parser in roster.parsers.values():
        _must_be_known(f"{where}: the parser", parser, PARSERS)
    for field_name, meanings in roster.values.items():
        codes = synonyms[FIELD_OF[field_name].vocabulary].codes
        for code in meanings.values():
            _must_be_known(f"{where}, values.{field_name}: the code", code, codes)
    try:
        codecs.lookup(roster.encoding)
    except LookupError:
        raise Mistake(
            f"{where}: there is no encoding “{roster.encoding}”.", "Use utf-8, cp1252 or utf-16."
        ) from None


def _must_be_known(what: str, name: str, known: Collection[str]) -> None:
    if name not in known:
        raise Mistake(f"{what} “{name}” is not one we know.{_nearest(name, known)}", "Correct the name.")


def _nearest(name: Any, known: Collection[str]) -> str:
    nearest = nearest_name(str(name), known)
    return f" Did you mean “{nearest}”?" if nearest else ""
