"""Is a code known, and was it in force on the day of its row? For whole columns."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date
from typing import Final

import polars as pl

from qiantang.engine.quality.cleaning.cleaned import by_distinct
from qiantang.packkit.compiled import Code, CodeList

MOST_OF_A_NAME: Final = 3
"""A name that more codes share says nothing of which is meant."""
MOST_SUGGESTED: Final = 500
"""Distinct wrong codes of a batch for which the nearest right one is looked up."""


class CodesInForce:
    """A code list laid out for look-ups: for each code the days it was in force, in slots."""

    def __init__(self, listed: CodeList) -> None:
        self.id = f"{listed.pack}.{listed.id}" if listed.pack else listed.id
        spans: dict[str, list[tuple[date, date]]] = {}
        for code in listed.codes:
            span = (code.valid_from or date.min, code.valid_to or date.max)
            spans.setdefault(code.code, []).append(span)
        self._spans = spans
        self._names = {code.name.zh: code for code in listed.codes}
        self._labels: dict[str, list[str]] = {}
        for code in listed.codes:
            for name in {code.name.zh.casefold(), code.name.en.casefold()}:
                known = self._labels.setdefault(name, [])
                if code.code not in known:
                    known.append(code.code)
        self._called = frozenset(n for c in listed.codes for n in (c.name.zh, c.name.en))
        self.codes: Final = frozenset(spans)
        self._column = pl.Series("code", list(spans), dtype=pl.String)
        self._members = self._column.implode()
        self._slots = tuple(_slots(spans.values()))

    @property
    def names(self) -> frozenset[str]:
        """What the codes are called, in both languages."""
        return self._called

    def code_of(self, name: str) -> str | None:
        """The one code of this name; None for no name, and for one that more codes share."""
        codes = self._labels.get(name.casefold(), ())
        return codes[0] if len(codes) == 1 else None

    def by_name(self, values: pl.Series) -> pl.Series:
        """The values with names in place of codes brought to their codes; others as they are."""
        rows = self.unknown(values).fill_null(value=False).arg_true()
        if not rows.len():
            return values
        strange = values.gather(rows)
        return values.scatter(rows, by_distinct(strange, lambda text: self.code_of(text) or text))

    def unknown(self, codes: pl.Series) -> pl.Series:
        """Which values are no code of the list at all."""
        return codes.is_not_null() & ~codes.is_in(self._members)

    def out_of_force(self, codes: pl.Series, days: pl.Series | date) -> pl.Series:
        """Which known codes were not in force on their day; an unknown day passes."""
        if isinstance(days, date):
            valid = [code for code, spans in self._spans.items() if _covers(spans, days)]
            return codes.is_in(self._members) & ~codes.is_in(valid)
        places = pl.int_range(self._column.len(), eager=True, dtype=pl.UInt32)
        at = codes.replace_strict(self._column, places, default=None, return_dtype=pl.UInt32)
        covered = pl.repeat(value=False, n=codes.len(), eager=True)
        for first, last in self._slots:
            covered |= ((days >= first.gather(at)) & (days <= last.gather(at))).fill_null(
                value=False
            )
        return at.is_not_null() & days.is_not_null() & ~covered

    def nearest(self, wrong: pl.Series) -> tuple[pl.Series, pl.Series]:
        """For wrong values, words in both languages that name the likely code."""
        distinct = wrong.unique().head(MOST_SUGGESTED)
        words = [self._words(value) for value in distinct]
        said = (pl.Series([pair[n] for pair in words], dtype=pl.String) for n in (0, 1))
        first, second = (
            wrong.replace_strict(distinct, words, default="", return_dtype=pl.String)
            for words in said
        )
        return first, second

    def _words(self, value: str) -> tuple[str, str]:
        """What is said of a wrong value: the codes that it is the name of, else a code like it."""
        codes = self._labels.get(value.casefold(), [])
        if 0 < len(codes) <= MOST_OF_A_NAME:
            zh, en = "、".join(codes), " or ".join(codes)
            return f"：“{value}”的代码是 {zh}", f': the code of "{value}" is {en}'
        near = None if codes else self._near(value)
        if near is None:
            return "", ""
        return f"，例如 {near.code}（{near.name.zh}）", f", such as {near.code} ({near.name.en})"

    def _near(self, value: str) -> Code | None:
        padded = next((c for c in (value.zfill(n) for n in range(2, 13)) if c in self.codes), "")
        close = [padded] if padded else difflib.get_close_matches(value, self.codes, 1, 0.7)
        return next((c for c in self._names.values() if close and c.code == close[0]), None)


def _covers(spans: Iterable[tuple[date, date]], day: date) -> bool:
    return any(first <= day <= last for first, last in spans)


def _slots(
    spans: Iterable[list[tuple[date, date]]],
) -> Iterable[tuple[pl.Series, pl.Series]]:
    """The n-th span of every code as two columns of days; a code with fewer has nulls there."""
    listed = list(spans)
    for place in range(max(map(len, listed), default=0)):
        own = [each[place] if place < len(each) else (None, None) for each in listed]
        yield tuple(pl.Series([pair[n] for pair in own], dtype=pl.Date) for n in (0, 1))  # type: ignore[misc]
