"""Anybody's ``ListRecords`` as entries: Dublin Core, or DCAT where the record carries RDF.

The identifier of a record is its header's, which is all that a deleted one has; ours are turned
back into the names that our other feeds use. Dublin Core knows neither fields nor conditions;
among its relations one may name the pack's resource that the entry follows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from lxml import etree

from qiantang.kernel.text import Text
from qiantang.standards.declarations import declared_of
from qiantang.standards.entries import (
    EMPTY,
    Agency,
    Catalogue,
    CatalogueEntry,
    EntryProblem,
    ReadPage,
    Word,
)
from qiantang.standards.errors import DocumentReachesOut, DocumentUnreadable

_OAI: Final = "{http://www.openarchives.org/OAI/2.0/}"
_DC: Final = "{http://purl.org/dc/elements/1.1/}"
_RDF: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"
_ENTITY: Final = re.compile(rb"<!\s*(?:ENTITY|DOCTYPE)", re.IGNORECASE)
_OURS: Final = "oai:qiantang:"
_MANY: Final = 200
_LIMITS: Final = {"title": 500, "description": 20_000, "publisher": 500, "rights": 300}
_NO_TITLE: Final = Text("记录没有名称。", "The record has no title.")
Element = Any


def first_address(address: str) -> str:
    """Where a list begins: the endpoint's address, which may name ``set`` or ``metadataPrefix``."""
    parts = urlsplit(address)
    asked = {"verb": "ListRecords", "metadataPrefix": "oai_dc", **dict(parse_qsl(parts.query))}
    return parts._replace(query=urlencode(asked)).geturl()


def read_records(data: bytes, address: str) -> ReadPage:
    """One answer, fetched from ``address``; deleted records stand in ``gone``.

    Raises `DocumentReachesOut`, `DocumentUnreadable` (an error in the protocol's own words, too).
    """
    root = _root(data)
    endpoint = urlsplit(address)._replace(query="").geturl()
    catalogue = Catalogue(endpoint, EMPTY, EMPTY, Agency("", EMPTY))
    error = root.find(f"{_OAI}error")
    if error is not None:
        if error.get("code") != "noRecordsMatch":
            found = f"{error.get('code')}: {error.text or ''}"[:160]
            raise DocumentUnreadable(form="OAI-PMH", found=found)
        return ReadPage(catalogue, ())
    problems: list[EntryProblem] = []
    entries: dict[str, CatalogueEntry] = {}
    gone: list[str] = []
    for record in root.iterfind(f"{_OAI}ListRecords/{_OAI}record"):
        identifier = _identifier(record)
        header = record.find(f"{_OAI}header")
        if header is not None and header.get("status") == "deleted":
            gone.append(identifier)
            continue
        for entry in _entries(record, identifier, problems):
            entries[entry.identifier] = entry
    token = root.find(f"{_OAI}ListRecords/{_OAI}resumptionToken")
    return ReadPage(
        catalogue,
        tuple(entries[key] for key in sorted(entries)),
        tuple(problems),
        _next(endpoint, token),
        _total(token),
        gone=tuple(gone),
    )


def _root(data: bytes) -> Element:
    if _ENTITY.search(data[:100_000]):
        raise DocumentReachesOut(found="DOCTYPE")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DocumentUnreadable(form="OAI-PMH", found=str(error)[:160]) from error
    if root.tag != f"{_OAI}OAI-PMH":
        raise DocumentUnreadable(form="OAI-PMH", found=str(root.tag)[:160])
    return root


def _identifier(record: Element) -> str:
    said = (record.findtext(f"{_OAI}header/{_OAI}identifier") or "").strip()
    if said.startswith(_OURS):
        said = f"urn:qiantang:{said.removeprefix(_OURS)}"
    return said[:500]


def _entries(
    record: Element, identifier: str, problems: list[EntryProblem]
) -> Iterator[CatalogueEntry]:
    inside = record.find(f"{_OAI}metadata/*")
    if inside is not None and inside.tag == _RDF:
        from qiantang.standards.dcat import read_page

        read = read_page(etree.tostring(inside), "rdf", identifier)
        problems.extend(read.problems)
        yield from read.entries[:1]
        return
    entry = None if inside is None or not identifier else _dublin_core(record, inside, identifier)
    if entry is None or not entry.title.zh:
        problems.append(EntryProblem("oai.no_title", identifier, _NO_TITLE, fatal=True))
        return
    yield entry


def _dublin_core(record: Element, inside: Element, identifier: str) -> CatalogueEntry:
    names = _plain(inside, "identifier")
    ours = next((name for name in names if name.startswith("urn:qiantang:")), "")
    page = next((name for name in names if name.startswith(("http://", "https://"))), "")
    publisher = _text(inside, "publisher")
    stamp = record.findtext(f"{_OAI}header/{_OAI}datestamp") or ""
    coverage = next((c for c in _plain(inside, "coverage") if re.fullmatch(r"[1-9]\d{5}", c)), "")
    return CatalogueEntry(
        identifier=ours or identifier,
        id=(ours or identifier).rpartition(":")[2],
        title=_text(inside, "title"),
        description=_text(inside, "description"),
        publisher=Agency("", publisher if publisher.zh else _text(inside, "creator")),
        page=page,
        keywords=tuple(_words(inside)),
        licence=_text(inside, "rights"),
        modified=_moment(stamp),
        division=coverage,
        declared=declared_of(_plain(inside, "relation")[:_MANY]),
    )


def _words(inside: Element) -> Iterator[Word]:
    for each in inside.findall(f"{_DC}subject")[:_MANY]:
        if text := (each.text or "").strip():
            yield Word(text[:100], (each.get(_LANG) or "").partition("-")[0].lower())


def _plain(inside: Element, name: str) -> list[str]:
    return [(each.text or "").strip() for each in inside.findall(f"{_DC}{name}")]


def _text(inside: Element, name: str) -> Text:
    """The first value in each language; one stands in for a missing other."""
    said: dict[str, str] = {}
    for each in inside.findall(f"{_DC}{name}"):
        lang = (each.get(_LANG) or "").partition("-")[0].lower()
        if text := (each.text or "").strip()[: _LIMITS.get(name, 500)]:
            said.setdefault(lang if lang in {"zh", "en"} else "", text)
    zh = said.get("zh") or said.get("") or said.get("en") or ""
    return Text(zh, said.get("en") or said.get("") or zh)


def _moment(said: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(said.strip().replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _next(endpoint: str, token: Element) -> str:
    said = (token.text or "").strip() if token is not None else ""
    asked = {"verb": "ListRecords", "resumptionToken": said}
    return f"{endpoint}?{urlencode(asked)}" if said else ""


def _total(token: Element) -> int | None:
    said = token.get("completeListSize", "") if token is not None else ""
    return int(said) if said.isascii() and said.isdigit() else None
