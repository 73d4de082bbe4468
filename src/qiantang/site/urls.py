"""The house's addresses: public pages, the desk, the API."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(door))
    for prefix, door in (
        ("desk/", "qiantang.doors.desk.urls"),
        ("api/", "qiantang.doors.api.urls"),
        ("", "qiantang.doors.portal.urls"),
    )
    if find_spec(door) is not None
]

handler400 = "qiantang.doors.portal.errors.bad_request"
handler403 = "qiantang.doors.portal.errors.not_allowed"
handler404 = "qiantang.doors.portal.errors.not_found"
handler500 = "qiantang.doors.portal.errors.server_error"
