"""Messy files in, typed rows and reasons out: reading, cleaning, rules, verdicts.

Start at `compile_checks` and `examine`; `reading` gives the stream of rows.
"""

from qiantang.engine.quality.checker import Checker, Codes, Existing, Reference, compile_checks
from qiantang.engine.quality.examination import Examination, examine, load_examination
from qiantang.engine.quality.findings_book import findings_workbook
from qiantang.engine.quality.personal import PersonalFinding, detect_personal
from qiantang.engine.quality.problem_rows import Problem
from qiantang.engine.quality.reading import (
    Doubt,
    Hints,
    Proposal,
    ReadingLimits,
    Recipe,
    RowStream,
    digest_of,
    open_rows,
    propose,
)
from qiantang.engine.quality.schema import accepted_schema, precision_column, schema_of
from qiantang.engine.quality.sql_checks import SqlFinding, sql_checks
from qiantang.engine.quality.verdicts import Decision, DimensionResult, Verdict
from qiantang.engine.quality.workbook import set_aside_workbook

__all__ = [
    "Checker",
    "Codes",
    "Decision",
    "DimensionResult",
    "Doubt",
    "Examination",
    "Existing",
    "Hints",
    "PersonalFinding",
    "Problem",
    "Proposal",
    "ReadingLimits",
    "Recipe",
    "Reference",
    "RowStream",
    "SqlFinding",
    "Verdict",
    "accepted_schema",
    "compile_checks",
    "detect_personal",
    "digest_of",
    "examine",
    "findings_workbook",
    "load_examination",
    "open_rows",
    "precision_column",
    "propose",
    "schema_of",
    "set_aside_workbook",
    "sql_checks",
]
