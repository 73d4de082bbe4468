"""The portal's addresses. They are for ever; the language never stands in them."""

from __future__ import annotations

from django.urls import include, path

from qiantang.doors.portal import index_urls
from qiantang.doors.portal.views import (
    catalogue,
    catalogue_entry,
    catalogue_places,
    divisions,
    elements,
    harvest,
    home,
    indicators,
    pack_pages,
    packs,
    plan,
    releases,
    static,
    targets,
)

app_name = "portal"

urlpatterns = [
    path("", home.home, name="home"),
    path("favicon.ico", static.mark, name="favicon"),
    path("cities/map.<str:form>", home.cities_map, name="cities_map"),
    path("cities/table.csv", home.cities_table, name="cities_table"),
    path("targets/", targets.listing, name="targets"),
    path("targets/table.csv", targets.table, name="targets_table"),
    path("targets/<str:id>/", targets.page, name="target"),
    path("targets/<str:id>/chart.<str:form>", targets.chart, name="target_chart"),
    path("targets/<str:id>/series.csv", targets.series, name="target_series"),
    path("indicators/", indicators.listing, name="indicators"),
    path("indicators/<str:id>/", indicators.page, name="indicator"),
    path("indicators/<str:id>/chart.<str:form>", indicators.chart, name="indicator_chart"),
    path("indicators/<str:id>/series.csv", indicators.series, name="indicator_series"),
    path("indices/", include(index_urls.urlpatterns)),
    path("statistics/calendar/", releases.page, name="release_calendar"),
    path("statistics/calendar.ics", releases.feed, name="release_feed"),
    path("divisions/", divisions.listing, name="divisions"),
    path("divisions/<str:code>/", divisions.page, name="division"),
    path("divisions/<str:code>/chart.<str:form>", divisions.chart, name="division_chart"),
    path(
        "divisions/<str:code>/population.csv",
        divisions.population_table,
        name="division_population",
    ),
    path("divisions/<str:code>/figures.csv", divisions.figures_table, name="division_figures"),
    path("plan/", plan.page, name="plan"),
    path("plan/report.<str:form>", plan.report, name="report"),
    path("packs/", packs.listing, name="packs"),
    path("packs/<str:id>/", packs.page, name="pack"),
    path("packs/<str:pack>/<str:id>/", pack_pages.page, name="pack_page"),
    path(
        "packs/<str:pack>/<str:id>/<int:number>/chart.<str:form>",
        pack_pages.chart,
        name="tile_chart",
    ),
    path("packs/<str:pack>/<str:id>/<int:number>/table.csv", pack_pages.table, name="tile_table"),
    path("catalogue/", catalogue.page, name="catalogue"),
    path(
        "catalogue/organisations/<str:code>/",
        catalogue_places.organisation,
        name="catalogue_organisation",
    ),
    path("catalogue/divisions/<str:code>/", catalogue_places.division, name="catalogue_division"),
    path("catalogue/groups/<str:id>/", catalogue_places.group, name="catalogue_group"),
    path(
        "catalogue/groups/<str:id>/map.<str:form>",
        catalogue_places.group_map,
        name="catalogue_group_map",
    ),
    path(
        "catalogue/groups/<str:id>/table.csv",
        catalogue_places.group_table,
        name="catalogue_group_table",
    ),
    path("catalogue/codes/", elements.code_lists, name="catalogue_codes"),
    path("catalogue/codes/<str:id>/", elements.code_list, name="catalogue_code_list"),
    path("catalogue/codes/<str:id>/table.csv", elements.code_table, name="catalogue_code_table"),
    path("catalogue/upstreams/", harvest.upstreams, name="catalogue_upstreams"),
    path("catalogue/<str:id>/", catalogue_entry.page, name="catalogue_entry"),
    path(
        "catalogue/<str:id>/quality.<str:form>", catalogue_entry.quality, name="catalogue_quality"
    ),
    path(
        "catalogue/<str:id>/quality/table.csv",
        catalogue_entry.quality_table,
        name="catalogue_quality_table",
    ),
    path(
        "catalogue/<str:id>/dictionary.<str:form>",
        catalogue_entry.data_dictionary,
        name="catalogue_dictionary",
    ),
    path("elements/", elements.listing, name="elements"),
    path("elements/<str:id>/", elements.page, name="element"),
    path("method/", static.method, name="method"),
    path("about/", static.about, name="about"),
    path("assets/<str:name>", static.charts_script, name="charts_script"),
]
