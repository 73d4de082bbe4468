"""What many ways to compute an index say about ranks, in figures and in plain words."""

from __future__ import annotations

import numpy as np
import pytest

from qiantang.engine.index import in_words, robustness
from qiantang.engine.index.examining import examine
from qiantang.engine.index.factors import setting
from qiantang.engine.index.robustness import Usual, usual
from qiantang.engine.index.tests.small import indicator, table, tree
from qiantang.engine.index.uncertainty import Runs, ranks_of
from qiantang.kernel.text import Text

NINGBO, HANGZHOU = Text("宁波", "Ningbo"), Text("杭州", "Hangzhou")
DATA = table({"a": [1, 2, 3, 4], "b": [4, 1, 3, 2], "c": [2, 2, 1, 4]})
PLAIN = tree(indicator("a"), indicator("b"), indicator("c"))


def runs_of(*scores: list[float]) -> Runs:
    found = np.array(scores)
    none = np.isnan(found).all(axis=1)
    return Runs(
        (setting("k", "k", range(len(scores))),), np.arange(len(scores))[:, None],
        tuple("ABCD"[: found.shape[1]]), found, ranks_of(found),
        {int(i): Text("不能", "no") for i in np.flatnonzero(none)},
    )  # fmt: skip


NAN = float("nan")
RUNS = runs_of([3, 2, 1], [3, 1, 2], [2, 2, 1], [NAN, NAN, NAN], [1, 3, NAN])


def test_places_are_counted_over_what_could_be_made() -> None:
    np.testing.assert_allclose(
        robustness.acceptability(RUNS),
        [[3 / 4, 1 / 4, 0], [2 / 4, 1 / 4, 1 / 4], [0, 1 / 4, 2 / 4]],
    )


def test_ties_count_half_and_missing_scores_nothing() -> None:
    found = robustness.above(RUNS)
    assert found[0, 1] == pytest.approx(2.5 / 4)
    assert found[1, 0] == pytest.approx(1.5 / 4)
    assert found[0, 2] == 1


def test_a_unit_that_is_never_ranked_has_no_range() -> None:
    runs = runs_of([3, NAN], [2, NAN])
    ranges = robustness.rank_ranges(runs, np.array([1, NAN]))
    assert ranges.worst[0] == 1
    assert np.isnan(ranges.median[1])
    assert usual(robustness.acceptability(runs)[1]) is None


@pytest.mark.parametrize(
    ("places", "share", "expected"),
    [
        ([0.02, 0.03, 0.50, 0.43, 0.02], 0.9, Usual(3, 4, 0.93)),
        ([1, 0, 0], 0.9, Usual(1, 1, 1.0)),
        ([0.5, 0, 0.5], 0.9, Usual(1, 3, 1.0)),
        ([0.3, 0.3, 0.3, 0.1], 0.6, Usual(1, 2, 0.6)),
        ([0.1, 0.45, 0.45, 0.0], 0.9, Usual(2, 3, 0.9)),
    ],
)
def test_the_fewest_adjacent_places_are_chosen(
    places: list[float], share: float, expected: Usual
) -> None:
    found = usual(np.array(places), share)
    assert found is not None
    assert (found.first, found.last) == (expected.first, expected.last)
    assert found.share == pytest.approx(expected.share)


@pytest.mark.parametrize(
    ("found", "zh", "en"),
    [
        (Usual(3, 4, 0.93), "宁波在 2,000 种算法中有 93 % 列第 3 或第 4 位",
         "Ningbo is third or fourth in 93 % of 2,000 ways to compute it"),
        (Usual(2, 5, 0.999), "宁波在 2,000 种算法中有 99 % 列第 2 至第 5 位",
         "Ningbo is second to fifth in 99 % of 2,000 ways to compute it"),
        (Usual(21, 21, 1.0), "宁波在全部 2,000 种算法中都列第 21 位",
         "Ningbo is 21st in all of 2,000 ways to compute it"),
        (None, "宁波在 2,000 种算法中均未进入排名",
         "Ningbo is ranked in none of 2,000 ways to compute it"),
    ],
)  # fmt: skip
def test_the_usual_places_are_said_in_plain_words(found: Usual | None, zh: str, en: str) -> None:
    assert in_words.usual_places(NINGBO, found, 2000) == Text(zh, en)


def test_a_pair_is_said_in_plain_words() -> None:
    said = in_words.one_above_other(HANGZHOU, NINGBO, 0.875, 2000)
    assert said == Text("杭州在 2,000 种算法中有 88 % 高于宁波",
                        "Hangzhou is above Ningbo in 88 % of 2,000 ways")  # fmt: skip
    assert "全部" in in_words.one_above_other(HANGZHOU, NINGBO, 1.0, 9).zh


@pytest.mark.parametrize(
    ("place", "said"), [(1, "first"), (10, "tenth"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_places_are_named(place: int, said: str) -> None:
    assert in_words.ordinal(place) == said


def test_an_index_is_examined_in_one_call() -> None:
    told = {
        "normalise": {"range": [1, 100]},
        "uncertain": [
            {"name": "mean", "set": "aggregate.method", "to": ["arithmetic", "geometric"]},
            {"name": "weights", "weights": "any", "sets": 30},
            {"name": "out", "leave_out": "each"},
        ],
    }
    found = examine(DATA, PLAIN, told)
    assert found.overall.exact
    assert found.ways == len(found.runs.combinations) == 2 * 30 * 4
    assert found.by_unit.first.shape == (3, 4)
    assert found.ranges.units == ("A", "B", "C", "D")
    assert found.nominal.tolist() == found.ranges.nominal.tolist()
    assert len(found.usual) == len(found.places) == 4


def test_too_many_ways_are_sampled_and_the_indices_bracket_the_exact_ones() -> None:
    told = {
        "normalise": {"range": [1, 100]},
        "uncertain": [
            {"name": "mean", "set": "aggregate.method", "to": ["arithmetic", "geometric"]},
            {"name": "one", "noise": 0.9, "sets": 400, "seed": 1},
            {"name": "two", "weights": "any", "sets": 400, "seed": 2},
        ],
    }
    found = examine(DATA, PLAIN, told, draws=320, seed=4)
    assert not found.overall.exact
    assert len(found.runs.combinations) == 5 * 320
    # A later weight choice replaces an earlier one: the first cannot matter.
    assert found.overall.total[1] == 0
    assert (found.overall.total_bounds[0] <= found.overall.total).all()
    again = examine(DATA, PLAIN, told, draws=320, seed=4)
    np.testing.assert_array_equal(found.by_unit.total, again.by_unit.total)


def test_without_uncertain_choices_there_is_nothing_to_examine() -> None:
    with pytest.raises(ValueError, match="uncertain"):
        examine(DATA, PLAIN, {})


def test_where_nothing_can_be_computed_every_way_has_its_reason() -> None:
    told = {
        "normalise": {"range": [0, 100]},
        "uncertain": [{"set": "aggregate.method", "to": ["geometric", "harmonic"]}],
    }
    found = examine(DATA, PLAIN, told)
    assert found.ways == 0
    assert set(found.runs.failed) == {0, 1}
    assert found.usual == (None,) * 4
    assert np.isnan(found.overall.first).all()
    assert found.overall.lost == 1
