"""What all SDMX-ML messages have in common: namespaces, header, names in two languages."""

from __future__ import annotations

from datetime import UTC
from typing import Any, Final

from lxml import etree

from qiantang.kernel.text import Text, printable
from qiantang.standards.sdmx.model import Header

XSI: Final = "http://www.w3.org/2001/XMLSchema-instance"
XML: Final = "{http://www.w3.org/XML/1998/namespace}"


def namespace(version: str, part: str) -> str:
    """The namespace of a part of SDMX-ML ``2.1`` or ``3.0``: message, common, structure ..."""
    number = version.replace(".", "_")
    return f"http://www.sdmx.org/resources/sdmxml/schemas/v{number}/{part}"


def header_into(root: Any, header: Header, message: str, common: str) -> None:
    """The parts of a header that every message has."""
    _text(root, f"{{{message}}}ID", header.id)
    _text(root, f"{{{message}}}Test", "false")
    prepared = header.prepared.astimezone(UTC)
    _text(root, f"{{{message}}}Prepared", f"{prepared:%Y-%m-%dT%H:%M:%SZ}")
    sender = etree.SubElement(root, f"{{{message}}}Sender", id=header.sender)
    names_into(sender, header.sender_name, common)


def names_into(parent: Any, text: Text, common: str, name: str = "Name") -> None:
    """``common:Name`` (or Description) in both languages; an empty text writes nothing."""
    for lang, said in (("zh", text.zh), ("en", text.en)):
        if said:
            _text(parent, f"{{{common}}}{name}", printable(said)).set(f"{XML}lang", lang)


def _text(parent: Any, name: str, text: str) -> Any:
    element = etree.SubElement(parent, name)
    element.text = text
    return element
