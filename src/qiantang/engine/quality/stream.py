"""What the checks need of a stream of rows, whichever reader gives it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Protocol

import polars as pl

SHEET: Final = "_sheet"
ROW: Final = "_row"
PLACE: Final = (SHEET, ROW)


class RowStream(Protocol):
    """Batches of rows with every declared field as text, and where each row stood.

    ``sent`` is the number of data rows given so far; after the last batch, of all.
    """

    @property
    def sent(self) -> int: ...

    def __iter__(self) -> Iterator[pl.DataFrame]: ...


def source_columns(stream: RowStream) -> dict[str, str]:
    """Field id -> the column's heading in the source, where the stream tells it (``sources``)."""
    sources: Any = getattr(stream, "sources", {})
    return dict(sources)
