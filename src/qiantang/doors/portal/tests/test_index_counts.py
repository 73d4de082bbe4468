"""How many indicators an index has is said so that nobody takes an entered score for one."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import cast

import pytest
from django.test import Client

from qiantang.doors.portal.indices import pages
from qiantang.engine.index import build, recipe_of
from qiantang.engine.index.declared import structure_of
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.kernel.text import Text
from qiantang.packkit import builtin_packs, load_packs
from qiantang.rooms.indices.shapes import Made


@pytest.mark.parametrize(
    ("pack", "local", "said"),
    [
        ("information-economy-evaluation", "evaluation", "其中 1 项自成一个方面"),
        ("wuzhen-index", "internet-development", None),
        ("asem-connectivity", "connectivity", None),
    ],
)
def test_a_score_entered_for_a_whole_part_is_told_from_indicators(
    pack: str, local: str, said: str | None
) -> None:
    index = load_packs(builtin_packs()).packs[pack].indices[local]
    found = pages.whole_parts_said(structure_of(index))
    assert (found.zh if found else None) == said


def test_only_units_with_a_score_count_as_ranked() -> None:
    data = table({"a": [1, 2, 3], "b": [3, math.nan, 1]})
    structure = tree(indicator("a"), indicator("b"))
    index = build(data, structure, recipe_of({"aggregate": {"share": 1}}))
    made = cast(Made, SimpleNamespace(index=index, structure=structure))
    found = pages.counts(made, None)
    assert (found["units"], found["ranked"]) == (3, 2)


def test_the_front_page_says_it_beside_the_count(
    index: str, reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"/indices/{index}/?lang=en"
    assert "a part by itself" not in reader.get(address).content.decode()
    said = Text("其中 1 项自成一个方面", "1 of them a part by itself")
    monkeypatch.setattr(pages, "whole_parts_said", lambda structure: said)
    assert "1 of them a part by itself" in reader.get(address).content.decode()
