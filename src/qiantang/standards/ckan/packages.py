"""Entries, agencies and classes as CKAN's package, resource, organization, group and tag.

CKAN's names are ASCII: dots of our ids become ``--`` so that the two never meet. The Chinese text
is in the plain members and both languages in ``*_translated`` as ckanext-fluent writes them.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.standards.entries import Agency, CatalogueEntry, Distribution, Theme

_SPACE: Final = uuid.UUID("6f1d8a52-6d0e-5b1c-9d8a-1f0f2a7c3e11")


def name_of(id: str) -> str:
    """Our id as CKAN's name: lower case, digits, ``-`` and ``_``."""
    return re.sub(r"[^a-z0-9_-]", "-", id.lower().replace(".", "--"))[:100]


def uuid_of(kind: str, id: str) -> str:
    """CKAN's id of a thing: stable for ever, made from what it is and our own id."""
    return str(uuid.uuid5(_SPACE, f"{kind}:{id}"))


def package_dict(entry: CatalogueEntry) -> dict[str, Any]:
    """An entry as `package_show` gives it."""
    resources = [resource_dict(entry, each, n) for n, each in enumerate(entry.distributions)]
    tags = [tag_dict(word.text) for word in entry.keywords]
    groups = [group_dict(theme) for theme in entry.themes]
    return {
        "id": uuid_of("package", entry.id or entry.identifier),
        "name": name_of(entry.id or entry.identifier),
        "title": entry.title.zh,
        "title_translated": entry.title.as_dict(),
        "notes": entry.description.zh,
        "notes_translated": entry.description.as_dict(),
        "type": "dataset",
        "state": "deleted" if entry.withdrawn else "active",
        "private": False,
        "isopen": entry.open,
        "url": entry.page,
        "version": entry.version or None,
        "license_id": "notspecified",
        "license_title": entry.licence.zh or None,
        "author": None,
        "author_email": None,
        "maintainer": entry.publisher.name.zh or None,
        "maintainer_email": None,
        "metadata_created": _moment(entry.issued),
        "metadata_modified": _moment(entry.modified or entry.issued),
        "owner_org": uuid_of("organization", entry.publisher.code),
        "organization": organization_dict(entry.publisher),
        "groups": groups,
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
    table = each.id == "csv"
    return {
        "id": resource_id(entry, each),
        "package_id": uuid_of("package", entry.id or entry.identifier),
        "position": position,
        "name": each.title.zh,
        "name_translated": each.title.as_dict(),
        "description": each.description.zh,
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
    """The table's resource has the entry's own id made a uuid, so that it leads back to it."""
    return uuid_of("resource", f"{entry.id or entry.identifier}#{each.id}")


def organization_dict(agency: Agency, packages: int | None = None) -> dict[str, Any]:
    """An agency as `organization_show` gives it."""
    return {
        "id": uuid_of("organization", agency.code),
        "name": name_of(agency.code),
        "title": agency.name.zh,
        "title_translated": agency.name.as_dict(),
        "display_name": agency.name.zh,
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
        "id": uuid_of("group", theme.uri),
        "name": name_of(local),
        "title": theme.name.zh or local,
        "title_translated": theme.name.as_dict(),
        "display_name": theme.name.zh or local,
        "description": "",
        "image_display_url": "",
        "type": "group",
        "is_organization": False,
        "state": "active",
        **({} if packages is None else {"package_count": packages}),
    }


def tag_dict(word: str) -> dict[str, Any]:
    return {
        "id": uuid_of("tag", word),
        "name": word,
        "display_name": word,
        "state": "active",
        "vocabulary_id": None,
    }


def _extras(entry: CatalogueEntry) -> list[dict[str, str]]:
    said: Iterable[tuple[str, str]] = (
        ("identifier", entry.identifier),
        ("qiantang_id", entry.id),
        ("title_en", entry.title.en),
        ("sharing", entry.sharing),
        ("sharing_conditions", _both(entry.conditions)),
        ("update_cycle", entry.cadence),
        ("division", entry.division),
        ("resource_classes", " ".join(entry.classes)),
        ("home_instance", entry.home),
        ("harvested_from", entry.passage[-1].address if entry.passage else ""),
    )
    return [{"key": key, "value": value} for key, value in said if value]


def _both(text: Text) -> str:
    return f"{text.zh} {text.en}".strip() if text.zh != text.en else text.zh


def _moment(at: datetime | None) -> str | None:
    """CKAN writes UTC without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() if at else None
