"""What stays of an entry that its upstream withdrew from sight: its name, whose it was, when.

Nobody here can know whether the upstream withdrew the entry or withholds it now. So nothing else of
it is told any more; its earlier versions are for those who look after the upstream here. When the
upstream lists it again it is taken anew.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import attributes
from qiantang.rooms.catalogue.models import InformationResource
from qiantang.rooms.catalogue.services.writing import Status, settle
from qiantang.standards.entries import CatalogueEntry


def only_name(entry: CatalogueEntry, row: InformationResource | None) -> CatalogueEntry:
    """What is taken of an entry that its upstream marks as withdrawn. A mark without a name has the
    one that is known here."""
    title = entry.title
    if row is not None and not (title.zh or title.en):
        title = Text(row.name_zh, row.name_en)
    kept = CatalogueEntry(entry.identifier, title, Text("", ""), entry.publisher, withdrawn=True)
    return replace(
        kept,
        id=entry.id,
        code=entry.code,
        address=entry.address,
        page=entry.page,
        issued=entry.issued,
        division=entry.division,
        home=entry.home,
        declared=entry.declared,
        passage=entry.passage,
    )


def bury(row: InformationResource, now: datetime, reason: str) -> None:
    """Leave of an entry that its upstream no longer lists what `only_name` would; not saved."""
    name = {"zh": row.name_zh, "en": row.name_en}
    attributes.apply(row, {**attributes.tombstone(), "name": name, "division": row.division})
    row.distributions, row.theme_names, row.upstream_version = [], {}, ""
    row.status, row.reason, row.left_out = Status.RETIRED, reason, False
    settle(row, now)
