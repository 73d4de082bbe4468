"""The kinds of catalogue that can be harvested: where each begins and which codec reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from qiantang.rooms.harvest.fetching import Page
from qiantang.standards.entries import ReadPage


def first_address(kind: str, address: str) -> str:
    """The address of an upstream's first page."""
    from qiantang.standards import ckan, oai_pmh

    begins: Mapping[str, Callable[[str], str]] = {
        "ckan": ckan.first_address,
        "oaipmh": oai_pmh.first_address,
    }
    return begins[kind](address) if kind in begins else address


def read_page(kind: str, page: Page) -> ReadPage:
    """What a page says; raises the codecs' errors."""
    return KINDS[kind](page)


def _dcat(page: Page) -> ReadPage:
    # Loads rdflib, which costs more than most commands take.
    from qiantang.standards import dcat

    form = dcat.form_of(page.content_type, page.address, page.body[:200])
    return dcat.read_page(page.body, form, page.address)


def _ckan(page: Page) -> ReadPage:
    from qiantang.standards import ckan

    return ckan.read_packages(page.body, page.address)


def _oai_pmh(page: Page) -> ReadPage:
    from qiantang.standards import oai_pmh

    return oai_pmh.read_records(page.body, page.address)


KINDS: Final[Mapping[str, Callable[[Page], ReadPage]]] = {
    "dcat": _dcat,
    "ckan": _ckan,
    "oaipmh": _oai_pmh,
}
