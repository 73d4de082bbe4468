"""Entries, agencies and classes as CKAN's package, resource, organization, group and tag.

CKAN's names are ASCII: dots of our ids become ``--``, other characters ``_x40_``; names serve as
ids too, so that whoever has one finds the thing. The Chinese text
is in the plain members and both languages in ``*_translated`` as ckanext-fluent writes them. The
pack's resource that an entry follows is a standard in the extra ``conforms_to``, a JSON list as
ckanext-dcat keeps ``dct:conformsTo``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.standards.declarations import declared_uri
from qiantang.standards.entries import Agency, CatalogueEntry, Distribution, Theme, in_languages

TABLE: Final = "csv"
"""The form of the data that the datastore answers for."""
NO_LICENCE: Final = "notspecified"
"""CKAN's own word. A licence that is stated has no number in any register: its name is its id."""
_PLAIN: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-_")
_ESCAPE: Final = re.compile(r"_x([0-9a-f]{2,6})_")


def name_of(id: str) -> str:
    """Our id as CKAN's name: lower case letters, digits, ``-`` and ``_``; `id_of` goes back."""
    return "".join(_written(letter) for letter in id)


def id_of(name: str) -> str:
    """The id that `name_of` made the name from."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), name.replace("--", "."))


def _written(letter: str) -> str:
    if letter == ".":
        return "--"
    return letter if letter in _PLAIN else f"_x{ord(letter):x}_"


def package_dict(entry: CatalogueEntry, groups: Iterable[Theme] | None = None) -> dict[str, Any]:
    """An entry as `package_show` gives it, in the ``groups`` (None: those of its themes)."""
    resources = [resource_dict(entry, each, n) for n, each in enumerate(entry.distributions)]
    tags = [tag_dict(word.text) for word in entry.keywords]
    within = [group_dict(theme) for theme in (entry.themes if groups is None else groups)]
    return {
        "id": name_of(entry.id or entry.identifier),
        "name": name_of(entry.id or entry.identifier),
        "title": _plain(entry.title),
        "title_translated": in_languages(entry.title),
        "notes": _plain(entry.description),
        "notes_translated": in_languages(entry.description),
        "type": "dataset",
        "state": "deleted" if entry.withdrawn else "active",
        "private": False,
        "isopen": entry.open,
        "url": entry.page,
        "version": entry.version or None,
        "license_id": _plain(entry.licence) or NO_LICENCE,
        "license_title": _plain(entry.licence) or None,
        "author": None,
        "author_email": None,
        "maintainer": _plain(entry.contact) or _plain(entry.publisher.name) or None,
        "maintainer_email": None,
        "metadata_created": _moment(entry.issued),
        "metadata_modified": _moment(entry.modified or entry.issued),
        "owner_org": name_of(entry.publisher.code) or None,
        "organization": organization_dict(entry.publisher) if entry.publisher.code else None,
        "groups": within,
        "tags": tags,
        "num_tags": len(tags),
        "resources": resources,
        "num_resources": len(resources),
        "extras": _extras(entry),
        "relationships_as_subject": [],
        "relationships_as_object": [],
    }


def resource_dict(entry: CatalogueEntry, each: Distribution, position: int) -> dict[str, Any]:
    """One form of the data. The one that the datastore answers for has ``datastore_active``."""
    table = entry.rows_here and each.id == TABLE
    return {
        "id": resource_id(entry, each),
        "package_id": name_of(entry.id or entry.identifier),
        "position": position,
        "name": _plain(each.title),
        "name_translated": in_languages(each.title),
        "description": _plain(each.description),
        "format": each.format,
        "mimetype": each.media_type or None,
        "url": each.download or each.address,
        "size": each.size,
        "created": _moment(each.issued or entry.issued),
        "last_modified": _moment(each.modified or entry.modified),
        "metadata_modified": _moment(each.modified or entry.modified),
        "state": "active",
        "resource_type": None,
        "url_type": "datastore" if table else None,
        "datastore_active": table,
        "hash": "",
    }


def resource_id(entry: CatalogueEntry, each: Distribution) -> str:
    """Leads back to the entry: the part before ``_x23_`` is its name."""
    return name_of(f"{entry.id or entry.identifier}#{each.id}")


def organization_dict(agency: Agency, packages: int | None = None) -> dict[str, Any]:
    """An agency as `organization_show` gives it."""
    return {
        "id": name_of(agency.code),
        "name": name_of(agency.code),
        "title": _plain(agency.name),
        "title_translated": in_languages(agency.name),
        "display_name": _plain(agency.name),
        "type": "organization",
        "description": "",
        "image_url": "",
        "image_display_url": "",
        "is_organization": True,
        "approval_status": "approved",
        "state": "active",
        **({} if packages is None else {"package_count": packages}),
    }


def group_dict(theme: Theme, packages: int | None = None) -> dict[str, Any]:
    """A class or theme as CKAN's group."""
    local = theme.uri.rpartition(":")[2]
    return {
        "id": name_of(local),
        "name": name_of(local),
        "title": _plain(theme.name) or local,
        "title_translated": in_languages(theme.name),
        "display_name": _plain(theme.name) or local,
        "description": "",
        "image_display_url": "",
        "type": "group",
        "is_organization": False,
        "state": "active",
        **({} if packages is None else {"package_count": packages}),
    }


def license_dict(licence: str, name: Text) -> dict[str, Any]:
    """A licence as `license_list` gives it; nobody has judged here whether it is open."""
    return {
        "id": licence,
        "title": _plain(name),
        "title_translated": in_languages(name),
        "url": "",
        "status": "active",
        "maintainer": "",
        "family": "",
        "od_conformance": "not reviewed",
        "osd_conformance": "not reviewed",
    }


def tag_dict(word: str) -> dict[str, Any]:
    return {
        "id": name_of(word),
        "name": word,
        "display_name": word,
        "state": "active",
        "vocabulary_id": None,
    }


def _extras(entry: CatalogueEntry) -> list[dict[str, str]]:
    said: Iterable[tuple[str, str]] = (
        ("identifier", entry.identifier),
        ("qiantang_id", entry.id),
        ("resource_code", entry.code),
        ("title_en", in_languages(entry.title).get("en", "")),
        ("sharing", entry.sharing),
        ("sharing_conditions", _both(entry.conditions)),
        ("update_cycle", entry.cadence),
        ("division", entry.division),
        ("resource_classes", " ".join(entry.classes)),
        ("home_instance", entry.home),
        ("harvested_from", entry.passage[-1].address if entry.passage else ""),
        ("conforms_to", json.dumps([declared_uri(entry.declared)]) if entry.declared else ""),
    )
    return [{"key": key, "value": value} for key, value in said if value]


def _plain(text: Text) -> str:
    """For a member in no stated language: Chinese, else what there is."""
    return text.zh or text.en


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}".strip() if text.zh != text.en else text.zh


def _moment(at: datetime | None) -> str | None:
    """CKAN writes UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() if at else None
