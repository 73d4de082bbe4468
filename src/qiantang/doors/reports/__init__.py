"""What leaves the house on paper: the Excel workbook, the PDF and safe CSV of an assessment.

All of them take the assessment view of the indicators room and one language, and give bytes.
"""

from __future__ import annotations

from qiantang.doors.reports.cells import csv_bytes, csv_safe
from qiantang.doors.reports.pressing import pressed
from qiantang.doors.reports.printed import pdf
from qiantang.doors.reports.tables_book import Marked, TableSheet, tables_workbook
from qiantang.doors.reports.view import Assessed
from qiantang.doors.reports.workbook import workbook

__all__ = [
    "Assessed",
    "Marked",
    "TableSheet",
    "csv_bytes",
    "csv_safe",
    "pdf",
    "pressed",
    "tables_workbook",
    "workbook",
]
