"""Counting while the batches pass: values filled in, values checked, failures, newest day."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Final

import polars as pl

from qiantang.engine.quality.checker import Checked, Checker, Failure
from qiantang.engine.quality.spoken import last_days, spoken_field
from qiantang.packkit.compiled import Dimension, Field


@dataclass(slots=True)
class Tally:
    """What the verdict is made of."""

    rows: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    checked: Counter[Dimension] = field(default_factory=Counter)
    failed: Counter[Dimension] = field(default_factory=Counter)
    rules: Counter[str] = field(default_factory=Counter)
    newest: date | None = None

    def add(self, checker: Checker, checked: Checked) -> None:
        """Count a batch."""
        height = checked.values.height
        self.rows += height
        for each in checker.fields:
            filled = height - checked.values[each.field.id].null_count()
            self.filled[each.field.id] += filled
            for dimension, rules in _rules_of(each.field).items():
                self.checked[dimension] += rules * filled
            if each.required:
                self.checked[Dimension.COMPLETENESS] += height
        for check in checker.conditions.checks:
            self.checked[check.dimension] += height
        for failure in checked.failures:
            self.fail(failure)
            if failure.rule.code in _UNREADABLE:
                self.checked[failure.rule.dimension] += failure.rows.len()
        self._newest(checker, checked.values)

    def unread(self, failure: Failure) -> None:
        """Count rows that no other rule could be asked of."""
        self.rows += failure.rows.len()
        self.checked[failure.rule.dimension] += failure.rows.len()
        self.fail(failure)

    def fail(self, failure: Failure) -> None:
        """Count failures that are found after the batches."""
        count = failure.rows.len()
        self.failed[failure.rule.dimension] += count
        self.rules[failure.rule.id] += count

    def _newest(self, checker: Checker, values: pl.DataFrame) -> None:
        spoken = spoken_field(checker.resource)
        if spoken is None:
            return
        days = last_days(values[spoken.id])
        latest = days.filter(days <= checker.on).max()
        if isinstance(latest, date):
            self.newest = max(self.newest or latest, latest)


_UNREADABLE: Final = frozenset(
    {"not_a_number", "figure_marked", "not_whole", "too_many_places", "digits_not_kept",
     "number_too_large", "unit_unfit", "excel_error", "formula", "digits_lost", "not_a_date",
     "not_a_moment", "date_too_coarse", "date_two_digit_year", "date_ambiguous", "date_serial",
     "date_has_time", "not_a_period", "period_is_week", "not_a_boolean", "id_form",
     "id_check_digit", "id_birth_date", "id_division"}
)  # fmt: skip
"""Codes after which the value is null, so that it was not counted among the filled ones."""


def _rules_of(field: Field) -> dict[Dimension, int]:
    """How many rules of each dimension every value of a field is held against."""
    accuracy = (field.minimum is not None or field.maximum is not None) + bool(field.identifier)
    consistency = bool(field.reference) + bool(field.in_force_on) + len(field.agrees) + field.unique
    return {
        Dimension.NORMATIVITY: 1,
        Dimension.ACCURACY: int(accuracy),
        Dimension.CONSISTENCY: int(consistency),
    }
