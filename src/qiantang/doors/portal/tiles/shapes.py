"""What a tile is when it is ready to be shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from qiantang.doors.charts import Spec
from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text

NOTHING: Final = Text("", "")


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom and in which language a tile is made, and the pack that declares it."""

    actor: Actor
    lang: str
    pack: str


@dataclass(frozen=True, slots=True)
class Export:
    """The tile's figures as a CSV holds them."""

    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Made:
    """What a kind of tile gives: values for its template, its chart, its rows."""

    context: Mapping[str, Any] = field(default_factory=dict)
    chart: Spec | None = None
    export: Export | None = None
    title: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Tile:
    """A tile in its place on the page, counted from 1; ``problem`` stands for what is missing."""

    number: int
    kind: str
    title: Text
    note: Text
    width: str
    made: Made
    problem: Mapping[str, Any] | None = None

    @property
    def template(self) -> str:
        return f"portal/tiles/{'problem' if self.problem else self.kind}.html"
