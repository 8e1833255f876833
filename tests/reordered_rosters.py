"""The sample rosters again, saying the same: rows in another order, names in other letters, other numbers."""

from __future__ import annotations

import copy
import csv
import io
import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl

# The headings under which each roster writes names.
CSV_NAMES = {
    "provider_roster.csv": ("Provider Name", "Trading As"),
    "short_breaks.csv": ("Activity", "Venue"),
    "services.csv": ("title", "organisation", "venue_name"),
    "health_pathways.csv": ("Service", "Provider"),
}
SHEET_NAMES = ("Provider", "Session name", "Venue")
XML_NAMES = ("title", "venue/name")
NUMBERED = {"provider_roster.csv": ("RecordID",), "short_breaks.csv": ("RecordID", "ProviderID")}


def rewrite(raw: Path, chance: random.Random | None) -> None:
    """Write every roster anew: as it was, or with ``chance`` reordered, re-cased and, in the City, renumbered.

    Both ways round the files go through the same writers, so that nothing else differs.
    """
    _rewrite_city(raw / "city", chance)
    _rewrite_csv(raw / "islington" / "services.csv", "utf-8-sig", "|", chance)
    _rewrite_csv(raw / "city_health" / "health_pathways.csv", "utf-8", ",", chance)
    _rewrite_xml(raw / "islington" / "shortbreaks.xml", chance)
    for page in sorted((raw / "tower_hamlets").glob("services-page-*.json")):
        _rewrite_page(page, chance)
    _rewrite_workbook(next((raw / "hackney").glob("*.xlsx")), chance)


def _recased(text: str, chance: random.Random | None) -> str:
    return chance.choice([str, str.upper, str.lower, str.swapcase])(text) if chance and text else text


def _shuffled(rows: list[Any], chance: random.Random | None) -> list[Any]:
    return chance.sample(rows, len(rows)) if chance else rows


def _rewrite_csv(
    path: Path,
    encoding: str,
    delimiter: str,
    chance: random.Random | None,
    number: Callable[[str], str] = str,
) -> None:
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode(encoding), newline=""), delimiter=delimiter))
    headings, records = rows[0], rows[1:]
    for record in records:
        for position, heading in enumerate(headings[: len(record)]):
            if heading in CSV_NAMES[path.name]:
                record[position] = _recased(record[position], chance)
            elif heading in NUMBERED.get(path.name, ()):
                record[position] = number(record[position])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(
        [headings, *_shuffled(records, chance)]
    )
    path.write_bytes(out.getvalue().encode(encoding))


def _rewrite_city(folder: Path, chance: random.Random | None) -> None:
    """Every number becomes another record's number, the same one wherever it stands."""
    numbers: list[str] = []
    for name in NUMBERED:
        with (folder / name).open(encoding="cp1252", newline="") as file:
            numbers += [row["RecordID"] for row in csv.DictReader(file)]
    numbers = sorted(set(numbers))
    of_kind = [[n for n in numbers if n.startswith("SB-")], [n for n in numbers if not n.startswith("SB-")]]
    new = {old: other for kind in of_kind for old, other in zip(kind, _shuffled(kind, chance), strict=True)}
    for name in NUMBERED:
        _rewrite_csv(folder / name, "cp1252", ",", chance, lambda number: new.get(number, number))


def _rewrite_xml(path: Path, chance: random.Random | None) -> None:
    tree = ElementTree.parse(path)
    root = tree.getroot()
    for record in root:
        for name in XML_NAMES:
            element = record.find(name)
            if element is not None and element.text:
                element.text = _recased(element.text, chance)
    root[:] = _shuffled(list(root), chance)
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _rewrite_page(path: Path, chance: random.Random | None) -> None:
    page = json.loads(path.read_text(encoding="utf-8"))
    for service in page["contents"]:
        service["name"] = _recased(service["name"], chance)
        named = [
            service.get("organization"),
            *(at.get("location") for at in service.get("service_at_locations", [])),
        ]
        for thing in named:
            if thing and thing.get("name"):
                thing["name"] = _recased(thing["name"], chance)
    page["contents"] = _shuffled(page["contents"], chance)
    path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def _rewrite_workbook(path: Path, chance: random.Random | None) -> None:
    """Rows change places with their looks; a blank provider is filled in first, for it means “as above”."""
    book = openpyxl.load_workbook(path)
    for sheet in book.worksheets:
        if sheet.title == "Providers" or sheet.title.startswith("Lot "):
            _rewrite_sheet(sheet, 5 if sheet.title == "Providers" else 4, chance)
    book.save(path)


def _rewrite_sheet(sheet: Any, heading_row: int, chance: random.Random | None) -> None:
    names = [cell.column for cell in sheet[4] if cell.value in SHEET_NAMES]
    places = [row for row in sheet.iter_rows(min_row=heading_row + 1) if _is_record(row)]
    above, contents = None, []
    for row in places:
        row[0].value = above = row[0].value or above
        contents.append([(cell.value, copy.copy(cell.font), cell.number_format) for cell in row])
    for row, cells in zip(places, _shuffled(contents, chance), strict=True):
        for cell, (value, font, form) in zip(row, cells, strict=True):
            is_name = cell.column in names and isinstance(value, str)
            cell.value = _recased(value, chance) if is_name else value
            cell.font, cell.number_format = font, form


def _is_record(row: Sequence[Any]) -> bool:
    filled = [cell for cell in row if cell.value is not None]
    return len(filled) > 3 and not str(filled[0].value).startswith("Sub-total")
