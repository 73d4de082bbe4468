"""Points that answer a question: keys, filters, order, first and last, parts, and what changed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from heapq import nsmallest
from itertools import groupby
from typing import Final

from django.utils import timezone

from qiantang.doors.protocols.errors import TooManyObservations
from qiantang.doors.protocols.sdmx.changes import Change
from qiantang.doors.protocols.sdmx.providing import Found
from qiantang.kernel.actors import Actor
from qiantang.standards.sdmx.errors import NoData
from qiantang.standards.sdmx.fitting import filter_test, key_test
from qiantang.standards.sdmx.model import FLAT, TIME, VALUE, DataSet, DataStructure, Point
from qiantang.standards.sdmx.questions import Question
from qiantang.standards.sdmx.times import span_of

MOST: Final = 100_000
"""Observations in one answer; beyond, the reader is asked to narrow the question or take parts."""
Order = Callable[[Point], tuple[object, ...]]


def answered(actor: Actor, found: Found, question: Question) -> list[DataSet]:
    """The data sets of an answer. Raises `NoData`, `TooManyObservations`."""
    if question.history:
        sets = _history(found, question, _changes(actor, found, question))
    elif question.updated_after:
        sets = _updates(found, question, _changes(actor, found, question))
    else:
        points = _ordered(matching(actor, found, question), found.structure, question)
        sets = [_set(found, question, points)] if points else []
    if not sets:
        raise NoData()
    return sets


def matching(actor: Actor, found: Found, question: Question) -> Iterator[Point]:
    """The points that the question fits, in no order."""
    as_of = timezone.localtime(_aware(question.as_of)).date() if question.as_of else None
    fits = _fitting(found.structure, question)
    for point in found.provider.points(actor, found.flow, question, as_of):
        if fits(point):
            yield point


def _fitting(structure: DataStructure, question: Question) -> Callable[[Point], bool]:
    fits_key, fits = key_test(question.keys), filter_test(question.filters)
    return lambda point: (
        fits_key(point.key) and fits(lambda name: component_value(point, structure, name))
    )


def component_value(point: Point, structure: DataStructure, id: str) -> str | None:
    """What an observation says of a component: dimension, measure or attribute."""
    if id == VALUE:
        return point.value
    if id in structure.order:
        return point.key[structure.order.index(id)]
    place = next(n for n, a in enumerate(structure.attributes) if a.id == id)
    return point.attributes[place]


def _ordered(points: Iterable[Point], structure: DataStructure, question: Question) -> list[Point]:
    """The points in the order of their series and times, cut as the question wants it."""
    order = _order(structure, question.at)
    window = question.first is not None or question.last is not None
    if question.limit is not None and not window and not question.keys_only:
        most = question.offset + question.limit
        if question.limit > MOST or most > 10 * MOST:
            raise TooManyObservations(expected=MOST)
        return nsmallest(most, points, key=order)[question.offset :]
    kept = sorted(_bounded(points), key=order)
    if window:
        kept = sorted(_windowed(kept, structure, question), key=order)
    if question.keys_only:
        keys = dict.fromkeys(point.key[:-1] for point in kept)
        kept = [Point((*key, ""), None, (None,) * len(structure.attributes)) for key in keys]
    end = None if question.limit is None else question.offset + question.limit
    return kept[question.offset : end]


def _bounded(points: Iterable[Point]) -> Iterator[Point]:
    for number, point in enumerate(points):
        if number >= MOST:
            raise TooManyObservations(expected=MOST)
        yield point


def _order(structure: DataStructure, at: str) -> Order:
    """Series together, observations in the order of time (or of the dimension chosen)."""
    last = len(structure.order) - 1
    place = last if at == FLAT else structure.order.index(at)

    def order(point: Point) -> tuple[object, ...]:
        key = point.key
        span = span_of(key[last])
        when = (span.start, span.end, key[last])
        if place == last:
            return (*key[:last], *when)
        return (*(v for n, v in enumerate(key[:last]) if n != place), *when, key[place])

    return order


def _windowed(points: list[Point], structure: DataStructure, question: Question) -> Iterator[Point]:
    """Of each series the first and the last observations, none twice."""
    ordered = sorted(points, key=_order(structure, TIME))
    for _, grouped in groupby(ordered, key=lambda p: p.key[:-1]):
        series = list(grouped)
        first = question.first or 0
        last = len(series) - (question.last or 0)
        yield from series[:first]
        yield from series[max(first, last) :]


def _set(
    found: Found, question: Question, points: list[Point], action: str = "Information"
) -> DataSet:
    structure = found.structure
    places = [
        n
        for n, attribute in enumerate(structure.attributes)
        if question.attributes is None or attribute.id in question.attributes
    ]
    told = [
        replace(
            point,
            value=point.value if question.measure else None,
            attributes=tuple(point.attributes[n] for n in places) if point.attributes else (),
        )
        for point in points
    ]
    return DataSet(
        found.flow,
        structure,
        told,
        tuple(structure.attributes[n] for n in places),
        at=TIME if question.keys_only else question.at,
        action=action,
        measure=question.measure,
        keys_only=question.keys_only,
    )


def _changes(actor: Actor, found: Found, question: Question) -> list[Change]:
    until = _aware(question.as_of) if question.as_of else None
    changes = found.provider.changes(actor, found.flow, question)
    return [c for c in changes if until is None or c.at <= until]


def _updates(found: Found, question: Question, changes: list[Change]) -> list[DataSet]:
    """What is other than it was at the moment: written anew, and gone."""
    assert question.updated_after is not None
    since = _aware(question.updated_after)
    before: dict[tuple[str, ...], Point] = {}
    after: dict[tuple[str, ...], Point] = {}
    for change in changes:
        for state in (before, after) if change.at <= since else (after,):
            _apply(state, change)
    fresh = [p for key, p in after.items() if before.get(key) != p]
    gone = [p for key, p in before.items() if key not in after]
    return _told(found, question, fresh, gone)


def _history(found: Found, question: Question, changes: list[Change]) -> list[DataSet]:
    """One set for each moment at which something was published, one more where something went."""
    sets: list[DataSet] = []
    standing: dict[tuple[str, ...], Point] = {}
    told = 0
    since = _aware(question.updated_after) if question.updated_after else None
    for at, together in groupby(changes, key=lambda change: change.at):
        before = dict[tuple[str, ...], Point | None]()
        for change in together:
            before.setdefault(change.key, standing.get(change.key))
            _apply(standing, change)
        if since is not None and at <= since:
            continue
        fresh = [p for key in before if (p := standing.get(key)) and p != before[key]]
        gone = [p for key, p in before.items() if p is not None and key not in standing]
        told += len(fresh) + len(gone)
        if told > MOST:
            raise TooManyObservations(expected=MOST)
        moment = None if at.year == 1 else at
        for data in _told(found, question, fresh, gone):
            gone_at = moment if data.action == "Delete" else None
            sets.append(replace(data, valid_from=None if gone_at else moment, valid_to=gone_at))
    return sets


def _apply(state: dict[tuple[str, ...], Point], change: Change) -> None:
    if change.point is None:
        state.pop(change.key, None)
    else:
        state[change.key] = change.point


def _told(found: Found, question: Question, fresh: list[Point], gone: list[Point]) -> list[DataSet]:
    sets = []
    fits = _fitting(found.structure, question)
    for action, points in (("Replace", fresh), ("Delete", gone)):
        if kept := _ordered(filter(fits, points), found.structure, question):
            if action == "Delete":
                kept = [
                    replace(p, value=None, attributes=(None,) * len(p.attributes)) for p in kept
                ]
            sets.append(_set(found, question, kept, action))
    return sets


def _aware(moment: datetime) -> datetime:
    """A moment without an offset is local time here."""
    return moment if moment.tzinfo else timezone.make_aware(moment)
