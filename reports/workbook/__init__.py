"""The workbook a commissioner opens: what stands on each of its sheets, whatever program writes them."""

from __future__ import annotations

from reports.workbook.book import Book, Sheet, book_of

__all__ = ["Book", "Sheet", "book_of"]
