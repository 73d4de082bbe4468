"""The XML of every answer, with records in Dublin Core and in DCAT-AP."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from lxml import etree

from qiantang.kernel.text import Text, printable
from qiantang.standards.declarations import declared_uri
from qiantang.standards.entries import CatalogueEntry, in_languages
from qiantang.standards.oai_pmh.requests import OaiError, Request

_OAI: Final = "http://www.openarchives.org/OAI/2.0/"
_XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_OAI_DC: Final = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_XML: Final = "{http://www.w3.org/XML/1998/namespace}"
_KNOWN_FORMATS: Final = {
    "oai_dc": ("http://www.openarchives.org/OAI/2.0/oai_dc.xsd", _OAI_DC),
    "dcat_ap": ("http://www.w3.org/ns/dcat.rdf", "http://www.w3.org/ns/dcat#"),
}
Element = Any


@dataclass(frozen=True, slots=True)
class Identity:
    """Who provides: name, address of this endpoint, the operator's mail, the earliest datestamp,
    how surely deletions are told (section 2.5.1)."""

    name: Text
    address: str
    mail: str
    earliest: datetime
    deletions: Literal["persistent", "transient"] = "persistent"


@dataclass(frozen=True, slots=True)
class Set:
    spec: str
    name: Text


@dataclass(frozen=True, slots=True)
class Record:
    """An entry on its way out. ``changed`` is its datestamp; a deleted one has no metadata."""

    identifier: str
    changed: datetime
    sets: tuple[str, ...] = ()
    entry: CatalogueEntry | None = None

    @property
    def deleted(self) -> bool:
        return self.entry is None


def error_answer(address: str, given: Mapping[str, str], error: OaiError) -> bytes:
    """An error; bad verbs and arguments are not echoed, as section 3.2 wants it."""
    kept = {} if error.code in {"badVerb", "badArgument"} else given
    root = _root(address, kept)
    _add(root, "error", error.said, code=error.code)
    return _bytes(root)


def identify(who: Identity, request: Request) -> bytes:
    root = _root(who.address, request.given)
    inside = _add(root, "Identify")
    _add(inside, "repositoryName", f"{who.name.zh} {who.name.en}".strip())
    _add(inside, "baseURL", who.address)
    _add(inside, "protocolVersion", "2.0")
    _add(inside, "adminEmail", who.mail)
    _add(inside, "earliestDatestamp", _stamp(who.earliest))
    _add(inside, "deletedRecord", who.deletions)
    _add(inside, "granularity", "YYYY-MM-DDThh:mm:ssZ")
    return _bytes(root)


def list_metadata_formats(address: str, request: Request) -> bytes:
    root = _root(address, request.given)
    inside = _add(root, "ListMetadataFormats")
    for prefix, (schema, namespace) in _KNOWN_FORMATS.items():
        each = _add(inside, "metadataFormat")
        _add(each, "metadataPrefix", prefix)
        _add(each, "schema", schema)
        _add(each, "metadataNamespace", namespace)
    return _bytes(root)


def list_sets(address: str, request: Request, sets: Iterable[Set]) -> bytes:
    root = _root(address, request.given)
    inside = _add(root, "ListSets")
    for each in sets:
        found = _add(inside, "set")
        _add(found, "setSpec", each.spec)
        _add(found, "setName", f"{each.name.zh} {each.name.en}".strip())
    return _bytes(root)


def get_record(address: str, request: Request, record: Record, rdf: Callable[..., bytes]) -> bytes:
    """One record; ``rdf`` writes an entry as RDF/XML for the format ``dcat_ap``."""
    root = _root(address, request.given)
    _record(_add(root, "GetRecord"), record, request.prefix, rdf)
    return _bytes(root)


@dataclass(frozen=True, slots=True)
class Listing:
    """A part of a list: its records, the token for the rest (empty at the end), place, length."""

    records: tuple[Record, ...]
    prefix: str
    token: str
    cursor: int
    size: int


def list_records(
    address: str, request: Request, listing: Listing, rdf: Callable[..., bytes]
) -> bytes:
    root = _root(address, request.given)
    inside = _add(root, "ListRecords")
    for record in listing.records:
        _record(inside, record, listing.prefix, rdf)
    _resumption(inside, listing)
    return _bytes(root)


def list_identifiers(address: str, request: Request, listing: Listing) -> bytes:
    root = _root(address, request.given)
    inside = _add(root, "ListIdentifiers")
    for record in listing.records:
        _header(inside, record)
    _resumption(inside, listing)
    return _bytes(root)


def _root(address: str, given: Mapping[str, str]) -> Element:
    root = etree.Element(f"{{{_OAI}}}OAI-PMH", nsmap={None: _OAI, "xsi": _XSI})
    root.set(f"{{{_XSI}}}schemaLocation", f"{_OAI} http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd")
    _add(root, "responseDate", _stamp(datetime.now(UTC)))
    _add(root, "request", address, **given)
    return root


def _record(parent: Element, record: Record, prefix: str, rdf: Callable[..., bytes]) -> None:
    each = _add(parent, "record")
    _header(each, record)
    if record.entry is None:
        return
    inside = _add(each, "metadata")
    if prefix == "oai_dc":
        _dublin_core(inside, record.entry)
    else:
        inside.append(etree.fromstring(rdf(record.entry)))


def _header(parent: Element, record: Record) -> None:
    header = _add(parent, "header", **({"status": "deleted"} if record.deleted else {}))
    _add(header, "identifier", record.identifier)
    _add(header, "datestamp", _stamp(record.changed))
    for spec in record.sets:
        _add(header, "setSpec", spec)


def _resumption(parent: Element, listing: Listing) -> None:
    """The token; an empty one ends a list that came in parts, and a whole list needs none."""
    if listing.token or listing.cursor:
        numbers = {"completeListSize": str(listing.size), "cursor": str(listing.cursor)}
        _add(parent, "resumptionToken", listing.token, **numbers)


def _dublin_core(parent: Element, entry: CatalogueEntry) -> None:
    """Dublin Core has no element for standards: DCMI's ``conformsTo`` refines ``relation``, which
    therefore names the pack's resource that the entry follows."""
    dc = etree.SubElement(parent, f"{{{_OAI_DC}}}dc", nsmap={"oai_dc": _OAI_DC, "dc": _DC})
    dc.set(f"{{{_XSI}}}schemaLocation", f"{_OAI_DC} {_KNOWN_FORMATS['oai_dc'][0]}")
    for name, text in (
        ("title", entry.title),
        ("description", entry.description),
        ("publisher", entry.publisher.name),
        ("rights", entry.licence),
    ):
        _both(dc, name, text)
    for word in entry.keywords:
        _dublin(dc, "subject", word.text, word.lang)
    moment = entry.modified or entry.issued
    plain = (
        ("identifier", entry.identifier),
        ("identifier", entry.page or entry.address),
        ("date", f"{moment.astimezone(UTC):%Y-%m-%d}" if moment else ""),
        ("type", "Dataset"),
        ("coverage", entry.division),
        ("relation", declared_uri(entry.declared) if entry.declared else ""),
        *(("format", f) for f in sorted({d.media_type for d in entry.distributions})),
    )
    for name, said in plain:
        _dublin(dc, name, said, "")


def _both(parent: Element, name: str, text: Text) -> None:
    for lang, said in in_languages(text).items():
        _dublin(parent, name, said, lang)


def _dublin(parent: Element, name: str, said: str, lang: str) -> None:
    if said:
        each = etree.SubElement(parent, f"{{{_DC}}}{name}")
        each.text = printable(said)
        if lang:
            each.set(f"{_XML}lang", lang)


def _add(parent: Element, name: str, text: str = "", **attributes: str) -> Element:
    each = etree.SubElement(parent, f"{{{_OAI}}}{name}")
    if text:
        each.text = printable(text)
    for key, value in attributes.items():
        each.set(key, printable(value))
    return each


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _bytes(root: Element) -> bytes:
    said: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return said
