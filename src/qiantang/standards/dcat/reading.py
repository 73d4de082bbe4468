"""Anybody's DCAT catalogue as entries: tolerant, with a problem for what was not understood.

A dataset needs a title and a name of its own; everything else may be missing. What a catalogue of
ours wrote comes back as it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, Final

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Node

from qiantang.kernel.text import Text
from qiantang.standards.classes import class_of
from qiantang.standards.dcat import vocabulary as v
from qiantang.standards.dcat.documents import form_of, graph_of
from qiantang.standards.declarations import declared_of
from qiantang.standards.entries import (
    EMPTY,
    Agency,
    Catalogue,
    CatalogueEntry,
    Distribution,
    EntryProblem,
    ReadPage,
    Stop,
    Theme,
    Word,
)

__all__ = ["form_of", "read_page"]

_D, _T = v.DCAT, v.DCTERMS
_TITLE: Final = 500
_LONG: Final = 20_000
_MANY: Final = 200
_RIGHTS: Final = {"PUBLIC": ("unconditional", True), "RESTRICTED": ("conditional", False)}


def read_page(data: bytes, form: str, address: str = "") -> ReadPage:
    """The datasets of a document fetched from ``address``, in the order of their identifiers.

    Raises `DocumentTooLarge`, `DocumentReachesOut`, `DocumentUnreadable`, `FormUnknown`; what is
    wrong with one dataset stands in ``problems`` and stops no other.
    """
    graph = graph_of(data, form, address)
    catalogue = _catalogue(graph)
    entries: dict[str, CatalogueEntry] = {}
    problems: list[EntryProblem] = []
    for node in sorted(set(graph.subjects(v.RDF.type, _D.Dataset)), key=str):
        entry = _entry(graph, node, problems)
        if entry is None:
            continue
        if entry.identifier in entries:
            problems.append(_problem("identifier_twice", entry.identifier, fatal=True))
            continue
        entries[entry.identifier] = entry
    ordered = tuple(entries[key] for key in sorted(entries))
    return ReadPage(catalogue, ordered, tuple(problems), _next(graph), _total(graph))


_PROBLEMS: Final = {
    "no_title": Text("数据集没有名称。", "The dataset has no title."),
    "no_identifier": Text(
        "数据集没有标识符，也没有自己的地址。", "The dataset has neither identifier nor address."
    ),
    "identifier_twice": Text(
        "同一页中标识符重复，只取第一个。",
        "The identifier stands twice in one page; the first is taken.",
    ),
    "date_unreadable": Text("日期无法读取，已忽略。", "A date cannot be read and is left out."),
    "too_long": Text("文字过长，已截断。", "A text is too long and was cut."),
    "extension_unreadable": Text(
        "附加信息无法读取，已忽略。", "An extension cannot be read and is left out."
    ),
}


def _problem(code: str, dataset: str, *, fatal: bool = False) -> EntryProblem:
    return EntryProblem(f"dcat.{code}", dataset, _PROBLEMS[code], fatal)


class _Reader:
    """Reads the properties of one dataset and notes what is wrong with them."""

    def __init__(self, graph: Graph, node: Node, problems: list[EntryProblem]) -> None:
        self.graph, self.node, self.problems = graph, node, problems
        self.found: dict[Node, list[Node]] = {}
        for _, name, value in graph.triples((node, None, None)):
            self.found.setdefault(name, []).append(value)

    def values(self, name: URIRef) -> list[Node]:
        return self.found.get(name, [])

    def one(self, *names: URIRef) -> str:
        """The value of the first property that has one; of several values the least."""
        for name in names:
            if values := sorted(str(value) for value in self.values(name)):
                return values[0].strip()
        return ""

    def text(self, *names: URIRef, limit: int = _TITLE) -> Text:
        for name in names:
            found = _in_languages(self.values(name))
            if found.zh or found.en:
                if max(len(found.zh), len(found.en)) > limit:
                    self.note("too_long")
                    return Text(found.zh[:limit], found.en[:limit])
                return found
        return EMPTY

    def date(self, name: URIRef) -> datetime | None:
        said = self.one(name)
        found = _moment(said)
        if said and found is None:
            self.note("date_unreadable")
        return found

    def json(self, name: URIRef) -> list[Any]:
        said = self.one(name)
        if not said:
            return []
        try:
            found = json.loads(said)
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, list):
            self.note("extension_unreadable")
            return []
        return found[:2000]

    def note(self, code: str) -> None:
        self.problems.append(_problem(code, str(self.node)))


def _entry(graph: Graph, node: Node, problems: list[EntryProblem]) -> CatalogueEntry | None:
    read = _Reader(graph, node, problems)
    title = read.text(_T.title)
    identifier = _identifier(read)
    if not identifier or not title.zh:
        problems.append(
            _problem("no_title" if identifier else "no_identifier", str(node), fatal=True)
        )
        return None
    sharing, open_ = _rights(read)
    ours = read.one(v.OURS.cadence)
    themes = tuple(_themes(graph, read))
    return CatalogueEntry(
        identifier=identifier,
        title=title,
        description=read.text(_T.description, limit=_LONG),
        publisher=_agency(graph, read.values(_T.publisher) or read.values(_T.creator)),
        code=read.one(v.OURS.code)[:60],
        address=str(node) if isinstance(node, URIRef) else "",
        page=read.one(_D.landingPage, v.FOAF.page),
        keywords=tuple(_words(read)),
        themes=themes,
        classes=tuple(c for t in themes if (c := class_of(t.uri))),
        sharing=sharing,
        conditions=read.text(v.OURS.conditions, limit=_LONG),
        open=open_,
        cadence=ours or v.cadence_of(read.one(_T.accrualPeriodicity)),
        licence=_licence(graph, read),
        contact=_contact(graph, read),
        version=read.one(v.VERSION, v.OWL.versionInfo)[:60],
        issued=read.date(_T.issued),
        modified=read.date(_T.modified),
        division=_division(graph, read),
        columns=tuple(_columns(read)),
        grain=tuple(read.one(v.OURS.grain).split()),
        distributions=tuple(_distributions(graph, read)),
        home=read.one(v.OURS.home),
        declared=declared_of(str(node) for node in read.values(_T.conformsTo)),
        passage=tuple(_passage(read)),
        withdrawn=read.one(v.OURS.withdrawn) == "true",
    )


def _identifier(read: _Reader) -> str:
    """A name that is good in the whole world: the dataset's own where it is one, else its node."""
    said = read.one(_T.identifier)
    if ":" in said and " " not in said:
        return said[:500]
    if isinstance(read.node, URIRef):
        return str(read.node)[:500]
    return ""


def _rights(read: _Reader) -> tuple[str, bool]:
    right = read.one(_T.accessRights).rpartition("/")[2].upper()
    sharing, open_ = _RIGHTS.get(right, ("", False))
    return read.one(v.OURS.sharing) or sharing, open_


def _agency(graph: Graph, nodes: list[Node]) -> Agency:
    if not nodes:
        return Agency("", EMPTY)
    node = min(nodes, key=str)
    if isinstance(node, Literal):
        return Agency("", Text(str(node)[:_TITLE], str(node)[:_TITLE]))
    name = _in_languages(list(graph.objects(node, v.FOAF.name)))
    code = next((str(o) for o in graph.objects(node, _T.identifier)), "")
    address = str(node) if isinstance(node, URIRef) else ""
    return Agency(code[:80], name, "", address)


def _words(read: _Reader) -> Iterator[Word]:
    found = {
        (str(value).strip()[:100], value.language or "")
        for value in read.values(_D.keyword)
        if isinstance(value, Literal) and str(value).strip()
    }
    for text, lang in sorted(found)[:_MANY]:
        yield Word(text, lang.partition("-")[0].lower())


def _themes(graph: Graph, read: _Reader) -> Iterator[Theme]:
    for node in sorted(read.values(_D.theme), key=str)[:_MANY]:
        if isinstance(node, URIRef):
            labels = _in_languages(list(graph.objects(node, v.SKOS.prefLabel)))
            yield Theme(str(node), EMPTY if labels.zh == str(node) else labels)


def _division(graph: Graph, read: _Reader) -> str:
    for node in read.values(_T.spatial):
        said = str(node).removeprefix("urn:qiantang:division:")
        if said.isdigit() and len(said) == 6:
            return said
    return ""


def _licence(graph: Graph, read: _Reader) -> Text:
    ours = read.text(v.OURS.licence)
    if ours.zh:
        return ours
    for value in read.values(_T.license):
        named = _in_languages(list(graph.objects(value, _T.title)))
        return named if named.zh else Text(str(value)[:300], str(value)[:300])
    return EMPTY


def _contact(graph: Graph, read: _Reader) -> Text:
    for node in sorted(read.values(_D.contactPoint), key=str):
        for name in (v.VCARD.fn, v.VCARD["organization-name"]):
            if (found := _in_languages(list(graph.objects(node, name)))).zh:
                return Text(found.zh[:_TITLE], found.en[:_TITLE])
    return EMPTY


def _columns(read: _Reader) -> Iterator[Mapping[str, Any]]:
    for each in read.json(v.OURS.columns):
        if isinstance(each, dict) and isinstance(each.get("id"), str):
            yield each


def _passage(read: _Reader) -> Iterator[Stop]:
    for each in read.json(v.OURS.passage)[:50]:
        if isinstance(each, list) and len(each) == 3 and all(isinstance(x, str) for x in each):
            yield Stop(*each)


def _distributions(graph: Graph, read: _Reader) -> Iterator[Distribution]:
    for node in sorted(read.values(_D.distribution), key=str)[:_MANY]:
        if isinstance(node, Literal):
            continue
        of = _Reader(graph, node, read.problems)
        address = of.one(_D.accessURL, _D.downloadURL)
        if not address:
            continue
        size = of.one(_D.byteSize)
        yield Distribution(
            id=str(node).rpartition("#")[2] if isinstance(node, URIRef) else "",
            title=of.text(_T.title),
            address=address,
            download=of.one(_D.downloadURL),
            format=_format(graph, of),
            media_type=of.one(_D.mediaType).removeprefix(v.MEDIA),
            description=of.text(_T.description, limit=_LONG),
            licence=_licence_address(of),
            size=int(float(size)) if size.replace(".", "", 1).isdigit() else None,
            issued=of.date(_T.issued),
            modified=of.date(_T.modified),
        )


def _licence_address(of: _Reader) -> str:
    said = of.one(_T.license)
    return said if said.startswith(("http://", "https://")) else ""


def _format(graph: Graph, of: _Reader) -> str:
    for node in of.values(_T["format"]):
        if isinstance(node, BNode):
            return next((str(o) for o in graph.objects(node, v.RDFS.label)), "")
        return str(node).rpartition("/")[2]
    return ""


def _catalogue(graph: Graph) -> Catalogue | None:
    """The catalogue that the page belongs to; with catalogues of catalogues, the outermost."""
    inner = set(graph.objects(None, _D.catalog)) | set(graph.objects(None, _T.hasPart))
    nodes = sorted(set(graph.subjects(v.RDF.type, _D.Catalog)), key=str)
    node = next((n for n in nodes if n not in inner), nodes[0] if nodes else None)
    if node is None:
        return None
    read = _Reader(graph, node, [])
    return Catalogue(
        address=str(node) if isinstance(node, URIRef) else "",
        title=read.text(_T.title),
        description=read.text(_T.description, limit=_LONG),
        publisher=_agency(graph, read.values(_T.publisher)),
        instance=read.one(v.OURS.instance),
        page=read.one(v.FOAF.homepage),
        modified=read.date(_T.modified),
    )


def _next(graph: Graph) -> str:
    for kind in (v.HYDRA.PartialCollectionView, v.HYDRA.PagedCollection):
        for node in graph.subjects(v.RDF.type, kind):
            for name in (v.HYDRA.next, v.HYDRA.nextPage):
                for address in graph.objects(node, name):
                    return str(address)
    return ""


def _total(graph: Graph) -> int | None:
    for said in graph.objects(None, v.HYDRA.totalItems):
        if str(said).isdigit():
            return int(str(said))
    return None


def _in_languages(values: list[Node]) -> Text:
    """Chinese and English of several literals; one of them stands in for a missing other."""
    said: dict[str, str] = {}
    for value in sorted(values, key=str):
        lang = (getattr(value, "language", None) or "").partition("-")[0].lower()
        if text := str(value).strip():
            said.setdefault(lang if lang in {"zh", "en"} else "", text)
    zh = said.get("zh") or said.get("") or said.get("en") or ""
    return Text(zh, said.get("en") or said.get("") or zh)


def _moment(said: str) -> datetime | None:
    """xsd:dateTime, date, gYearMonth or gYear; without a zone UTC."""
    text = said.strip().replace("Z", "+00:00")
    for form in (text, f"{text}-01", f"{text}-01-01"):
        try:
            found = datetime.fromisoformat(form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        return datetime.combine(date.fromisoformat(text[:10]), time(), UTC)
    except ValueError:
        return None
