"""Divisions' own copies of a declared resource: whose rows stay out of the table of all divisions.

The rows of all divisions lie in one table of the lake, each marked with its division. Whoever reads
that table reads it without the rows of the copies that he may not read.
"""

from __future__ import annotations

from qiantang.kernel.actors import Actor
from qiantang.rooms.catalogue import policy
from qiantang.rooms.catalogue.models import InformationResource


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
