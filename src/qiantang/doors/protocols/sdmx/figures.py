"""Published figures as three dataflows.

``FIGURES``: one figure for each frequency, indicator, area and period: of several sources the one
that the rule of verdicts takes, with how it was settled. ``EVIDENCE``: all
figures side by side, told apart by the dimension ``FIGURE``, the number that each has for ever.
``AIMS``: what plans aim at, in the same form; no result is among them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final

from qiantang.doors.protocols.errors import TooManyObservations
from qiantang.doors.protocols.sdmx import lists
from qiantang.doors.protocols.sdmx.changes import Change
from qiantang.doors.protocols.sdmx.lists import own
from qiantang.doors.protocols.sdmx.units import measured
from qiantang.kernel.actors import Actor
from qiantang.kernel.observations import AIMS, Observation, ObservationKind
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.shelf import selectors as shelf
from qiantang.standards.sdmx.codes import code_of, id_of
from qiantang.standards.sdmx.model import Component, Dataflow, DataStructure, Point, Scheme
from qiantang.standards.sdmx.questions import Question
from qiantang.standards.sdmx.times import time_of

FIGURES: Final = "FIGURES"
EVIDENCE: Final = "EVIDENCE"
AIMED: Final = "AIMS"
_STATUS: Final = {
    ObservationKind.ACTUAL: "A",
    ObservationKind.PRELIMINARY: "P",
    ObservationKind.LATER_TARGET: "F",
    ObservationKind.OTHER_PLAN_TARGET: "F",
}
_ROUGH: Final = "E"
_SETTLED: Final = {"agreed": "A", "grade": "G", "majority": "M", "undecided": "U"}
MOST_READ: Final = 500_000
"""Figures that one question may go through: beyond, it has to name indicators or areas."""
_BEFORE: Final = datetime.min.replace(tzinfo=UTC)
Key = tuple[str, ...]


class Figures:
    """The provider of the indicators room's published figures, which are everybody's."""

    def flows(self) -> tuple[Dataflow, ...]:
        return (
            Dataflow(
                own(FIGURES),
                Text("公布数据", "Published figures"),
                own("DSD_FIGURES"),
                Text(
                    "每个指标、地区、时期一个数据；多个来源并存时取最可靠者。",
                    "One figure for each indicator, area and period: of several sources the most"
                    " reliable.",
                ),
            ),
            Dataflow(
                own(EVIDENCE),
                Text("全部来源数据", "Figures of all sources"),
                own("DSD_EVIDENCE"),
                Text("各来源的数据并列。", "The figures of all sources side by side."),
            ),
            Dataflow(
                own(AIMED),
                Text("规划目标", "Aims of plans"),
                own("DSD_EVIDENCE"),
                Text("规划提出的目标值，不是结果。", "What plans aim at; no results."),
            ),
        )

    def structures(self) -> tuple[DataStructure, ...]:
        concepts = own("CS_FIGURES")
        return (
            DataStructure(
                own("DSD_FIGURES"),
                Text("公布数据的结构", "Structure of published figures"),
                concepts,
                _dimensions(),
                (
                    *_attributes(),
                    Component("FIGURE"),
                    Component("OTHER_FIGURES", type="Integer"),
                    Component("SETTLED_BY", own("CL_SETTLED_BY")),
                ),
            ),
            DataStructure(
                own("DSD_EVIDENCE"),
                Text("全部来源数据的结构", "Structure of figures of all sources"),
                concepts,
                (*_dimensions(), Component("FIGURE")),
                _attributes(),
            ),
        )

    def schemes(self) -> tuple[Scheme, ...]:
        return lists.schemes()

    def state(self, actor: Actor) -> str:
        packs = ",".join(f"{pack.id}:{pack.digest}" for pack in shelf.packs().values())
        return f"{indicators.figures_state()} {packs}"

    def points(
        self, actor: Actor, flow: Dataflow, question: Question, as_of: date | None
    ) -> Iterator[Point]:
        structure = self._structure(flow)
        areas = question.allowed(structure, "REF_AREA")
        divisions = None if areas is None else frozenset(code_of(area) for area in areas)
        chosen = self._indicators(structure, question)
        _bounded(chosen, divisions)
        for id in chosen:
            found = indicators.figures(indicators={id}, divisions=divisions, as_of=as_of)
            yield from _of_flow(found, flow.ref.id)

    def changes(self, actor: Actor, flow: Dataflow, question: Question) -> list[Change]:
        ids = self._indicators(self._structure(flow), question)
        _bounded(ids, None)
        return list(_replayed(indicators.recorded(indicators=ids), flow.ref.id))

    def _structure(self, flow: Dataflow) -> DataStructure:
        return next(s for s in self.structures() if s.ref == flow.structure)

    def _indicators(self, structure: DataStructure, question: Question) -> list[str]:
        wanted = question.allowed(structure, "INDICATOR")
        return [id for id in shelf.indicators() if wanted is None or id_of(id) in wanted]


def _bounded(chosen: Collection[str], divisions: Collection[str] | None) -> None:
    """Raise `TooManyObservations` where more figures would be gone through than is done at once."""
    counted = indicators.tally("indicator", "division")
    wanted = frozenset(chosen)
    many = sum(
        count
        for (indicator, division), count in counted.items()
        if indicator in wanted and (divisions is None or division in divisions)
    )
    if many > MOST_READ:
        raise TooManyObservations(expected=MOST_READ)


def _dimensions() -> tuple[Component, ...]:
    return (
        Component("FREQ", own("CL_FREQ")),
        Component("INDICATOR", own("CL_INDICATOR")),
        Component("REF_AREA", own("CL_AREA")),
    )


def _attributes() -> tuple[Component, ...]:
    return (
        Component("UNIT_MEASURE", own("CL_UNIT"), required=True),
        Component("UNIT_MULT", own("CL_UNIT_MULT"), required=True),
        Component("OBS_STATUS", own("CL_OBS_STATUS"), required=True),
        Component("CONF_STATUS", own("CL_CONF_STATUS"), required=True),
        Component("FIGURE_KIND", own("CL_FIGURE_KIND")),
        Component("SOURCE_TITLE"),
        Component("SOURCE_ADDRESS"),
        Component("SOURCE_KIND"),
        Component("SOURCE_GRADE", own("CL_GRADE")),
        Component("PUBLISHED", type="GregorianDay"),
        Component("REVISION", type="Integer"),
        Component("RECORDED_AT", type="DateTime"),
        Component("SCOPE_NOTE"),
        Component("QUALITY_NOTE"),
        Component("QUOTE"),
    )


def _of_flow(found: Iterable[Observation], flow: str) -> Iterator[Point]:
    """The points of figures in force."""
    if flow != FIGURES:
        yield from (_point(_key(o, flow), o) for o in found if _belongs(o, flow))
        return
    grouped: dict[Key, list[Observation]] = {}
    for o in found:
        if _belongs(o, flow):
            grouped.setdefault(_key(o, flow), []).append(o)
    for key, several in grouped.items():
        yield _quoted(key, several)


def _replayed(revisions: Iterable[Observation], flow: str) -> Iterator[Change]:
    """What each revision changed of the observations of a flow."""
    where: dict[str, Key] = {}
    standing: dict[Key, dict[str, Observation]] = {}
    for o in revisions:
        keys = []
        if (before := where.pop(o.id, None)) is not None:
            standing[before].pop(o.id)
            keys.append(before)
        if not o.withdrawn and _belongs(o, flow):
            key = where[o.id] = _key(o, flow)
            standing.setdefault(key, {})[o.id] = o
            keys.append(key)
        for key in dict.fromkeys(keys):
            left = list(standing[key].values())
            point = (
                (_quoted(key, left) if flow == FIGURES else _point(key, left[0])) if left else None
            )
            yield Change(o.recorded_at or _BEFORE, key, point)


def _belongs(o: Observation, flow: str) -> bool:
    return (o.kind in AIMS) == (flow == AIMED)


def _key(o: Observation, flow: str) -> Key:
    freq, time = time_of(o.period)
    figure = () if flow == FIGURES else (o.id,)
    return (freq, id_of(o.indicator), id_of(o.division), *figure, time)


def _quoted(key: Key, several: list[Observation]) -> Point:
    """The point of the one figure that is quoted, which names the number of the others."""
    found = indicators.quoted(several)
    point = _point(key, found.observation)
    said = (found.observation.id, str(found.others), _SETTLED[found.by])
    return Point(key, point.value, (*point.attributes, *said))


def _point(key: Key, o: Observation) -> Point:
    unit, power = measured(o.unit)
    source = o.source
    said = (
        unit,
        power,
        _STATUS.get(o.kind, _ROUGH),
        "F",
        o.kind.value,
        source.title or None,
        source.address or None,
        source.kind or None,
        source.grade or None,
        source.published.isoformat() if source.published else None,
        str(o.revision),
        o.recorded_at.isoformat() if o.recorded_at else None,
        o.scope_note or None,
        o.quality_flag or None,
        source.quote or None,
    )
    return Point(key, format(o.value, "f"), said)
