"""The tree of an index: indicators under aggregates, to any depth, up to one index.

Levels are counted from the indicators (1) to the index; an indicator or group may hang directly
under a higher level. Terms: OECD/JRC Handbook on Constructing Composite Indicators (2008).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NoReturn

from qiantang.engine.index.errors import StructureBroken
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text


@dataclass(frozen=True, slots=True)
class Element:
    """An indicator (level 1) or an aggregate. ``direction`` is 1 when more is better, else -1."""

    code: str
    name: str
    level: int
    parent: str = ""
    weight: float = 1.0
    direction: int = 1
    unit: str = ""
    target: float = math.nan
    denominator: str = ""
    row: int | None = None


@dataclass(frozen=True)
class Structure:
    """A checked tree. ``size_columns`` may divide indicators, ``group_columns`` compare units."""

    elements: tuple[Element, ...]
    size_columns: tuple[str, ...] = ()
    group_columns: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check(self.elements, self.file)

    @cached_property
    def by_code(self) -> Mapping[str, Element]:
        return {e.code: e for e in self.elements}

    @cached_property
    def indicators(self) -> tuple[Element, ...]:
        return tuple(e for e in self.elements if e.level == 1)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """Codes of the indicators, in order."""
        return tuple(e.code for e in self.indicators)

    @cached_property
    def aggregates(self) -> tuple[Element, ...]:
        """Aggregates, children always before their parents."""
        return tuple(sorted((e for e in self.elements if e.level > 1), key=lambda e: e.level))

    @cached_property
    def root(self) -> Element:
        return max(self.elements, key=lambda e: e.level)

    @cached_property
    def _children(self) -> Mapping[str, tuple[Element, ...]]:
        found: dict[str, list[Element]] = {}
        for each in self.elements:
            if each.parent:
                found.setdefault(each.parent, []).append(each)
        return {parent: tuple(each) for parent, each in found.items()}

    def children(self, code: str) -> tuple[Element, ...]:
        return self._children.get(code, ())

    def under(self, code: str) -> tuple[str, ...]:
        """Codes of all indicators below an element (of itself, when it is one)."""
        own = self.children(code)
        if not own:
            return (code,)
        return tuple(leaf for child in own for leaf in self.under(child.code))

    def path(self, code: str) -> tuple[str, ...]:
        """From the element up to the index."""
        parent = self.by_code[code].parent
        return (code, *self.path(parent)) if parent else (code,)


def _check(elements: Iterable[Element], file: str) -> None:
    known: dict[str, Element] = {}
    for each in elements:
        if each.code in known:
            _refuse(each, "iCode", file, Text("编码重复", "the code occurs twice"),
                    Text("每个编码只出现一次", "each code once"))  # fmt: skip
        known[each.code] = each
    roots = [e for e in known.values() if not e.parent]
    if known and not roots:
        for each in known.values():
            _check_place(each, known, file)
    if len(roots) != 1:
        first = roots[1] if roots else next(iter(known.values()), Element("", "", 1))
        names = ", ".join(e.code for e in roots) or "-"
        _refuse(first, "Parent", file, Text(f"顶层元素应只有一个，现有：{names}", f"tops: {names}"),
                Text("只有一个元素没有上级", "exactly one element without a parent"))  # fmt: skip
    for each in known.values():
        _check_place(each, known, file)
    childless = {e.code for e in known.values()} - {e.parent for e in known.values()}
    for each in known.values():
        if each.level > 1 and each.code in childless:
            _refuse(each, "iCode", file, Text("没有下级", "it has nothing below it"),
                    Text("聚合元素至少有一个下级", "at least one child"))  # fmt: skip
        _check_direction(each, file)
        if not math.isfinite(each.weight) or each.weight < 0:
            _refuse(each, "Weight", file, Text(f"权重为 {each.weight}", f"weight is {each.weight}"),
                    Text("不小于 0 的数值", "a number of 0 or more"))  # fmt: skip


def _check_direction(each: Element, file: str) -> None:
    """A group has the direction of its scores: more is better. Turning is for indicators."""
    said = Text(f"方向为 {each.direction}", f"direction is {each.direction}")
    if each.direction not in (1, -1):
        _refuse(each, "Direction", file, said,
                Text("1（越大越好）或 -1（越小越好）", "1 (more is better) or -1"))  # fmt: skip
    if each.direction != 1 and each.level > 1:
        _refuse(each, "Direction", file, said,
                Text("聚合元素的方向为 1；请把 -1 写在它的指标上",
                     "1 for an aggregate; give -1 to its indicators"))  # fmt: skip


def _check_place(each: Element, known: Mapping[str, Element], file: str) -> None:
    if not each.parent:
        return
    above = known.get(each.parent)
    if above is None:
        _refuse(each, "Parent", file,
                Text(f"没有上级“{each.parent}”", f'parent "{each.parent}" is unknown'),
                Text("结构表中的一个编码", "a code of the structure table"))  # fmt: skip
    seen, here = {each.code}, above
    while here.parent:
        if here.code in seen:
            _refuse(each, "Parent", file, Text("上下级形成循环", "its parents form a cycle"),
                    Text("沿上级最终到达顶层", "parents that lead to the top"))  # fmt: skip
        seen.add(here.code)
        if here.parent not in known:
            return
        here = known[here.parent]
    if above.level <= each.level:
        _refuse(each, "Level", file, Text(f"层级 {each.level} 不低于上级的 {above.level}",
                                 f"level {each.level} is not below its parent's {above.level}"),
                Text("层级逐级增大", "levels that grow towards the index"))  # fmt: skip


def _refuse(each: Element, column: str, file: str, reason: Text, expected: Text) -> NoReturn:
    told = column if each.row is not None else None
    raise StructureBroken(
        place=Place(file=file or None, row=each.row, column=told), found=each.code, reason=reason,
        expected=expected,
    )  # fmt: skip
