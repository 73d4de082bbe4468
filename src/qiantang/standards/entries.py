"""What every feed of the catalogue says: one plain form between the rooms and the codecs.

The protocols door makes these from the catalogue's views; each codec writes them in its own
language, and the DCAT codec reads them back. ``home`` and ``passage`` tell where an entry was made
and through which catalogues it came, so that a circle of harvesters is noticed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from qiantang.kernel.text import Lang, Text
from qiantang.kernel.words import has_han

EMPTY: Final = Text("", "")


def in_languages(text: Text) -> dict[Lang, str]:
    """What a text says in each language that it is in. Where one language stands in for the
    missing other, both sides are the same: then it is said once, as Chinese if it has Chinese
    characters, else as English."""
    if text.zh and text.zh == text.en:
        return {"zh": text.zh} if has_han(text.zh) else {"en": text.en}
    said: tuple[tuple[Lang, str], ...] = (("zh", text.zh), ("en", text.en))
    return {lang: each for lang, each in said if each}


@dataclass(frozen=True, slots=True)
class Agency:
    """Who answers for something. ``code`` is the organisation's code where it has one."""

    code: str
    name: Text
    division: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Word:
    """A keyword; ``lang`` is empty where nobody said which language it is."""

    text: str
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Theme:
    """A concept that an entry belongs to, such as a resource class."""

    uri: str
    name: Text = EMPTY


@dataclass(frozen=True, slots=True)
class Distribution:
    """One form in which the data can be had. ``address`` leads to it or to a page about it;
    ``download`` to the bytes themselves. ``size`` in bytes."""

    id: str
    title: Text
    address: str
    download: str = ""
    format: str = ""
    media_type: str = ""
    description: Text = EMPTY
    licence: str = ""
    size: int | None = None
    issued: datetime | None = None
    modified: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """A catalogue that an entry came through, the earliest first."""

    instance: str
    name: str
    address: str


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One dataset or information resource.

    ``identifier`` is its name in the whole world and for ever; ``id`` the one in the catalogue that
    serves it, ``code`` the resource code that its division gave it; ``address`` its own node there.
    ``sharing``, ``open`` and ``cadence`` (an ISO 8601 duration or ``irregular``) use the house's
    words; ``columns`` are mappings with id, name, type and what else is declared. ``home`` names
    the instance where it was made; ``contact`` whom to ask. ``declared`` is the pack's resource
    (``pack.local``) that it follows, so that the same resource of many places is one group.
    ``withdrawn``: a tombstone. ``rows_here``: the catalogue that serves the entry answers for its
    rows, too.
    """

    identifier: str
    title: Text
    description: Text
    publisher: Agency
    id: str = ""
    code: str = ""
    address: str = ""
    page: str = ""
    keywords: tuple[Word, ...] = ()
    themes: tuple[Theme, ...] = ()
    classes: tuple[str, ...] = ()
    sharing: str = ""
    conditions: Text = EMPTY
    open: bool = False
    cadence: str = ""
    licence: Text = EMPTY
    contact: Text = EMPTY
    version: str = ""
    issued: datetime | None = None
    modified: datetime | None = None
    division: str = ""
    columns: tuple[Mapping[str, Any], ...] = ()
    grain: tuple[str, ...] = ()
    distributions: tuple[Distribution, ...] = ()
    home: str = ""
    declared: str = ""
    passage: tuple[Stop, ...] = ()
    withdrawn: bool = False
    rows_here: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The catalogue as a whole. ``instance`` is a urn that stays when its address changes."""

    address: str
    title: Text
    description: Text
    publisher: Agency
    instance: str = ""
    page: str = ""
    modified: datetime | None = None
    languages: tuple[str, ...] = ("zh", "en")


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Some entries of a catalogue and the addresses of its neighbours; empty where none."""

    catalogue: Catalogue
    entries: tuple[CatalogueEntry, ...]
    total: int
    size: int
    this: str = ""
    first: str = ""
    next: str = ""
    previous: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class EntryProblem:
    """Why a dataset of somebody's document was left out, or what of it was not understood.

    ``fatal``: the dataset could not be taken."""

    code: str
    dataset: str
    text: Text
    fatal: bool = False


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What was understood of somebody's page. ``gone``: identifiers that it says are no more."""

    catalogue: Catalogue | None
    entries: tuple[CatalogueEntry, ...]
    problems: tuple[EntryProblem, ...] = ()
    next: str = ""
    total: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
