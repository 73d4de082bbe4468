"""The account of the evidence: every matching observation is either used, and for what, or set
aside, and why - each exactly once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from qiantang.engine.targets.conflicts import Camp, Settled
from qiantang.engine.targets.facts import Speaker, conflict_text
from qiantang.engine.targets.finding import Finding, Outcome
from qiantang.engine.targets.pace import course
from qiantang.engine.targets.series import Reading, Series
from qiantang.engine.targets.setaside import set_aside
from qiantang.engine.targets.spans import Point, Shape
from qiantang.engine.targets.verdicts import Conflict, Evidence, Rejected, Use
from qiantang.kernel.text import Text
from qiantang.packkit.plans import Target, TargetKind

_WHY: Final = {
    Use.DECIDING: Text("据以判定。", "The verdict rests on it."),
    Use.SUPPORTING: Text(
        "与所用数据相互印证，或供参考。", "It agrees with what was used, or gives context."
    ),
    Use.BOUND: Text("用作上下限。", "It bounds the figure."),
    Use.BASE: Text("用作基期。", "It gives the base."),
    Use.PACE: Text("用于计算进度。", "It shows the pace."),
}
_RANK: Final = {
    u: n for n, u in enumerate((Use.DECIDING, Use.BOUND, Use.BASE, Use.SUPPORTING, Use.PACE))
}


class Account:
    """Collects uses and refusals of points by identity; the first use of a point stands."""

    def __init__(self) -> None:
        self._used: dict[int, tuple[Point, Use]] = {}
        self._codes: dict[int, str] = {}

    def use(self, points: Iterable[Point], use: Use) -> None:
        for p in points:
            self._used.setdefault(id(p), (p, use))

    def refuse(self, points: Iterable[Point], code: str) -> None:
        for p in points:
            self._codes.setdefault(id(p), code)

    def evidence(self) -> tuple[Evidence, ...]:
        found = sorted(self._used.values(), key=_place)
        return tuple(Evidence(p.observation, p.rule, u, p.value, _WHY[u]) for p, u in found)

    def rejected(self, points: Iterable[Point], code: str) -> list[Rejected]:
        """All points that were not used, under their own code or else ``code``."""
        return [
            set_aside(p.observation, self._codes.get(id(p), code))
            for p in points
            if id(p) not in self._used
        ]


def _place(used: tuple[Point, Use]) -> tuple[object, ...]:
    o = used[0].observation
    return (_RANK[used[1]], o.period, o.id, o.revision)


def account_for(
    f: Finding, all_series: Sequence[Series], speaker: Speaker
) -> tuple[tuple[Evidence, ...], list[Rejected], tuple[Conflict, ...]]:
    """The evidence, the points set aside, and the conflicts of the measure that speaks."""
    account = Account()
    decided = f.outcome not in (Outcome.OPEN, Outcome.CONFLICT)
    if f.reading:
        account.use([f.reading.point], Use.DECIDING if decided else Use.SUPPORTING)
    _use_readings(account, f.readings, Use.BOUND)
    _use_readings(account, f.base.readings if f.base else (), Use.BASE)
    years = _bearing(f, speaker.target)
    for reading in years:
        _settle(account, reading)
    measured = speaker.target.kind is TargetKind.QUANTITY
    _use_readings(
        account, course(f.series, speaker.target), Use.PACE if measured else Use.SUPPORTING
    )
    _support(account, years, _used_years(f) | _window(speaker.target))
    rejected: list[Rejected] = []
    for series in all_series:
        points = [p for year in series.by_year.values() for p in year]
        code = "outside_period" if series is f.series else "other_measure"
        rejected += account.rejected(points, code)
    return account.evidence(), rejected, tuple(_conflicts(years, speaker))


def _bearing(f: Finding, target: Target) -> list[Reading]:
    """The years up to the deadline and those used; later ones do not bear on the target."""
    used = _used_years(f)
    due = target.due
    years = (y for y in f.series.by_year if due is None or y <= due.year or y in used)
    return [r for y in years if (r := _reading(f, y))]


def _used_years(f: Finding) -> set[int]:
    return {r.year for r in (f.reading, *f.readings, *(f.base.readings if f.base else ())) if r}


def _reading(f: Finding, year: int) -> Reading | None:
    """The deciding year as it was decided, others as they stand."""
    return f.reading if f.reading and f.reading.year == year else f.series.at(year)


def _use_readings(account: Account, readings: Iterable[Reading], use: Use) -> None:
    for r in readings:
        account.use([r.point], use)


def _settle(account: Account, r: Reading) -> None:
    """Note who lost a conflict, was preliminary, or is only a part of a known year."""
    if r.settled.stands is not None:
        for camp in r.settled.camps:
            if camp is not r.settled.stands:
                account.refuse(_apart(camp, r.settled.stands), "conflict_lost")
    account.refuse(r.settled.replaced, "preliminary")
    if not r.parts:
        account.refuse((p for p in r.points if p.shape is Shape.PART), "full_year_known")


def _apart(camp: Camp, standing: Camp) -> list[Point]:
    """A limit may agree with several camps; it is refused only where it stands against."""
    return [p for p in camp.points if all(p is not q for q in standing.points)]


def _window(target: Target) -> set[int]:
    """The years in which the target may be reached: their figures always bear on it."""
    if target.due is None or target.due_from is None:
        return set()
    return set(range(target.due_from.year, target.due.year + 1))


def _support(account: Account, years: Sequence[Reading], bearing: set[int]) -> None:
    """Figures that agree with those used, and all sides of an undecided conflict."""
    for r in years:
        if r.year in bearing:
            standing = (r.settled.stands,) if r.settled.stands else r.settled.camps
            for camp in standing:
                account.use(camp.points if camp else (), Use.SUPPORTING)
            if r.parts:
                account.use(r.points, Use.SUPPORTING)


def _conflicts(years: Iterable[Reading], speaker: Speaker) -> Iterable[Conflict]:
    for r in years:
        if len(r.settled.camps) > 1:
            yield _conflict(r.settled, r, speaker)


def _conflict(settled: Settled, r: Reading, speaker: Speaker) -> Conflict:
    seen = {id(p): p for camp in settled.camps for p in camp.points}
    ordered = sorted(
        seen.values(), key=lambda p: (p.value, p.observation.id, p.observation.revision)
    )
    return Conflict(
        period=r.point.observation.period,
        observations=tuple(p.observation for p in ordered),
        chosen=settled.stands.best.value if settled.stands else None,
        resolved_by=settled.resolved_by,
        reason=conflict_text(settled, r.year, speaker),
    )
