"""An index of cities over published figures, and one over the rows of a resource."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from qiantang.kernel.actors import SYSTEM, Actor, Role
from qiantang.kernel.text import Text
from qiantang.packkit.indices import CompositeIndex, IndexElement, IndexUnits
from qiantang.rooms.indicators import services as indicators
from qiantang.rooms.indices import making, services
from qiantang.rooms.indices.shapes import EditionView
from qiantang.rooms.journal.services import deliver_pending
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import services as shelf_services
from qiantang.rooms.shelf.contents import Contents

KEY = "statistics-zhejiang.growth"
TITLE = Text("第一版", "First edition")
FIGURES = {
    ("core_va", "330100", 2018): "3356", ("core_va", "330100", 2019): "3795",
    ("core_va", "330200", 2018): "700", ("core_va", "330200", 2019): "900",
    ("gdp", "330100", 2018): "13509", ("gdp", "330100", 2019): "15373",
    ("gdp", "330200", 2018): "10746", ("gdp", "330200", 2019): "11985",
}  # fmt: skip


def declared() -> CompositeIndex:
    """Two indicators under one index, cities of Zhejiang."""
    return CompositeIndex(
        id="growth",
        pack="statistics-zhejiang",
        name=Text("增长指数", "Growth index"),
        description=Text("示例", "An example"),
        owner="stats",
        elements=(
            IndexElement("va", Text("增加值", "Value added"), 1, "Index", indicator="core_va"),
            IndexElement("gdp", Text("生产总值", "GDP"), 1, "Index", weight=2.0),
            IndexElement("Index", Text("指数", "Index"), 2),
        ),
        units=IndexUnits("geography.division", level="city", under="330000", groups=("parent",)),
        recipe={
            "normalise": {"method": "min-max", "range": [1, 100]},
            "uncertain": [
                {"name": "mean", "set": "aggregate.method", "to": ["arithmetic", "geometric"]},
                {"name": "weights", "noise": 0.5, "sets": 5},
            ],
        },
    )


def form(indicator: str, division: str, year: int, value: str, **more: str) -> dict[str, str]:
    return {
        "id": f"{indicator}-{division}-{year}", "indicator": indicator, "division": division,
        "period": str(year), "value": value, "unit": "亿元", "kind": "actual", "grade": "A",
        "source_title": "统计年鉴", "published": f"{year + 1}-09-01", "quote": value, **more,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def zone(
    tree: None, lake_folder: Path, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """The shipped packs, of which one declares the index too."""
    settings.QIANTANG_EDITIONS = tmp_path / "editions"
    settings.QIANTANG_CREDENTIALS = tmp_path / "credentials"
    shelf_services.install_builtin(SYSTEM)
    shipped = shelf.contents

    def with_index() -> Contents:
        found = shipped()
        return replace(found, indices={**found.indices, KEY: declared()})

    monkeypatch.setattr(shelf, "contents", with_index)
    making.forget()
    yield
    making.forget()


@pytest.fixture
def bureaus(make_actor: Callable[..., Actor]) -> Callable[[str], tuple[Actor, Actor]]:
    """Officer and approver of a city's bureau, made when first asked for."""
    people: dict[str, tuple[Actor, Actor]] = {}

    def of(place: str) -> tuple[Actor, Actor]:
        if place not in people:
            at = f"{place}-stats"
            people[place] = (
                make_actor(f"o{place}", Role.OFFICER, at=at),
                make_actor(f"a{place}", Role.APPROVER, at=at),
            )
        return people[place]

    return of


@pytest.fixture
def publish(bureaus: Callable[[str], tuple[Actor, Actor]]) -> Callable[..., None]:
    """``publish(form(...))``: a figure sent and approved in its city; the reactions have run."""

    def done(sent: dict[str, str]) -> None:
        one, other = bureaus(sent["division"])
        waiting = indicators.submit_observation(one, sent)
        indicators.approve(other, waiting.id, waiting.version)
        deliver_pending()

    return done


@pytest.fixture
def figures(bureaus: Callable[[str], tuple[Actor, Actor]]) -> None:
    """All figures, a sheet from each city."""
    for city in ("330100", "330200"):
        forms = [form(*key, value) for key, value in FIGURES.items() if key[1] == city]
        sheet = io.StringIO()
        writer = csv.DictWriter(sheet, list(forms[0]))
        writer.writeheader()
        writer.writerows(forms)
        one, other = bureaus(city)
        waiting = indicators.submit_sheet(one, sheet.getvalue().encode(), "figures.csv")
        indicators.approve(other, waiting.id, waiting.version)
    deliver_pending()


@pytest.fixture
def planned(figures: None, officer: Actor) -> EditionView:
    return services.plan_edition(officer, KEY, title=TITLE)


@pytest.fixture
def edition(planned: EditionView, approver: Actor) -> EditionView:
    return services.publish_edition(approver, KEY, planned.number)
