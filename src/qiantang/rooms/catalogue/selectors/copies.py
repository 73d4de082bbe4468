"""Divisions' own copies of a declared resource: whose rows stay out of the table of all divisions,
and whose personal values.

The rows of all divisions lie in one table of the lake, each marked with its division. Whoever reads
that table reads it without the rows of the copies that he may not read. Its personal fields are
there for who may see the values of every part that he reads, else they are left out altogether: a
column that is empty for some parts would be added up and joined as if those had said nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.models import DivisionArrival, InformationResource
from qiantang.rooms.people import selectors as people
from qiantang.rooms.shelf import selectors as shelf


def kept_back(actor: Actor, declared: str) -> tuple[str, ...]:
    """The divisions whose rows the actor may not read in the table of the declared resource: those
    with a copy of their own that is withheld, not published, or not for this actor. The others
    follow the entry of the whole zone. In order, each once."""
    entries = InformationResource.objects.filter(declared=declared, origin="")
    copies = [id for id in entries.values_list("pk", flat=True) if id.startswith(f"{declared}@")]
    if not copies:  # asked for every page of rows, and the predicate is the dear part
        return ()
    read_by = policy.rows_read_by(actor)
    barred = entries.filter(pk__in=copies).exclude(read_by).values_list("pk", flat=True)
    return tuple(sorted({id.rpartition("@")[2] for id in barred}))


def hides_values(actor: Actor, declared: str, divisions: Iterable[str]) -> bool:
    """Whether the table of the declared resource, as the actor reads it, holds personal values that
    he may not see: those of a part whose keeper's they are. ``divisions``: whose rows lie in the
    table now; those that ever delivered count as well, since a past day may be read."""
    if actor.is_system:
        return False
    arrived = DivisionArrival.objects.filter(declared=declared).values_list("division", flat=True)
    parts = {*divisions, *arrived} - {"", settings.QIANTANG_DIVISION}
    parts -= {*kept_back(actor, declared)}
    copies = InformationResource.objects.filter(declared=declared, origin="", pk__contains="@")
    keepers = dict(copies.values_list("pk", "owner_path"))
    senders = _senders(declared, parts)
    return not all(
        policy.sees_values(actor, keepers.get(f"{declared}@{part}") or senders.get(part, ""))
        for part in parts
    )


def _senders(declared: str, divisions: Iterable[str]) -> dict[str, str]:
    """The path of the department that delivers each division's part, where there is one; without
    it the part is nobody's."""
    resource = shelf.resources().get(declared)
    if resource is None:
        return {}
    paths = people.paths(f"{division}-{resource.owner}" for division in divisions)
    return {code.partition("-")[0]: path for code, path in paths.items()}
