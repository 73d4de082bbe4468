"""A table that is too large to hold reads as one that is held: corrections, withdrawals, figures
that moved to other codes, and every day's knowledge."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from qiantang.kernel.observations import Observation, ObservationKind, Source
from qiantang.kernel.periods import Period
from qiantang.rooms.indicators import conditions, sought, store

INDICATORS = ("core_va", "gdp", "online_retail")
DIVISIONS = ("330000", "330100", "330200", "330106")
PERIODS = ("2018", "2019", "2019-01/2019-06", "2020-12-31")
FIRST = date(2020, 1, 1)
DAYS = [FIRST + timedelta(days=n) for n in range(0, 60, 6)]


def revisions(seed: int, count: int = 40) -> list[Observation]:
    """Figures with up to four revisions, some under other codes than the one before."""
    chance, made = random.Random(seed), []
    for n in range(count):
        at = FIRST + timedelta(days=chance.randrange(30))
        indicator, division = chance.choice(INDICATORS), chance.choice(DIVISIONS)
        for revision in range(1, chance.choice((1, 1, 2, 4)) + 1):
            if chance.random() < 0.2:
                indicator, division = chance.choice(INDICATORS), chance.choice(DIVISIONS)
            published = at - timedelta(days=chance.randrange(10))
            source = Source("s", grade="B", published=chance.choice((published, None)))
            made.append(
                Observation(
                    id=f"F{n}",
                    indicator=indicator,
                    division=division,
                    period=Period.parse(chance.choice(PERIODS)),
                    value=Decimal(chance.randrange(1000)),
                    unit="亿元",
                    kind=chance.choice((ObservationKind.ACTUAL, ObservationKind.LATER_TARGET)),
                    source=source,
                    revision=revision,
                    withdrawn=chance.random() < 0.1,
                    recorded_at=datetime(at.year, at.month, at.day, 9, tzinfo=UTC),
                )
            )
            at += timedelta(days=chance.randrange(15))
    return made


def everything() -> Iterator[tuple[str, object]]:
    """What the room can be asked, each answer under its name."""
    for indicators in (None, {"core_va"}, {"gdp", "online_retail"}, set[str]()):
        for divisions in (None, {"330100"}, {"330000", "330106"}):
            held = store.holding(indicators, divisions)

            def kept(
                found: tuple[Observation, ...],
                of: set[str] | None = indicators,
                among: set[str] | None = divisions,
            ) -> list[Observation]:
                chosen = (
                    o
                    for o in found
                    if (of is None or o.indicator in of) and (among is None or o.division in among)
                )
                return sorted(chosen, key=lambda o: o.id)

            name = f"{indicators} {divisions}"
            yield f"latest {name}", kept(held.latest)
            yield f"current {name}", kept(held.current)
            for day in DAYS:
                yield f"known {name} {day}", kept(held.known_at(day))
                yield f"standing {name} {day}", kept(held.standing_at(day))
    for day in (None, *DAYS):
        yield f"rows {day}", store.standing({"core_va", "gdp"}, day)
        yield f"some rows {day}", store.standing({"core_va", "gdp"}, day, limit=3, offset=2)
    for filters in ({}, {"year": "2019"}, {"kind": "actual", "division": "330100"}):
        yield f"page {filters}", store.page(filters, limit=7, offset=7)
    for division in (None, *DIVISIONS):
        yield f"overview {division}", dict(store.overview(division))
    for indicator in INDICATORS:
        yield f"places {indicator}", store.places(indicator)
    yield "tally", store.tally(("kind", "grade"))
    ids = [f"F{n}" for n in range(0, 50, 3)]
    yield "by id", [store.holding_of(ids).revisions.get(id) for id in ids]
    many = [f"F{n}" for n in range(conditions.FEW_IDS + 10)]
    yield "by many ids", [store.holding_of(many).find(id) for id in many]


@pytest.mark.parametrize("seed", range(3))
def test_both_ways_of_reading_give_the_same(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Corrections come in later rounds, so that answers of the round before are carried over."""
    rows = revisions(seed)
    for n in range(1, 5):
        some = [o for o in rows if o.revision == n]
        store.append(some, key=f"round {n}", recorded_by="test", note={})
        monkeypatch.setattr(store, "HELD_ROWS", 10_000)
        held = dict(everything())
        monkeypatch.setattr(store, "HELD_ROWS", -1)
        for name, found in everything():
            assert found == held[name], name


def test_the_overview_of_a_rewritten_table_is_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HELD_ROWS", -1)
    rows = revisions(7)
    store.append(rows[:40], key="1", recorded_by="test", note={})
    before = dict(store.overview())
    store.append(rows[40:], key="2", recorded_by="test", note={})
    store.lake().compact(store.TABLE)
    assert dict(store.overview()) != before
    monkeypatch.setattr(store, "HELD_ROWS", 10_000)
    held = dict(store.overview())
    monkeypatch.setattr(store, "HELD_ROWS", -1)
    assert dict(store.overview()) == held


def test_a_correction_reads_only_what_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "HELD_ROWS", -1)
    rows = [o for o in revisions(3) if o.revision == 1]
    store.append(rows, key="1", recorded_by="test", note={})
    store.overview()
    asked: list[object] = []
    kept = sought.Sought._overview

    def noted(
        self: sought.Sought, snapshot: int, where: conditions.Condition, *more: set[str]
    ) -> object:
        asked.append(where.params)
        return kept(self, snapshot, where, *more)

    monkeypatch.setattr(sought.Sought, "_overview", noted)
    first = next(o for o in rows if o.indicator == "gdp")
    store.append(
        [store.stamped(first, 2, datetime(2026, 1, 1, tzinfo=UTC), False)],
        key="2",
        recorded_by="test",
        note={},
    )
    store.overview()
    assert asked == [("gdp",)]
