"""Addresses in RDF: what could not stand in an IRI is percent-encoded."""

from __future__ import annotations

from urllib.parse import quote, urljoin

from rdflib import URIRef

_KEPT = "%/:=&?~#+!$,;'@()*[]-._"


def uri(address: str) -> URIRef:
    """The address as a node; characters that RDF forbids are written as %XX."""
    return URIRef(quote(address.strip(), safe=_KEPT))


def absolute(base: str, address: str) -> str:
    """``address`` as seen from the document at ``base``."""
    return urljoin(base, address)
