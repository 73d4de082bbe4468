"""Types and schemas as Spark's client wants them; columns of planned files carry their field id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import pyarrow as pa

from qiantang.engine.lake.columns import Column, arrow_schema

FIELD_ID: Final = "parquet.field.id"


def spark_type(arrow: pa.DataType) -> Any:
    """Spark's type for an Arrow type of the house."""
    from pyspark.sql import types as t

    kinds = pa.types
    if kinds.is_decimal(arrow):
        return t.DecimalType(arrow.precision, arrow.scale)
    if kinds.is_timestamp(arrow):
        return t.TimestampType() if arrow.tz else t.TimestampNTZType()
    table = (
        (kinds.is_boolean, t.BooleanType()),
        (kinds.is_int8, t.ByteType()),
        (kinds.is_int16, t.ShortType()),
        (kinds.is_int32, t.IntegerType()),
        (kinds.is_integer, t.LongType()),
        (kinds.is_float32, t.FloatType()),
        (kinds.is_floating, t.DoubleType()),
        (kinds.is_date, t.DateType()),
        (kinds.is_binary, t.BinaryType()),
    )
    return next((kind for fits, kind in table if fits(arrow)), t.StringType())


def planned_schema(columns: Sequence[Column]) -> Any:
    """The schema of planned files: renamed and added columns are found by id, not by name."""
    from pyspark.sql import types as t

    return t.StructType(
        [
            t.StructField(c.name, spark_type(f.type), True, {FIELD_ID: c.id})
            for c, f in zip(columns, arrow_schema(columns), strict=True)
        ]
    )


def view_schema(schema: pa.Schema) -> Any:
    """The schema of rows in memory."""
    from pyspark.sql import types as t

    return t.StructType([t.StructField(f.name, spark_type(f.type), True) for f in schema])
