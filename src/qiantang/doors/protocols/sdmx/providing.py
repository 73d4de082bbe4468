"""Who has dataflows. A further kind of published figures is one more `Provider` in `providers`.

A provider says what its structures are and finds points; keys, filters, order and bounds are
applied to every provider's points alike (`finding`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from qiantang.doors.protocols.sdmx.changes import Change
from qiantang.kernel.actors import Actor
from qiantang.standards.sdmx.model import Dataflow, DataStructure, Names, Point, Ref, Scheme
from qiantang.standards.sdmx.questions import Question


class Provider(Protocol):
    """Points carry all attributes of their structure, in its order."""

    def flows(self) -> tuple[Dataflow, ...]: ...

    def structures(self) -> tuple[DataStructure, ...]: ...

    def schemes(self) -> tuple[Scheme, ...]: ...

    def state(self, actor: Actor) -> str:
        """What changes whenever an answer to this actor may."""

    def points(
        self, actor: Actor, flow: Dataflow, question: Question, as_of: date | None
    ) -> Iterator[Point]:
        """At least the points that the question can fit: in force, or as known on a day."""

    def changes(self, actor: Actor, flow: Dataflow, question: Question) -> list[Change]:
        """What ever changed, in the order of time."""


@dataclass(frozen=True, slots=True)
class Found:
    """A dataflow with its structure and who has it."""

    flow: Dataflow
    structure: DataStructure
    provider: Provider


def providers() -> tuple[Provider, ...]:
    from qiantang.doors.protocols.sdmx.figures import Figures
    from qiantang.doors.protocols.sdmx.scores import Scores

    return (Figures(), Scores())


def flows() -> tuple[Found, ...]:
    """Every dataflow."""
    found: list[Found] = []
    for provider in providers():
        structures = {structure.ref: structure for structure in provider.structures()}
        found += [Found(f, structures[f.structure], provider) for f in provider.flows()]
    return tuple(found)


def schemes() -> dict[Ref, Scheme]:
    """Every list of every provider, by its reference."""
    return {scheme.ref: scheme for provider in providers() for scheme in provider.schemes()}


def names(found: Found) -> Names:
    """What the codes and concepts of a dataflow are called."""
    return Names({scheme.ref: scheme for scheme in found.provider.schemes()})


def state(actor: Actor) -> str:
    return " ".join(provider.state(actor) for provider in providers())
