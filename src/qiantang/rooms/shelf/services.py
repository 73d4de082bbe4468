"""The shelf's verbs: install packs, override a norm with a reason, take the override back."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.db import transaction

from qiantang.kernel.actors import Actor
from qiantang.kernel.text import Text
from qiantang.packkit import PackProblem, builtin_packs, id_of, load_packs
from qiantang.packkit.compiled import Pack
from qiantang.packkit.plans import as_share
from qiantang.packkit.readers.indices import IndexChecker
from qiantang.packkit.readers.measures import SqlChecker
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.shelf import policy
from qiantang.rooms.shelf.contents import folder_of, forget
from qiantang.rooms.shelf.errors import BadOverride, Downgrade, OverrideUnknown, PackNotReadable
from qiantang.rooms.shelf.events import NormOverridden, PackInstalled
from qiantang.rooms.shelf.models import InstalledPack, NormOverride
from qiantang.rooms.shelf.selectors import (
    Installed,
    Override,
    installed_view,
    norm,
    override_view,
    plans,
)


def install_pack(actor: Actor, path: Path) -> Installed:
    """Put a pack from a folder on the shelf; its files are copied into the zone.

    A pack with problems is recorded with all of them and not used; a version in use stays in use.
    Raises `NotKeeper`, `PackNotReadable`, `Downgrade`.
    """
    policy.require_keeper(actor)
    folder = Path(path).absolute()
    if not folder.is_dir():
        raise PackNotReadable(found=folder, cause="no such folder")
    return _install(actor, [folder], shipped=False)[0]


def install_builtin(actor: Actor) -> tuple[Installed, ...]:
    """Put every shipped pack on the shelf in its shipped version. Repeating it changes nothing."""
    policy.require_keeper(actor)
    return tuple(_install(actor, builtin_packs(), shipped=True))


@transaction.atomic
def override_norm(
    actor: Actor,
    id: str,
    value: Decimal,
    *,
    valid_from: date,
    reason: str,
    document: str,
    valid_to: date | None = None,
) -> Override:
    """Use another figure than the shipped norm's from a day on; both are always shown.

    Raises `NotKeeper`, `NormUnknown`, `BadOverride`.
    """
    policy.require_keeper(actor)
    shipped = norm(id, valid_from).shipped
    _check_override(value, valid_from, valid_to, reason, document)
    _check_share(id, value, shipped.unit)
    row = NormOverride.objects.create(
        norm=id,
        value=value,
        valid_from=valid_from,
        valid_to=valid_to,
        reason=reason.strip(),
        document=document.strip(),
        by=actor.key,
        at=datetime.now(UTC),
    )
    detail = {"value": str(value), "valid_from": valid_from.isoformat(), "reason": row.reason}
    record(actor, "shelf.norm_overridden", f"norm:{id}", detail)
    emit(NormOverridden(id))
    return override_view(row)


@transaction.atomic
def withdraw_override(actor: Actor, id: int, reason: str) -> None:
    """Go back to the shipped figure. Raises `NotKeeper`, `OverrideUnknown`, `BadOverride`."""
    policy.require_keeper(actor)
    row = NormOverride.objects.select_for_update().filter(pk=id, withdrawn_at=None).first()
    if row is None:
        raise OverrideUnknown(found=id)
    if not reason.strip():
        raise BadOverride(found="reason", expected=Text(zh="写明理由", en="a reason"))
    row.withdrawn_at, row.withdrawn_by = datetime.now(UTC), actor.key
    row.save(update_fields=["withdrawn_at", "withdrawn_by"])
    detail = {"override": id, "reason": reason.strip()}
    record(actor, "shelf.override_withdrawn", f"norm:{row.norm}", detail)
    emit(NormOverridden(row.norm, withdrawn=True))


def _install(actor: Actor, folders: Sequence[Path], *, shipped: bool) -> list[Installed]:
    arriving = {folder: id_of(folder) for folder in folders}
    rows = InstalledPack.objects.filter(usable=True).exclude(pk__in=arriving.values())
    standing = [folder_of(row.id, row.folder) for row in rows]
    loaded = load_packs(
        [*standing, *folders], sql_checker=_sql_checker(), index_checker=_index_checker()
    )
    results = []
    with transaction.atomic():
        for folder, id in arriving.items():
            pack = loaded.packs.get(id)
            wrong = [p for p in loaded.problems if p.pack in (id, folder.name)]
            if pack is None:
                row = _set_aside(actor, id, wrong, shipped=shipped)
            else:
                row = _put_up(actor, pack, shipped=shipped)
            results.append(installed_view(row))
        transaction.on_commit(forget)
    forget()
    return results


def _sql_checker() -> SqlChecker:
    # Imported when something is installed: the engine is large, and readers of the shelf need none.
    from qiantang.engine.measures import check_sql

    return check_sql


def _index_checker() -> IndexChecker:
    from qiantang.engine.index.declared import check_declared

    return check_declared


def _put_up(actor: Actor, pack: Pack, *, shipped: bool) -> InstalledPack:
    row = InstalledPack.objects.select_for_update().filter(pk=pack.id).first()
    row = row or InstalledPack(id=pack.id)
    if row.usable and _rank(pack.version) < _rank(row.version):
        raise Downgrade(pack=pack.id, found=pack.version, expected=row.version)
    same = row.usable and row.digest == pack.digest and row.shipped == shipped
    if same and not row.problems:
        return row
    row.version, row.digest, row.shipped = pack.version, pack.digest, shipped
    row.folder = "" if shipped else str(_kept_copy(pack).relative_to(settings.QIANTANG_PACKS))
    row.usable, row.problems = True, []
    row.installed_at, row.installed_by = datetime.now(UTC), actor.key
    row.save()
    detail = {"version": pack.version, "sha256": pack.digest, "shipped": shipped}
    record(actor, "shelf.pack_installed", f"pack:{pack.id}", detail)
    emit(PackInstalled(pack.id, pack.version, pack.digest))
    return row


def _set_aside(
    actor: Actor, id: str, wrong: Sequence[PackProblem], *, shipped: bool
) -> InstalledPack:
    row = InstalledPack.objects.select_for_update().filter(pk=id).first()
    if row is None:
        row = InstalledPack(id=id, shipped=shipped)
        row.installed_at, row.installed_by = datetime.now(UTC), actor.key
    row.problems = [problem.as_dict() for problem in wrong]
    row.save()
    detail = {"problems": len(wrong), "codes": sorted({p.code for p in wrong})}
    record(actor, "shelf.pack_set_aside", f"pack:{id}", detail)
    return row


def _kept_copy(pack: Pack) -> Path:
    """The pack's files inside the zone, under their digest: what is installed cannot be edited."""
    home = Path(settings.QIANTANG_PACKS) / pack.digest[:16]
    kept = home / pack.id
    if kept.is_dir():
        return kept
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=home, prefix=".arriving-") as arriving:
            shutil.copytree(pack.path, Path(arriving) / pack.id)
            (Path(arriving) / pack.id).rename(kept)
    except OSError as error:
        raise PackNotReadable(found=pack.path, cause=error.strerror or error) from error
    return kept


def _rank(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _check_override(
    value: Decimal, valid_from: date, valid_to: date | None, reason: str, document: str
) -> None:
    if not value.is_finite():
        raise BadOverride(found=value, expected=Text(zh="有限的数值", en="a finite number"))
    if valid_to is not None and valid_to < valid_from:
        expected = Text(zh="截止日不早于起始日", en="an end that is not before the start")
        raise BadOverride(found=valid_to.isoformat(), expected=expected)
    if not reason.strip() or not document.strip():
        expected = Text(zh="写明理由和依据文件", en="a reason and the document it rests on")
        raise BadOverride(found=f"{reason}|{document}", expected=expected)


def _check_share(id: str, value: Decimal, unit: str) -> None:
    """A figure that plans are judged by is a share, as packkit demands of the shipped one."""
    judged_by = any(id in plan.rules.norms for plan in plans().values())
    if judged_by and not 0 <= as_share(value, unit) < 1:
        expected = Text(zh="不小于 0 且小于 1 的比例", en="a share from 0 to below 1")
        raise BadOverride(found=value, expected=expected)
