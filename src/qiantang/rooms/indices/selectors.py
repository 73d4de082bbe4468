"""The room's reads. Published editions are everybody's; what is not published starts from
`policy.visible_to`."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from qiantang.engine.index.bundle import PublicKey
from qiantang.kernel.actors import ANONYMOUS, Actor
from qiantang.rooms.indices import making, policy, storing
from qiantang.rooms.indices.declaring import known_owner_path
from qiantang.rooms.indices.differing import difference_of
from qiantang.rooms.indices.earlier import with_year_before
from qiantang.rooms.indices.errors import EditionUnknown, NothingPublished, NotInside
from qiantang.rooms.indices.models import Edition
from qiantang.rooms.indices.moving import movement
from qiantang.rooms.indices.profiles import compared, element_page, profile, weights_in_index
from qiantang.rooms.indices.ranks import ranking
from qiantang.rooms.indices.shapes import EditionDifference, EditionView, IndexRow, Made
from qiantang.rooms.indices.steadiness import robustness
from qiantang.rooms.indices.trying import whatif
from qiantang.rooms.indices.views import edition_views
from qiantang.rooms.shelf import selectors as shelf

__all__ = [
    "bundle",
    "bundles_kept",
    "compared",
    "difference",
    "edition",
    "editions",
    "element_page",
    "index_row",
    "indices",
    "made",
    "movement",
    "profile",
    "public_key",
    "ranking",
    "robustness",
    "waiting",
    "weights_in_index",
    "whatif",
    "working",
]


def indices(actor: Actor = ANONYMOUS) -> tuple[IndexRow, ...]:
    """Every declared index with its latest published edition."""
    rows = Edition.objects.filter(policy.visible_to(actor), index__in=list(shelf.indices()))
    by_index: dict[str, list[EditionView]] = {}
    for view in edition_views(rows, actor):
        by_index.setdefault(view.index, []).append(view)
    return tuple(_row(actor, key, by_index.get(key, [])) for key in shelf.indices())


def index_row(actor: Actor, index: str) -> IndexRow:
    """One declared index. Raises `IndexUnknown`."""
    shelf.composite_index(index)
    return _row(actor, index, list(editions(actor, index)))


def editions(actor: Actor, index: str) -> tuple[EditionView, ...]:
    """The editions that the actor may know of, newest first. Raises `IndexUnknown`."""
    shelf.composite_index(index)
    return edition_views(Edition.objects.filter(policy.visible_to(actor), index=index), actor)


def edition(actor: Actor, index: str, number: int | None = None) -> EditionView:
    """One edition, or the latest published. Raises `IndexUnknown`, `EditionUnknown`,
    `NothingPublished`."""
    shelf.composite_index(index)
    rows = Edition.objects.filter(policy.visible_to(actor), index=index)
    if number is None:
        row = rows.filter(state=Edition.State.PUBLISHED).first()
        if row is None:
            raise NothingPublished(found=index)
    else:
        row = rows.filter(number=number).first() if 0 < number < 2**31 else None
        if row is None:
            raise EditionUnknown(index=index, found=number)
    return edition_views([row], actor)[0]


def made(actor: Actor, index: str, number: int | None = None) -> Made:
    """An edition rebuilt from its bundle, beside that of the year before where editions hold
    single years. Raises the errors of `edition`, and `BundleLost`."""
    found = making.published(shelf.composite_index(index), edition(actor, index, number))
    return with_year_before(found)


def bundle(actor: Actor, index: str, number: int | None = None) -> tuple[EditionView, bytes]:
    """An edition's bundle, checked against its recorded digest. Raises as `made`."""
    found = edition(actor, index, number)
    return found, storing.bytes_of(found.file, found.digest, found.number)


def working(actor: Actor, index: str, as_of: date | None = None) -> Made:
    """The index of the figures in force, or of those known on a day, with its gaps: for people of
    its department and auditors. Raises `IndexUnknown`, `NotInside`, and what making raises."""
    declared = shelf.composite_index(index)
    path = known_owner_path(declared)
    if path is None or not policy.sees_inside(actor, path):
        raise NotInside(found=index)
    day = as_of or timezone.localdate()
    return with_year_before(making.present(actor, declared, day, past=as_of is not None))


def difference(actor: Actor, index: str, number: int) -> EditionDifference:
    """What an edition changes against the one published before it: before it goes out, and ever
    after. Raises as `made`."""
    found = edition(actor, index, number)
    rows = Edition.objects.filter(index=index, state=Edition.State.PUBLISHED, number__lt=number)
    before = rows.first()
    declared = shelf.composite_index(index)
    against = making.published(declared, edition_views([before], actor)[0]) if before else None
    return difference_of(found, making.published(declared, found), against)


def waiting(actor: Actor) -> tuple[EditionView, ...]:
    """Planned editions that the actor may decide on."""
    rows = Edition.objects.filter(policy.visible_to(actor), state=Edition.State.PLANNED)
    return tuple(view for view in edition_views(rows, actor) if view.may_decide)


def bundles_kept() -> tuple[int, tuple[EditionView, ...]]:
    """How many editions there are, and those whose bundle is lost or altered (for the machine's
    operator)."""
    views = edition_views(Edition.objects.all())
    return len(views), tuple(view for view in views if not storing.is_kept(view.file, view.digest))


def public_key() -> PublicKey:
    """The key that signs the zone's editions, for whoever wants to pin it."""
    return storing.public_key()


def _row(actor: Actor, key: str, views: list[EditionView]) -> IndexRow:
    declared = shelf.composite_index(key)
    path = None if actor.is_anonymous else known_owner_path(declared)
    out = [v for v in views if v.state == Edition.State.PUBLISHED]
    planned = next((v for v in views if v.state == Edition.State.PLANNED), None)
    return IndexRow(
        declared=declared,
        edition=out[0] if out else None,
        planned=planned,
        editions=len(out),
        may_plan=path is not None and policy.may_plan(actor, path),
        inside=path is not None and policy.sees_inside(actor, path),
    )
