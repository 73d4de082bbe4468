"""The SQL that may be written: what is allowed, what is portable, how Spark computes it."""

from qiantang.engine.sql.asking import limited, tables_named
from qiantang.engine.sql.checking import DIALECT, check_sql, parse
from qiantang.engine.sql.findings import SqlProblem
from qiantang.engine.sql.spark import check_portable, to_spark

__all__ = [
    "DIALECT",
    "SqlProblem",
    "check_portable",
    "check_sql",
    "limited",
    "parse",
    "tables_named",
    "to_spark",
]
