"""How to get a resource's data, and its entry: only the ways that there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.selectors import ResourceView, serves_rows
from qiantang.rooms.shelf import selectors as shelf


@dataclass(frozen=True, slots=True)
class Way:
    """One way: what it is, for whom, and its address."""

    name: Text
    what: Text
    address: str
    media: str = ""


def ways_to_data(view: ResourceView) -> tuple[Way, ...]:
    """Addresses of the rows; none for what is not open or not kept here."""
    if view.origin:
        return _upstream(view)
    if not has_open_rows(view):
        return ()
    datastore = reverse("protocols:action", args=["datastore_search"])
    return (
        Way(
            Text("CSV 全表", "Whole table as CSV"),
            Text("一个文件，随数据更新。", "One file, as of now."),
            reverse("protocols:table", args=[view.id]),
            "text/csv",
        ),
        Way(
            Text("数据包", "Data package"),
            Text("CSV 和字段说明（Frictionless）。", "CSV with its description (Frictionless)."),
            reverse("protocols:archive", args=[view.id]),
            "application/zip",
        ),
        Way(
            Text("数据包说明", "Package descriptor"),
            Text("字段、类型和取值，供程序读取。", "Fields, types and values, for programs."),
            reverse("protocols:package", args=[view.id]),
            "application/json",
        ),
        Way(
            Text("接口", "API"),
            Text("按条件、分页读取行（CKAN 接口）。", "Rows by condition and page (CKAN's API)."),
            f"{datastore}?resource_id={view.id}&limit=10",
            "application/json",
        ),
    )


def ways_to_entry(view: ResourceView) -> tuple[Way, ...]:
    """The entry itself for machines; they are the page's alternates too."""
    if view.status != "published":
        return ()
    forms = (
        ("ttl", "Turtle", "text/turtle"),
        ("jsonld", "JSON-LD", "application/ld+json"),
        ("rdf", "RDF/XML", "application/rdf+xml"),
    )
    address = reverse("protocols:dataset", args=[view.id])
    what = Text("DCAT-AP 描述", "DCAT-AP description")
    return tuple(
        Way(Text(f"DCAT {name}", f"DCAT {name}"), what, f"{address}.{form}", media)
        for form, name, media in forms
    )


def has_open_rows(view: ResourceView) -> bool:
    """Whether everybody may take rows of it: open, published, and rows or a file are here."""
    if view.status != "published" or not serves_rows(view):
        return False
    declared = view.declared or view.id
    return declared in shelf.resources() or table_of(view) != ""


def table_of(view: ResourceView) -> str:
    """The lake's table with its rows; empty where nothing was delivered."""
    if not view.pack:
        return ""
    tables = shelf.lake().tables()
    return next((name for name in (view.id, view.declared) if name and name in tables), "")


def _upstream(view: ResourceView) -> tuple[Way, ...]:
    """What the upstream offers; nothing is copied here."""
    found = []
    for each in view.distributions:
        address = str(each.get("download") or each.get("address") or "")
        if address.startswith(("http://", "https://")):
            form = str(each.get("format") or each.get("media_type") or "")
            what = Text("由上游提供。", "Offered by the upstream.")
            found.append(Way(_title(each.get("title"), form or address), what, address, form))
    return tuple(found)


def _title(said: Any, otherwise: str) -> Text:
    if not isinstance(said, Mapping):
        return Text(otherwise, otherwise)
    zh, en = str(said.get("zh") or ""), str(said.get("en") or "")
    return Text(zh or en or otherwise, en or zh or otherwise)
