"""Founding many organisations at once: a whole tree in a moment, one entry in the journal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.people import policy
from qiantang.rooms.people.errors import AlreadyExists, OrganisationUnknown
from qiantang.rooms.people.events import OrganisationsFounded
from qiantang.rooms.people.models import Organisation
from qiantang.rooms.people.services import check_organisation


@dataclass(frozen=True, slots=True)
class Founding:
    """One organisation to be: a government without ``department``; ``parent`` is the code of the
    government above (a department's is its division's government)."""

    division: str
    name: Text
    department: str = ""
    parent: str = ""

    @property
    def code(self) -> str:
        return f"{self.division}-{self.department}" if self.department else self.division

    @property
    def above(self) -> str:
        return self.division if self.department else self.parent


@transaction.atomic
def found_organisations(actor: Actor, wanted: Sequence[Founding]) -> int:
    """Create all of ``wanted``, parents before children, or none; how many.

    For administrators of the whole zone. Raises `NotAdministrator`, `OrganisationUnknown` for a
    parent that neither stands nor comes before, `BadOrganisation`, `AlreadyExists`.
    """
    policy.require_administrator(actor, "")
    paths = dict(Organisation.objects.values_list("code", "path"))
    rows = [_row(each, paths) for each in wanted]
    if not rows:
        return 0
    Organisation.objects.bulk_create(rows, batch_size=500)
    codes = [row.code for row in rows]
    record(actor, "people.organisations_founded", "organisations", {"codes": codes})
    emit(OrganisationsFounded(len(codes), codes[0], codes[-1]))
    return len(codes)


def _row(each: Founding, paths: dict[str, str]) -> Organisation:
    check_organisation(each.division, each.department, each.name)
    if each.code in paths:
        raise AlreadyExists(found=each.code)
    if each.above and each.above not in paths:
        raise OrganisationUnknown(found=each.above)
    path = paths[each.code] = f"{paths[each.above] if each.above else '/'}{each.code}/"
    kind = Organisation.Kind.DEPARTMENT if each.department else Organisation.Kind.GOVERNMENT
    return Organisation(
        code=each.code,
        kind=kind,
        name_zh=each.name.zh,
        name_en=each.name.en,
        division=each.division,
        department=each.department,
        parent_id=each.above or None,
        path=path,
    )
