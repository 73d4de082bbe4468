"""DuckDB's SQL in Spark's words, with the same rows as the result; start at `to_spark`."""

from qiantang.engine.sql.spark.translating import check_portable, to_spark

__all__ = ["check_portable", "to_spark"]
