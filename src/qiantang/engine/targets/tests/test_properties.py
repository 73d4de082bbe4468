"""What must hold for any figures and any target."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from qiantang.engine.targets import as_json, assess_target
from qiantang.engine.targets.tests.cases import INDICATORS, RULES, TODAY, aim, judge
from qiantang.engine.targets.verdicts import TargetAssessment
from qiantang.kernel.observations import GRADES, Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.packkit.plans import Base, Comparator, Direction, Relation, Target

PERIODS = [
    *(str(y) for y in range(2013, 2023)),
    *("2019-01/2019-09", "2019-01/2019-11", "2020-01/2020-11", "2018-12-31", "2019-06-30"),
    *("~2019", "2016/2020", "2019-12-31"),
]
NAMES = sorted(INDICATORS)
plain = st.decimals("-1000", "20000", places=2)
wild = st.decimals(allow_nan=True, allow_infinity=True)


@st.composite
def observations(draw: st.DrawFn, values: st.SearchStrategy[Decimal] = plain) -> Observation:
    indicator = draw(st.sampled_from(NAMES))
    return Observation(
        id=f"P{draw(st.integers(0, 12))}",
        indicator=indicator,
        division=draw(st.sampled_from(["330000", "330000", "330100"])),
        period=Period.parse(draw(st.sampled_from(PERIODS))),
        value=draw(values),
        unit=draw(st.sampled_from([INDICATORS[indicator].unit] * 6 + ["万元", "?"])),
        kind=draw(st.sampled_from(list(ObservationKind))),
        source=Source(
            title=draw(st.sampled_from(["a", "b", "c"])),
            grade=draw(st.sampled_from([*GRADES, "?"])),
            published=draw(st.none() | st.dates(date(2014, 1, 1), date(2024, 1, 1))),
        ),
        revision=draw(st.integers(1, 3)),
        withdrawn=draw(st.sampled_from([False] * 9 + [True])),
    )


@st.composite
def targets(draw: st.DrawFn, values: st.SearchStrategy[Decimal] = plain) -> Target:
    mode = draw(st.sampled_from([None, None, "difference", "growth"]))
    stated = draw(st.none() | values)
    end = draw(st.integers(2016, 2022))
    return aim(
        draw(st.none() | values),  # type: ignore[arg-type]
        draw(st.sampled_from([c.value for c in Comparator])),
        high=draw(st.none() | values),  # type: ignore[arg-type]
        indicator=draw(st.sampled_from(NAMES)),
        relation=draw(st.sampled_from(list(Relation))),
        more=[(draw(st.sampled_from(NAMES)), draw(st.sampled_from(list(Relation))))],
        due=draw(st.sampled_from([None, end, (end - 2, end)])),
        direction=draw(st.sampled_from(list(Direction))),
        base=Base(draw(st.integers(2012, 2017)), mode, stated) if mode else None,
        kind=draw(st.sampled_from(["quantity"] * 4 + ["milestone", "qualitative"])),
        reached_when=draw(st.none() | values),  # type: ignore[arg-type]
    )


many = st.lists(observations(), max_size=14)
days = st.dates(date(2015, 1, 1), date(2025, 1, 1))


def said(a: TargetAssessment) -> str:
    return json.dumps(as_json(a), ensure_ascii=False)


@settings(max_examples=150, deadline=None)
@given(targets(wild), st.lists(observations(wild), max_size=12), days)
def test_never_an_exception(target: Target, figures: list[Observation], as_of: date) -> None:
    a = judge(target, *figures, as_of=as_of)
    text = json.dumps(as_json(a), allow_nan=False)
    assert a.reason.zh
    assert a.reason.en
    assert a.confidence.reason.en
    assert "NaN" not in text


@settings(max_examples=60, deadline=None)
@given(targets(), many, days, st.randoms())
def test_the_order_of_figures_never_matters(
    target: Target, figures: list[Observation], as_of: date, random: object
) -> None:
    shuffled = list(figures)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert said(judge(target, *figures, as_of=as_of)) == said(judge(target, *shuffled, as_of=as_of))


@settings(max_examples=60, deadline=None)
@given(targets(), many, days)
def test_every_matching_figure_is_used_or_set_aside_exactly_once(
    target: Target, figures: list[Observation], as_of: date
) -> None:
    a = judge(target, *figures, as_of=as_of)
    named = {r.indicator for r in target.evidence}
    accounted = [e.observation for e in a.evidence] + [r.observation for r in a.rejected]
    expected = [o for o in figures if o.indicator in named]
    assert sorted(map(repr, accounted)) == sorted(map(repr, expected))


@settings(max_examples=60, deadline=None)
@given(targets(), many, days, observations(), st.sampled_from(["aim", "d", "withdrawn", "later"]))
def test_what_does_not_count_never_changes_the_verdict(
    target: Target, figures: list[Observation], as_of: date, extra: Observation, what: str
) -> None:
    extra = replace(extra, id="extra")
    if what == "aim":
        extra = replace(extra, kind=ObservationKind.LATER_TARGET)
    elif what == "d":
        extra = replace(extra, source=replace(extra.source, grade="D"))
    elif what == "withdrawn":
        extra = replace(extra, withdrawn=True)
    else:
        extra = replace(extra, source=replace(extra.source, published=date(2030, 1, 1)))
    without = judge(target, *figures, as_of=as_of)
    with_it = judge(target, *figures, extra, as_of=as_of)
    assert (without.verdict, without.value, without.confidence, without.evidence) == (
        with_it.verdict,
        with_it.value,
        with_it.confidence,
        with_it.evidence,
    )


ACTUAL = st.builds(
    lambda value, year, grade, n: Observation(
        id=f"P{n}",
        indicator="revenue",
        division="330000",
        period=Period.year_of(year),
        value=value,
        unit="亿元",
        kind=ObservationKind.ACTUAL,
        source=Source(title=f"s{n}", grade=grade),
    ),
    st.decimals("0", "200", places=1),
    st.integers(2017, 2020),
    st.sampled_from(["A", "B", "C"]),
    st.integers(0, 9),
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(ACTUAL, min_size=1, max_size=8, unique_by=lambda o: o.id),
    st.sampled_from([">", ">=", "~"]),
    st.data(),
)
def test_a_higher_figure_never_turns_met_into_not_met(
    figures: list[Observation], comparator: str, data: st.DataObject
) -> None:
    target = aim(100, comparator)
    which = data.draw(st.integers(0, len(figures) - 1))
    more = data.draw(st.decimals("0.1", "100", places=1))
    raised = list(figures)
    raised[which] = replace(raised[which], value=raised[which].value + more)
    before, after = judge(target, *figures), judge(target, *raised)
    assert not (before.verdict == "met" and after.verdict == "not_met")


@settings(max_examples=60, deadline=None)
@given(st.lists(ACTUAL, max_size=8, unique_by=lambda o: o.id))
def test_units_of_one_dimension_give_the_same_verdict(figures: list[Observation]) -> None:
    in_yuan = [replace(o, value=o.value * 10000, unit="万元") for o in figures]
    target = aim(100)
    a, b = judge(target, *figures), judge(target, *in_yuan)
    assert (a.verdict, a.value, a.gap, a.confidence) == (b.verdict, b.value, b.gap, b.confidence)


@settings(max_examples=60, deadline=None)
@given(targets(), many, days)
def test_figures_not_yet_known_never_matter(
    target: Target, figures: list[Observation], as_of: date
) -> None:
    known = [o for o in figures if o.known_on <= as_of]
    a, b = judge(target, *figures, as_of=as_of), judge(target, *known, as_of=as_of)
    assert (a.verdict, a.value, a.evidence, a.conflicts) == (
        b.verdict,
        b.value,
        b.evidence,
        b.conflicts,
    )


@settings(max_examples=60, deadline=None)
@given(many, targets())
def test_judging_twice_gives_the_same(figures: list[Observation], target: Target) -> None:
    one = assess_target(target, RULES, iter(figures), INDICATORS, TODAY)
    assert said(one) == said(assess_target(target, RULES, figures, INDICATORS, TODAY))
