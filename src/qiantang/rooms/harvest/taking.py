"""What becomes of a page's entries: judged here, then given to the catalogue in one batch.

Not taken: what was made here and comes back in a circle; what lies outside the division that the
upstream may speak for; what the codec could not read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from qiantang.kernel.actors import Actor
from qiantang.kernel.identifiers import division_stem
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.harvest.models import HarvestRun, Sighting, Upstream
from qiantang.rooms.harvest.selectors import instance
from qiantang.standards.entries import Catalogue, CatalogueEntry, ReadPage, Stop

_BACK: Final = Text(
    "条目出自本实例，绕了一圈又回来，未收录。", "The entry was made here and comes back; not taken."
)
_OUTSIDE: Final = Text(
    "条目的区划不在该上游目录的范围内，未收录。",
    "The entry's division is not one this upstream speaks for; not taken.",
)
_CONFLICTS: Final = {
    "identifier": Text(
        "本目录或另一上游已有此标识符，两条并存待处理。",
        "An entry here, or of another upstream, has this identifier; somebody must decide.",
    ),
    "code": Text(
        "同一区划已有条目使用此信息资源代码，两条并存待处理；对方不公开的，由全区管理员处理。",
        "An entry of the same division has this catalogue code; somebody must decide: where that "
        "entry is not shown, an administrator of the zone.",
    ),
}


@dataclass(frozen=True, slots=True)
class Source:
    """The upstream as the catalogue and the passage of its entries name it."""

    upstream: Upstream
    instance: str
    name: str
    here: str

    @classmethod
    def of(cls, upstream: Upstream, said: Catalogue | None) -> Source:
        if said and said.instance:
            upstream.instance = said.instance[:60]
        name = said.title.zh if said and said.title.zh else upstream.name_zh
        return cls(upstream, said.instance if said else "", name[:200], instance())


@dataclass(frozen=True, slots=True)
class TakenPage:
    counts: Mapping[str, int]
    problems: Sequence[Mapping[str, Any]]


def take_page(actor: Actor, source: Source, run: HarvestRun, read: ReadPage) -> TakenPage:
    """Give a page's entries to the catalogue and note that they were seen, in the caller's
    transaction."""
    counts: Counter[str] = Counter()
    problems = [_problem(p.code, p.dataset, p.text) for p in read.problems]
    counts["unread"] = sum(p.fatal for p in read.problems)
    wanted = []
    for entry in read.entries:
        refusal = _refusal(entry, source)
        if refusal is None:
            wanted.append(_passed(entry, source))
            continue
        outcome, text = refusal
        counts[outcome] += 1
        problems.append(_problem(f"harvest.{outcome}", entry.identifier, text))
    for taken in _given(actor, source, wanted):
        counts[taken.outcome] += 1
        if taken.outcome == "conflict":
            problems.append(
                _problem("harvest.conflict", taken.identifier, _CONFLICTS[taken.conflict])
            )
    if read.gone:
        counts["withdrawn"] += withdraw(actor, source.upstream, read.gone)
    _note(source.upstream, run, [e.identifier for e in wanted])
    return TakenPage({k: n for k, n in counts.items() if n}, problems)


def note_missed(upstream: Upstream, run: HarvestRun, *, certain: bool) -> int:
    """Keep which run was the first not to meet what this one did not; ``certain``: it is gone
    whatever the run before says. How many this run is the first to miss."""
    missed = Sighting.objects.filter(upstream=upstream).exclude(run=run.pk)
    if certain:
        missed.update(missed=0)
        return 0
    return missed.filter(missed=None).update(missed=run.pk)


def gone_identifiers(upstream: Upstream, run: HarvestRun) -> list[str]:
    """What earlier runs met and, as `note_missed` keeps it, is gone."""
    rows = Sighting.objects.filter(upstream=upstream, missed__lt=run.pk).exclude(run=run.pk)
    return list(rows.values_list("identifier", flat=True))


def known(upstream: Upstream) -> int:
    return Sighting.objects.filter(upstream=upstream).count()


def withdraw(actor: Actor, upstream: Upstream, identifiers: Sequence[str]) -> int:
    """Withdraw what is gone upstream, in the caller's transaction; how many were shown."""
    withdrawn = 0
    for start in range(0, len(identifiers), 500):
        part = identifiers[start : start + 500]
        withdrawn += catalogue.withdraw_harvested(actor, upstream.pk, part)
        Sighting.objects.filter(upstream=upstream, identifier__in=part).delete()
    return withdrawn


def _given(actor: Actor, source: Source, entries: list[CatalogueEntry]) -> Sequence[Any]:
    if not entries:
        return ()
    row = source.upstream
    origin = catalogue.HarvestOrigin(
        upstream=row.pk,
        name=Text(row.name_zh, row.name_en),
        address=row.address,
        owner=row.owner_id or "",
        owner_path=row.owner_path,
    )
    return catalogue.take_harvested(actor, origin, entries)


def _refusal(entry: CatalogueEntry, source: Source) -> tuple[str, Text] | None:
    here = source.here
    if entry.home == here or any(stop.instance == here for stop in entry.passage):
        return "back", _BACK
    scope = source.upstream.division
    if scope and entry.division and not entry.division.startswith(division_stem(scope)):
        return "outside", _OUTSIDE
    return None


def _passed(entry: CatalogueEntry, source: Source) -> CatalogueEntry:
    """The entry with this upstream as the latest stop of its passage."""
    stop = Stop(source.instance or source.upstream.address, source.name, source.upstream.address)
    home = entry.home or source.instance or source.upstream.address
    division = entry.division or source.upstream.division
    return replace(entry, home=home, passage=(*entry.passage, stop), division=division)


def _note(upstream: Upstream, run: HarvestRun, identifiers: list[str]) -> None:
    rows = [Sighting(upstream=upstream, identifier=i, run=run.pk) for i in identifiers]
    Sighting.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["upstream", "identifier"],
        update_fields=["run", "missed"],
    )


def _problem(code: str, dataset: str, text: Text) -> dict[str, Any]:
    return {"code": code, "dataset": dataset[:500], "text": text.as_dict()}
