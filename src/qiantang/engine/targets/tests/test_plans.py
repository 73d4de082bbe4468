"""A plan, and many targets over a table, give what each target gives alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pyarrow as pa

from qiantang.engine.targets import assess_many, assess_plan, assess_target
from qiantang.engine.targets.rows import to_table
from qiantang.engine.targets.tests.cases import INDICATORS, RULES, TODAY, aim, figure
from qiantang.kernel.text import Text
from qiantang.packkit.plans import EvidenceRule, Plan, Relation

FIGURES = [
    figure("6000", id="a"),
    figure("7000", id="b", indicator="revenue2"),
    figure("25", id="c", indicator="firms"),
    figure("9000", id="d", division="330100"),
    figure("5000", id="e", kind="later_target"),
]
TARGETS = (
    replace(aim(5500, ">"), id="T1"),
    replace(aim(20, indicator="firms"), id="T2"),
    replace(aim(5500, ">"), id="T3", division="330100"),
    replace(aim(5500, more=[("revenue2", "proxy")]), id="T4"),
    replace(aim(5500), id="T5", evidence=()),
    replace(aim(5500), id="T6", evidence=(EvidenceRule("unheard-of", Relation.SAME),)),
)
WORDS = Text("规划", "Plan")
PLAN = Plan("p", "pack", WORDS, WORDS, date(2017, 4, 27), WORDS, WORDS, "330000", RULES, TARGETS)


def test_a_plan_is_its_targets_in_order() -> None:
    found = assess_plan(PLAN, iter(FIGURES), INDICATORS, TODAY)
    assert [a.target.id for a in found] == ["T1", "T2", "T3", "T4", "T5", "T6"]
    assert [a.verdict for a in found] == ["met"] * 4 + ["no_evidence"] * 2
    for a in found:
        own = [o for o in FIGURES if o.division == a.target.division]
        assert a == assess_target(a.target, RULES, own, INDICATORS, TODAY)


def test_one_division_of_a_plan() -> None:
    (only,) = assess_plan(PLAN, FIGURES, INDICATORS, TODAY, division="330100")
    assert (only.target.id, only.value) == ("T3", 9000)


def test_an_empty_plan_and_no_figures() -> None:
    assert assess_plan(replace(PLAN, targets=()), FIGURES, INDICATORS, TODAY) == ()
    found = assess_plan(PLAN, [], INDICATORS, TODAY)
    assert {a.verdict for a in found} == {"no_evidence"}


def test_many_targets_over_a_table_give_the_same() -> None:
    table = pa.concat_tables([to_table(FIGURES[:2]), to_table(FIGURES[2:])])
    many = list(assess_many(TARGETS, RULES, table, INDICATORS, TODAY))
    assert tuple(many) == assess_plan(PLAN, FIGURES, INDICATORS, TODAY)


def test_many_targets_over_an_empty_table() -> None:
    many = list(assess_many(TARGETS, RULES, to_table([]), INDICATORS, TODAY))
    assert {a.verdict for a in many} == {"no_evidence"}
    assert list(assess_many([], RULES, to_table(FIGURES), INDICATORS, TODAY)) == []
