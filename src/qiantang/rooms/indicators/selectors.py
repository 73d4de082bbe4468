"""Reads of the indicators room. Published figures and verdicts are everybody's; submissions
start from `policy.visible_to`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import NotFound
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.observations import Observation
from qiantang.kernel.paging import Page
from qiantang.packkit.compiled import Code, Indicator
from qiantang.rooms.indicators import policy, store
from qiantang.rooms.indicators.aggregating import aggregated, exchange_rates
from qiantang.rooms.indicators.assessments import (
    assess_as_of,
    assessment,
    overrules,
    target_history,
    verdict_history,
)
from qiantang.rooms.indicators.calendar import release_calendar, releases
from qiantang.rooms.indicators.errors import (
    NoSuchDivision,
    NoSuchIndicator,
    NoSuchObservation,
    NoSuchSubmission,
)
from qiantang.rooms.indicators.figures import figures, known_figures, newest_first
from qiantang.rooms.indicators.held import latest_result
from qiantang.rooms.indicators.models import Submission
from qiantang.rooms.indicators.quoting import Quoted, quoted
from qiantang.rooms.indicators.recordings import figures_state, recorded
from qiantang.rooms.indicators.shapes import (
    DivisionProfile,
    IndicatorRow,
    Revision,
    Series,
    SubmissionView,
)
from qiantang.rooms.indicators.sheet import template
from qiantang.rooms.indicators.views import actor_name, submission_of, submission_view, text_of
from qiantang.rooms.indicators.vintages import vintages
from qiantang.rooms.shelf import selectors as shelf

__all__ = [
    "Quoted",
    "aggregated",
    "assess_as_of",
    "assessment",
    "division_profile",
    "exchange_rates",
    "figures",
    "figures_state",
    "inbox",
    "indicator",
    "indicator_row",
    "indicator_rows",
    "newest_first",
    "observation",
    "observations",
    "overrules",
    "pending_count",
    "places",
    "quoted",
    "recorded",
    "release_calendar",
    "releases",
    "revisions",
    "series",
    "submission",
    "submissions",
    "tally",
    "target_history",
    "template",
    "verdict_history",
    "vintages",
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


def observations(  # noqa: PLR0913 - each is a filter of the list
    *,
    indicator: str | None = None,
    division: str | None = None,
    year: int | None = None,
    period: str | None = None,
    grade: str | None = None,
    kind: str | None = None,
    as_of: date | None = None,
    page: int = 1,
    size: int = 50,
) -> Page[Observation]:
    """Published figures in force, or as known on day ``as_of``, filtered, newest period first.

    Raises `TooWideForADay` for a past day without an indicator or a division.
    """
    wanted = {
        "indicator": indicator,
        "division": division,
        "year": str(year) if year else None,
        "period": period,
        "grade": grade,
        "kind": kind,
    }
    filters = {k: v for k, v in wanted.items() if v}
    size = min(max(size, 1), LARGEST_PAGE)
    if as_of is not None:
        return _page(known_figures(filters, as_of), page, size)
    found, total = store.page(filters, limit=size, offset=(max(page, 1) - 1) * size)
    last = max(1, -(-total // size))
    if page > last:
        found, total = store.page(filters, limit=size, offset=(last - 1) * size)
    return Page(tuple(found), min(max(page, 1), last), size, total)


def observation(id: str) -> Observation:
    """The revision in force. Raises `NoSuchObservation`."""
    found = store.holding_of([id]).find(id)
    if found is None:
        raise NoSuchObservation(found=id)
    return found.observation


def revisions(id: str) -> tuple[Revision, ...]:
    """Every revision of a figure, newest first. Raises `NoSuchObservation`."""
    rows = store.holding_of([id]).revisions.get(id)
    if not rows:
        raise NoSuchObservation(found=id)
    return tuple(_revision(row) for row in reversed(rows))


def series(indicator_id: str, division_code: str, as_of: date | None = None) -> Series:
    """Published figures of one indicator in one division, in the order of their periods; with
    ``as_of`` as they were known on that day."""
    found_indicator, found_division = indicator(indicator_id), division(division_code)
    points = figures(indicators=[indicator_id], divisions=[division_code], as_of=as_of)
    return Series(found_indicator, found_division, tuple(points))


def indicator_rows(division_code: str | None = None) -> tuple[IndicatorRow, ...]:
    """Every indicator with its latest result and count, in one division or anywhere."""
    known = store.overview(division_code)
    return tuple(_row(found, known) for found in shelf.indicators().values())


def indicator_row(id: str, division_code: str, as_of: date | None = None) -> IndicatorRow:
    """One indicator with its latest result and count in a division. Raises `NoSuchIndicator`."""
    found = figures(indicators=[id], divisions=[division_code], as_of=as_of)
    return IndicatorRow(indicator(id), latest_result(found), len(found))


def places(indicator_id: str) -> dict[str, int]:
    """How many figures the indicator has in each division that has any, by code."""
    return dict(sorted(store.places(indicator_id).items()))


def tally(*columns: str) -> dict[tuple[str, ...], int]:
    """How many published figures have each combination of values of the columns, most first.

    ``columns`` are names of a written observation, such as ``grade`` or ``source_title``.
    """
    counted = store.tally(columns)
    return dict(sorted(counted.items(), key=lambda pair: (-pair[1], pair[0])))


def division_profile(code: str) -> DivisionProfile:
    """What is known of a division and what is missing. Raises `NoSuchDivision`.

    Missing: indicators of which some division of the same level has a figure, and this has none.
    """
    found = division(code)
    level = division_level(code)
    rows = indicator_rows(code)
    known = tuple(r for r in rows if r.count)
    at_level = {id for id, known in store.overview().items() if level in known.levels}
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


def _row(found: Indicator, known: Mapping[str, store.Known]) -> IndicatorRow:
    here = known.get(found.id)
    return IndicatorRow(found, here.latest if here else None, here.count if here else 0)


def _parent(found: Code) -> Code | None:
    if not found.parent:
        return None
    try:
        return shelf.division(found.parent)
    except NotFound:
        return None


def _page(found: list[Observation], page: int, size: int) -> Page[Observation]:
    page = min(max(page, 1), max(1, -(-len(found) // size)))
    return Page(tuple(found[(page - 1) * size : page * size]), page, size, len(found))
