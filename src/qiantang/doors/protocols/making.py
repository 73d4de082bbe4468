"""From the catalogue's views to what the codecs write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.selectors import SERVED, ResourceView, serves_rows
from qiantang.rooms.harvest import selectors as harvest
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown
from qiantang.standards.classes import class_of, class_uri
from qiantang.standards.entries import (
    EMPTY,
    Agency,
    Catalogue,
    CatalogueEntry,
    Distribution,
    Stop,
    Theme,
    Word,
)

CLASSES: Final = "data-commons.resource-class"
CATALOGUE: Final = "/dcat/catalog"


@dataclass(frozen=True, slots=True)
class House:
    """Where we are for this reader, and who we are for ever. ``packs`` differs whenever what packs
    declare does, and with it the names of classes; ``changed`` is when that was."""

    root: str
    instance: str
    packs: str
    changed: datetime | None

    @classmethod
    def of(cls, request: HttpRequest) -> House:
        root = request.build_absolute_uri("/").rstrip("/")
        return cls(root, harvest.instance(), *shelf.state())

    def at(self, path: str) -> str:
        return f"{self.root}{path}"


def catalogue_of(house: House, changed: datetime | None) -> Catalogue:
    """The catalogue as a whole."""
    name: Text = settings.QIANTANG_NAME
    title = Text(f"{name.zh}信息资源目录", f"Catalogue of information resources, {name.en}")
    description = Text(
        "可以共享和开放的信息资源：是什么、属于谁、如何获取。",
        "Information resources that are shared or open: what they are, whose, how to get them.",
    )
    code = str(settings.QIANTANG_DIVISION)
    return Catalogue(
        address=house.at(CATALOGUE),
        title=title,
        description=description,
        publisher=Agency(code, name, code),
        instance=house.instance,
        page=house.at("/"),
        modified=changed,
    )


def entry_of(view: ResourceView, house: House) -> CatalogueEntry:
    """An entry of the catalogue; a harvested one keeps its identifier, home and passage."""
    origin = view.origin
    passage = tuple(_stop(stop) for stop in origin.passage) if origin else ()
    return CatalogueEntry(
        identifier=origin.upstream_id if origin else identifier_of(view.id),
        id=view.id,
        code=view.code,
        address=house.at(f"/dcat/dataset/{view.id}"),
        page=house.at(f"/catalogue/{view.id}/"),
        title=view.name,
        description=view.description,
        publisher=_agency(view),
        keywords=(
            *(Word(word, "zh") for word in view.keywords_zh),
            *(Word(word, "en") for word in view.keywords_en),
        ),
        themes=tuple(_themes(view)),
        classes=view.classes,
        sharing=view.sharing,
        conditions=view.conditions,
        open=view.open,
        cadence=view.cadence,
        licence=view.licence,
        contact=view.contact,
        version=str(view.number or view.version or ""),
        issued=_issued(view),
        modified=view.changed_at,
        division=view.division,
        columns=view.fields,
        grain=view.grain,
        distributions=_distributions(view, house),
        home=(passage[0].instance if passage else "") if origin else house.instance,
        declared=view.declared,
        passage=passage,
        withdrawn=view.status == "retired",
        rows_here=_serves(view),
    )


def identifier_of(id: str) -> str:
    """Our own entry's name in the whole world."""
    return f"urn:qiantang:{settings.QIANTANG_DIVISION}:{id}"


def class_theme(code: str) -> Theme:
    return _class(code)


def _class(code: str, upstream: Text | None = None) -> Theme:
    """A class under our name; one that no pack of ours knows keeps the upstream's."""
    try:
        found = shelf.code_list(CLASSES).find(code)
    except CodeListUnknown:
        found = None
    return Theme(class_uri(code), found.name if found else upstream or Text(code, code))


def _themes(view: ResourceView) -> Iterator[Theme]:
    """Our classes, then the upstream's own concepts, each once."""
    names = view.theme_names
    for code in dict.fromkeys(view.classes):
        yield _class(code, names.get(class_uri(code)))
    for uri in dict.fromkeys(view.themes):
        if not class_of(uri):
            yield Theme(uri, names.get(uri, EMPTY))


def _agency(view: ResourceView) -> Agency:
    code = view.provider_code or view.owner
    name = view.provider if view.provider.zh or view.provider.en else Text(code, code)
    return Agency(code, name, view.division)


def _issued(view: ResourceView) -> datetime:
    if view.published_on is None:
        return view.registered_at
    return datetime.combine(view.published_on, time(), UTC)


def _stop(said: Mapping[str, Any]) -> Stop:
    return Stop(*(str(said.get(part, "")) for part in ("instance", "name", "address")))


def _serves(view: ResourceView) -> bool:
    return view.status == "published" and serves_rows(view)


def _distributions(view: ResourceView, house: House) -> tuple[Distribution, ...]:
    if view.origin and view.status == "published":
        return tuple(_kept(each) for each in view.distributions)
    if not _serves(view):
        return ()
    page = house.at(f"/catalogue/{view.id}/")
    forms = (
        ("csv", Text("数据表", "Table"), f"/data/{view.id}.csv", "text/csv"),
        ("package", Text("数据包", "Data package"), f"/data/{view.id}.zip", "application/zip"),
    )
    return tuple(
        Distribution(
            id=id,
            title=title,
            address=page,
            download=house.at(path),
            format=form,
            media_type=media,
            modified=view.changed_at,
        )
        for (id, title, path, media), form in zip(forms, SERVED, strict=True)
    )


def _kept(said: Mapping[str, Any]) -> Distribution:
    title = said.get("title") or {}
    text = title if isinstance(title, Mapping) else {"zh": str(title), "en": str(title)}
    return Distribution(
        id=str(said.get("id", "")),
        title=Text(str(text.get("zh", "")), str(text.get("en", ""))),
        address=str(said.get("address", "")),
        download=str(said.get("download", "")),
        format=str(said.get("format", "")),
        media_type=str(said.get("media_type", "")),
        licence=str(said.get("licence", "")),
        size=said.get("size"),
    )
