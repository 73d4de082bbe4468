"""What may be published of unit records: hand-made tables, and the property that nothing leaks."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.disclosure import (
    Contribution,
    Published,
    Rules,
    Table,
    Why,
    audit,
    publish,
    suppressing,
    table_of,
)
from qiantang.engine.disclosure.errors import NegativeContribution, RulesMalformed, TableTooLarge
from qiantang.engine.disclosure.network import ENDLESS, Lines, Work
from qiantang.engine.disclosure.rules import judge
from qiantang.engine.disclosure.tables import Cell, Key

MANY = ("10", "10", "10", "10")


def made(cells: dict[tuple[str, str], Iterable[str]]) -> Table:
    """A table of cells given as the values of their reporters."""
    return table_of(
        Contribution(row, column, f"{row}{column}{n}", Decimal(value))
        for (row, column), values in cells.items()
        for n, value in enumerate(values)
    )


def leaks(found: Published, rules: Rules) -> list[Key]:
    judged = {k: s for k, c in found.table.cells.items() if (s := judge(c, rules)) is not None}
    return [leak.cell for leak in audit(found.table, judged, set(found.suppressed))]


def cell(*shares: str) -> Cell:
    values = tuple(Decimal(s) for s in shares)
    return Cell(sum(values, Decimal(0)), values)


@pytest.mark.parametrize(
    ("shares", "rules", "why"),
    [
        (("5", "4"), Rules(minimum=3), Why.FEW_REPORTERS),
        (("5", "4", "3"), Rules(minimum=3), None),
        (("90", "5", "5"), Rules(dominance=(1, Decimal("0.85"))), Why.DOMINANCE),
        (("85", "10", "5"), Rules(dominance=(1, Decimal("0.85"))), None),
        (("50", "45", "5"), Rules(dominance=(2, Decimal("0.9"))), Why.DOMINANCE),
        (("100", "50", "9"), Rules(p=Decimal("0.1")), Why.P_PERCENT),
        (("100", "50", "10"), Rules(p=Decimal("0.1")), None),
        (("0", "0"), Rules(minimum=3), None),
        ((), Rules(minimum=3), None),
    ],
)
def test_each_rule_at_its_limit(shares: tuple[str, ...], rules: Rules, why: Why | None) -> None:
    found = judge(cell(*shares), rules)
    assert (found.why if found else None) == why


def test_the_need_is_what_the_rule_says() -> None:
    by_p = judge(cell("100", "50", "4"), Rules(p=Decimal("0.1")))
    assert by_p is not None
    assert by_p.need == 6
    by_share = judge(cell("90", "5", "5"), Rules(dominance=(1, Decimal("0.75"))))
    assert by_share is not None
    assert by_share.need == 20


def test_a_table_without_sensitive_cells_is_published_whole() -> None:
    found = publish(made({("a", "x"): MANY, ("b", "x"): MANY}), Rules())
    assert found.suppressed == {}


def test_one_hidden_cell_of_a_column_takes_another_with_it() -> None:
    found = publish(made({("a", ""): ("7",), ("b", ""): MANY, ("c", ""): (*MANY, *MANY)}), Rules())
    assert found.suppressed == {(0, 0): Why.FEW_REPORTERS, (1, 0): Why.SECONDARY}
    assert found.value(3, 0) == 127
    assert found.value(0, 0) is None


def test_one_hidden_cell_of_a_square_takes_three_with_it() -> None:
    cells = {(r, c): MANY for r in "abc" for c in "xyz"}
    cells["a", "x"] = ("7",)
    found = publish(made(cells), Rules())
    assert found.suppressed[0, 0] is Why.FEW_REPORTERS
    assert list(found.suppressed.values()).count(Why.SECONDARY) == 3
    assert all(i < 3 and j < 3 for i, j in found.suppressed)


def test_bounds_are_what_the_margins_leave() -> None:
    table = made({("a", "x"): ("3",), ("a", "y"): ("5",), ("b", "x"): ("4",), ("b", "y"): ("1",)})
    lines = Lines.of(table)
    inner = {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert lines.bounds(table, inner, (0, 0)) == (2, 7)
    assert lines.bounds(table, {(0, 0)}, (0, 0)) == (3, 3)
    assert lines.bounds(table, {(0, 0), (0, 2), (2, 0), (2, 2)}, (0, 0)) == (0, ENDLESS)


def test_a_narrow_doubt_is_widened() -> None:
    """Two cells hide each other, but the small one cannot move as far as the large one needs."""
    table = made({("a", ""): ("100",), ("b", ""): ("1", "1", "1"), ("c", ""): ("90",) * 4})
    found = publish(table, Rules(doubt=Decimal("0.2")))
    assert found.suppressed == {(0, 0): Why.FEW_REPORTERS, (2, 0): Why.SECONDARY} | (
        {(1, 0): Why.SECONDARY} if (1, 0) in found.suppressed else {}
    )
    low, high = Lines.of(table).bounds(table, set(found.suppressed), (0, 0))
    assert low <= 80
    assert high >= 120


def test_two_single_reporters_do_not_hide_each_other() -> None:
    table = made({("a", ""): ("7",), ("b", ""): ("9",), ("c", ""): MANY})
    found = publish(table, Rules(doubt=Decimal("0.01")))
    assert set(found.suppressed) == {(0, 0), (1, 0), (2, 0)}


def test_a_table_of_one_cell_is_not_published_at_all() -> None:
    found = publish(made({("a", "x"): ("7",)}), Rules())
    assert set(found.suppressed) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert found.suppressed[1, 1] is Why.FEW_REPORTERS


def test_an_empty_table_has_nothing_to_hide() -> None:
    assert publish(table_of([]), Rules()).suppressed == {}


def test_a_table_that_nobody_can_read_is_refused_before_it_is_made() -> None:
    names = [str(n) for n in range(100)]
    with pytest.raises(TableTooLarge):
        table_of(Contribution(name, name, name, Decimal(1)) for name in names)


def test_who_asks_does_not_choose_how_long_it_computes(monkeypatch: pytest.MonkeyPatch) -> None:
    table = made({(str(n), ""): (str(n + 1),) for n in range(30)})
    assert len(publish(table, Rules()).suppressed) == 30
    monkeypatch.setattr(suppressing, "MOST_WORK", 1000)
    with pytest.raises(TableTooLarge):
        publish(table, Rules())


@given(st.integers(0, 2**32 - 1))
def test_cells_on_a_way_round_are_those_of_which_both_bounds_give_way(seed: int) -> None:
    random = np.random.default_rng(seed)
    rows, columns = (int(n) for n in random.integers(1, 5, 2))
    table = made({
        (str(i), str(j)): (str(int(random.integers(1, 9))),)
        for i in range(rows) for j in range(columns)
    })  # fmt: skip
    hidden = {key for key in table.cells if random.random() < 0.5}
    lines = Lines.of(table, Work(10**6))
    told = {k for k in hidden if len(set(lines.bounds(table, hidden, k))) == 1}
    assert lines.on_ways_round(table, hidden) == hidden - told


def test_what_the_method_does_not_cover_is_refused() -> None:
    with pytest.raises(NegativeContribution):
        table_of([Contribution("a", "x", "r", Decimal(-1))])
    for wrong in ({"minimum": 0}, {"p": Decimal(0)}, {"dominance": (0, Decimal("0.5"))}):
        with pytest.raises(RulesMalformed):
            Rules(**wrong)


contributions = st.lists(
    st.builds(
        Contribution,
        row=st.sampled_from("abcd"),
        column=st.sampled_from("xyz"),
        reporter=st.sampled_from([f"r{n}" for n in range(12)]),
        value=st.integers(0, 40).map(Decimal),
    ),
    max_size=40,
)
rules_of_all_kinds = st.builds(
    Rules,
    minimum=st.integers(1, 4),
    dominance=st.sampled_from([None, (1, Decimal("0.8")), (2, Decimal("0.9"))]),
    p=st.sampled_from([None, Decimal("0.1"), Decimal("0.3")]),
)


@settings(max_examples=150, deadline=None)
@given(contributions, rules_of_all_kinds, st.booleans())
def test_nothing_that_is_hidden_can_be_recovered(
    records: list[Contribution], rules: Rules, flat: bool
) -> None:
    if flat:
        records = [Contribution(c.row, "", c.reporter, c.value) for c in records]
    found = publish(table_of(records), rules)
    assert leaks(found, rules) == []
    assert not _solved(found)


def _solved(found: Published) -> list[Key]:
    """Hidden cells that linear algebra alone tells: an unknown no solution of the published
    table's equations lets vary."""
    hidden = sorted(found.suppressed)
    table, at = found.table, {key: n for n, key in enumerate(hidden)}
    rows, columns = len(table.rows), len(table.columns)
    lines = [[(i, j) for i in range(rows + 1)] for j in {j for _, j in table.cells}]
    if not table.one_dimension:
        lines += [[(i, j) for j in range(columns + 1)] for i in range(rows + 1)]
    equations = np.zeros((len(lines), len(hidden)))
    for n, line in enumerate(lines):
        for key in line:
            if key in at:
                equations[n, at[key]] = -1 if key == line[-1] else 1
    if not hidden:
        return []
    _, sizes, basis = np.linalg.svd(equations)
    free = basis[int((sizes > 1e-9).sum()) :]
    return [key for key, n in at.items() if not np.any(np.abs(free[:, n]) > 1e-9)]


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*[st.integers(0, 4)] * 4),
    st.sets(st.sampled_from([(i, j) for i in range(2) for j in range(2)]), min_size=1),
)
def test_bounds_equal_those_of_trying_every_table(
    values: tuple[int, ...], hidden: set[Key]
) -> None:
    names = list(product("ab", "xy"))
    table = made({name: (str(v),) for name, v in zip(names, values, strict=True)})
    fitting = [
        tried
        for tried in product(range(9), repeat=4)
        if _sums(tried) == _sums(values)
        and all(
            tried[n] == values[n]
            for n, key in enumerate(product(range(2), range(2)))
            if key not in hidden
        )
    ]
    for key in hidden:
        seen = [tried[2 * key[0] + key[1]] for tried in fitting]
        assert Lines.of(table).bounds(table, hidden, key) == (min(seen), max(seen))


def _sums(v: tuple[int, ...]) -> tuple[int, ...]:
    return v[0] + v[1], v[2] + v[3], v[0] + v[2], v[1] + v[3]
