"""What the checks need of a stream of rows, whichever reader gives it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Any, Final, Protocol

import polars as pl

SHEET: Final = "_sheet"
ROW: Final = "_row"
PLACE: Final = (SHEET, ROW)


class RowStream(Protocol):
    """Batches of rows with every declared field as text, and where each row stood.

    ``sent`` is the number of data rows given so far; after the last batch, of all. ``again`` gives
    the same rows from the start, once the stream has come to its end.
    """

    @property
    def sent(self) -> int: ...

    def __iter__(self) -> Iterator[pl.DataFrame]: ...

    def again(self) -> RowStream: ...

    def close(self) -> None: ...


def source_columns(stream: RowStream) -> dict[str, str]:
    """Field id -> the column's heading in the source, where the stream tells it (``sources``)."""
    sources: Any = getattr(stream, "sources", {})
    return dict(sources)


def read_ahead(stream: RowStream) -> Iterator[pl.DataFrame]:
    """The batches of a stream; the next one is read while its reader works on the last."""
    batches = iter(stream)
    with ThreadPoolExecutor(1, "reader") as reader:
        coming = reader.submit(next, batches, None)
        try:
            while (batch := coming.result()) is not None:
                coming = reader.submit(next, batches, None)
                yield batch
        finally:
            # A generator that is running cannot be closed.
            wait([coming])
            if isinstance(batches, Generator):
                batches.close()
