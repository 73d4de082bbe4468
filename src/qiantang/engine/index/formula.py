"""A formula over the children of a group, such as ``0.5 * mean() + 0.5 * min()``.

Only arithmetic, the children's codes (in quotes where they are no plain names) and a few functions;
nothing else of the language can be reached. A function without arguments takes all children that
are there; ``mean()`` weighs them.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, Final, NoReturn

import numpy as np

from qiantang.engine.index.data import Floats
from qiantang.engine.index.errors import RecipeInvalid, ValueForbids
from qiantang.engine.index.group import Group
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

LONGEST: Final = 300
LARGEST: Final = 1e15
RIVALS: Final = 5
BINARY: Final[Mapping[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.Pow: operator.pow,
}  # fmt: skip
Fold = Callable[[Floats, Floats], Floats]


class Formula:
    """A formula that was read. Raises `RecipeInvalid` with ``key`` for what it may not say."""

    def __init__(self, text: str, key: str = "aggregate.formula", file: str = "") -> None:
        self.text, self.key, self.place = text, key, Place(file=file or None)
        try:
            if not text.strip() or len(text) > LONGEST:
                self._refuse(text[:40] or '""')
            self.tree = _parsed(text.strip())
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self._refuse(text[:40])
        for node in ast.walk(self.tree):
            self._check(node)

    def of(self, group: Group) -> Floats:
        """``[row]``. A child that is missing makes what names it missing; raises `ValueForbids` for
        a row that has no finite result."""
        with np.errstate(all="ignore"):
            found = self._value(self.tree, group)
        found = np.broadcast_to(np.asarray(found, dtype=float), group.values.shape[:1])
        named = [n for n in map(_code, ast.walk(self.tree)) if n in group.children]
        known = ~np.isnan(group.values[:, [group.children.index(n) for n in named]]).any(axis=1)
        lost = np.flatnonzero(known & ~np.isnan(group.values).all(axis=1) & ~np.isfinite(found))
        if lost.size:
            raise ValueForbids(
                method=Text("公式", "The formula"), unit=group.units[int(lost[0])],
                column=group.code, found=self.text,
                expected=Text("请避免除以 0 或对负数开方。",
                              "Do not divide by 0 or take roots of negatives."),
            )  # fmt: skip
        return np.where(np.isfinite(found), found, np.nan)

    def _value(self, node: ast.AST, group: Group) -> Any:
        if isinstance(node, ast.BinOp):
            left, right = self._value(node.left, group), self._value(node.right, group)
            return BINARY[type(node.op)](np.asarray(left, float), right)
        if isinstance(node, ast.UnaryOp):
            return -self._value(node.operand, group)
        if isinstance(node, ast.Call):
            return self._called(node, group)
        code = _code(node)
        if code is None:
            assert isinstance(node, ast.Constant)
            return node.value
        if code not in group.children:
            self._refuse(code, ", ".join(group.children))
        return group.values[:, group.children.index(code)]

    def _called(self, node: ast.Call, group: Group) -> Floats:
        fold = FOLDS[str(_code(node.func))]
        if not node.args:
            return fold(group.values, group.weights)
        each = [np.broadcast_to(self._value(a, group), group.values.shape[:1]) for a in node.args]
        return fold(np.stack(each, axis=1), np.full(len(each), 1 / len(each)))

    def _check(self, node: ast.AST) -> None:
        """Every part must be one of the few that a formula may have."""
        fine = isinstance(node, ast.BinOp) and type(node.op) in BINARY
        fine |= isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub)
        fine |= isinstance(node, ast.Name | ast.Load | ast.operator | ast.unaryop)
        if isinstance(node, ast.Constant):
            fine = isinstance(node.value, str)
            if isinstance(node.value, int | float) and not isinstance(node.value, bool):
                fine = abs(node.value) <= LARGEST
        if isinstance(node, ast.Call):
            fine = _code(node.func) in FOLDS and not node.keywords
        if not fine:
            self._refuse(ast.unparse(node) if isinstance(node, ast.expr) else self.text[:40])

    def _refuse(self, found: str, expected: str = "") -> NoReturn:
        raise RecipeInvalid(
            place=self.place, key=self.key, found=found,
            reason=Text("公式看不懂", "the formula is not understood"),
            expected=expected or f"0.5 * mean() + 0.5 * min(); {', '.join(FOLDS)}; + - * / **",
        )  # fmt: skip


def _parsed(text: str) -> ast.expr:
    # CPython 3.11 counts the depth of all threads' trees in one place: a thread that makes one at
    # the same moment can end this with a SystemError that says nothing of the text.
    for _ in range(RIVALS):
        with suppress(SystemError):
            return ast.parse(text, mode="eval").body
    return ast.parse(text, mode="eval").body


def _code(node: ast.AST) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _over(fold: Callable[..., Floats], values: Floats, weights: Floats, empty: float) -> Floats:
    there = ~np.isnan(values)
    found = fold(np.where(there, values, empty), axis=1)
    return np.where(there.any(axis=1), found, np.nan)


def _mean(values: Floats, weights: Floats) -> Floats:
    there = ~np.isnan(values)
    return np.asarray(np.where(there, values, 0.0) @ weights / (there @ weights))


def _sd(values: Floats, weights: Floats) -> Floats:
    apart = (values - _mean(values, weights)[:, None]) ** 2
    return np.sqrt(_mean(apart, weights))


def _median(values: Floats, weights: Floats) -> Floats:
    return np.array([np.median(row[~np.isnan(row)]) if not np.isnan(row).all() else np.nan
                     for row in values])  # fmt: skip


FOLDS: Final[Mapping[str, Fold]] = {
    "mean": _mean, "sd": _sd, "median": _median,
    "min": partial(_over, np.min, empty=np.inf), "max": partial(_over, np.max, empty=-np.inf),
    "sum": partial(_over, np.sum, empty=0.0), "product": partial(_over, np.prod, empty=1.0),
}  # fmt: skip
