"""Finding entries: Chinese and English words, facets with counts, what one may know of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor
from qiantang.rooms.catalogue import selectors, services
from qiantang.rooms.shelf import services as shelf
from qiantang.rooms.shelf.tests.folders import write_pack

pytestmark = pytest.mark.django_db
KINDS = {"berths": "unconditional", "catches": "conditional", "patrols": "withheld"}


@pytest.fixture(autouse=True)
def _fishing(tree: None, tmp_path: Path, settings: Any) -> None:
    settings.QIANTANG_PACKS = tmp_path / "zone-packs"
    shelf.install_builtin(SYSTEM)
    shelf.install_pack(SYSTEM, write_pack(tmp_path, resources=KINDS))
    services.register_resources(SYSTEM, "fishing")


def test_a_two_character_word_finds_what_says_it() -> None:
    found = selectors.search(ANONYMOUS, "泊位")
    assert {hit.id for hit in found.hits} == {"fishing.berths", "fishing.catches"}
    assert found.total == 2


def test_withheld_entries_are_neither_found_nor_counted(officer: Actor, stranger: Actor) -> None:
    for actor, total in ((ANONYMOUS, 2), (stranger, 2), (officer, 3)):
        found = selectors.search(actor, "泊位")
        assert found.total == total
        counts = {v.value: v.count for f in found.facets if f.id == "sharing" for v in f.values}
        assert sum(counts.values()) == total
        assert ("withheld" in counts) == (total == 3)
