"""The sample rosters again with hostile words in their cells, 200 in every text field, in every format."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from payloads import HOSTILE

# What a cell may say freely, by heading. A row keeps what else it says, so that it is taken and shown.
_FREE_CSV = ("Activity", "Description", "Venue", "How to book")
_FREE_SHEETS = ("Session name", "Venue", "Address")
_FREE_XML = ("title", "description", "venue/name", "age_notes", "access/notes")
_FREE_JSON = ("name", "description", "url")
# What leads to another record.
_REFERENCES = ("RecordID", "ProviderID")
# What XML and workbooks cannot hold at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

SOURCES = ("city", "hackney", "islington", "tower_hamlets")


def write_hostile(raw: Path) -> None:
    """Write hostile rosters over the samples in ``raw``: CSV, a workbook, XML and Open Referral.

    Every free text holds every payload, in rows that are otherwise in order. In as many rows again of the City
    every other cell holds them too, to be complained of.
    """
    _csv(raw / "city" / "short_breaks.csv")
    _workbook(next((raw / "hackney").glob("*.xlsx")))
    _xml(raw / "islington" / "shortbreaks.xml")
    _open_referral(raw / "tower_hamlets")


def _numbered(records: list[Any]) -> Iterator[tuple[int, str, Any]]:
    """A record for each payload, the given ones over and over."""
    for number, payload in enumerate(HOSTILE):
        yield number, payload, copy.deepcopy(records[number % len(records)])


def _csv(path: Path) -> None:
    records = list(csv.DictReader(io.StringIO(path.read_bytes().decode("cp1252"), newline="")))
    headings = list(records[0])
    hostile = []
    for number, payload, record in _numbered(records):
        hostile.append(record | dict.fromkeys(_FREE_CSV, payload) | {"RecordID": f"T-{number}"})
        every = {heading: record[heading] if heading in _REFERENCES else payload for heading in headings}
        hostile.append(every | {"RecordID": f"B-{number}"})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(hostile)
    path.write_bytes(out.getvalue().encode("cp1252", errors="replace"))


def _xml(path: Path) -> None:
    tree = ElementTree.parse(path)
    root = tree.getroot()
    hostile = []
    for number, payload, record in _numbered(list(root)):
        record.find("id").text = f"X-{number}"
        for name in _FREE_XML:
            element = record.find(name)
            if element is not None:
                element.text = _UNWRITABLE.sub("", payload)
        hostile.append(record)
    root[:] = hostile
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _open_referral(folder: Path) -> None:
    paths = sorted(folder.glob("services-page-*.json"))
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    hostile = []
    for number, payload, service in _numbered([one for page in pages for one in page["contents"]]):
        service |= dict.fromkeys(_FREE_JSON, payload) | {"id": f"service-{number}"}
        service["organization"] |= {"id": f"organization-{number}", "name": payload, "website": payload}
        for at in service.get("service_at_locations", []):
            at["location"]["name"] = payload
            for address in at["location"].get("addresses", []):
                address["address_1"] = payload
        hostile.append(service)
    size = -(-len(hostile) // len(paths))
    for number, (path, page) in enumerate(zip(paths, pages, strict=True)):
        page["contents"] = hostile[number * size : (number + 1) * size]
        page |= {"total_items": len(hostile), "size": size}
        path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def _workbook(path: Path) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["Lot 3 Group"]
    column_of = {cell.value: cell.column for cell in sheet[4]}
    pattern = [cell.value for cell in sheet[5]]
    providers = [row[1].value for row in book["Providers"].iter_rows(min_row=6) if row[1].value]
    for _, payload, provider in _numbered(providers):
        row = sheet.max_row + 1
        for column, value in enumerate(pattern, 1):
            sheet.cell(row, column, value)
        sheet.cell(row, column_of["Provider"], provider)
        for name in _FREE_SHEETS:
            cell = sheet.cell(row, column_of[name], _UNWRITABLE.sub("", payload))
            # Words that begin like a formula are words all the same.
            cell.data_type = "s"
    book.save(path)
