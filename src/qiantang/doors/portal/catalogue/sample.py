"""Sample rows of a resource as they stand, or stood on a day, for whoever may read them.

The rule is the rows' own (`rooms.indicators.tables`): fields with personal data are absent for
whoever may not see them, and where no row may be seen the page says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from qiantang.doors.portal.catalogue.ways import table_of
from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake.plans import literal, none_of
from qiantang.kernel.actors import Actor
from qiantang.kernel.digits import digits
from qiantang.kernel.errors import QiantangError
from qiantang.kernel.periods import CHINA_TIME
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue import selectors as catalogue
from qiantang.rooms.catalogue.selectors import ResourceView
from qiantang.rooms.indicators import tables
from qiantang.rooms.indicators.errors import RowsWithheld
from qiantang.rooms.shelf import selectors as shelf

SIZE: Final = 8
LONGEST: Final = 40
MOMENTS: Final = 30
EVIDENCE: Final = "observations"
NOWHERE: Final = Text("", "")
_YES: Final = Text("是", "yes")
_NO: Final = Text("否", "no")


@dataclass(frozen=True, slots=True)
class Moment:
    """A version of the rows that can be looked at: its last day, and how many rows it had."""

    day: date
    at: datetime
    rows: int


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows by column, or ``why`` there are none. ``hidden``: names of fields with personal data
    that are left out; ``total`` rows in all."""

    columns: tuple[Text, ...] = ()
    rows: tuple[tuple[str | Text, ...], ...] = ()
    total: int = 0
    hidden: tuple[Text, ...] = ()
    why: Text = NOWHERE


def sample(actor: Actor, view: ResourceView, on: date | None = None) -> Sample:
    """The first rows as of the end of a day (None: now)."""
    if view.origin:
        return Sample(why=_ELSEWHERE)
    if not view.pack:
        return Sample(why=_NOTHING)
    try:
        found = tables.resource_rows(actor, view.id, at=on, limit=SIZE)
    except RowsWithheld:
        return Sample(why=_withheld(view))
    except QiantangError as error:
        return Sample(why=Text(_told(error, "zh"), _told(error, "en")))
    return _shown(view, tuple(f.id for f in found.fields), found.rows, found.total, on)


def moments(actor: Actor, view: ResourceView) -> tuple[Moment, ...]:
    """The days on which the rows changed, newest first; the last version of each day. Of a table
    that several resources share, the days on which it changed and rows of this one were there, as
    far as the actor may read them."""
    name = EVIDENCE if _is_evidence(view) else table_of(view)
    if not name or name not in shelf.lake().tables():
        return ()
    found: dict[date, Moment] = {}
    for snapshot in shelf.lake().snapshots(name):
        day = snapshot.committed_at.astimezone(CHINA_TIME).date()
        known = found.get(day)
        if known is None or known.at <= snapshot.committed_at:
            found[day] = Moment(day, snapshot.committed_at, snapshot.rows)
    newest = sorted(found.values(), key=lambda m: m.day, reverse=True)[:MOMENTS]
    count = _counting(actor, view, name)
    if count is None:
        return tuple(newest)
    own = (replace(moment, rows=count(moment)) for moment in newest)
    return tuple(moment for moment in own if moment.rows)


def _counting(actor: Actor, view: ResourceView, name: str) -> Callable[[Moment], int] | None:
    """How many rows of a shared table are the resource's at a moment; None where all are."""
    if _is_evidence(view):
        return lambda moment: tables.evidence_rows(view.id, moment.day)
    if name != view.id and "_division" in shelf.lake().schema(name).names:
        own = f"{DIVISION} = {literal(view.division)}"
        return lambda moment: _counted(name, own, moment.at)
    if barred := catalogue.kept_back(actor, view.id):
        others = none_of(DIVISION, barred)
        return lambda moment: _counted(name, others, moment.at)
    return None


def _counted(name: str, where: str, at: datetime) -> int:
    sql = f'SELECT count(*) AS n FROM "t" WHERE {where}'  # noqa: S608 - written here
    found = shelf.lake().query(sql, {"t": name}, at=at)
    return int(found.column("n")[0].as_py())


def _is_evidence(view: ResourceView) -> bool:
    resource = shelf.resources().get(view.id)
    return resource is not None and resource.role == EVIDENCE


def _shown(
    view: ResourceView,
    ids: tuple[str, ...],
    rows: tuple[dict[str, Any], ...],
    total: int,
    on: date | None,
) -> Sample:
    names = {str(f["id"]): _name(f) for f in view.fields}
    hidden = tuple(name for id, name in names.items() if id not in ids)
    columns = tuple(names.get(id, Text(id, id)) for id in ids)
    if not rows:
        return Sample(columns, (), total, hidden, _NOTHING_THEN if on else _NOTHING)
    written = tuple(tuple(_cell(row.get(id)) for id in ids) for row in rows)
    return Sample(columns, written, total, hidden)


def _name(field: Any) -> Text:
    said = field.get("name") or {}
    zh, en = str(said.get("zh", "")), str(said.get("en", ""))
    id = str(field["id"])
    return Text(zh or en or id, en or zh or id)


def _cell(value: Any) -> str | Text:
    match value:
        case None:
            return ""
        case bool():
            return _YES if value else _NO
        case Decimal():
            text = digits(value)
        case datetime():
            text = value.isoformat(sep=" ")
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _withheld(view: ResourceView) -> Text:
    if view.sharing == "unconditional":
        return Text(
            "本资源在政务部门之间共享，不向社会开放，登录的政务部门人员可以查看样例。",
            "Shared among public bodies, not open to the public; people of public bodies see "
            "sample rows once signed in.",
        )
    if view.sharing == "conditional":
        return Text(
            "本资源有条件共享：经提供部门同意后才能看到数据，这里只列出字段。",
            "Shared on conditions: rows are seen once the provider agrees; here are its fields.",
        )
    return Text("本资源不予共享，数据不显示。", "Not shared: its rows are not shown.")


def _told(error: QiantangError, lang: str) -> str:
    said = error.problem(lang)
    return str(said.get("detail") or said.get("title"))


_NOTHING: Final = Text("还没有可以显示的行。", "There are no rows to show yet.")
_NOTHING_THEN: Final = Text("那时没有数据。", "There was no data then.")
_ELSEWHERE: Final = Text(
    "数据在上游，本平台只汇聚目录。", "The rows are upstream; only the entry was harvested."
)
