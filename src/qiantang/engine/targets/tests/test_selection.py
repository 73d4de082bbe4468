"""Which figures count, and why the others are set aside."""

from __future__ import annotations

from datetime import date

import pytest

from qiantang.engine.targets.tests.cases import aim, codes, figure, judge, uses, verdict

TARGET = aim(5500, ">")


@pytest.mark.parametrize("kind", ["later_target", "other_plan_target"])
def test_an_aim_is_never_a_result(kind: str) -> None:
    a = judge(TARGET, figure("9000", id="P1", kind=kind, grade="A"))
    assert a.verdict == "no_evidence"
    assert codes(a) == {"P1": "aim"}


def test_grade_d_is_shown_but_never_decides() -> None:
    a = judge(TARGET, figure("9000", id="P1", grade="D"))
    assert a.verdict == "no_evidence"
    assert codes(a) == {"P1": "grade_d"}


def test_a_withdrawn_figure_is_set_aside_with_its_earlier_revisions() -> None:
    a = judge(
        TARGET,
        figure("6000", id="P1"),
        figure("6000", id="P1", revision=2, withdrawn=True),
    )
    assert a.verdict == "no_evidence"
    assert sorted(r.code for r in a.rejected) == ["superseded", "withdrawn"]


def test_the_last_revision_counts() -> None:
    a = judge(TARGET, figure("6000", id="P1"), figure("5000", id="P1", revision=2))
    assert a.verdict == "not_met"
    assert codes(a) == {"P1": "superseded"}


def test_a_revision_published_later_does_not_count_before() -> None:
    first = figure("6000", id="P1", published=date(2020, 2, 1))
    second = figure("5000", id="P1", revision=2, published=date(2021, 2, 1))
    assert verdict(TARGET, first, second, as_of=date(2020, 6, 1)) == "met"
    assert verdict(TARGET, first, second, as_of=date(2021, 6, 1)) == "not_met"


def test_without_publication_a_figure_is_known_at_the_end_of_its_period() -> None:
    assert verdict(TARGET, figure("6000"), as_of=date(2019, 12, 31)) == "met"
    a = judge(
        TARGET, figure("6000", id="P1", published=date(2020, 1, 15)), as_of=date(2019, 12, 31)
    )
    assert a.verdict == "no_evidence"
    assert codes(a) == {"P1": "not_yet_known"}


def test_another_division_does_not_count() -> None:
    a = judge(TARGET, figure("9000", id="P1", division="330100"))
    assert a.verdict == "no_evidence"
    assert codes(a) == {"P1": "other_division"}


def test_another_indicator_is_passed_over_in_silence() -> None:
    a = judge(TARGET, figure("9000", indicator="revenue2"))
    assert (a.verdict, a.evidence, a.rejected) == ("no_evidence", (), ())


@pytest.mark.parametrize(
    ("period", "indicator", "code"),
    [
        ("~2019", "revenue", "vague_period"),
        ("2017/2019", "revenue", "several_years"),
        ("2019-12-31", "revenue", "moment_of_flow"),
        ("2019-01/2019-09", "share", "part_year"),
        ("2019-06-30", "share", "part_year"),
        ("2017/2019", "share", "several_years"),
    ],
)
def test_periods_that_cannot_stand_for_the_year(period: str, indicator: str, code: str) -> None:
    target = aim(5, indicator=indicator)
    a = judge(target, figure("9", period, id="P1", indicator=indicator))
    assert a.verdict == "no_evidence"
    assert codes(a) == {"P1": code}


@pytest.mark.parametrize("period", ["2019", "2019-12-31", "2019-12", "2017/2019"])
def test_a_stock_is_taken_at_the_end_of_the_year(period: str) -> None:
    target = aim(20, indicator="firms")
    assert verdict(target, figure("25", period, indicator="firms")) == "met"


def test_a_part_of_a_known_year_is_not_needed() -> None:
    a = judge(TARGET, figure("6000", id="year"), figure("4000", "2019-01/2019-09", id="part"))
    assert (uses(a), codes(a)) == ({"year": "deciding"}, {"part": "full_year_known"})


def test_figures_after_the_deadline_do_not_bear_on_it() -> None:
    a = judge(TARGET, figure("5000", id="due"), figure("9000", "2020", id="later"))
    assert a.verdict == "not_met"
    assert codes(a) == {"later": "outside_period"}


def test_no_figures_at_all() -> None:
    a = judge(TARGET)
    assert (a.verdict, a.confidence.level) == ("no_evidence", "none")
    assert a.reason.zh == "没有找到与该目标对应的数据。"


def test_a_grade_that_the_plan_does_not_admit() -> None:
    a = judge(TARGET, figure("9000", id="P1", grade="E"))
    assert codes(a) == {"P1": "grade_not_deciding"}
