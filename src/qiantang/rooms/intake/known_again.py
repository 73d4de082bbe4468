"""By which columns a row of a database that is read again is known to have come before.

Where rows are appended, by the key of the resource: a row of a known key cannot come in a second
time. Else by the columns that give fields; what nobody reads may change as it likes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from qiantang.packkit.compiled import Resource
from qiantang.rooms.intake.models import Run, Source
from qiantang.rooms.intake.ownership import declared


def known_again_by(source: Source, *, again: bool) -> Callable[[Sequence[str]], tuple[str, ...]]:
    """Says it of a table's column names; none of them where none gives a field. ``again``: rows
    that came before come once more, and must be told from changed ones."""

    def told_by(names: Sequence[str]) -> tuple[str, ...]:
        resource = declared(source.resource)
        fields = _fields(source, resource, names)
        key = [name for name in names if fields.get(name) in resource.grain]
        whole = {fields[name] for name in key} == set(resource.grain)
        if key and whole and not again:
            return tuple(key)
        return tuple(name for name in names if fields.get(name))

    return told_by


def _fields(source: Source, resource: Resource, names: Sequence[str]) -> Mapping[str, str | None]:
    """Column -> field, as the last published run of the source read them; before the first, as
    they are called."""
    from qiantang.engine.quality.reading.mapping import Names

    came = Run.objects.filter(source=source, status=Run.Status.PUBLISHED, recipe__isnull=False)
    last = came.order_by("-finished_at").first()
    if last is not None and last.recipe:
        return {column["source"]: column.get("field") for column in last.recipe["columns"]}
    known = Names(resource)
    return {name: known.find(name) for name in names}
