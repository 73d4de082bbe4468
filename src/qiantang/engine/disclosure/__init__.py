"""Tables that may be published: what would tell of a single reporter is left out, and so much
more that nobody can compute it from the totals."""

from qiantang.engine.disclosure.auditing import Leak, audit
from qiantang.engine.disclosure.records import contributions
from qiantang.engine.disclosure.rules import Rules, Why
from qiantang.engine.disclosure.suppressing import Published, publish
from qiantang.engine.disclosure.tables import Contribution, Table, table_of
from qiantang.engine.disclosure.telling import ToldCell, lines_of, rules_of, rules_told

__all__ = [
    "Contribution",
    "Leak",
    "Published",
    "Rules",
    "Table",
    "ToldCell",
    "Why",
    "audit",
    "contributions",
    "lines_of",
    "publish",
    "rules_of",
    "rules_told",
    "table_of",
]
