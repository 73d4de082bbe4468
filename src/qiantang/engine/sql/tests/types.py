"""The columns of the sample table, as the guard wants them."""

from __future__ import annotations

from typing import Final

SAMPLE_TYPES: Final = {
    "t": {
        "id": "integer",
        "k": "text",
        "i": "integer",
        "b": "bigint",
        "m": "decimal(28, 8)",
        "d": "double",
        "s": "text",
        "f": "boolean",
        "day": "date",
        "ts": "timestamp",
    }
}
