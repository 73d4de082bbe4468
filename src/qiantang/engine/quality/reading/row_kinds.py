"""Which rows are data and which are titles, headings, blanks, totals or footnotes.

Only what cannot be data is left out. A row that begins like a total or a note and gives its key is
data: a project may be called Total. Without a key it is left out where a value is missing that no
row can be without, or where nothing but such rows follows it; where the word is the key, by what
`Subtotals` says. Words alone in a row at the table's end: by what `LoneRows` says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from qiantang.engine.quality.reading.lone_rows import LABELLED, LONE, LoneRows
from qiantang.engine.quality.reading.recipe import Recipe
from qiantang.engine.quality.reading.subtotals import Subtotals
from qiantang.engine.quality.reading.tables import ROW, SHORT
from qiantang.engine.quality.reading.words import (
    FOOTNOTE,
    MAY_BE_FOOT,
    MAYBE_TOTAL,
    NAMED_TOTAL,
    ORDINALS,
    SUBTOTAL,
    TOTAL,
    TOTAL_ALONE,
    bare,
)
from qiantang.packkit.compiled import Field, Resource

KIND = "_kind"
IF_LAST = "_if_last"
"""What a row is if no data follows it; null for data that is data anywhere."""
_NAMED: Final = f"{NAMED_TOTAL}|{MAYBE_TOTAL}"
_VISIBLE: Final = r"[^\s\u{3000}\u{200b}\u{feff}]"
LONGEST_FOOT: Final = 1000
"""So many rows can be the foot of a table; more of them are its body."""


class RowKinds:
    """Tells the rows of one recipe's frames apart."""

    def __init__(self, recipe: Recipe, resource: Resource) -> None:
        self.recipe = recipe
        self.cells = [f"c{i}" for i in range(max(recipe.width, 1))]
        self.foot = _Foot()
        self.lone = LoneRows(recipe, resource, self.cells)
        words = "|".join(re.escape(w) for w in recipe.footer_words if w)
        self.own = rf"^\s*(?:{words})" if words else ""
        self.repeat = [
            (f"c{c.position}", c.source) for c in recipe.columns if c.source and "/" not in c.source
        ]
        at = {c.field: c.position for c in recipe.columns if c.field}
        self.key = [at[name] for name in resource.grain if name in at]
        self.subtotals = Subtotals(recipe, resource)
        self.label = self._label(at, resource)
        numbered = {f"c{c.position}" for c in recipe.columns if bare(c.source) in ORDINALS}
        self.words = [c for c in self.cells if c not in numbered] or self.cells
        self.listed = {f"c{at[f.id]}" for f in resource.fields if f.id in at and _is_listed(f)}
        self.parts = [f"c{p}" for p in self.key if len(resource.grain) > 1]
        self.parts = [c for c in self.parts if c not in self.listed]
        needed = {*resource.grain, *(f.id for f in resource.fields if f.required)}
        self.needed = [f"c{at[name]}" for name in sorted(needed) if name in at]

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame | None]:
        """The data rows known so far, and the others with their kind in ``_kind`` (None when
        there are none). Rows that may end the table wait for the next frame, or for `ending`."""
        if self.recipe.keyed:
            return frame, None
        marked = self._marked(frame)
        others = marked.filter(pl.col(KIND).is_not_null()).drop(IF_LAST)
        data = marked.filter(pl.col(KIND).is_null()) if others.height else marked
        passed = self.foot.passed(data.drop(KIND))
        self.lone.pass_by(passed)
        return passed, others if others.height else None

    def ending(self) -> tuple[pl.DataFrame | None, pl.DataFrame | None]:
        """The rows that waited when the table ended: those that are data after all, and the others
        with their kind."""
        rows = self.foot.ended()
        if rows is None:
            return None, None
        until = self._data_until(rows)
        data, others = rows.head(until).drop(KIND), rows.slice(until)
        others = others.with_columns(pl.col(KIND).replace([LONE, LABELLED], "footnote"))
        last = set(others[ROW])
        self.subtotals.unlike = [n for n in self.subtotals.unlike if n not in last]
        return data if until else None, others if others.height else None

    def _data_until(self, foot: pl.DataFrame) -> int:
        """How many of the last rows are data: all up to the last lone one that is no note."""
        until = 0
        for at, row in enumerate(foot.iter_rows(named=True)):
            lone = row[KIND] == LONE
            others = self.lone.others(row) if lone or row[KIND] == LABELLED else 2
            self.lone.cut = row[ROW] if lone and others > 1 and row.get(SHORT) else 0
            if others < (2 if lone else 1):
                until = at + 1
            if lone and others == 1:
                self.lone.kept.append(row[ROW])
        return until

    def _label(self, at: Mapping[str, int], resource: Resource) -> str:
        """The column of the only key, where any words may stand in it; "" else."""
        key = resource.field(resource.grain[0]) if len(resource.grain) == 1 else None
        return f"c{at[key.id]}" if key and not _is_listed(key) and key.id in at else ""

    def _marked(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame with what each row is, asked of those alone that may be anything but data."""
        at = frame.select(self._may_be_other()).to_series().arg_true()
        some = frame[at].with_columns(self._kind(frame), self._if_last())
        none = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
        kinds = [_scattered(none, at, some[name]) for name in (KIND, IF_LAST)]
        marked = frame.with_columns(kinds)
        if not self.recipe.skip_totals:
            return marked
        # Totals though no value of theirs is missing.
        called = some.select(*self._called())
        sure = pl.repeat(value=False, n=frame.height, eager=True)
        told = pl.DataFrame(
            {
                "data": marked[KIND].is_null(),
                "label": _scattered(none, at, called["label"]),
                "sure": _scattered(sure, at, called["sure"]),
            }
        )
        totals = self.subtotals.totals(marked, told)
        if not totals.any():
            return marked
        return marked.with_columns(
            pl.when(totals).then(pl.lit("total")).otherwise(pl.col(KIND)).alias(KIND)
        )

    def _may_be_other(self) -> pl.Expr:
        """Rows that are not told at a glance: a superset of those that are not plain data."""
        lead = pl.col(self.cells[0])
        label = self.label or self.cells[0]
        words = dict.fromkeys((self.cells[0], self.words[0], label, *self.parts))
        filled = pl.sum_horizontal(pl.col(c).is_not_null() for c in self.cells)
        may = [
            pl.col(ROW) < self.recipe.data_first,
            ~lead.str.contains(_VISIBLE),
            filled <= 1,
            *(pl.col(c).is_null() | pl.col(c).str.contains(MAY_BE_FOOT) for c in words),
        ]
        may += [lead.str.contains(self.own)] if self.own else []
        may += [pl.col(c) == name for c, name in self.repeat[:1]]
        return pl.any_horizontal(each.fill_null(value=True) for each in may)

    def _called(self) -> tuple[pl.Expr, pl.Expr]:
        """By what name of a total a row is called, if it is, and whether nothing else is so."""
        key = pl.col(self.label) if self.label else pl.lit(None, pl.String)
        free = ~self._keyed()
        called: Any = pl.when(free & self._first().str.contains(TOTAL)).then(self._first())
        called = called.when(free & self._name().str.contains(_NAMED)).then(self._name())
        called = called.when(key.str.contains(f"{TOTAL}|{_NAMED}")).then(key)
        for part in map(pl.col, self.parts):
            called = called.when(part.str.contains(SUBTOTAL)).then(part)
        data = pl.col(KIND).is_null()
        label = pl.when(data).then(called.otherwise(pl.lit(None, pl.String)))
        sure = (data & key.str.contains(TOTAL_ALONE)).fill_null(value=False)
        return label.alias("label"), sure.alias("sure")

    def _kind(self, frame: pl.DataFrame) -> pl.Expr:
        recipe = self.recipe
        kind: Any = pl.when(pl.lit(value=False)).then(pl.lit(""))
        if recipe.header_first and frame.height and frame[ROW][0] < recipe.data_first:
            kind = kind.when(pl.col(ROW) < recipe.header_first).then(pl.lit("title"))
            kind = kind.when(pl.col(ROW) < recipe.data_first).then(pl.lit("heading"))
        kind = kind.when(self._blank()).then(pl.lit("blank"))
        if recipe.skip_totals and self.key:
            lacking = pl.any_horizontal(pl.col(c).is_null() for c in self.needed)
            spoken = self._spoken()
            spoken["total"] |= self._first().str.contains(NAMED_TOTAL)
            for name, found in spoken.items():
                kind = kind.when(found & lacking & ~self._keyed()).then(pl.lit(name))
        if recipe.header_first and len(self.repeat) > 1:
            same = pl.all_horizontal(pl.col(c) == n for c, n in self.repeat)
            kind = kind.when(same).then(pl.lit("heading-again"))
        result: pl.Expr = kind.otherwise(pl.lit(None, pl.String)).alias(KIND)
        return result

    def _if_last(self) -> pl.Expr:
        kind: Any = pl.when(pl.lit(value=False)).then(pl.lit(""))
        if self.own:
            kind = kind.when(pl.coalesce(self.cells).str.contains(self.own)).then(
                pl.lit("footnote")
            )
        if self.recipe.skip_totals:
            for name, found in self._spoken().items():
                kind = kind.when(found & ~self._keyed()).then(pl.lit(name))
            kind = kind.when(self.lone.looks_so()).then(pl.lit(LONE))
            kind = kind.when(self.lone.labelled()).then(pl.lit(LABELLED))
        result: pl.Expr = kind.otherwise(pl.lit(None, pl.String)).alias(IF_LAST)
        return result

    def _first(self) -> pl.Expr:
        """The first filled cell that does not number the row."""
        return pl.coalesce(self.words)

    def _name(self) -> pl.Expr:
        """The same, where any words may stand in it; "" in a column of codes or listed values."""
        return pl.coalesce(
            pl.when(pl.col(c).is_not_null()).then(pl.lit("")) if c in self.listed else c
            for c in self.words
        )

    def _spoken(self) -> dict[str, pl.Expr]:
        """Rows that begin with the words of totals and of notes."""
        lead = pl.coalesce(self.cells)
        filled = pl.sum_horizontal(pl.col(c).is_not_null() for c in self.cells)
        few = filled <= max(2, len(self.cells) // 2)
        return {"total": lead.str.contains(TOTAL), "footnote": lead.str.contains(FOOTNOTE) & few}

    def _keyed(self) -> pl.Expr:
        """Rows with the whole key, of which the words that they begin with are no part."""
        before = [f"c{i}" for i in range(min(self.key, default=0))]
        if not before:
            return pl.lit(value=False)
        led = pl.any_horizontal(pl.col(c).is_not_null() for c in before)
        return led & pl.all_horizontal(pl.col(f"c{i}").is_not_null() for i in self.key)

    def _blank(self) -> pl.Expr:
        return pl.all_horizontal(
            pl.col(c).is_null() | ~pl.col(c).str.contains(_VISIBLE) for c in self.cells
        )


def _scattered(column: pl.Series, at: pl.Series, values: pl.Series) -> pl.Series:
    """The column with ``values`` at the positions ``at``, under their name."""
    return column.clone().scatter(at, values).alias(values.name)


def _is_listed(field: Field) -> bool:
    return bool(field.values or field.codes or field.reference)


class _Foot:
    """Holds back the rows that are the foot of the table unless data follows them."""

    def __init__(self) -> None:
        self._waiting: pl.DataFrame | None = None

    def passed(self, data: pl.DataFrame) -> pl.DataFrame:
        """What is data by now: all up to the last row that is data anywhere."""
        if self._waiting is None and data[IF_LAST].null_count() == data.height:
            return data.drop(IF_LAST)
        rows = data if self._waiting is None else pl.concat([self._waiting, data])
        sure = rows[IF_LAST].is_null().arg_true()
        until = int(sure[-1]) + 1 if sure.len() else 0
        if rows.height - until > LONGEST_FOOT:
            until = rows.height
        self._waiting = rows.slice(until) if until < rows.height else None
        return rows.head(until).drop(IF_LAST)

    def ended(self) -> pl.DataFrame | None:
        rows, self._waiting = self._waiting, None
        return None if rows is None else rows.rename({IF_LAST: KIND})
