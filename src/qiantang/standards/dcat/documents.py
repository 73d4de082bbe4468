"""From bytes to a graph, safely: bounded, nothing fetched, no entity expanded."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from rdflib import Graph

from qiantang.standards.dcat.vocabulary import FORMS
from qiantang.standards.errors import (
    DocumentReachesOut,
    DocumentTooLarge,
    DocumentUnreadable,
    FormUnknown,
)

LIMIT: Final = 32 * 1024 * 1024
_DEPTH: Final = 60
_TYPES: Final = {media: ending for ending, (_, media) in FORMS.items()} | {
    "application/json": "jsonld",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "application/x-turtle": "ttl",
    "application/n-triples": "ttl",
}
_ENTITY: Final = re.compile(r"<!\s*(?:ENTITY|DOCTYPE)", re.IGNORECASE)


def form_of(content_type: str, address: str = "", head: bytes = b"") -> str:
    """``ttl``, ``jsonld`` or ``rdf``: by media type, ending, first bytes. Raises `FormUnknown`."""
    media = content_type.partition(";")[0].strip().lower()
    if media in _TYPES:
        return _TYPES[media]
    if media == "text/html":
        raise FormUnknown(found=media, expected=", ".join(FORMS))
    path = re.split(r"[?#]", address, maxsplit=1)[0].lower()
    for ending in ("ttl", "jsonld", "rdf", "xml", "json", "n3", "nt"):
        if path.endswith(f".{ending}"):
            return {"xml": "rdf", "json": "jsonld", "n3": "ttl", "nt": "ttl"}.get(ending, ending)
    start = head.lstrip()[:1]
    if not start:
        raise FormUnknown(found=media or "-", expected=", ".join(FORMS))
    return {b"{": "jsonld", b"[": "jsonld", b"<": "rdf"}.get(start, "ttl")


def graph_of(data: bytes, form: str, address: str, *, limit: int = LIMIT) -> Graph:
    """The document's graph. Raises `DocumentTooLarge`, `DocumentReachesOut`, `DocumentUnreadable`,
    `FormUnknown`."""
    if len(data) > limit:
        raise DocumentTooLarge(found=f"{len(data) / 1e6:.0f} MB", expected=f"{limit / 1e6:.0f} MB")
    if form not in FORMS:
        raise FormUnknown(found=form, expected=", ".join(FORMS))
    text = _text(data, form)
    if form == "rdf" and _ENTITY.search(text):
        raise DocumentReachesOut(found="DOCTYPE")
    if form == "jsonld":
        text = _own_context(text)
    graph = Graph(bind_namespaces="none")
    try:
        graph.parse(data=text, format=FORMS[form][0], publicID=address or None)
    except Exception as error:
        raise DocumentUnreadable(form=form, found=_first_line(error)) from error
    return graph


def _text(data: bytes, form: str) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentUnreadable(form=form, found=_first_line(error)) from error
    # A declared encoding would be read once more, wrongly, from what is text already.
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text) if form == "rdf" else text


def _own_context(text: str) -> str:
    """JSON-LD whose contexts are all inside the document; a remote one would be fetched."""
    try:
        read = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DocumentUnreadable(form="jsonld", found=_first_line(error)) from error
    _check(read, 0)
    return text


def _check(value: Any, depth: int) -> None:
    if depth > _DEPTH:
        raise DocumentUnreadable(form="jsonld", found=f"depth > {_DEPTH}")
    if isinstance(value, list):
        for each in value:
            _check(each, depth + 1)
    if not isinstance(value, dict):
        return
    for key, each in value.items():
        if key == "@context":
            _check_context(each)
        if key == "@import":
            raise DocumentReachesOut(found=str(each)[:80])
        _check(each, depth + 1)


def _check_context(context: Any) -> None:
    for each in context if isinstance(context, list) else [context]:
        if isinstance(each, str):
            raise DocumentReachesOut(found=each[:80])


def _first_line(error: Exception) -> str:
    lines = str(error).splitlines() or [type(error).__name__]
    return next((line.strip() for line in lines if line.strip()), type(error).__name__)[:160]
