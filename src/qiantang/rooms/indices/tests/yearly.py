"""A small index with an edition a year: the resource's rows of each year take the last ones' place.

Doors' tests use it too; it needs a ``zone`` with the shipped packs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor
from qiantang.kernel.text import Text
from qiantang.packkit.indices import CompositeIndex, IndexElement, IndexUnits
from qiantang.rooms.catalogue.services import register_resources
from qiantang.rooms.indices import making, services
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.intake import services as intake
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.contents import Contents

TITLE = Text("年度版", "Edition of the year")
SMALL = "asem-connectivity.small"
ROWS = "asem-connectivity.connectivity-figures"
Figures = dict[str, tuple[float, float]]
"""LPI and Flights by country."""
FIRST: Figures = {"AUS": (2, 40), "CHN": (4, 20), "JPN": (3, 10)}
SECOND: Figures = {"AUS": (2, 60), "CHN": (4, 10), "KOR": (3, 30)}


def small(**changes: Any) -> CompositeIndex:
    """Two indicators of a few countries, each edition on the range of its own year."""
    return replace(CompositeIndex(
        id="small", pack="asem-connectivity", name=Text("小指数", "Small index"),
        description=Text("示例", "An example"), owner="stats",
        elements=(
            IndexElement("LPI", Text("物流", "Logistics"), 1, "Index"),
            IndexElement("Flights", Text("航班", "Flights"), 1, "Index", weight=3.0),
            IndexElement("Index", Text("指数", "Index"), 2),
        ),
        units=IndexUnits("asem-connectivity.country"), figures=ROWS,
        recipe={"normalise": {"method": "min-max", "range": [0, 100]}},
    ), **changes)  # fmt: skip


@pytest.fixture
def declare(zone: None, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``declare(...)``: the index as its pack has it from now on."""
    shipped = shelf.contents

    def done(**changes: Any) -> None:
        def with_small() -> Contents:
            found = shipped()
            return replace(found, indices={**found.indices, SMALL: small(**changes)})

        monkeypatch.setattr(shelf, "contents", with_small)

    return done


@pytest.fixture
def publish_year(
    declare: Callable[..., None], tmp_path: Path, settings: Any, officer: Actor, approver: Actor
) -> Callable[..., EditionView]:
    """``publish_year(2018, figures)``: the year's figures take the last ones' place; the edition
    with them is published."""
    declare()
    making.forget()
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    settings.QIANTANG_SPOOL = tmp_path / "spool"
    settings.QIANTANG_WORKER = ""
    register_resources(SYSTEM, "asem-connectivity")

    def done(year: int, figures: Figures, **more: Any) -> EditionView:
        lines = [
            f"{unit},{code},{year},{value}"
            for unit, pair in figures.items()
            for code, value in zip(("LPI", "Flights"), pair, strict=True)
        ]
        path = tmp_path / "figures.csv"
        path.write_text("\n".join(["unit,indicator,year,value", *lines]) + "\n", encoding="utf-8")
        run = intake.work(intake.receive(officer, ROWS, path).id, actor=officer)
        assert run.status == "published", (run.error, run.verdict)
        deliver_pending()
        planned = services.plan_edition(officer, SMALL, title=TITLE, **more)
        return services.publish_edition(approver, SMALL, planned.number)

    return done
