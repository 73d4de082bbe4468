"""The addresses of the standards' endpoints."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, re_path

from qiantang.doors.protocols import ckan_api, data, feeds, oai

_FORM = r"(?:\.(?P<form>ttl|jsonld|rdf))?"

app_name = "protocols"
urlpatterns: list[URLPattern | URLResolver] = [
    re_path(rf"^dcat/catalog{_FORM}$", feeds.page, name="catalog"),
    re_path(rf"^dcat/dataset/(?P<id>[^/]+?){_FORM}$", feeds.dataset, name="dataset"),
    re_path(r"^api/(?:3/)?action/(?P<name>[a-z_]+)/?$", ckan_api.action, name="action"),
    path("oai", oai.provider, name="oai"),
    path("sdmx/", include("qiantang.doors.protocols.sdmx.urls")),
    path("data/<str:id>/datapackage.json", data.package, name="package"),
    path("data/<str:id>.zip", data.archive, name="archive"),
    path("data/<str:id>.csv", data.table, name="table"),
]
