"""Conditions over the fields of one row, all of a resource's in one select over a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import duckdb
import polars as pl
import sqlglot
from sqlglot import exp

from qiantang.engine.lake.duck import Limits, interrupted_after, sealed
from qiantang.engine.quality.errors import CheckRefused
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Resource
from qiantang.packkit.conditions import look_at_condition

_DIALECT: Final = "duckdb"
_LIMITS: Final = Limits(memory="512MB", seconds=120.0)


class Conditions:
    """The checks of a resource with a condition; null passes, as the pack language says."""

    def __init__(self, resource: Resource, checks: Sequence[Check]) -> None:
        self.checks = tuple(check for check in checks if check.holds)
        known = {field.id.lower(): field.id for field in resource.fields}
        used: dict[str, None] = {}
        written = []
        for n, check in enumerate(self.checks):
            tree, columns = _sound(check, known)
            used |= dict.fromkeys(columns)
            written.append(f"({tree}) IS FALSE AS c{n}")
        self.columns = tuple(used)
        self._sql = f"SELECT {', '.join(written)} FROM batch"  # noqa: S608 - written from checked trees
        self._connection: duckdb.DuckDBPyConnection | None = None

    def failing(self, values: pl.DataFrame) -> list[tuple[Check, pl.Series]]:
        """Each check that fails anywhere, with the positions of the rows that fail."""
        if not self.checks or not values.height:
            return []
        answer = self._ask(values.select(self.columns) if self.columns else values)
        masks = [(check, answer[f"c{n}"]) for n, check in enumerate(self.checks)]
        return [(check, mask.arg_true()) for check, mask in masks if mask.any()]

    def _ask(self, values: pl.DataFrame) -> pl.DataFrame:
        if self._connection is None:
            self._connection = sealed(_LIMITS)
        try:
            self._connection.register("batch", values.to_arrow())
            with interrupted_after(self._connection, _LIMITS.seconds):
                answer = pl.from_arrow(self._connection.sql(self._sql).to_arrow_table())
        except duckdb.Error as wrong:
            names = ", ".join(check.id for check in self.checks)
            reason = Text("引擎无法执行", f"the engine could not run it ({type(wrong).__name__})")
            raise CheckRefused(check=names, found=reason) from wrong
        finally:
            self._connection.unregister("batch")
        assert isinstance(answer, pl.DataFrame)
        return answer


def _sound(check: Check, known: dict[str, str]) -> tuple[str, list[str]]:
    """The condition written anew from its tree, and the fields it uses."""
    seen = look_at_condition(check.holds)
    if seen.problem is not None:
        raise CheckRefused(check=check.id, found=seen.problem)
    unknown = [name for name in seen.columns if name not in known]
    if seen.refused or unknown:
        words = ", ".join((*seen.refused, *unknown))
        found = Text(f"不能使用 {words}", f"{words} cannot be used here")
        raise CheckRefused(check=check.id, found=found)
    select = sqlglot.parse_one(f"select {check.holds}", read=_DIALECT)
    tree = select.expressions[0].transform(_gently)
    return tree.sql(dialect=_DIALECT, comments=False), [known[name] for name in seen.columns]


def _gently(node: exp.Expr) -> exp.Expr:
    """A cast that fails gives null and so passes: the value's own rules speak of it."""
    if type(node) is exp.Cast:
        return exp.TryCast(**node.args)
    return node
