"""Messy files in, typed rows and reasons out: reading, cleaning, rules, verdicts.

Start at `compile_checks` and `examine`; `reading` gives the stream of rows.
"""

from qiantang.engine.quality.checker import Checker, Codes, Existing, Reference, compile_checks
from qiantang.engine.quality.examination import Examination, examine, load_examination
from qiantang.engine.quality.personal import PersonalFinding, detect_personal
from qiantang.engine.quality.problem_rows import Problem
from qiantang.engine.quality.schema import accepted_schema, precision_column, schema_of
from qiantang.engine.quality.verdicts import Decision, DimensionResult, Verdict

__all__ = [
    "Checker",
    "Codes",
    "Decision",
    "DimensionResult",
    "Examination",
    "Existing",
    "PersonalFinding",
    "Problem",
    "Reference",
    "Verdict",
    "accepted_schema",
    "compile_checks",
    "detect_personal",
    "examine",
    "load_examination",
    "precision_column",
    "schema_of",
]
