"""Errors as SDMX says them: codes of SDMX 2.1 section 7 and messages in XML and JSON."""

from __future__ import annotations

import json
from typing import Final

from lxml import etree

from qiantang.kernel.text import Text, printable
from qiantang.standards.sdmx.data_json import header_json
from qiantang.standards.sdmx.model import Header
from qiantang.standards.sdmx.xml_words import XML, namespace

_CODES: Final = {
    400: 140, 401: 110, 403: 150, 404: 100, 406: 140, 413: 130, 414: 140, 422: 140, 429: 130,
    501: 501, 503: 503,
}  # fmt: skip
_OTHER: Final = 500
_SCHEMA: Final = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/data-message/tools/schemas/"
)


def code_of(status: int) -> int:
    """SDMX's code for a status of HTTP: 100 no results, 110 unauthorized, 130 too large, 140 syntax
    error, 150 semantic error (here: not allowed), 500 server error, 501 and 503 as in HTTP."""
    return _CODES.get(status, _OTHER)


def error_xml(status: int, told: Text, version: str) -> bytes:
    """The message ``Error`` in SDMX-ML ``2.1`` or ``3.0``, in both languages."""
    message, common = (namespace(version, part) for part in ("message", "common"))
    root = etree.Element(f"{{{message}}}Error", nsmap={"mes": message, "com": common})
    said = etree.SubElement(root, f"{{{message}}}ErrorMessage", code=str(code_of(status)))
    for lang, text in told.as_dict().items():
        element = etree.SubElement(said, f"{{{common}}}Text")
        element.set(f"{XML}lang", lang)
        element.text = printable(text)
    message_bytes: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return message_bytes


def error_json(header: Header, status: int, title: Text, told: Text, *, old: bool) -> bytes:
    """A message without data whose ``errors`` tell what is wrong."""
    number = "1.0" if old else "2.0.0"
    error = {
        "code": code_of(status),
        "title": title.in_(header.lang),
        "titles": title.as_dict(),
        "detail": told.in_(header.lang),
        "details": told.as_dict(),
    }
    meta = header_json(header, f"{_SCHEMA}{number}/sdmx-json-data-schema.json")
    return json.dumps({"meta": meta, "errors": [error]}, ensure_ascii=False).encode()
