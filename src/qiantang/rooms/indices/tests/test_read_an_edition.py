"""What pages ask of an edition: ranks, profiles, elements, comparisons, what-if, robustness."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from qiantang.engine.index.errors import RecipeInvalid, ValueForbids
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.rooms.indices import making, selectors
from qiantang.rooms.indices.errors import (
    ChangeInvalid,
    ElementUnknown,
    UnitUnknown,
    YearUnknown,
)
from qiantang.rooms.indices.shapes import EditionView, Made
from qiantang.rooms.indices.tests.conftest import KEY, form


@pytest.fixture
def made(edition: EditionView) -> Made:
    return selectors.made(ANONYMOUS, KEY)


def test_the_home_shows_the_latest_edition(edition: EditionView, officer: Actor) -> None:
    row = next(r for r in selectors.indices(ANONYMOUS) if r.key == KEY)
    assert row.edition is not None
    assert (row.edition.number, row.editions, row.may_plan) == (1, 1, False)
    assert selectors.index_row(officer, KEY).may_plan


def test_ranks_say_what_moved_a_unit_since_the_year_before(made: Made) -> None:
    table = selectors.ranking(made)
    first = table[0]
    assert (first.unit, first.rank, first.before, first.moved) == ("330100", 1, 1, 0)
    assert first.name.en.startswith("Hangzhou")
    # 15373 - 13509 of the range 10746 to 15373, twice the weight of value added
    assert first.because == "gdp"
    assert first.share == pytest.approx((15373 - 13509) / (15373 - 10746) * 99 * 2 / 3)
    assert table[-1].rank is None
    assert selectors.ranking(made, 2018)[0].before is None
    assert selectors.ranking(made, element="va")[1].score == pytest.approx(
        1 + 99 * (900 - 700) / (3795 - 700)
    )


def test_a_profile_holds_shares_that_add_up(made: Made) -> None:
    page = selectors.profile(made, "330100")
    assert sum(row.share for row in page.shares) + page.regime == pytest.approx(page.total)
    assert (page.rank, page.of) == (1, 2)
    assert [p.unit for p in page.peers] == ["330200"]
    assert [p.year for p in page.series] == [2018, 2019]
    row = next(i for i in page.indicators if i.code == "va")
    assert (row.raw, row.normalised, row.rank) == (3795.0, 100.0, 1)
    assert row.origin is not None
    assert row.origin.id == "core_va-330100-2019"
    assert page.elements[0].weight == 1.0


def test_a_unit_without_figures_has_a_page_that_says_so(made: Made) -> None:
    page = selectors.profile(made, "330300")
    assert (page.score, page.rank, page.shares) == (None, None, ())


def test_an_element_lists_all_units_best_first(made: Made) -> None:
    page = selectors.element_page(made, "gdp")
    assert [row.unit for row in page.rows][:2] == ["330100", "330200"]
    assert (page.rows[0].raw, page.weight, page.missing) == (15373.0, 2 / 3, 9)
    assert page.path == ("gdp", "Index")


def test_two_units_and_two_years_are_compared(made: Made) -> None:
    pair = selectors.compared(made, "330100", "330200")
    assert pair.one.score is not None
    assert pair.other.score is not None
    assert pair.total == pytest.approx(pair.one.score - pair.other.score)
    assert sum(row.share for row in pair.shares) == pytest.approx(pair.total)
    years = selectors.compared(made, "330200", "330200", 2019, 2018)
    assert (years.one.year, years.other.year) == (2019, 2018)
    assert {row.code for row in years.shares} == {"va", "gdp"}


def test_unknown_names_are_refused(made: Made) -> None:
    with pytest.raises(UnitUnknown):
        selectors.profile(made, "110000")
    with pytest.raises(ElementUnknown):
        selectors.element_page(made, "none")
    with pytest.raises(YearUnknown):
        selectors.ranking(made, 1999)


def test_what_if_weights_change_ranks_without_a_trace(made: Made) -> None:
    before = selectors.ranking(made)
    found = selectors.whatif(made, {"weight.va": "6"})
    assert found.weights["va"] == pytest.approx(0.75)
    assert found.rows[1].score == pytest.approx(
        0.75 * (1 + 99 * 200 / 3095) + 0.25 * (1 + 99 * (11985 - 10746) / (15373 - 10746))
    )
    assert found.rows[1].score_before == before[1].score
    assert selectors.ranking(selectors.made(ANONYMOUS, KEY)) == before
    assert selectors.whatif(made, {}).moved == 0
    assert selectors.whatif(made, {"weigh.method": "equal"}).weights["va"] == 0.5


def test_what_if_weights_do_not_redo_earlier_steps(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "prepare", lambda *given: pytest.fail("prepared again"))
    assert selectors.whatif(made, {"weight.gdp": "0", "aggregate.method": "geometric"}).rows


def test_what_if_methods(made: Made) -> None:
    ranks = selectors.whatif(made, {"normalise.method": "rank"})
    assert {row.score for row in ranks.rows if row.rank} == {2.0, 4.0}
    each = selectors.whatif(made, {"panel.years": "each", "normalise.range": "[0, 1]"})
    assert {row.score for row in each.rows if row.rank} == {0.0, 1.0}
    with pytest.raises(ValueForbids):
        selectors.whatif(
            made, {"normalise.range": "[0, 100]", "aggregate.method": "geometric"}, 2018
        )


@pytest.mark.parametrize(("key", "value"), [
    ("weight.none", "1"), ("weight.va", "x"), ("weight.va", "-1"), ("weight.va", "nan"),
    ("weight.va", "1e999"), ("impute.draws", "1000000"), ("impute.method", "em"),
    ("weigh.method", "balance"),
    ("impute.rounds", "9"), ("uncertain", "1"),
    ("aggregate.level.2.method", "sum"), ("treat.points", "many"), ("treat.points", "[1"),
    ("normalise.method", "goalposts"), ("normalise.only.none.method", "rank"), ("", ""),
    ("weight.va", "1" * 500), ("normalise.range", "[5]"), ("aggregate", "{}"),
])  # fmt: skip
def test_a_change_that_makes_no_sense_is_refused_with_what_is_possible(
    made: Made, key: str, value: str
) -> None:
    with pytest.raises((ChangeInvalid, RecipeInvalid, ValueForbids)) as refused:
        selectors.whatif(made, {key: value})
    assert refused.value.message("zh")


def test_a_change_of_an_unknown_element_suggests_the_nearest(made: Made) -> None:
    with pytest.raises(ChangeInvalid) as refused:
        selectors.whatif(made, {"weight.vaa": "1"})
    assert refused.value.fields["field"] == "weight.vaa"
    assert str(refused.value.fields["expected"]).split(", ")[0] == "va"


def test_robustness_is_said_in_plain_words(made: Made) -> None:
    found = selectors.robustness(made)
    assert (found.combinations, found.whole, found.exact, found.year) == (10, True, True, 2019)
    first = found.rows[0]
    assert (first.unit, first.nominal) == ("330100", 1)
    assert first.says.en == "Hangzhou is first in all of 10 ways to compute it"
    assert first.above["330200"] == 1.0
    assert [f.name for f in found.factors] == ["mean", "weights"]


def test_of_conflicting_sources_the_better_grade_stands(
    publish: Callable[..., None], figures: None, officer: Actor
) -> None:
    publish(form("gdp", "330100", 2019, "99999", id="other", grade="C", source_title="新闻"))
    working = selectors.working(officer, KEY)
    origin = next(
        o for o in working.origins if (o.unit, o.column, o.year) == ("330100", "gdp", 2019)
    )
    assert origin.id == "gdp-330100-2019"
    assert origin.conflicts == "新闻 99999"


def test_of_equal_sources_that_conflict_none_stands(
    publish: Callable[..., None], figures: None, officer: Actor
) -> None:
    publish(form("gdp", "330100", 2019, "99999", id="other", source_title="公报"))
    gap = next(
        g for g in selectors.working(officer, KEY).gaps
        if (g.unit, g.column, g.year) == ("330100", "gdp", 2019)
    )  # fmt: skip
    assert "sources conflict" in gap.reason.en


def test_a_part_of_a_year_stands_for_no_year(
    publish: Callable[..., None], figures: None, officer: Actor
) -> None:
    publish(form("gdp", "330100", 2017, "12500"))
    publish(form("gdp", "330200", 2017, "3000", period="2017-01/2017-09"))
    gap = next(
        g for g in selectors.working(officer, KEY).gaps
        if (g.unit, g.column, g.year) == ("330200", "gdp", 2017)
    )  # fmt: skip
    assert "does not stand for the year" in gap.reason.en
