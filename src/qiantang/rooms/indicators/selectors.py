"""Reads of the indicators room. Published figures and verdicts are everybody's; submissions
start from `policy.visible_to`."""

from __future__ import annotations

from collections.abc import Iterable

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import AIMS, Observation
from qiantang.kernel.periods import PeriodKind
from qiantang.packkit.compiled import Code, Indicator
from qiantang.rooms.indicators import policy, store
from qiantang.rooms.indicators.assessments import (
    assess_as_of,
    assessment,
    overrules,
    target_history,
    verdict_history,
)
from qiantang.rooms.indicators.errors import (
    NoSuchDivision,
    NoSuchIndicator,
    NoSuchObservation,
    NoSuchSubmission,
)
from qiantang.rooms.indicators.figures import figures
from qiantang.rooms.indicators.models import Submission
from qiantang.rooms.indicators.recordings import figures_state, recorded
from qiantang.rooms.indicators.shapes import (
    DivisionProfile,
    IndicatorRow,
    Page,
    Revision,
    Series,
    SubmissionView,
)
from qiantang.rooms.indicators.sheet import template
from qiantang.rooms.indicators.views import actor_name, submission_of, submission_view, text_of
from qiantang.rooms.shelf import selectors as shelf

__all__ = [
    "assess_as_of",
    "assessment",
    "division_profile",
    "figures",
    "figures_state",
    "inbox",
    "indicator",
    "indicator_rows",
    "observation",
    "observations",
    "overrules",
    "pending_count",
    "recorded",
    "revisions",
    "series",
    "submission",
    "submissions",
    "target_history",
    "template",
    "verdict_history",
]
LARGEST_PAGE = 500


def indicator(id: str) -> Indicator:
    """Raises `NoSuchIndicator`."""
    found = shelf.indicators().get(id)
    if found is None:
        raise NoSuchIndicator(found=id)
    return found


def division(code: str) -> Code:
    """The division's row in force, or its last one. Raises `NoSuchDivision`."""
    try:
        found = shelf.division(code)
    except NotFound:
        found = None
    if found is None:
        raise NoSuchDivision(found=code)
    return found


def observations(
    *,
    indicator: str | None = None,
    division: str | None = None,
    year: int | None = None,
    period: str | None = None,
    grade: str | None = None,
    kind: str | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[Observation]:
    """Published figures in force, filtered, newest period first."""
    wanted = {
        "indicator": indicator,
        "division": division,
        "year": str(year) if year else None,
        "period": period,
        "grade": grade,
        "kind": kind,
    }
    filters = {k: v for k, v in wanted.items() if v}
    found = [o for o in store.holding().current if _fits(o, filters)]
    found.sort(key=lambda o: o.id)
    found.sort(key=lambda o: (o.period.end, o.period.start), reverse=True)
    return _page(found, page, size)


def observation(id: str) -> Observation:
    """The revision in force. Raises `NoSuchObservation`."""
    found = store.holding().find(id)
    if found is None:
        raise NoSuchObservation(found=id)
    return found.observation


def revisions(id: str) -> tuple[Revision, ...]:
    """Every revision of a figure, newest first. Raises `NoSuchObservation`."""
    rows = store.holding().revisions.get(id)
    if not rows:
        raise NoSuchObservation(found=id)
    return tuple(_revision(row) for row in reversed(rows))


def series(indicator_id: str, division_code: str) -> Series:
    """Published figures of one indicator in one division, in the order of their periods."""
    found_indicator, found_division = indicator(indicator_id), division(division_code)
    points = [
        o
        for o in store.holding().current
        if o.indicator == indicator_id and o.division == division_code
    ]
    points.sort(key=lambda o: (o.period.end, o.period.start, o.id))
    return Series(found_indicator, found_division, tuple(points))


def indicator_rows(division_code: str | None = None) -> tuple[IndicatorRow, ...]:
    """Every indicator with its latest result and count, in one division or anywhere."""
    grouped: dict[str, list[Observation]] = {}
    for o in store.holding().current:
        if division_code is None or o.division == division_code:
            grouped.setdefault(o.indicator, []).append(o)
    return tuple(
        IndicatorRow(found, _latest(grouped.get(key, ())), len(grouped.get(key, ())))
        for key, found in shelf.indicators().items()
    )


def division_profile(code: str) -> DivisionProfile:
    """What is known of a division and what is missing. Raises `NoSuchDivision`.

    Missing: indicators of which some division of the same level has a figure, and this has none.
    """
    found = division(code)
    level = division_level(code)
    rows = indicator_rows(code)
    known = tuple(r for r in rows if r.count)
    at_level = {o.indicator for o in store.holding().current if division_level(o.division) == level}
    have = {r.indicator.id for r in known}
    return DivisionProfile(
        division=found,
        level=level,
        parent=_parent(found),
        children=tuple(c for c in shelf.divisions() if c.parent == code),
        known=known,
        missing=tuple(r.indicator for r in rows if r.indicator.id in at_level - have),
        observations=sum(r.count for r in known),
    )


def submissions(
    actor: Actor,
    *,
    state: str | None = None,
    kind: str | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[SubmissionView]:
    """Submissions that the actor may see, newest first."""
    found = Submission.objects.filter(policy.visible_to(actor))
    if state:
        found = found.filter(state=state)
    if kind:
        found = found.filter(kind=kind)
    total, size = found.count(), min(max(size, 1), LARGEST_PAGE)
    page = min(max(page, 1), max(1, -(-total // size)))
    rows = found[(page - 1) * size : page * size]
    return Page(tuple(submission_view(s, actor) for s in rows), page, size, total)


def inbox(actor: Actor) -> tuple[SubmissionView, ...]:
    """Pending submissions that the actor may decide."""
    pending = Submission.objects.filter(
        policy.visible_to(actor), state=Submission.State.PENDING
    ).exclude(submitted_by=actor.key)
    views = (submission_view(s, actor) for s in pending)
    return tuple(v for v in views if v.decision.approve)


def pending_count(actor: Actor) -> int:
    """How many decisions wait for the actor."""
    return len(inbox(actor))


def submission(actor: Actor, id: int) -> SubmissionView:
    """Raises `NoSuchSubmission`, also for another organisation's."""
    found = Submission.objects.filter(policy.visible_to(actor), pk=id).first()
    if found is None:
        raise NoSuchSubmission(found=id)
    return submission_view(found, actor)


def _revision(row: store.Recorded) -> Revision:
    sent, approver = submission_of(row.submission), actor_name(row.recorded_by)
    if sent is None:
        return Revision(row.observation, row.recorded_by, approver, row.submission)
    return Revision(
        row.observation,
        row.recorded_by,
        approver,
        row.submission,
        submission_id=sent.pk,
        submitted_name=text_of(sent.submitted_name, sent.submitted_by),
        note=sent.note,
    )


def _fits(o: Observation, filters: dict[str, str]) -> bool:
    return all(_value(o, name) == value for name, value in filters.items())


def _value(o: Observation, name: str) -> str:
    match name:
        case "year":
            return str(o.period.year)
        case "period":
            return str(o.period)
        case "grade":
            return o.source.grade
        case "kind":
            return o.kind.value
        case _:
            return str(getattr(o, name))


def _latest(found: Iterable[Observation]) -> Observation | None:
    """The latest result: full years and moments before parts of years, aims never."""
    results = [o for o in found if o.kind not in AIMS]
    whole = [o for o in results if o.period.kind in (PeriodKind.YEAR, PeriodKind.MOMENT)]
    return max(whole or results, key=lambda o: (o.period.end, o.id), default=None)


def _parent(found: Code) -> Code | None:
    if not found.parent:
        return None
    try:
        return shelf.division(found.parent)
    except NotFound:
        return None


def _page(found: list[Observation], page: int, size: int) -> Page[Observation]:
    size = min(max(size, 1), LARGEST_PAGE)
    page = min(max(page, 1), max(1, -(-len(found) // size)))
    return Page(tuple(found[(page - 1) * size : page * size]), page, size, len(found))
