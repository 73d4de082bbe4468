"""Records go in as they come, cells come out with their reasons, rules are read from a line."""

from __future__ import annotations

from decimal import Decimal

import pytest

from qiantang.engine.disclosure import (
    Rules,
    Why,
    contributions,
    lines_of,
    publish,
    rules_of,
    rules_told,
    table_of,
)
from qiantang.engine.disclosure.errors import NamesTheReporter, NotANumber, RulesMalformed

RECORDS = [
    {"firm": "A", "city": "h", "revenue": "1,200"},
    {"firm": "B", "city": "h", "revenue": 1100},
    {"firm": "C", "city": "h", "revenue": Decimal(1000)},
    {"firm": "D", "city": "n", "revenue": "900"},
    {"firm": "E", "city": "", "revenue": "800"},
    {"firm": "", "city": "", "revenue": "700"},
    {"firm": "", "city": "", "revenue": "600"},
    {"firm": "F", "city": "n", "revenue": ""},
]


def test_records_are_added_up_with_the_reason_of_every_cell_left_out() -> None:
    given = contributions(RECORDS, rows="city", reporter="firm", value="revenue")
    lines = lines_of(publish(table_of(given), Rules()))
    (h,), (n,), (unnamed,), (total,) = lines
    assert (h.row, h.column, h.value, h.suppressed) == ("h", None, 3300, None)
    assert n.as_json() == {
        "row": "n", "column": None, "value": None, "suppressed": "few_reporters",
    }  # fmt: skip
    # The cheapest cell that keeps the single reporter's from being computed; two records without a
    # reporter are two reporters.
    assert (unnamed.row, unnamed.value, unnamed.suppressed) == ("—", None, Why.SECONDARY)
    assert (total.row, total.value, total.suppressed) == (None, 6300, None)


def test_without_a_value_records_are_counted() -> None:
    given = list(contributions(RECORDS, rows="city", reporter="firm"))
    assert len(given) == 8
    assert {c.value for c in given} == {1}


@pytest.mark.parametrize("value", ["many", "nan", "inf"])
def test_what_is_no_number_is_told_with_its_record(value: str) -> None:
    records = [*RECORDS, {"firm": "G", "city": "h", "revenue": value}]
    with pytest.raises(NotANumber) as refused:
        list(contributions(records, rows="city", reporter="firm", value="revenue"))
    assert refused.value.fields["row"] == 9


@pytest.mark.parametrize("names", [{"rows": "firm"}, {"rows": "city", "columns": "firm"}])
def test_the_reporter_is_never_a_row_or_column(names: dict[str, str]) -> None:
    with pytest.raises(NamesTheReporter):
        list(contributions(RECORDS, reporter="firm", **names))


def test_rules_are_read_from_a_line_and_told_as_plain_values() -> None:
    rules = rules_of("minimum=5, dominance=2:0.7, p=0.15")
    assert rules == Rules(5, (2, Decimal("0.7")), Decimal("0.15"))
    assert rules_told(rules) == {"minimum": 5, "dominance": [2, 0.7], "p": 0.15, "doubt": 0.1}
    assert rules_of("minimum=4") == Rules(4)


@pytest.mark.parametrize(
    "text",
    ["minimum", "minimum=x", "minimum=0", "dominance=0.8", "dominance=1:2", "p=nan", "p=inf",
     "p=10%", "largest=1", "minimum=3,minimum=4"],
)  # fmt: skip
def test_rules_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(RulesMalformed):
        rules_of(text)
