"""Columns whose texts repeat are cleaned once each; nothing of what is found may differ for it."""

from __future__ import annotations

from itertools import cycle, islice

import polars as pl
import pytest

from qiantang.engine.quality.cleaning import ONE, _read, _Reading, clean
from qiantang.engine.quality.cleaning.distinct import Distinct
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, FieldType, Precision

ROWS = 30_011
CELLS = (
    *("2017-04-01", "2017年4月1日", "2017年4月", "１，２３４", "￥1.2万", "12.5%", "17-4-1"),
    *("01/04/2017", "42826", "", "无", None, "坏了", "1.23457E+17", "330102.0", "是"),
)


def _field(kind: FieldType) -> Field:
    precision = Precision.MONTH if kind is FieldType.DATE else Precision.DAY
    return Field(id="x", type=kind, name=Text("某", "some"), precision=precision)


@pytest.mark.parametrize("kind", FieldType)
def test_every_row_gets_what_its_text_would_get_alone(kind: FieldType) -> None:
    raw = pl.Series("x", list(islice(cycle(CELLS), ROWS)), dtype=pl.String)
    assert Distinct.of(raw) is not None
    alone, shared = (
        _read(raw, frozenset(), _Reading(_field(kind), ONE, rounds=False)),
        clean(raw, _field(kind)),
    )
    assert shared.values.dtype == alone.values.dtype
    assert shared.values.equals(alone.values, null_equal=True)
    assert _said(shared.precision) == _said(alone.precision)
    assert [f.code for f in shared.findings] == [f.code for f in alone.findings]
    for one, other in zip(shared.findings, alone.findings, strict=True):
        assert one.rows.to_list() == other.rows.to_list()
        assert _said(one.expected) == _said(other.expected)


@pytest.mark.parametrize(
    "texts", [[f"P{n:07d}" for n in range(ROWS)], ["2017-04-01"] * 50], ids=["unlike", "few"]
)
def test_columns_that_would_gain_nothing_are_cleaned_as_they_are(texts: list[str]) -> None:
    assert Distinct.of(pl.Series("x", texts)) is None


def test_a_column_without_any_text_stays_empty() -> None:
    raw = pl.Series("x", [None] * ROWS, dtype=pl.String)
    cleaned = clean(raw, _field(FieldType.DATE))
    assert cleaned.values.null_count() == ROWS
    assert not cleaned.findings


def _said(found: pl.Series | None) -> list[object] | None:
    return None if found is None else found.to_list()
