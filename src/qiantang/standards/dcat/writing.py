"""Catalogue pages and single datasets as DCAT-AP 3.0.1, in Turtle, JSON-LD or RDF/XML.

Every object that the application profile gives a class is typed within the same document, so that
a page can be judged by the published SHACL shapes alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final, TypeVar

from rdflib import Graph, Literal, URIRef
from rdflib.term import Node

from qiantang.kernel.text import LANGUAGES, Text, printable
from qiantang.standards.dcat import vocabulary as v
from qiantang.standards.dcat.addresses import uri
from qiantang.standards.declarations import declared_uri
from qiantang.standards.entries import (
    Agency,
    Catalogue,
    CatalogueEntry,
    CataloguePage,
    Distribution,
    Theme,
    in_languages,
)
from qiantang.standards.errors import FormUnknown

_D, _T = v.DCAT, v.DCTERMS
_PREFIXES: Final = {
    "dcat": v.DCAT, "dct": v.DCTERMS, "foaf": v.FOAF, "skos": v.SKOS, "hydra": v.HYDRA,
    "qt": v.OURS, "vcard": v.VCARD, "owl": v.OWL, "xsd": v.XSD, "rdf": v.RDF, "rdfs": v.RDFS,
}  # fmt: skip
N = TypeVar("N", bound=Node)


def write_page(page: CataloguePage, form: str) -> bytes:
    """A page of the catalogue; ``form`` is ``ttl``, ``jsonld`` or ``rdf``. Raises `FormUnknown`."""
    graph = _graph()
    home = uri(page.catalogue.address)
    _catalogue(graph, home, page.catalogue)
    for entry in page.entries:
        graph.add((home, _D.dataset, _dataset(graph, entry)))
    _paging(graph, home, page)
    return _written(graph, form)


def write_entry(entry: CatalogueEntry, form: str) -> bytes:
    """One dataset by itself. Raises `FormUnknown`."""
    graph = _graph()
    _dataset(graph, entry)
    return _written(graph, form)


def rdf_of(entry: CatalogueEntry) -> bytes:
    """One dataset as RDF/XML, for feeds that carry it inside their own XML."""
    return write_entry(entry, "rdf")


def _graph() -> Graph:
    graph = Graph(bind_namespaces="none")
    for prefix, namespace in _PREFIXES.items():
        graph.bind(prefix, namespace)
    return graph


def _written(graph: Graph, form: str) -> bytes:
    if form not in v.FORMS:
        raise FormUnknown(found=form, expected=", ".join(v.FORMS))
    if form == "jsonld":
        context = {p: str(n) for p, n in _PREFIXES.items()}
        return graph.serialize(format="json-ld", context=context, indent=1, encoding="utf-8")
    return graph.serialize(format=v.FORMS[form][0], encoding="utf-8")


def _catalogue(graph: Graph, home: URIRef, said: Catalogue) -> None:
    graph.add((home, v.RDF.type, _D.Catalog))
    _said(graph, home, _T.title, said.title)
    _said(graph, home, _T.description, said.description)
    graph.add((home, _T.publisher, _agent(graph, said.publisher)))
    for lang in said.languages:
        graph.add((home, _T.language, _typed(graph, v.LANGUAGES[lang], _T.LinguisticSystem)))
    if said.page:
        graph.add((home, v.FOAF.homepage, _typed(graph, uri(said.page), v.FOAF.Document)))
    if said.instance:
        graph.add((home, v.OURS.instance, _text(said.instance)))
    _date(graph, home, _T.modified, said.modified)


def _paging(graph: Graph, home: URIRef, page: CataloguePage) -> None:
    """Hydra's words for paging, as CKAN's harvester follows them."""
    if not page.this:
        return
    view = uri(page.this)
    graph.add((view, v.RDF.type, v.HYDRA.PartialCollectionView))
    graph.add((view, v.HYDRA.totalItems, Literal(page.total)))
    graph.add((view, v.HYDRA.itemsPerPage, Literal(page.size)))
    for name in ("first", "next", "previous", "last"):
        if address := getattr(page, name):
            graph.add((view, v.HYDRA[name], uri(address)))


def _dataset(graph: Graph, entry: CatalogueEntry) -> URIRef:
    node = uri(entry.address or entry.identifier)
    graph.add((node, v.RDF.type, _D.Dataset))
    graph.add((node, _T.identifier, _text(entry.identifier)))
    _said(graph, node, _T.title, entry.title)
    _said(graph, node, _T.description, entry.description, instead=entry.title)
    graph.add((node, _T.publisher, _agent(graph, entry.publisher)))
    for word in entry.keywords:
        graph.add((node, _D.keyword, _text(word.text, lang=word.lang or None)))
    _concepts(graph, node, entry)
    _contact(graph, node, entry)
    _conditions(graph, node, entry)
    if entry.declared:
        standard = uri(declared_uri(entry.declared))
        graph.add((node, _T.conformsTo, _typed(graph, standard, _T.Standard)))
        graph.add((standard, _T.identifier, _text(entry.declared)))
    _date(graph, node, _T.issued, entry.issued)
    _date(graph, node, _T.modified, entry.modified)
    if entry.version:
        graph.add((node, v.VERSION, _text(entry.version)))
    if entry.page:
        graph.add((node, _D.landingPage, _typed(graph, uri(entry.page), v.FOAF.Document)))
    _ours(graph, node, entry)
    for each in entry.distributions:
        graph.add((node, _D.distribution, _distribution(graph, node, each, entry.licence)))
    return node


def _concepts(graph: Graph, node: URIRef, entry: CatalogueEntry) -> None:
    """Classes and themes, each with a name: the shapes want one."""
    for theme in entry.themes:
        concept = uri(theme.uri)
        graph.add((node, _D.theme, _typed(graph, concept, v.SKOS.Concept)))
        _label(graph, concept, theme)
    if entry.division:
        place = URIRef(f"urn:qiantang:division:{entry.division}")
        graph.add((node, _T.spatial, _typed(graph, place, _T.Location)))
        graph.add((place, _T.identifier, _text(entry.division)))


def _label(graph: Graph, concept: URIRef, theme: Theme) -> None:
    """The concept's one name in each language (SKOS S14): the first that an entry gave, else what
    it is called in the whole world."""
    known = {str(name) for name in graph.objects(concept, v.SKOS.prefLabel)}
    if not known:
        _named(graph, concept, v.SKOS.prefLabel, theme.name, theme.uri)
    elif known == {theme.uri} and in_languages(theme.name):
        graph.remove((concept, v.SKOS.prefLabel, None))
        _said(graph, concept, v.SKOS.prefLabel, theme.name)


def _contact(graph: Graph, node: URIRef, entry: CatalogueEntry) -> None:
    if entry.contact.zh or entry.contact.en:
        who = _typed(graph, URIRef(f"{node}#contact"), v.VCARD.Kind)
        graph.add((node, _D.contactPoint, who))
        _said(graph, who, v.VCARD.fn, entry.contact)


def _conditions(graph: Graph, node: URIRef, entry: CatalogueEntry) -> None:
    frequency = v.frequency_of(entry.cadence)
    if frequency:
        graph.add((node, _T.accrualPeriodicity, _typed(graph, frequency, _T.Frequency)))
    right = v.access_right(entry.sharing, open=entry.open)
    if right:
        graph.add((node, _T.accessRights, _typed(graph, right, _T.RightsStatement)))


def _ours(graph: Graph, node: URIRef, entry: CatalogueEntry) -> None:
    """What another instance of ours takes back as it was: one literal each, ignored by others."""
    plain = {
        "code": entry.code,
        "sharing": entry.sharing,
        "cadence": entry.cadence,
        "home": entry.home,
        "grain": " ".join(entry.grain),
        "withdrawn": "true" if entry.withdrawn else "",
    }
    for name, value in plain.items():
        if value:
            graph.add((node, v.OURS[name], _text(value)))
    _said(graph, node, v.OURS.conditions, entry.conditions)
    _said(graph, node, v.OURS.licence, entry.licence)
    if entry.columns:
        graph.add((node, v.OURS.columns, _json([dict(c) for c in entry.columns])))
    if entry.passage:
        stops = [[s.instance, s.name, s.address] for s in entry.passage]
        graph.add((node, v.OURS.passage, _json(stops)))


def _json(value: Sequence[object]) -> Literal:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return _text(text)


def _distribution(graph: Graph, dataset: URIRef, each: Distribution, licence: Text) -> URIRef:
    node = URIRef(f"{dataset}#{each.id}") if each.id else uri(each.address)
    graph.add((node, v.RDF.type, _D.Distribution))
    _said(graph, node, _T.title, each.title)
    _said(graph, node, _T.description, each.description)
    graph.add((node, _D.accessURL, _typed(graph, uri(each.address), v.RDFS.Resource)))
    if each.download:
        graph.add((node, _D.downloadURL, _typed(graph, uri(each.download), v.RDFS.Resource)))
    if each.format:
        graph.add((node, _T["format"], _labelled(graph, v.file_type(each.format), each.format)))
    if each.media_type:
        media = uri(v.MEDIA + each.media_type)
        graph.add((node, _D.mediaType, _typed(graph, media, _T.MediaType)))
    if each.size is not None:
        graph.add((node, _D.byteSize, Literal(each.size, datatype=v.XSD.nonNegativeInteger)))
    _date(graph, node, _T.issued, each.issued)
    _date(graph, node, _T.modified, each.modified)
    if each.licence or licence.zh:
        graph.add((node, _T.license, _licence(graph, each.licence, licence)))
    return node


def _licence(graph: Graph, address: str, name: Text) -> URIRef:
    digest = hashlib.sha256(f"{name.zh}|{name.en}".encode()).hexdigest()[:16]
    node = uri(address or f"urn:qiantang:licence:{digest}")
    _typed(graph, node, _T.LicenseDocument)
    _said(graph, node, _T.title, name)
    return node


def _agent(graph: Graph, agency: Agency) -> URIRef:
    node = uri(agency.address or f"urn:qiantang:organisation:{agency.code or 'unknown'}")
    if (node, v.RDF.type, v.FOAF.Agent) not in graph:
        _typed(graph, node, v.FOAF.Agent)
        _named(graph, node, v.FOAF.name, agency.name, agency.code)
        if agency.code:
            graph.add((node, _T.identifier, _text(agency.code)))
    return node


def _labelled(graph: Graph, node: URIRef, label: str) -> URIRef:
    graph.add((node, v.RDFS.label, _text(label)))
    return _typed(graph, node, _T.MediaTypeOrExtent)


def _typed(graph: Graph, node: N, kind: URIRef) -> N:
    graph.add((node, v.RDF.type, kind))
    return node


def _said(
    graph: Graph, node: Node, name: URIRef, text: Text, *, instead: Text | None = None
) -> None:
    """In the languages that it is in; ``instead`` where there is none."""
    shown = text if text.zh or text.en else instead or text
    for lang, said in in_languages(shown).items():
        graph.add((node, name, _text(said, lang=lang)))


def _named(graph: Graph, node: Node, name: URIRef, text: Text, identifier: str) -> None:
    """A name; where there is none the identifier, which is the same in both languages."""
    if text.zh or text.en:
        _said(graph, node, name, text)
        return
    for lang in LANGUAGES if identifier else ():
        graph.add((node, name, _text(identifier, lang=lang)))


def _text(said: str, lang: str | None = None) -> Literal:
    """A text that every form can carry: RDF/XML has no way to write a control character."""
    return Literal(printable(said), lang=lang)


def _date(graph: Graph, node: Node, name: URIRef, at: datetime | None) -> None:
    if at is not None:
        text = at.isoformat(timespec="seconds")
        graph.add((node, name, Literal(text, datatype=v.XSD.dateTime)))
