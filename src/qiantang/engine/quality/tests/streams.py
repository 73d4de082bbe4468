"""A stream of rows for tests: what the reader gives, without a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from qiantang.engine.quality.checker import Checker, compile_checks
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import (
    Code,
    CodeList,
    Field,
    FieldType,
    Mode,
    Resource,
    Sharing,
)

ON = date(2021, 6, 1)


class FakeStream:
    """Rows as texts by field, in batches of ``size``."""

    def __init__(
        self, rows: Sequence[dict[str, str | None]], fields: Sequence[str], size: int = 1000
    ) -> None:
        self._rows, self._fields, self._size = rows, fields, size
        self.sent = 0
        self.sources = {name: f"列{name}" for name in fields}

    def __iter__(self) -> Iterator[pl.DataFrame]:
        for start in range(0, len(self._rows), self._size):
            chunk = self._rows[start : start + self._size]
            self.sent += len(chunk)
            texts = {f: [row.get(f) for row in chunk] for f in self._fields}
            yield pl.DataFrame(texts, schema=dict.fromkeys(self._fields, pl.String)).with_columns(
                pl.lit("Sheet1").alias("_sheet"),
                pl.int_range(start + 2, start + 2 + len(chunk), dtype=pl.Int64, eager=True).alias(
                    "_row"
                ),
            )

    def again(self) -> FakeStream:
        return FakeStream(self._rows, self._fields, self._size)

    def close(self) -> None:
        """Nothing is open."""


def field(id: str, type: FieldType = FieldType.TEXT, **more: object) -> Field:
    return Field(id, Text(f"字段{id}", f"Field {id}"), type, **more)  # type: ignore[arg-type]


def resource(*fields: Field, grain: Sequence[str] = (), **more: object) -> Resource:
    text = Text("测试", "Test")
    return Resource(
        id="things",
        pack="trial",
        name=text,
        description=text,
        fields=fields,
        grain=tuple(grain),
        cadence=str(more.pop("cadence", "P1Y")),
        sharing=Sharing.UNCONDITIONAL,
        open=True,
        owner="stats",
        licence=text,
        **more,  # type: ignore[arg-type]
    )


def code_list(*codes: tuple[str, str, date | None, date | None]) -> CodeList:
    return CodeList(
        "list",
        "trial",
        tuple(Code(c, Text(n, n), valid_from=a, valid_to=b) for c, n, a, b in codes),
    )


def checker(
    of: Resource, *, codes: CodeList | None = None, known: Sequence[str] = (), **more: object
) -> Checker:
    return compile_checks(
        of,
        codes=lambda _: codes or code_list(),
        references=lambda _: known,
        on=ON,
        **more,  # type: ignore[arg-type]
    )


__all__ = ["ON", "FakeStream", "Mode", "checker", "code_list", "field", "resource"]
