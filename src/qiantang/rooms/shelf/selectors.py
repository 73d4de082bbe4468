"""The shelf's reads: packs and everything they declare, norms in force, and the lake.

`lake` is the one place where rooms get the data plane from; the composition root names its folder
in the setting QIANTANG_LAKE.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Max

from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.packkit import PackProblem
from qiantang.packkit.compiled import Code, CodeList, Element, Indicator, Norm, Pack, Page, Resource
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan, as_share
from qiantang.rooms.shelf import policy
from qiantang.rooms.shelf.contents import contents, forget, geojson, problem_from
from qiantang.rooms.shelf.errors import (
    CodeListUnknown,
    DivisionUnknown,
    IndexUnknown,
    NormUnknown,
    PackUnknown,
    PlanUnknown,
)
from qiantang.rooms.shelf.models import InstalledPack, NormOverride

if TYPE_CHECKING:
    from qiantang.engine.lake import Lake

__all__ = ["forget"]

DIVISIONS: Final = "geography.division"
BOUNDARIES: Final = "zhejiang_cities.geojson"


@dataclass(frozen=True, slots=True)
class Installed:
    """A pack as the shelf's page shows it."""

    id: str
    version: str
    digest: str
    shipped: bool
    usable: bool
    problems: tuple[PackProblem, ...]
    installed_at: datetime
    installed_by: str


@dataclass(frozen=True, slots=True)
class Override:
    """An operator's figure in place of a shipped norm."""

    id: int
    norm: str
    value: Decimal
    valid_from: date
    valid_to: date | None
    reason: str
    document: str
    by: str
    at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class NormInForce:
    """A norm on a day: the shipped row, the override beside it, and the figure that counts."""

    id: str
    shipped: Norm
    override: Override | None

    @property
    def value(self) -> Decimal:
        return self.override.value if self.override else self.shipped.value


def lake() -> Lake:
    """The zone's lake, one per process and folder."""
    return _lake(Path(settings.QIANTANG_LAKE))


def packs() -> Mapping[str, Pack]:
    """The packs in use, by id."""
    return contents().packs


def state() -> tuple[str, datetime | None]:
    """What differs whenever the packs in use do, and when one was installed last."""
    last = InstalledPack.objects.aggregate(last=Max("installed_at"))["last"]
    return " ".join(sorted(pack.digest for pack in packs().values())), last


def pack(id: str) -> Pack:
    """One pack. Raises `PackUnknown`."""
    found = packs().get(id)
    if found is None:
        raise PackUnknown(found=id, expected=", ".join(packs()))
    return found


def installed_at(id: str) -> datetime:
    """Since when a pack in use says what it says. Raises `PackUnknown`."""
    return InstalledPack.objects.get(pk=pack(id).id).installed_at


def installed(actor: Actor = ANONYMOUS) -> tuple[Installed, ...]:
    """Every pack on the shelf, those that cannot be used included, with their problems."""
    rows = InstalledPack.objects.filter(policy.visible_to(actor))
    return tuple(installed_view(row) for row in rows)


def problems() -> tuple[PackProblem, ...]:
    """What is wrong with packs now: of rejected versions, and of files that changed since."""
    rows = InstalledPack.objects.values_list("problems", flat=True)
    recorded = tuple(problem_from(data) for row in rows for data in row)
    return recorded + tuple(p for p in contents().problems if p not in recorded)


def plans() -> Mapping[str, Plan]:
    """The plans, by id."""
    return contents().plans


def plan(id: str) -> Plan:
    """One plan. Raises `PlanUnknown`."""
    found = plans().get(id)
    if found is None:
        raise PlanUnknown(found=id, expected=", ".join(plans()))
    return found


def plans_in_force(on: date) -> Mapping[str, Plan]:
    """The plans with the figures that their rules have on a day: overrides applied and named.

    A plan that no override touches is the very object of `plans`.
    """
    standing = overrides_in_force(on)
    if not standing:
        return plans()
    units = {f"{n.pack}.{n.id}": n.unit for n in norms()}
    shares = {id: as_share(o.value, units.get(id, "")) for id, o in standing.items()}
    return {id: _ruled(plan, shares) for id, plan in plans().items()}


def indicators() -> Mapping[str, Indicator]:
    """The indicators, by code."""
    return contents().indicators


def resources() -> Mapping[str, Resource]:
    """The declared information resources, by ``pack.local``."""
    return contents().resources


def pages() -> Mapping[str, Page]:
    """The declared pages, by ``pack.local``."""
    return contents().pages


def elements() -> Mapping[str, Element]:
    """The data elements of the registry, by ``pack.local``."""
    return contents().elements


def indices() -> Mapping[str, CompositeIndex]:
    """The declared composite indices, by ``pack.local``."""
    return contents().indices


def composite_index(key: str) -> CompositeIndex:
    """One composite index by ``pack.local``. Raises `IndexUnknown`."""
    found = indices().get(key)
    if found is None:
        raise IndexUnknown(found=key, expected=", ".join(indices()) or "-")
    return found


def code_lists() -> Mapping[str, CodeList]:
    """The code lists, by ``pack.local``."""
    return contents().codes


def code_list(id: str) -> CodeList:
    """One code list by ``pack.local``. Raises `CodeListUnknown`."""
    found = code_lists().get(id)
    if found is None:
        raise CodeListUnknown(found=id)
    return found


def divisions(on: date | None = None) -> tuple[Code, ...]:
    """The divisions in force on a day; without one, every row, abolished divisions included."""
    found = contents().codes.get(DIVISIONS)
    if found is None:
        return ()
    return found.on(on) if on else found.codes


def division(code: str) -> Code:
    """One division, its latest row. Raises `DivisionUnknown`."""
    codes = contents().codes.get(DIVISIONS)
    found = codes.find(code) if codes else None
    if found is None:
        raise DivisionUnknown(found=code)
    return found


def boundaries() -> Mapping[str, Any]:
    """The cities' boundaries as GeoJSON, from the geography pack; no features without it."""
    geography = packs().get("geography")
    path = geography.path / "data" / BOUNDARIES if geography else None
    if geography is None or path is None or not path.is_file():
        return {"type": "FeatureCollection", "features": []}
    return geojson(path, geography.digest)


def norms() -> tuple[Norm, ...]:
    """Every shipped norm row of every pack in use."""
    return contents().norms


def norm(id: str, on: date) -> NormInForce:
    """The norm ``pack.local`` on a day. Raises `NormUnknown`."""
    rows = [n for n in norms() if f"{n.pack}.{n.id}" == id and n.in_force(on)]
    if not rows:
        raise NormUnknown(found=id, on=on.isoformat())
    shipped = max(rows, key=lambda n: n.valid_from)
    return NormInForce(id, shipped, overrides_in_force(on).get(id))


def overrides_in_force(on: date) -> Mapping[str, Override]:
    """For each overridden norm the operator's figure on a day: of several, the latest made."""
    rows = NormOverride.objects.filter(withdrawn_at=None, valid_from__lte=on)
    rows = rows.exclude(valid_to__lt=on).order_by("at", "pk")
    return {row.norm: override_view(row) for row in rows}


def overrides(norm: str | None = None) -> tuple[Override, ...]:
    """Overrides, withdrawn ones included, newest first within a norm."""
    rows = NormOverride.objects.all()
    if norm is not None:
        rows = rows.filter(norm=norm)
    return tuple(override_view(row) for row in rows)


@lru_cache(maxsize=4)
def _lake(folder: Path) -> Lake:
    from qiantang.engine.lake import Lake

    return Lake(folder)


def _ruled(plan: Plan, shares: Mapping[str, Decimal]) -> Plan:
    rules = plan.rules.with_figures(shares)
    return plan if rules is plan.rules else replace(plan, rules=rules)


def override_view(row: NormOverride) -> Override:
    return Override(
        id=row.pk,
        norm=row.norm,
        value=row.value.normalize(),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        reason=row.reason,
        document=row.document,
        by=row.by,
        at=row.at,
        withdrawn_at=row.withdrawn_at,
    )


def installed_view(row: InstalledPack) -> Installed:
    return Installed(
        id=row.id,
        version=row.version,
        digest=row.digest,
        shipped=row.shipped,
        usable=row.usable,
        problems=tuple(problem_from(data) for data in row.problems),
        installed_at=row.installed_at,
        installed_by=row.installed_by,
    )
