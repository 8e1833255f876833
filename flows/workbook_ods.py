"""The workbook as .ods: the same sheets, one table each, no formulas, byte for byte from equal contents."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree
from odfdo import Document, Table

from flows.frozen_zip import read_zip, write_zip
from reports.workbook import Book, Sheet
from reports.workbook.layout import COVER_WIDTH, FILL, LANGUAGE, widths

_NAMES = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
}


def _named(*names: str) -> list[str]:
    """Names such as ``table:name`` as lxml writes them."""
    parts = [name.split(":") for name in names]
    return [f"{{{_NAMES[prefix]}}}{name}" for prefix, name in parts]


_TABLE, _TABLE_NAME, _TABLE_STYLE, _COLUMN, _ROW, _CELL_TAG = _named(
    "table:table",
    "table:name",
    "table:style-name",
    "table:table-column",
    "table:table-row",
    "table:table-cell",
)
_TYPE, _VALUE, _PARAGRAPH, _LINK, _HREF, _LINK_TYPE = _named(
    "office:value-type", "office:value", "text:p", "text:a", "xlink:href", "xlink:type"
)
_COVER = "Cover"
_CM_A_CHARACTER = 0.24
_PROGRAM = "squaremile"
_TITLE, _LINE, _TOLD, _HEADING, _CELL = "title", "line", "told", "heading", "cell"
# Of each style of cell: properties of the cell, and of its text.
_STYLES = {
    _TITLE: ({}, {"fo:font-weight": "bold", "fo:font-size": "16pt"}),
    _LINE: ({}, {"fo:font-size": "12pt"}),
    _TOLD: ({"fo:wrap-option": "wrap"}, {"fo:font-size": "12pt"}),
    _HEADING: (
        {"fo:wrap-option": "wrap", "fo:border-bottom": "0.5pt solid #000000", "style:vertical-align": "top"},
        {"fo:font-weight": "bold", "fo:font-size": "12pt"},
    ),
    _CELL: ({"fo:wrap-option": "wrap", "style:vertical-align": "top"}, {"fo:font-size": "12pt"}),
}
# A cell: what it says, how it looks, and where it leads.
Cell = tuple[object, str, str]


def write_ods(path: Path, book: Book) -> None:
    """Write the workbook, with its title and language said in its properties."""
    document = Document("spreadsheet")
    document.body.clear()
    for style in _styles(book):
        document.insert_style(style, automatic=True)
    document.body.append(_table(_COVER, [COVER_WIDTH], _cover(book)))
    for sheet in book.sheets:
        document.body.append(_table(sheet.label, widths(sheet), _rows(sheet)))
    meta = document.meta
    meta.title = f"{book.sample}: {book.title}" if book.sample else book.title
    meta.language = LANGUAGE
    meta.creation_date = meta.date = book.as_of.to_pydatetime()
    meta.generator = _PROGRAM
    written = io.BytesIO()
    document.save(written)
    write_zip(path, read_zip(written), stored=("mimetype",))


def _styles(book: Book) -> Iterator[str]:
    looks = dict(_STYLES)
    for style, colour in FILL.items():
        cell, text = _STYLES[_CELL]
        looks[_verdict(style)] = ({**cell, "fo:background-color": colour.lower()}, text)
    for name, (cell, text) in looks.items():
        yield _style(name, "table-cell", **{"table-cell-properties": cell, "text-properties": text})
    every = sorted({width for sheet in book.sheets for width in widths(sheet)} | {COVER_WIDTH})
    for width in every:
        size = {"style:column-width": f"{width * _CM_A_CHARACTER:.2f}cm"}
        yield _style(_column(width), "table-column", **{"table-column-properties": size})


def _style(name: str, family: str, **properties: dict[str, str]) -> str:
    told = "".join(
        f"<style:{kind} {' '.join(f'{key}={value!r}' for key, value in values.items())}/>"
        for kind, values in properties.items()
    )
    return f'<style:style style:name="{name}" style:family="{family}">{told}</style:style>'


def _verdict(style: str) -> str:
    return f"verdict-{style}"


def _column(width: int) -> str:
    return f"column-{width}"


def _cover(book: Book) -> Iterator[list[Cell]]:
    heading: Cell = (book.sample or book.title, _TITLE, "")
    rest = [book.title] if book.sample else []
    rest += [*book.cover, "About these data", *book.about]
    yield [heading]
    for line in rest:
        yield [(line, _TOLD, "")]


def _rows(sheet: Sheet) -> Iterator[list[Cell]]:
    """Every row of a sheet: its lines, then its table."""
    yield [(sheet.title, _TITLE, "")]
    for line in filter(None, [*sheet.lines, *sheet.legend, sheet.source]):
        yield [(line, _LINE, "")]
    names = list(sheet.table.columns)
    yield [
        (f"{name}\n({sheet.units[name]})" if name in sheet.units else name, _HEADING, "") for name in names
    ]
    for number, row in enumerate(sheet.table.itertuples(index=False, name=None)):
        yield [
            (
                value,
                _verdict(sheet.styles[number, at]) if sheet.styles.get((number, at)) in FILL else _CELL,
                f"#{value}.A1" if names[at] == sheet.links else "",
            )
            for at, value in enumerate(row)
        ]


def _table(label: str, columns: Sequence[int], rows: Iterable[list[Cell]]) -> Table:
    """One sheet. Its cells are made by lxml and handed to odfdo whole: one at a time they take minutes."""
    table = etree.Element(_TABLE, {_TABLE_NAME: label}, nsmap=_NAMES)
    for width in columns:
        etree.SubElement(table, _COLUMN, {_TABLE_STYLE: _column(width)})
    for cells in rows:
        row = etree.SubElement(table, _ROW)
        for value, style, link in cells:
            _add_cell(row, value, style, link)
    return Table(tag_or_elem=table)


def _add_cell(row: etree._Element, value: object, style: str, link: str) -> None:
    """A number, or a text: whatever a text begins with, its type is said and it stays one."""
    is_number = isinstance(value, (int, float))
    kind = {_TYPE: "float", _VALUE: repr(value)} if is_number else {_TYPE: "string"}
    cell = etree.SubElement(row, _CELL_TAG, {_TABLE_STYLE: style, **kind})
    for line in str(value).split("\n"):
        text = etree.SubElement(cell, _PARAGRAPH)
        if link:
            text = etree.SubElement(text, _LINK, {_HREF: link, _LINK_TYPE: "simple"})
        text.text = line
