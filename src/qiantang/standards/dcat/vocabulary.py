"""The names that DCAT-AP 3 uses, and our words in them: frequencies, access rights, formats."""

from __future__ import annotations

import re
from typing import Final

from rdflib import Namespace, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SKOS, XSD

__all__ = [
    "ADMS",
    "DCAT",
    "DCTERMS",
    "FOAF",
    "FORMS",
    "HYDRA",
    "LANGUAGES",
    "MEDIA",
    "OURS",
    "OWL",
    "PROV",
    "RDF",
    "RDFS",
    "SKOS",
    "VCARD",
    "VERSION",
    "XSD",
    "access_right",
    "cadence_of",
    "file_type",
    "frequency_of",
]

HYDRA: Final = Namespace("http://www.w3.org/ns/hydra/core#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
VERSION: Final = URIRef(f"{DCAT}version")
"""New in DCAT 3; rdflib's list of DCAT's names ends with DCAT 2."""
OURS: Final = Namespace("urn:qiantang:terms:")
"""Our own properties: what DCAT has no word for travels beside it and is ignored by others."""

_AUTHORITY: Final = "http://publications.europa.eu/resource/authority/"
_IANA: Final = "https://www.iana.org/assignments/media-types/"

FORMS: Final = {
    "ttl": ("turtle", "text/turtle"),
    "jsonld": ("json-ld", "application/ld+json"),
    "rdf": ("xml", "application/rdf+xml"),
}
"""Ending of the address: rdflib's name of the form, media type."""

LANGUAGES: Final = {
    "zh": URIRef(f"{_AUTHORITY}language/ZHO"),
    "en": URIRef(f"{_AUTHORITY}language/ENG"),
}
MEDIA: Final = _IANA

_FREQUENCIES: Final = {
    "PT1M": "CONT", "PT1H": "HOURLY", "P1D": "DAILY", "P1W": "WEEKLY", "P7D": "WEEKLY",
    "P2W": "BIWEEKLY", "P14D": "BIWEEKLY", "P1M": "MONTHLY", "P2M": "BIMONTHLY",
    "P3M": "QUARTERLY", "P6M": "ANNUAL_2", "P1Y": "ANNUAL", "P2Y": "BIENNIAL", "P3Y": "TRIENNIAL",
    "P5Y": "QUINQUENNIAL", "P10Y": "DECENNIAL", "irregular": "IRREG",
}  # fmt: skip
_CADENCES: Final = {code: cadence for cadence, code in reversed(_FREQUENCIES.items())}
_RIGHTS: Final = {"unconditional": "RESTRICTED", "conditional": "RESTRICTED"}


def frequency_of(cadence: str) -> URIRef | None:
    """The EU's concept for an ISO 8601 duration or ``irregular``; IRREG for one that has none."""
    if not cadence:
        return None
    return URIRef(f"{_AUTHORITY}frequency/{_FREQUENCIES.get(cadence, 'IRREG')}")


def cadence_of(uri: str) -> str:
    """The ISO 8601 duration of a frequency, or ``irregular``; empty for one that has neither."""
    return _CADENCES.get(uri.rpartition("/")[2].upper(), "")


def access_right(sharing: str, *, open: bool) -> URIRef | None:
    """PUBLIC for open data, RESTRICTED for what is shared among authorities, else NON_PUBLIC."""
    if not sharing and not open:
        return None
    code = "PUBLIC" if open else _RIGHTS.get(sharing, "NON_PUBLIC")
    return URIRef(f"{_AUTHORITY}access-right/{code}")


def file_type(format: str) -> URIRef:
    return URIRef(f"{_AUTHORITY}file-type/{re.sub(r'[^A-Z0-9_]', '_', format.upper())}")
