"""The room's verbs: register upstreams, and harvest them (see `running`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_code
from qiantang.kernel.text import Text
from qiantang.rooms.harvest import policy
from qiantang.rooms.harvest.errors import NotKeeper, UpstreamExists, UpstreamMalformed
from qiantang.rooms.harvest.kinds import KINDS
from qiantang.rooms.harvest.models import Upstream
from qiantang.rooms.harvest.running import confirm_withdrawals, harvest, harvest_due
from qiantang.rooms.harvest.selectors import UpstreamView, upstream_view, visible_upstream
from qiantang.rooms.harvest.workers import wake
from qiantang.rooms.journal.services import record
from qiantang.rooms.people import selectors as people

__all__ = [
    "NewUpstream",
    "add_upstream",
    "confirm_withdrawals",
    "harvest",
    "harvest_due",
    "pause_upstream",
    "wake",
]
_ID: Final = re.compile(r"[a-z][a-z0-9-]{1,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class NewUpstream:
    """What is known of an upstream when it is registered; see `models.Upstream`."""

    id: str
    address: str
    name: Text
    owner: str = ""
    division: str = ""
    every_hours: int = 24
    kind: str = "dcat"
    private: bool = False


@transaction.atomic
def add_upstream(actor: Actor, new: NewUpstream) -> UpstreamView:
    """Register an upstream; nothing is fetched yet.

    Administrators of its owner do; one in the own network (``private``) needs the whole zone's.
    Raises `NotKeeper`, `UpstreamExists`, `UpstreamMalformed`, and `OrganisationUnknown` of people.
    """
    path = people.organisation(new.owner).path if new.owner else ""
    if not policy.keeps(actor, path) or (new.private and not policy.whole_zone(actor)):
        raise NotKeeper(found=new.id)
    _check(new)
    if Upstream.objects.filter(pk=new.id).exists():
        raise UpstreamExists(found=new.id)
    row = Upstream.objects.create(
        id=new.id,
        name_zh=new.name.zh,
        name_en=new.name.en,
        kind=new.kind,
        address=new.address,
        owner_id=new.owner or None,
        owner_path=path,
        division=new.division,
        every_hours=new.every_hours,
        private=new.private,
        added_at=datetime.now(UTC),
    )
    record(actor, "harvest.upstream_added", f"upstream:{row.pk}", {"address": row.address})
    return upstream_view(row)


@transaction.atomic
def pause_upstream(actor: Actor, id: str, *, active: bool = False) -> UpstreamView:
    """Leave an upstream out of the schedule, or take it in again; its entries stay.

    Raises `UpstreamUnknown`, `NotKeeper`."""
    row = visible_upstream(actor, id)
    if not policy.keeps(actor, row.owner_path):
        raise NotKeeper(found=id)
    row = Upstream.objects.select_for_update().get(pk=row.pk)
    row.active = active
    row.save(update_fields=["active"])
    record(
        actor,
        "harvest.upstream_resumed" if active else "harvest.upstream_paused",
        f"upstream:{id}",
    )
    return upstream_view(row)


def _check(new: NewUpstream) -> None:
    if not _ID.fullmatch(new.id):
        _wrong(Text("编号", "id"), new.id, Text("小写字母、数字和连字符", "a-z, 0-9 and hyphens"))
    parts = urlsplit(new.address)
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(new.address) > 1000:
        _wrong(Text("地址", "address"), new.address[:200], Text("http 或 https 地址", "http(s)://"))
    if new.kind not in KINDS:
        _wrong(Text("类型", "kind"), new.kind, Text("、".join(KINDS), ", ".join(KINDS)))
    if not 0 <= new.every_hours <= 24 * 366:
        _wrong(
            Text("间隔", "interval"), str(new.every_hours), Text("0 至 8784 小时", "0 to 8784 h")
        )
    if not new.name.zh or not new.name.en:
        _wrong(Text("名称", "name"), "", Text("中英文名称", "a name in both languages"))
    if new.division:
        division_code(new.division)


def _wrong(field: Text, found: str, expected: Text) -> None:
    raise UpstreamMalformed(field=field, found=found, expected=expected)
