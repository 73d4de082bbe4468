"""Sources that differ: shown, and resolved by grade, then majority, else left undecided."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations

from qiantang.engine.targets.tests.cases import aim, codes, figure, judge, uses

TARGET = aim(100, ">=")


def test_within_the_tolerance_sources_support_each_other() -> None:
    a = judge(TARGET, figure("120", id="a"), figure("120.6", id="b", grade="C"))
    assert (a.verdict, a.conflicts) == ("met", ())
    assert uses(a) == {"a": "deciding", "b": "supporting"}


def test_the_better_grade_decides() -> None:
    a = judge(TARGET, figure("90", id="a", grade="A"), figure("110", id="b", grade="B"))
    assert (a.verdict, a.value) == ("not_met", 90)
    assert a.conflicts[0].resolved_by == "grade"
    assert a.conflicts[0].chosen == 90
    assert {o.id for o in a.conflicts[0].observations} == {"a", "b"}
    assert codes(a) == {"b": "conflict_lost"}


def test_then_the_majority_of_the_same_grade() -> None:
    a = judge(TARGET, figure("90", id="a"), figure("110", id="b"), figure("110", id="c"))
    assert (a.verdict, a.value) == ("met", 110)
    assert a.conflicts[0].resolved_by == "majority"


def test_one_source_counts_once_however_often_it_is_listed() -> None:
    a = judge(
        TARGET,
        figure("90", id="a"),
        figure("110", id="b", source="the same page"),
        figure("110", id="c", source="the same page"),
    )
    assert a.verdict == "undecided"


def test_lower_grades_have_no_vote() -> None:
    a = judge(
        TARGET,
        figure("90", id="a"),
        figure("110", id="b"),
        figure("110", id="c", grade="C"),
        figure("110", id="d", grade="C"),
    )
    assert a.verdict == "undecided"


def test_otherwise_it_stays_undecided_and_both_are_shown() -> None:
    a = judge(TARGET, figure("90", id="a"), figure("110", id="b"))
    assert (a.verdict, a.value, a.confidence.level) == ("undecided", None, "none")
    assert a.conflicts[0].resolved_by is None
    assert uses(a) == {"a": "supporting", "b": "supporting"}
    assert "不一" in a.reason.zh


def test_a_conflict_on_one_side_of_the_target_does_not_matter() -> None:
    a = judge(TARGET, figure("120", id="a"), figure("140", id="b"))
    assert (a.verdict, a.value) == ("met", 120)
    assert a.conflicts[0].resolved_by is None
    assert a.conflicts[0].chosen == 120
    assert "does not matter" in a.reason.en


def test_the_cautious_figure_of_a_downward_target_is_the_higher() -> None:
    target = aim(None, "<=", high=10, indicator="score", direction="down")
    a = judge(target, figure("5", indicator="score"), figure("8", indicator="score"))
    assert (a.verdict, a.value) == ("met", 8)


def test_final_beats_preliminary_without_a_conflict() -> None:
    a = judge(TARGET, figure("90", id="final"), figure("110", id="early", kind="preliminary"))
    assert (a.verdict, a.conflicts) == ("not_met", ())
    assert codes(a) == {"early": "preliminary"}


def test_preliminary_is_used_and_named_when_nothing_final_exists() -> None:
    a = judge(TARGET, figure("110", kind="preliminary"))
    assert a.verdict == "met"
    assert "初步数" in a.reason.zh
    near = judge(TARGET, figure("100.5", kind="preliminary"))
    assert near.verdict == "likely_met"


def test_an_approximate_figure_agrees_with_an_exact_one_inside_its_margin() -> None:
    a = judge(TARGET, figure("104", id="exact"), figure("100", id="about", kind="approximate"))
    assert (a.verdict, a.value, a.conflicts) == ("met", 104, ())


def test_a_lower_bound_contradicted_by_a_better_figure_is_a_conflict() -> None:
    a = judge(
        TARGET,
        figure("110", id="over", kind="lower_bound", grade="C"),
        figure("95", id="exact", grade="A"),
    )
    assert (a.verdict, a.value) == ("not_met", 95)
    assert a.conflicts[0].resolved_by == "grade"


def test_order_of_the_sources_never_matters() -> None:
    figures = [
        figure("90", id="a"),
        figure("110", id="b"),
        figure("110.2", id="c"),
        figure("90", id="d", kind="approximate"),
    ]
    results = {repr(judge(TARGET, *p)) for p in permutations(figures)}
    assert len(results) == 1


def test_zero_agrees_with_zero() -> None:
    a = judge(aim(0, ">="), figure("0", id="a"), figure("0", id="b"))
    assert (a.verdict, a.conflicts, a.value) == ("met", (), Decimal(0))
