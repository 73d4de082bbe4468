"""The addresses of both SDMX interfaces."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, re_path

from qiantang.doors.protocols.sdmx import availability, data, structures

_REST = r"(?:/(?P<rest>.*?))?/?$"

urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^3\.0/structure{_REST}", structures.structure),
    re_path(rf"^3\.0/data{_REST}", data.data),
    re_path(rf"^3\.0/availability{_REST}", availability.availability),
    re_path(rf"^3\.0/schema{_REST}", structures.schema),
    re_path(r"^3\.0/", structures.elsewhere),
    re_path(r"^2\.1/data/(?P<rest>.+?)/?$", data.old_data),
    re_path(r"^2\.1/availableconstraint/(?P<rest>.+?)/?$", availability.old_availability),
    re_path(r"^2\.1/(?:metadata|schema|registration|data|availableconstraint)(?:/|$)",
            structures.old_elsewhere),
    re_path(rf"^2\.1/(?P<kind>[a-z]+){_REST}", structures.old_structure),
]  # fmt: skip
