"""Making tables and letting them grow: columns are added and widened, never dropped or narrowed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from qiantang.engine.lake.catalogue import NAMESPACE, Catalogue
from qiantang.engine.lake.columns import Column, declared, widens
from qiantang.engine.lake.errors import CommitContended, NameInvalid, NarrowingRefused, TableUnknown
from qiantang.engine.lake.state import SORT, TableState
from qiantang.engine.lake.translation import translated

if TYPE_CHECKING:
    from pyiceberg.table import Table

PROPERTIES: Final = {
    "commit.manifest-merge.enabled": "true",
    "commit.manifest.min-count-to-merge": "10",
    "commit.retry.num-retries": "0",  # our loop retries: it looks for the key each time
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    "write.delete.isolation-level": "snapshot",
    "write.update.isolation-level": "snapshot",
    "write.parquet.compression-codec": "zstd",
    "write.parquet.row-group-limit": "60000",
}
ATTEMPTS: Final = 20


def whole_bounds(sort_by: Sequence[str]) -> dict[str, str]:
    """Bounds of sort columns are kept in full length: they tell sorted neighbours apart."""
    return {f"write.metadata.metrics.column.{name}": "full" for name in sort_by}


def ensure(catalogue: Catalogue, name: str, schema: pa.Schema, sort_by: Sequence[str]) -> None:
    """Create the table or evolve it to hold ``schema``; nothing happens when it already does."""
    wanted = declared(schema)
    for column in sort_by:
        if column not in schema.names:
            raise NameInvalid(found=column)
    with translated(name):
        for _ in range(ATTEMPTS):
            if _step(catalogue, name, wanted, sort_by):
                return
    raise CommitContended(table=name, found=ATTEMPTS)


def rename(catalogue: Catalogue, name: str, old: str, new: str) -> None:
    """Give a column another name; its field id, and so all its values, stay."""
    from pyiceberg.exceptions import CommitFailedException

    with translated(name):
        for _ in range(ATTEMPTS):
            names = [c.name for c in catalogue.state(name).columns]
            if old not in names:
                raise NameInvalid(found=old)
            if not new or new in names:
                raise NameInvalid(found=new)
            try:
                with catalogue.load(name).update_schema() as update:
                    update.rename_column(old, new)
            except CommitFailedException:
                continue
            return
    raise CommitContended(table=name, found=ATTEMPTS)


def set_properties(catalogue: Catalogue, name: str, properties: dict[str, str]) -> None:
    """Note something about the table; its rows and versions stay as they are."""
    from pyiceberg.exceptions import CommitFailedException

    with translated(name):
        for _ in range(ATTEMPTS):
            try:
                with catalogue.load(name).transaction() as transaction:
                    transaction.set_properties(properties)
            except CommitFailedException:
                continue
            return
    raise CommitContended(table=name, found=ATTEMPTS)


def _step(
    catalogue: Catalogue, name: str, wanted: Sequence[Column], sort_by: Sequence[str]
) -> bool:
    """One try; False when another process came between."""
    from pyiceberg.exceptions import CommitFailedException, TableAlreadyExistsError

    try:
        state = catalogue.state(name)
    except TableUnknown:
        try:
            _create(catalogue, name, wanted, sort_by)
        except TableAlreadyExistsError:
            return False
        return True
    grown, widened = _differences(state, wanted)
    if not grown and not widened and tuple(sort_by) in ((), state.sort_by):
        return True
    try:
        _evolve(catalogue.load(name), grown, widened, sort_by)
    except CommitFailedException:
        return False
    return True


def _create(
    catalogue: Catalogue, name: str, wanted: Sequence[Column], sort_by: Sequence[str]
) -> None:
    from pyiceberg.schema import Schema
    from pyiceberg.types import NestedField

    fields = [NestedField(c.id, c.name, iceberg_type(c.kind), required=c.required) for c in wanted]
    ids = {c.name: c.id for c in wanted}
    writer = catalogue.iceberg  # it records the root, if nobody has
    writer.create_table(
        (NAMESPACE, name),
        Schema(*fields),
        location=f"{catalogue.home.recorded}/{name}",
        properties={
            **PROPERTIES,
            **whole_bounds(sort_by),
            SORT: ",".join(str(ids[s]) for s in sort_by),
        },
    )


def _differences(state: TableState, wanted: Sequence[Column]) -> tuple[list[Column], list[Column]]:
    have, want = {c.name: c for c in state.columns}, {c.name: c for c in wanted}
    for name in have.keys() - want.keys():
        raise NarrowingRefused(table=state.name, column=name, found=have[name].kind, expected="-")
    grown, widened = [], []
    for column in wanted:
        old = have.get(column.name)
        if old is None:
            grown.append(column)
        elif old.kind != column.kind:
            if not widens(old.kind, column.kind):
                raise NarrowingRefused(
                    table=state.name, column=column.name, found=old.kind, expected=column.kind
                )
            widened.append(column)
    return grown, widened


def _evolve(
    table: Table, grown: Sequence[Column], widened: Sequence[Column], sort_by: Sequence[str]
) -> None:
    with table.transaction() as transaction:
        if grown or widened:
            with transaction.update_schema() as update:
                for column in grown:  # old rows have no value for it, so it cannot be required
                    update.add_column(column.name, iceberg_type(column.kind))
                for column in widened:
                    update.update_column(column.name, iceberg_type(column.kind))
        if sort_by:
            schema = transaction.table_metadata.schema()
            ids = ",".join(str(schema.find_field(name).field_id) for name in sort_by)
            transaction.set_properties({SORT: ids, **whole_bounds(sort_by)})


def iceberg_type(kind: str) -> Any:
    """PyIceberg's type object for one of our type names."""
    from pyiceberg.types import IcebergType

    return IcebergType.model_validate(kind)
