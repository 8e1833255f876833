"""XML rosters: one record per named element, columns are the paths below it."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import parse

from flows.reading.content import Content, Job, Part, Record, refuse
from transforms.separator import LIST_SEPARATOR


def read_markup(path: Path, job: Job) -> Content:
    """Records of one XML file; the row number is the record's position. Repeats are joined with "~"."""
    file = path.name
    try:
        root = parse(path, forbid_dtd=True).getroot()
    except (ParseError, DefusedXmlException) as error:
        reason = "it declares a document type, which may hide an attack" if isinstance(
            error, DefusedXmlException) else f"it breaks at line {error.position[0]}"  # fmt: skip
        raise refuse(
            "broken_xml", f"{file} cannot be read as XML: {reason}.", "Export the file again.", file=file
        ) from None
    elements = list(root.iter(job.records))
    if not elements:
        raise refuse(
            "no_rows", f"{file} holds no <{job.records}> element.", "Send the full export.", file=file
        )
    lines = [_flatten(element) for element in elements]
    headings = list(dict.fromkeys(key for line in lines for key in line))
    part = Part(file, headings=headings)
    part.records = [
        Record(n, [line.get(heading, "") for heading in headings]) for n, line in enumerate(lines, start=1)
    ]
    return Content(parts=[part], rows_in={file: len(elements)})


def _flatten(element: Element) -> dict[str, str]:
    line: dict[str, str] = {}

    def walk(node: Element, path: str) -> None:
        children = list(node)
        if not children:
            text = (node.text or "").strip()
            line[path] = f"{line[path]}{LIST_SEPARATOR}{text}" if path in line else text
        for child in children:
            walk(child, f"{path}/{child.tag}" if path else str(child.tag))

    walk(element, "")
    return line
