"""What an address asks: the plan, the day, a filter; every wrong value is a clear answer."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest

from qiantang.doors.portal.errors import BadDay, NoPlan, NoSuchPlanHere
from qiantang.packkit.plans import Plan
from qiantang.rooms.indicators import selectors as indicators
from qiantang.rooms.indicators.shapes import AssessmentView
from qiantang.rooms.shelf import selectors as shelf


def plan_asked(request: HttpRequest) -> Plan:
    """The plan named by ``?plan=``, else the first. Raises `NoPlan`, `NoSuchPlanHere`."""
    plans = {p.id: p for p in plans_now()}
    if not plans:
        raise NoPlan()
    asked = request.GET.get("plan", "")
    if asked and asked not in plans:
        raise NoSuchPlanHere(found=asked, expected="、".join(plans))
    return plans[asked] if asked else next(iter(plans.values()))


def plans_now() -> tuple[Plan, ...]:
    """Every plan of the installed packs."""
    return tuple(shelf.plans().values())


def day_asked(request: HttpRequest) -> date | None:
    """The day of ``?as_of=``; None for today. Raises `BadDay`."""
    text = request.GET.get("as_of", "").strip()
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadDay(found=text[:40]) from None


def whole_number(text: str) -> int | None:
    """A number of at most nine ASCII digits as an address or a form carries it; else None."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else None


def assessment_asked(request: HttpRequest) -> AssessmentView:
    """The plan's assessment as of the day asked for."""
    return indicators.assessment(plan_asked(request).id, as_of=day_asked(request))
