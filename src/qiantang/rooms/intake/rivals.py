"""Published runs that another run would overwrite although it is not the newer one.

A delivery is newer than one received before it, whenever either is published. Corrected rows are
as old as the delivery that they mend, and what that one published already is not theirs to change
without a word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils import timezone

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Mode
from qiantang.rooms.intake.models import Run

CONFIRMED: Final = "confirmed"
OVERTAKEN: Final = "overtaken"
SHOWN: Final = 3


def mended(run: Run) -> Run | None:
    """The delivery whose rows the run mends, of the same part of the same resource."""
    parent = run.parent
    alike = parent and (parent.resource, parent.division) == (run.resource, run.division)
    return parent if alike else None


def rivals(run: Run) -> list[Run]:
    """The published runs that ``run`` may overwrite and nobody has confirmed, oldest first. None
    for an append, which overwrites nothing."""
    if run.mode == Mode.APPEND:
        return []
    parent = mended(run)
    later = Q(received_at__gt=(parent or run).received_at)
    if parent and run.mode != Mode.REPLACE:
        later |= Q(pk=parent.pk)
    same = Run.objects.filter(
        later, resource=run.resource, division=run.division, status=Run.Status.PUBLISHED
    )
    known = (run.verdict or {}).get(CONFIRMED, ())
    return list(same.exclude(pk__in=[run.pk, *known]).order_by("finished_at", "pk"))


def to_confirm(run: Run) -> list[Run]:
    """The rivals that whoever publishes the held run has to confirm: for a replacement all; for
    modes by key once publishing found that they meet (`meanwhile`)."""
    met = run.mode == Mode.REPLACE or OVERTAKEN in (run.verdict or {})
    return rivals(run) if met else []


def as_told(run: Run) -> dict[str, Any]:
    """A rival in plain values: which, by whom, when."""
    return {
        "run": run.id,
        "file": run.file_name,
        "mode": run.mode,
        "by": run.received_name or {"zh": run.received_by, "en": run.received_by},
        "at": run.finished_at.isoformat() if run.finished_at else "",
    }


def listed(runs: Sequence[Run]) -> Text:
    """The newest of the runs in words."""
    newest = list(reversed(runs))[:SHOWN]
    more = len(runs) - len(newest)
    zh = "；".join(_said(run, "zh") for run in newest) + (f"；另有 {more} 次" if more else "")
    en = "; ".join(_said(run, "en") for run in newest) + (f"; {more} more" if more else "")
    return Text(zh, en)


def _said(run: Run, lang: str) -> str:
    when = f"{timezone.localtime(run.finished_at):%Y-%m-%d %H:%M}" if run.finished_at else "-"
    by = as_told(run)["by"].get(lang, run.received_by)
    if lang == "zh":
        return f"{when} 入库的“{run.file_name}”（{by}交付，运行 {run.id}）"
    return f'"{run.file_name}" by {by}, published {when} (run {run.id})'
