"""Entries of other catalogues: taken as their upstream says them, in batches, never edited here.

Concepts that are resource classes of ours are taken as classes; the upstream's own keep their
addresses and names. A version is made where the content differs, not where the upstream merely
dates or numbers the same content anew.

What contradicts an entry that is here already is kept beside it and the conflict noted; nothing is
overwritten. It contradicts when it has the identifier of an entry of ours or of another upstream,
or the resource code of another entry of its division: each division gives its own codes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final

from django.db import transaction

from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.identifiers import division_level
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import attributes, policy
from qiantang.rooms.catalogue.errors import NotKeeper
from qiantang.rooms.catalogue.events import EntriesHarvested
from qiantang.rooms.catalogue.indexing import reindex
from qiantang.rooms.catalogue.models import InformationResource, ResourceVersion
from qiantang.rooms.catalogue.services.conflicts import left_out, note_conflicts
from qiantang.rooms.catalogue.services.tombstones import bury, only_name
from qiantang.rooms.catalogue.services.writing import State, Status, settle
from qiantang.rooms.journal.services import emit, record
from qiantang.standards.classes import class_of
from qiantang.standards.entries import CatalogueEntry

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{0,99}", re.ASCII)
_LONGEST: Final = {"name": 200, "licence": 300, "provider": 200, "contact": 200}
_AT_ONCE: Final = 200
_BESIDE: Final = (
    *("origin_zh", "origin_en", "owner_id", "owner_path", "owner_department", "code", "declared"),
    *("provider_code", "provider_zh", "provider_en", "level", "upstream_address", "passage"),
    *("distributions", "theme_names", "published_on", "status", "left_out"),
)
"""Columns of what an upstream says of an entry beside its content."""


@dataclass(frozen=True, slots=True)
class HarvestOrigin:
    """The upstream catalogue. ``owner`` is the organisation here that answers for harvesting it:
    its administrators may withdraw what came from there."""

    upstream: str
    name: Text
    address: str
    owner: str = ""
    owner_path: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one entry. ``outcome``: new, changed (in its content or in what stands beside
    it, such as its distributions), same, withdrawn, or conflict: new or changed, and it contradicts
    another entry here, by its ``identifier`` or only its ``code`` (``conflict``)."""

    identifier: str
    id: str
    outcome: str
    conflict: str = ""


@transaction.atomic
def take_harvested(
    actor: Actor, origin: HarvestOrigin, entries: Sequence[CatalogueEntry]
) -> tuple[Taken, ...]:
    """Take a batch of an upstream's entries; of an identifier that occurs twice, the last.

    For administrators of the origin's owner (of the whole zone, where it has none). What has not
    changed is not written. Raises `NotKeeper`.
    """
    _require_keeper(actor, origin)
    wanted = {entry.identifier: entry for entry in entries}
    batch = _Batch(origin, datetime.now(UTC), list(wanted.values()))
    taken = [batch.take(entry) for entry in wanted.values()]
    batch.write()
    shown = [r for r in (*batch.made, *batch.changed) if r.status == Status.PUBLISHED]
    found = note_conflicts(shown, batch.now)
    counts = Counter(t.outcome for t in taken)
    if set(counts) - {"same"}:
        record(actor, "catalogue.entries_harvested", f"upstream:{origin.upstream}", dict(counts))
        emit(EntriesHarvested(origin.upstream, counts["new"], counts["changed"]))
    return tuple(
        replace(t, outcome="conflict", conflict=found[t.id]) if t.id in found else t for t in taken
    )


@transaction.atomic
def withdraw_harvested(actor: Actor, upstream: str, identifiers: Sequence[str]) -> int:
    """Withdraw what its upstream no longer has, all but its name; how many were shown until now.
    Raises `NotKeeper`."""
    rows = list(
        InformationResource.objects.select_for_update()
        .filter(origin=upstream, upstream_id__in=identifiers)
        .exclude(status=Status.RETIRED, left_out=False)
    )
    for path in {row.owner_path for row in rows}:
        _require_path(actor, path, upstream)
    now, shown = datetime.now(UTC), sum(not row.left_out for row in rows)
    for row in rows:
        bury(row, now, _GONE.zh)
        row.save()
    reindex(rows)
    if rows:
        detail = {"withdrawn": shown}
        record(actor, "catalogue.harvested_withdrawn", f"upstream:{upstream}", detail)
    return shown


_GONE: Final = Text("上游目录已不再列出", "No longer listed upstream")


class _Batch:
    """Rows to be written, with their versions."""

    def __init__(
        self, origin: HarvestOrigin, now: datetime, entries: Sequence[CatalogueEntry]
    ) -> None:
        self.origin, self.now = origin, now
        self.known = _known(origin.upstream, (e.identifier for e in entries))
        self.left_out = left_out(row.pk for row in self.known.values())
        self.made: list[InformationResource] = []
        self.changed: list[InformationResource] = []
        self.dated: list[InformationResource] = []
        self.versions: list[ResourceVersion] = []
        self.ids = _ids_in_use(origin.upstream, entries)

    def take(self, entry: CatalogueEntry) -> Taken:
        row = self.known.get(entry.identifier)
        if entry.withdrawn:
            entry = only_name(entry, row)
        print_ = _fingerprint(entry)
        stands = row is not None and (row.status, row.left_out) == self._standing(row, entry)
        if row is not None and stands and row.upstream_version == print_:
            return Taken(entry.identifier, row.pk, "same")
        said = content_harvested(entry)
        if row is None:
            row, outcome = self._new_row(entry), "new"
            self._fill(row, entry)
            self._renew(row, said)
            self.made.append(row)
        else:
            outcome = self._again(row, entry, said)
        row.upstream_version = print_
        gone = entry.withdrawn and outcome != "same"
        return Taken(entry.identifier, row.pk, "withdrawn" if gone else outcome)

    def _again(self, row: InformationResource, entry: CatalogueEntry, said: dict[str, Any]) -> str:
        """An entry that is known and was sent otherwise than last time; what it changed."""
        before = _facts(row)
        self._fill(row, entry)
        if attributes.content_of(row) != said:
            self._renew(row, said)
        elif _facts(row) != before:
            settle(row, self.now)
        else:
            self.dated.append(row)
            return "same"
        self.changed.append(row)
        return "changed"

    def write(self) -> None:
        """Everything at once: rows, versions, index."""
        InformationResource.objects.bulk_create(self.made, batch_size=_AT_ONCE)
        for row in self.changed:
            row.save()
        InformationResource.objects.bulk_update(
            self.dated, ["upstream_version", "harvested_at"], batch_size=_AT_ONCE
        )
        renewed = [each.resource_id for each in self.versions]
        ResourceVersion.objects.filter(resource__in=renewed, state=State.PUBLISHED).update(
            state=State.SUPERSEDED
        )
        ResourceVersion.objects.bulk_create(self.versions, batch_size=_AT_ONCE)
        reindex([*self.made, *self.changed])

    def _new_row(self, entry: CatalogueEntry) -> InformationResource:
        id = _id_for(self.origin.upstream, entry)
        if id in self.ids:
            id = f"h.{self.origin.upstream}.{_digest(entry.identifier)}"
        self.ids.add(id)
        return InformationResource(
            id=id,
            origin=self.origin.upstream,
            upstream_id=entry.identifier,
            registered_at=self.now,
            changed_at=self.now,
        )

    def _fill(self, row: InformationResource, entry: CatalogueEntry) -> None:
        """What stands beside the content."""
        origin = self.origin
        row.origin_zh, row.origin_en = origin.name.zh, origin.name.en
        row.owner_id, row.owner_path = origin.owner or None, origin.owner_path
        row.owner_department = _department(entry)
        row.code = entry.code[:60]
        # Kept also where no pack here declares it: one may come later, and others may know it.
        row.declared = entry.declared
        row.provider_code = entry.publisher.code[:80]
        row.provider_zh = entry.publisher.name.zh[: _LONGEST["provider"]]
        row.provider_en = entry.publisher.name.en[: _LONGEST["provider"]]
        row.level = division_level(entry.division) if len(entry.division) == 6 else ""
        row.upstream_address = (entry.address or entry.page or origin.address)[:1000]
        row.passage = [asdict(stop) for stop in entry.passage]
        row.distributions = [_plain(asdict(d)) for d in entry.distributions]
        row.theme_names = {t.uri: t.name.as_dict() for t in entry.themes if t.name.zh}
        row.harvested_at = self.now
        row.published_on = entry.issued.date() if entry.issued else row.published_on
        row.status, row.left_out = self._standing(row, entry)

    def _standing(self, row: InformationResource, entry: CatalogueEntry) -> tuple[str, bool]:
        """Status and whether it is left out, as the upstream and settled conflicts have it."""
        out = row.pk in self.left_out and not entry.withdrawn
        return (Status.RETIRED if out or entry.withdrawn else Status.PUBLISHED), out

    def _renew(self, row: InformationResource, said: dict[str, Any]) -> None:
        """The content anew, as the next version."""
        attributes.apply(row, said)
        row.number += 1
        settle(row, self.now)
        self.versions.append(self._version(row, said))

    def _version(self, row: InformationResource, said: dict[str, Any]) -> ResourceVersion:
        by = f"upstream:{self.origin.upstream}"
        return ResourceVersion(
            resource=row,
            number=row.number,
            base=row.number - 1,
            state=State.PUBLISHED,
            content=said,
            drafted_by=by,
            drafted_at=self.now,
            decided_by=by,
            decided_at=self.now,
        )


def _id_for(upstream: str, entry: CatalogueEntry) -> str:
    """The upstream's own id, where it can be a part of ours."""
    name = entry.id if _PLAIN.fullmatch(entry.id) else _digest(entry.identifier)
    return f"h.{upstream}.{name}"


def _ids_in_use(upstream: str, entries: Iterable[CatalogueEntry]) -> set[str]:
    """Of the ids that the entries would have, those that somebody has already."""
    wanted = [_id_for(upstream, entry) for entry in entries]
    return set(InformationResource.objects.filter(pk__in=wanted).values_list("pk", flat=True))


def content_harvested(entry: CatalogueEntry) -> dict[str, Any]:
    """What an upstream's entry says, as an entry's content; overlong texts are cut."""
    if entry.withdrawn:
        name = _cut(entry.title, _LONGEST["name"])
        return {**attributes.tombstone(), "name": name, "division": entry.division[:6]}
    said = {
        **attributes.empty_content(),
        "name": _cut(entry.title, _LONGEST["name"]),
        "description": entry.description.as_dict(),
        "conditions": entry.conditions.as_dict(),
        "licence": _cut(entry.licence, _LONGEST["licence"]),
        "contact": _cut(entry.contact, _LONGEST["contact"]),
        "classes": list(entry.classes),
        "themes": [theme.uri for theme in entry.themes if not class_of(theme.uri)],
        "fields": [_plain(dict(column)) for column in entry.columns],
        "grain": list(entry.grain),
        "sharing": entry.sharing or ("unconditional" if entry.open else "conditional"),
        "open": entry.open,
        "cadence": entry.cadence[:20],
        "division": entry.division[:6],
        "format": _format(entry),
        "share_mode": "",
    }
    english = [w.text for w in entry.keywords if w.lang == "en"]
    chinese = [w.text for w in entry.keywords if w.lang != "en"]
    return {**said, "keywords": {"zh": chinese, "en": english}}


def _known(upstream: str, identifiers: Iterable[str]) -> dict[str, InformationResource]:
    rows = InformationResource.objects.select_for_update().filter(
        origin=upstream, upstream_id__in=list(identifiers)
    )
    return {row.upstream_id: row for row in rows}


def _require_keeper(actor: Actor, origin: HarvestOrigin) -> None:
    _require_path(actor, origin.owner_path, origin.upstream)


def _require_path(actor: Actor, path: str, upstream: str) -> None:
    if not policy.keeps(actor, path, Role.ADMINISTRATOR):
        raise NotKeeper(found=upstream)


def _department(entry: CatalogueEntry) -> str:
    """``stats`` of ``330100-stats``; nothing where the publisher's code is not of that form."""
    division, mark, department = entry.publisher.code.partition("-")
    return department[:40] if mark and division.isdigit() else ""


def _facts(row: InformationResource) -> tuple[object, ...]:
    """What an upstream says beside the content: who, where, in which forms."""
    return tuple(getattr(row, name) for name in _BESIDE)


def _format(entry: CatalogueEntry) -> str:
    known = {d.format.lower() for d in entry.distributions}
    if known & {"xlsx", "xls", "ods"}:
        return "spreadsheet"
    if known & {"pdf", "doc", "docx", "html"} and not known & {"csv", "json", "parquet"}:
        return "document"
    return "map" if known & {"geojson", "shp", "gpkg", "kml"} else "table"


def _cut(text: Text, longest: int) -> dict[str, str]:
    return {"zh": text.zh[:longest], "en": text.en[:longest]}


def _plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    return json.loads(json.dumps(value, default=_said))


def _said(value: Any) -> Any:
    return value.as_dict() if isinstance(value, Text) else str(value)


def _fingerprint(entry: CatalogueEntry) -> str:
    """What tells one form of an upstream's entry from another."""
    return hashlib.sha256(repr(entry).encode("utf-8", "replace")).hexdigest()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
