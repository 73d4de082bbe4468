"""The shipped packs are sound, and say where they come from."""

from __future__ import annotations

import pytest

from qiantang.packkit import builtin_packs, load_packs
from qiantang.packs.tests.rows import PACKS

SHIPPED = [
    "asem-connectivity",
    "data-commons",
    "geography",
    "information-economy-evaluation",
    "statistics-zhejiang",
    "wuzhen-index",
    "zone-plan-2017",
]


def test_every_shipped_pack_loads_without_a_problem() -> None:
    loaded = load_packs(builtin_packs())
    assert [problem.line_text().en for problem in loaded.problems] == []
    assert set(SHIPPED) <= set(loaded.packs)


@pytest.mark.parametrize("pack", SHIPPED)
def test_a_pack_has_a_page_for_people_and_its_licences(pack: str) -> None:
    readme = (PACKS / pack / "README.md").read_text(encoding="utf-8")
    assert "## 中文" in readme
    assert "## English" in readme
    assert (PACKS / pack / "LICENCES.md").read_text(encoding="utf-8").strip()


def test_no_indicator_is_declared_twice_and_every_one_has_an_owner() -> None:
    loaded = load_packs(builtin_packs())
    ids = [key for pack in loaded.packs.values() for key in pack.indicators]
    assert len(ids) == len(set(ids))
    departments = {code.code for code in loaded.packs["geography"].codes["department"].codes}
    owners = {i.owner for pack in loaded.packs.values() for i in pack.indicators.values()}
    assert owners <= departments


def test_no_figures_of_persons_are_shipped_and_none_are_open() -> None:
    for pack in load_packs(builtin_packs()).packs.values():
        for resource in pack.resources.values():
            if {str(field.personal) for field in resource.fields} != {"none"}:
                assert resource.data is None, resource.id
                assert not resource.open, resource.id


def test_shipped_files_carry_the_notice_that_their_licence_asks_for() -> None:
    notice = (PACKS / "geography" / "LICENCES.md").read_text(encoding="utf-8")
    assert "Copyright (c) 2022 Lei Dong" in notice
    assert "Permission is hereby granted, free of charge" in notice
    assert 'THE SOFTWARE IS PROVIDED "AS IS"' in notice
