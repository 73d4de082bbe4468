"""The release calendar: what is due, what is out, what is late; also as a feed for calendars."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from qiantang.doors.portal.answers import answer
from qiantang.doors.portal.language import language_of
from qiantang.doors.portal.places import department
from qiantang.kernel.text import Text
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.calendar import ReleaseDay, ReleaseState
from qiantang.standards.icalendar import MEDIA_TYPE, DayEvent, write_calendar

STATES = {
    ReleaseState.DUE: Text("待发布", "due"),
    ReleaseState.LATE: Text("逾期，本系统尚无数据", "overdue: no figure in this zone yet"),
    ReleaseState.PUBLISHED: Text("已发布", "published"),
    ReleaseState.PUBLISHED_LATE: Text("已发布，晚于应发布日", "published after the due day"),
}
TONES = {
    ReleaseState.DUE: "pending",
    ReleaseState.LATE: "bad",
    ReleaseState.PUBLISHED: "good",
    ReleaseState.PUBLISHED_LATE: "warn",
}


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Every release since it is kept, with the day it was due and the day it was out."""
    found = indicators.release_calendar()
    counts = Counter(r.state for r in found)
    context = {
        "rows": [
            {
                "release": r,
                "state": STATES[r.state],
                "tone": TONES[r.state],
                "owner": department(r.release.owner),
                "indicators": [(i, i not in r.missing) for i in r.release.indicators],
            }
            for r in found
        ],
        "counts": [(STATES[s], TONES[s], counts[s]) for s in ReleaseState],
        "declared": indicators.releases(),
    }
    data = {"holidays_known": False, "releases": [r.as_json() for r in found]}
    return answer(request, "portal/release_calendar.html", context, data)


@require_safe
def feed(request: HttpRequest) -> HttpResponse:
    """The calendar as iCalendar, in the reader's language."""
    lang = language_of(request)
    events = [_event(r, lang, request) for r in indicators.release_calendar()]
    name = Text("数据发布日程", "Release calendar").in_(lang)
    body = write_calendar(name, events, timezone.now())
    return HttpResponse(
        body,
        content_type=MEDIA_TYPE,
        headers={"Content-Disposition": 'inline; filename="releases.ics"'},
    )


def _event(r: ReleaseDay, lang: str, request: HttpRequest) -> DayEvent:
    release = r.release
    period, state = r.period.as_text().in_(lang), STATES[r.state].in_(lang)
    names = [indicators.indicator(i).name.in_(lang) for i in release.indicators]
    page = request.build_absolute_uri(reverse("portal:release_calendar"))
    unsure = "" if release.verified else Text("规则未经核实", "rule not verified").in_(lang)
    return DayEvent(
        uid=f"{release.pack}.{release.id}.{r.period.end:%Y%m%d}@{request.get_host()}",
        day=r.due,
        summary=f"{release.name.in_(lang)} {period}",
        description="\n".join(filter(None, [state, *names, unsure, page])),
        categories=(department(release.owner).in_(lang),),
        confirmed=r.published is not None,
    )
