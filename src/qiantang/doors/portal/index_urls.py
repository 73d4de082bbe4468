"""The addresses of composite indices, below ``/indices/``. They are for ever."""

from __future__ import annotations

from django.urls import path

from qiantang.doors.portal.views import (
    index_files,
    index_method,
    index_robustness,
    index_whatif,
    indices,
)

urlpatterns = [
    path("", indices.listing, name="indices"),
    path("<str:id>/", indices.home, name="index"),
    path("<str:id>/units/<str:code>/", indices.unit, name="index_unit"),
    path("<str:id>/elements/<str:code>/", indices.element, name="index_element"),
    path("<str:id>/compare/", indices.compare, name="index_compare"),
    path("<str:id>/what-if/", index_whatif.page, name="index_whatif"),
    path("<str:id>/robustness/", index_robustness.page, name="index_robustness"),
    path("<str:id>/method/", index_method.method, name="index_method"),
    path("<str:id>/editions/", index_method.editions, name="index_editions"),
    path("<str:id>/editions/<int:number>/bundle.zip", index_files.bundle, name="index_bundle"),
    path("<str:id>/card/", index_files.card, name="index_card"),
    path("<str:id>/report.<str:form>", index_files.report, name="index_report"),
    path("<str:id>/charts/<str:kind>.<str:form>", index_files.chart, name="index_chart"),
]
