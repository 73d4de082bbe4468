"""A reader's own select over resources, under the names that measures use (``pack__local``).

It sees the rows that `tables.resource_rows` would give this reader: resources that are not for
him are refused, fields with personal data that he may not see are not there. The text is
judged before anything runs, what runs is written from the checked tree and runs in a process of
its own, and the engine's own words go to the log only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from qiantang.kernel.actors import Actor
from qiantang.kernel.errors import QiantangError
from qiantang.packkit.readers.measures import sql_name
from qiantang.rooms.catalogue.errors import ResourceUnknown
from qiantang.rooms.indicators.errors import ColumnsAlike
from qiantang.rooms.indicators.tables import EVIDENCE, end_of, evidence_table, readable, rows_for
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf import tasks

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.compute import Engine, Given, Written
    from qiantang.engine.compute.choosing import Wish
    from qiantang.engine.lake.duck import Limits

MOST_ROWS: Final = 10_000
_OFFERED: Final = 20


@dataclass(frozen=True, slots=True)
class Question:
    """A select, the day whose end it looks back to (None: now), the engine that is wished for, and
    the bounds of this machine where they are not the usual ones."""

    sql: str
    at: date | None = None
    wish: Wish = "auto"
    limits: Limits | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """``truncated``: there are more rows than were asked for. ``engine``: where it ran."""

    rows: pa.Table
    truncated: bool
    engine: str


def ask(actor: Actor, question: Question, *, most: int = MOST_ROWS) -> Answer:
    """The first ``most`` rows.

    Raises `SqlRefused` with every finding (a resource that the actor may not know of is a table
    that is not there), `ColumnsAlike`, `RowsWithheld`, `NoHistory` for a day before a pack's own
    rows came, `AnswerTooLarge`, the engine's errors, and the lake's where a data file is lost or
    damaged.
    """
    from qiantang.engine.compute.tables import types_of
    from qiantang.engine.sql import limited

    tables = _given(actor, question)
    bounded = limited(question.sql, types_of(tables), most + 1)
    with _opened(question, tables, bounded) as engine:
        rows = engine.query(bounded)
        return Answer(rows.slice(0, most), rows.num_rows > most, engine.name)


def write(
    actor: Actor,
    question: Question,
    folder: Path,
    *,
    started: Callable[[Engine], None] = lambda _: None,
) -> Written:
    """All rows as Parquet files into the new folder, in bounded memory. ``started`` hears of the
    engine, whose `cancel` stops it. Raises what `ask` raises."""
    tables = _given(actor, question)
    with _opened(question, tables, question.sql) as engine:
        started(engine)
        return engine.write(question.sql, folder)


@contextmanager
def _opened(question: Question, tables: dict[str, Given], sql: str) -> Iterator[Engine]:
    from qiantang.engine.compute import open_engine

    ids = [id for name, id in _ids().items() if name in tables]
    with (
        tasks.damage_told(ids, end_of(question.at)),
        open_engine(
            tables,
            tasks.engine_settings(),
            wish=question.wish,
            limits=question.limits,
            sql=sql,
            apart=True,
        ) as engine,
    ):
        yield engine


def _ids() -> dict[str, str]:
    """Resources by the name of their table in SQL."""
    return {sql_name(r, "").lower(): id for id, r in shelf.resources().items()}


def _given(actor: Actor, question: Question) -> dict[str, Given]:
    """The tables that the question names and the actor may read. Raises `SqlRefused`,
    `ColumnsAlike`."""
    from qiantang.engine.compute.apart import names_alike
    from qiantang.engine.compute.tables import types_of
    from qiantang.engine.sql import check_sql, tables_named
    from qiantang.engine.sql.errors import SqlRefused

    ids = _ids()
    named = tables_named(question.sql)
    tables: dict[str, Given] = {}
    for name in sorted(named & ids.keys()):
        try:
            tables[name] = _rows(actor, ids[name], question.at)
        except ResourceUnknown:
            continue
    types = types_of(tables)
    problems = check_sql(question.sql, types)
    if any(problem.code == "sql.table" for problem in problems):
        others = (name for name in sorted(ids) if name not in types and _may_read(actor, ids[name]))
        offered = {name: dict[str, str]() for name, _ in zip(others, range(_OFFERED), strict=False)}
        problems = check_sql(question.sql, {**types, **offered})
    if problems:
        raise SqlRefused(tuple(problems))
    memory = tasks.engine_settings().query_memory_mb
    alike = names_alike(question.sql, tables, limits=question.limits, memory_mb=memory)
    if alike:
        raise ColumnsAlike(found=", ".join(alike))
    return tables


def _rows(actor: Actor, id: str, at: date | None) -> Given:
    from qiantang.engine.quality.schema import precision_column

    resource, seen = readable(actor, id)
    fields = [f.id for f in seen]
    if resource.role == EVIDENCE:
        return evidence_table(resource, at).select(fields)
    # How exact a date is stands beside it, where the resource says that it may be a month or year.
    fields += [companion for f in seen if (companion := precision_column(f))]
    return rows_for(actor, id, fields, at)


def _may_read(actor: Actor, id: str) -> bool:
    try:
        readable(actor, id)
    except QiantangError:
        return False
    return True
