"""Decimals as people write them: without the zeros that only fill their places, never ``0E-8``."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


def texts_of(column: pa.Array) -> pa.Array:
    """The texts of a column of decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = column.cast(pa.string())
    if column.type.scale <= 0:
        return texts
    texts = pc.if_else(pc.equal(column, pa.scalar(0, column.type)), "0.0", texts)
    if pc.any(pc.match_substring(texts, "E")).as_py():
        texts = pa.array(map(_whole, texts.to_pylist()), pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(texts, "0"), ".")


def _whole(text: str | None) -> str | None:
    """Arrow writes what is smaller than a millionth as 1E-8."""
    return f"{Decimal(text):f}" if text and "E" in text else text
