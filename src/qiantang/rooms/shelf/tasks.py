"""What a computation is given: planned files of the lake, or the rows that a pack carries.

Whether it then runs on this machine or on Spark is decided by the zone's settings and by size.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings

from qiantang.engine.division_column import DIVISION
from qiantang.engine.lake.plans import Without
from qiantang.packkit.compiled import Resource
from qiantang.rooms.shelf.selectors import lake, resources

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.compute import EngineSettings, Given


def engine_settings() -> EngineSettings:
    """``[engine]`` of zone.toml, and the environment, which comes first. Raises `EngineUnknown`."""
    from qiantang.engine.compute import EngineSettings

    return EngineSettings.of(getattr(settings, "QIANTANG_COMPUTE", None))


def is_delivered(id: str) -> bool:
    """Whether the lake has a table of the resource ``pack.local``."""
    return id in lake().tables()


def given(
    id: str,
    *,
    fields: Sequence[str] | None = None,
    at: int | datetime | None = None,
    without: tuple[str, ...] = (),
) -> Given:
    """The rows of ``pack.local`` for a task: its planned files in the lake, at a version or moment
    where asked, else what its pack carries. Only ``fields``; without them all declared ones.
    ``without`` the rows that these divisions sent."""
    resource = resources()[id]
    wanted = [f.id for f in resource.fields] if fields is None else list(fields)
    if not is_delivered(id):
        rows = carried(resource)
        return rows.select([name for name in wanted if name in rows.column_names])
    plan = lake().files(id, at)
    known = {column.name: column for column in plan.columns}
    columns = tuple(known[name] for name in wanted if name in known)
    barred = Without(known[DIVISION], without) if without and DIVISION in known else None
    return replace(plan, columns=columns, without=barred)


@contextmanager
def damage_told(ids: Sequence[str], at: int | datetime | None = None) -> Iterator[None]:
    """Where a task over these resources fails, a lost or damaged file of theirs is the reason that
    is told. Raises `DataFileMissing`, `DataFileDamaged`."""
    from qiantang.engine.compute.errors import TaskFailed

    try:
        yield
    except (FileNotFoundError, TaskFailed):
        for id in filter(is_delivered, ids):
            lake().look(id, at)
        raise


def carried(resource: Resource) -> pa.Table:
    """The rows of the pack's own file, typed; none where it has no file."""
    from qiantang.engine.measures.examples import table_of

    data = resource.data
    return table_of(resource, data if data is not None and data.is_file() else None)
