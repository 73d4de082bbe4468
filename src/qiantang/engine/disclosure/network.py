"""The unknown cells of a table with margins as a network, on which bounds are exact.

Every line of the table (a row with its total, a column with its total) is an equation. In a table
of two dimensions each cell stands in one row and one column, so with suitable signs the equations
say that flow is kept at each line and a cell is an arc between its two lines. What a reader can
infer of a suppressed cell from all published ones and from values not being negative is then how
far flow can go round through its arc: up as far as other arcs can take it, which may rise without
limit and fall to zero (maximum flow, L. Ford and D. Fulkerson, 1962). For more dimensions this
does not hold, and such tables are not made here.
"""

from __future__ import annotations

import heapq
from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import Final

from qiantang.engine.disclosure.errors import TableTooLarge
from qiantang.engine.disclosure.tables import Key, Table

Node = tuple[str, int]
Step = tuple[Key, bool]
"""A cell and whether it rises."""
GROUND: Final[Node] = ("ground", 0)
ENDLESS: Final = Decimal("Infinity")


@dataclass(slots=True)
class Work:
    """Arcs that searches may still pass: whoever asks must not choose how long it computes."""

    most: int
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.most

    def spend(self, arcs: int) -> None:
        """Raises `TableTooLarge` when nothing is left."""
        self.left -= arcs
        if self.left < 0:
            raise TableTooLarge(found=f"> {self.most}", expected=self.most)


@dataclass(frozen=True, slots=True)
class Lines:
    """Where the arc of each cell begins and ends; ``work`` bounds what may be searched."""

    ends: Mapping[Key, tuple[Node, Node]]
    work: Work | None = None

    @classmethod
    def of(cls, table: Table, work: Work | None = None) -> Lines:
        rows, columns = len(table.rows), len(table.columns)

        def row(i: int) -> Node:
            return GROUND if table.one_dimension else ("row", i)

        ends: dict[Key, tuple[Node, Node]] = {}
        for i, j in table.cells:
            forward = (row(i), ("column", j))
            # A total stands on the other side of its equation; a total of totals on both.
            back = (i == rows) != (j == columns)
            ends[i, j] = forward[::-1] if back else forward
        return cls(ends, work)

    def bounds(self, table: Table, hidden: Collection[Key], key: Key) -> tuple[Decimal, Decimal]:
        """The lowest and highest value that ``key`` can have when ``hidden`` are not published."""
        others = [k for k in hidden if k != key]
        values = {k: table.cells[k].value for k in others}
        start, end = self.ends[key]
        value = table.cells[key].value
        up = self._flow(values, end, start)
        down = min(value, self._flow(values, start, end))
        return value - down, value + up

    def on_ways_round(self, table: Table, hidden: Collection[Key]) -> set[Key]:
        """Hidden cells on a way round of hidden cells above zero: all of these can rise and fall,
        so none is known exactly. (The arcs that are no bridges; R. Tarjan, 1974.)"""
        near: dict[Node, list[tuple[Node, Key]]] = defaultdict(list)
        able = {key for key in hidden if table.cells[key].value > 0}
        for key in sorted(able):
            one, other = self.ends[key]
            near[one].append((other, key))
            near[other].append((one, key))
        if self.work is not None:
            self.work.spend(len(able) + 1)
        return able - _bridges(near)

    def _flow(self, values: Mapping[Key, Decimal], source: Node, sink: Node) -> Decimal:
        """The most that can go from ``source`` to ``sink`` over the arcs of ``values``."""
        if source == sink:
            return ENDLESS
        room: dict[Node, dict[Node, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
        for key, value in values.items():
            tail, head = self.ends[key]
            room[tail][head] = ENDLESS
            room[head][tail] += value
        total = Decimal(0)
        while path := self._searched(room, source, sink, len(values)):
            steps = list(pairwise(path))
            least = min(room[a][b] for a, b in steps)
            if least == ENDLESS:
                return ENDLESS
            total += least
            for a, b in steps:
                room[a][b] -= least
                room[b][a] += least
        return total

    def _searched(
        self, room: Mapping[Node, Mapping[Node, Decimal]], source: Node, sink: Node, arcs: int
    ) -> list[Node] | None:
        if self.work is not None:
            self.work.spend(arcs + 1)
        return _shortest(room, source, sink)

    def cheapest(
        self,
        key: Key,
        rises: bool,
        cost: Callable[[Key], Decimal | None],
        room: Callable[[Key, bool], bool],
    ) -> list[Key] | None:
        """The cells on the cheapest way round that lets ``key`` rise (or fall), itself left out.

        ``cost`` is None for a cell that may not be used, ``room`` says whether one can move so far.
        """
        if self.work is not None:
            self.work.spend(len(self.ends))
        tail, head = self.ends[key]
        source, sink = (head, tail) if rises else (tail, head)
        if source == sink:
            return []
        around: dict[Node, list[tuple[Node, Key, Decimal]]] = defaultdict(list)
        for other, (a, b) in self.ends.items():
            price = None if other == key else cost(other)
            if price is None:
                continue
            if room(other, True):
                around[a].append((b, other, price))
            if room(other, False):
                around[b].append((a, other, price))
        return _way(around, source, sink)


def _shortest(
    room: Mapping[Node, Mapping[Node, Decimal]], source: Node, sink: Node
) -> list[Node] | None:
    before: dict[Node, Node] = {source: source}
    waiting = deque([source])
    while waiting:
        at = waiting.popleft()
        if at == sink:
            path = [sink]
            while path[-1] != source:
                path.append(before[path[-1]])
            return path[::-1]
        for to, left in list(room.get(at, {}).items()):
            if left > 0 and to not in before:
                before[to] = at
                waiting.append(to)
    return None


def _bridges(near: Mapping[Node, list[tuple[Node, Key]]]) -> set[Key]:
    """The arcs without which their ends would not hang together."""
    place: dict[Node, int] = {}
    lowest: dict[Node, int] = {}
    found: set[Key] = set()
    for root in near:
        if root in place:
            continue
        place[root] = lowest[root] = len(place)
        above: list[tuple[Node, Key | None, Iterator[tuple[Node, Key]]]] = [
            (root, None, iter(near[root]))
        ]
        while above:
            at, came, rest = above[-1]
            to, key = next(rest, (at, None))
            if key is None:
                above.pop()
                if above and came is not None:
                    upper = above[-1][0]
                    lowest[upper] = min(lowest[upper], lowest[at])
                    if lowest[at] > place[upper]:
                        found.add(came)
            elif key != came and to in place:
                lowest[at] = min(lowest[at], place[to])
            elif key != came:
                place[to] = lowest[to] = len(place)
                above.append((to, key, iter(near[to])))
    return found


def _way(
    around: Mapping[Node, list[tuple[Node, Key, Decimal]]], source: Node, sink: Node
) -> list[Key] | None:
    best = {source: Decimal(0)}
    came: dict[Node, tuple[Node, Key]] = {}
    waiting = [(Decimal(0), source)]
    while waiting:
        price, at = heapq.heappop(waiting)
        if at == sink:
            found = []
            while at != source:
                at, key = came[at]
                found.append(key)
            return found
        if price > best[at]:
            continue
        for to, key, more in around.get(at, ()):
            if price + more < best.get(to, ENDLESS):
                best[to], came[to] = price + more, (at, key)
                heapq.heappush(waiting, (price + more, to))
    return None
