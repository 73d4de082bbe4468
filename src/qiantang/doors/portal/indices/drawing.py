"""A chart and the figures that it draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from qiantang.doors.charts import Spec
from qiantang.doors.portal.indices.asking import Asked


@dataclass(frozen=True, slots=True)
class Drawing:
    """``spec`` is None for figures that are a table and no chart."""

    spec: Spec | None
    header: Sequence[str]
    rows: Sequence[Sequence[Any]]


def unit_asked(request: HttpRequest, ask: Asked) -> str:
    """The unit of ``?unit=``, else the first one of the figures."""
    return request.GET.get("unit", "").strip() or next(iter(ask.made.units), "")
