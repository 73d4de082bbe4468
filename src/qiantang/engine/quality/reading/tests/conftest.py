"""A resource as departments declare it, and short ways to read a file against it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from qiantang.engine.quality.reading import Recipe, RowStream, open_rows, propose
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, FieldType, Resource, Sharing


def declared(id: str, zh: str, en: str, type: FieldType = FieldType.TEXT, **more: Any) -> Field:
    return Field(id, Text(zh, en), type, **more)


def resource_of(*fields: Field) -> Resource:
    return Resource(
        id="trade.firm",
        pack="trade",
        name=Text("企业登记", "Registered firms"),
        description=Text("说明。", "About."),
        fields=fields,
        grain=(fields[0].id,),
        cadence="month",
        sharing=Sharing.WITHHELD,
        open=False,
        owner="market-supervision",
        licence=Text("内部", "internal"),
    )


FIRMS = resource_of(
    declared("code", "统一社会信用代码", "Credit code", required=True),
    declared("name", "企业名称", "Firm", required=True),
    declared("founded", "成立日期", "Founded on", FieldType.DATE),
    declared("capital", "注册资本", "Registered capital", FieldType.DECIMAL, unit="元"),
    declared("staff", "从业人数", "Staff", FieldType.INTEGER, unit="人"),
)


@pytest.fixture
def firms() -> Resource:
    return FIRMS


def all_rows(stream: RowStream) -> pl.DataFrame:
    frames = list(stream)
    return pl.concat(frames) if frames else pl.DataFrame()


@pytest.fixture
def read(firms: Resource) -> Callable[..., tuple[list[tuple[Any, ...]], RowStream]]:
    """Propose, keep the recipe through JSON, read: the rows (fields and _row) and the stream."""

    def reader(path: Path, resource: Resource = firms, **more: Any) -> Any:
        proposal = propose(path, resource, **more)
        recipe = Recipe.from_json(proposal.recipe.to_json())
        assert recipe == proposal.recipe
        stream = open_rows(path, recipe, resource)
        frame = all_rows(stream)
        return (frame.drop("_sheet").rows() if frame.width else []), stream

    return reader


def codes(doubts: Any) -> set[str]:
    return {d.code for d in doubts}
