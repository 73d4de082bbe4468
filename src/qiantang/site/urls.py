"""The house's addresses: public pages, the desk, the standards' endpoints, the API."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", include("qiantang.doors.desk.urls")),
    path("", include("qiantang.doors.protocols.urls")),
    path("api/", include("qiantang.doors.api.urls")),
    path("", include("qiantang.doors.portal.urls")),
]

handler400 = "qiantang.doors.portal.errors.bad_request"
handler403 = "qiantang.doors.portal.errors.not_allowed"
handler404 = "qiantang.doors.portal.errors.not_found"
handler500 = "qiantang.doors.portal.errors.server_error"
