"""From a checked delivery into the lake, under the run's id as key.

Deliveries of one resource are published one after another (a lock file that a killed process lets
go of). The write comes first, then one transaction records it with its news: killed between the
two, the run is still in state ``publishing``, and publishing again finds the write by its key.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import transaction

from qiantang.kernel.actors import SYSTEM
from qiantang.packkit.compiled import Mode, Resource
from qiantang.packkit.rows import typed_rows
from qiantang.rooms.catalogue import services as catalogue
from qiantang.rooms.intake import spool
from qiantang.rooms.intake.afterwards import check_afterwards
from qiantang.rooms.intake.beforehand import look_ahead
from qiantang.rooms.intake.deletion import note_absent
from qiantang.rooms.intake.elsewhere import look_elsewhere
from qiantang.rooms.intake.errors import FileMissing, RepeatedMeanwhile
from qiantang.rooms.intake.events import DeliveryPublished
from qiantang.rooms.intake.keeping import with_kept
from qiantang.rooms.intake.meanwhile import look_at_whole_rows, look_for_keys, look_for_newer
from qiantang.rooms.intake.models import Run
from qiantang.rooms.intake.ownership import declared
from qiantang.rooms.intake.receiving import overwritten_since, same_part
from qiantang.rooms.intake.schedule import after_success
from qiantang.rooms.journal.services import emit, record
from qiantang.rooms.shelf import selectors as shelf

if TYPE_CHECKING:
    import pyarrow as pa

    from qiantang.engine.lake import Lake, Snapshot

S = Run.Status
BATCH: Final = 65_536
_ATTEMPTS: Final = 5


def publish(run: Run) -> None:
    """Write the run's accepted rows and record it. Safe to repeat.

    Raises `RepeatedMeanwhile` when the same file was published since, `HeldBack` where a check, or
    what was published since its own, says that it is not to be published now, and the lake's
    errors."""
    resource = declared(run.resource)
    with spool.locked(spool.home() / "turns" / f"{run.resource}.lock", wait=True):
        lake = shelf.lake()
        if not _written(lake, run):
            _refuse_repeated(run)
            if run.mode == Mode.APPEND:
                look_for_keys(run, resource, keys_of(run))
            look_elsewhere(run, resource)
            look_for_newer(run, resource)
            look_at_whole_rows(run, resource, accepted)
            look_ahead(run, resource, accepted)
            if run.mode == Mode.DELETE:
                note_absent(run, resource, keys_of(run)(resource.grain))
        snapshot = _write(lake, run, resource)
        run.snapshot = snapshot.id
        found = check_afterwards(run, resource)
        if found:
            before = (run.verdict or {}).get("sql", [])
            run.verdict = {**(run.verdict or {}), "sql": [*before, *found]}
        with transaction.atomic():
            _record(run, resource, snapshot)


def references(resource: Resource, mode: str = "") -> Callable[[str], Iterable[str]]:
    """The values that a field may refer to (``pack.resource.field``): the lake's, else the
    pack's. What a delivery replaces is none of them."""

    def values(id: str) -> Iterable[str]:
        table, _, column = id.rpartition(".")
        own = table in (resource.id, f"{resource.pack}.{resource.id}")
        if own and mode == Mode.REPLACE and not resource.per_division:
            return []
        lake = shelf.lake()
        if table in lake.tables():
            quoted = '"' + column.replace('"', '""') + '"'
            found = lake.query(
                f"SELECT DISTINCT CAST({quoted} AS VARCHAR) AS v FROM t "  # noqa: S608
                f"WHERE {quoted} IS NOT NULL",
                {"t": table},
            )
            return [str(v) for v in found.column("v").to_pylist()]
        known = shelf.resources().get(table)
        if known is None or known.data is None or not known.data.is_file():
            return []
        rows = typed_rows(known, known.data)
        return sorted({str(row[column]) for row in rows if row.get(column) is not None})

    return values


def keys_of(run: Run) -> Callable[[Sequence[str]], Any]:
    """The key columns of what the lake has of the run's part of the resource."""

    def existing(columns: Sequence[str]) -> Any:
        import pyarrow as pa

        lake = shelf.lake()
        if run.resource not in lake.tables():
            schema = pa.schema([(name, pa.string()) for name in columns])
            return pa.RecordBatchReader.from_batches(schema, [])
        where = ('"_run" <> ?', [run.id])
        if run.division:
            where = ('"_run" <> ? AND "_division" = ?', [run.id, run.division])
        return lake.reader(run.resource, columns=columns, where=where[0], params=where[1])

    return existing


def _written(lake: Lake, run: Run) -> bool:
    if run.resource not in lake.tables():
        return False
    return any(snapshot.key == run.id for snapshot in lake.snapshots(run.resource))


def _refuse_repeated(run: Run) -> None:
    alike = Run.objects.filter(
        resource=run.resource,
        division=run.division,
        mode=run.mode,
        digest=run.digest,
        status=S.PUBLISHED,
    )
    for twin in alike.exclude(pk=run.pk).order_by("-finished_at"):
        same = same_part(twin, run.recipe or run.options)
        if same and (run.mode == Mode.APPEND or not overwritten_since(twin)):
            raise RepeatedMeanwhile(found=twin.id)


def _write(lake: Lake, run: Run, resource: Resource) -> Snapshot:
    from qiantang.engine.quality import schema_of

    lake.ensure(run.resource, schema_of(resource), sort_by=resource.grain)
    note = {"run": run.id, "file": run.file_name, "mode": run.mode, "division": run.division}
    keys = list(resource.grain) + (["_division"] if resource.per_division else [])
    match run.mode:
        case Mode.APPEND:
            return lake.append(run.resource, accepted(run, resource), key=run.id, note=note)
        case Mode.UPSERT:
            rows = accepted(run, resource)
            return lake.upsert(run.resource, rows, key_columns=keys, key=run.id, note=note)
        case Mode.DELETE:
            gone = accepted(run, resource).read_all().select(keys)
            return lake.delete(run.resource, gone, key=run.id, note=note)
        case _ if resource.per_division:
            return _replace_part(lake, run, resource, note)
    return lake.overwrite(run.resource, accepted(run, resource), key=run.id, note=note)


def _replace_part(lake: Lake, run: Run, resource: Resource, note: dict[str, str]) -> Snapshot:
    """Put the division's rows in place of its earlier ones; those of others stay."""
    import pyarrow as pa

    from qiantang.engine.lake.errors import TableMoved

    for attempt in range(_ATTEMPTS):
        now = lake.current(run.resource)
        others = lake.reader(run.resource, where='"_division" <> ?', params=[run.division])
        ours = accepted(run, resource)
        rows = pa.RecordBatchReader.from_batches(ours.schema, _chained(others, ours))
        try:
            return lake.overwrite(
                run.resource, rows, key=run.id, note=note, based_on=now.id if now else 0
            )
        except TableMoved:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


def accepted(run: Run, resource: Resource) -> pa.RecordBatchReader:
    """The run's accepted rows as they are written, in the lake's schema, in batches."""
    import pyarrow as pa

    from qiantang.engine.quality import schema_of

    folder = spool.checked_folder(run.id)
    files = [folder / str(name) for name in run.files.get("accepted", ())]
    missing = next((f for f in files if not f.is_file()), None)
    if missing is not None:
        raise FileMissing(id=run.id, found=missing.name)
    schema = schema_of(resource)
    rows = pa.RecordBatchReader.from_batches(schema, _batches(files, schema, run))
    return with_kept(run, resource, rows)


def _batches(files: list[Path], schema: pa.Schema, run: Run) -> Iterator[pa.RecordBatch]:
    import pyarrow as pa

    from qiantang.engine.quality.parts import kept_batches

    constants = {"_run": run.id, "_division": run.division or None}
    for batch in kept_batches(files, BATCH):
        held = dict(zip(batch.schema.names, batch.columns, strict=True))
        yield pa.RecordBatch.from_arrays(
            [_column(f, held, constants, batch.num_rows) for f in schema], schema=schema
        )


def _column(field: Any, held: dict[str, Any], constants: dict[str, Any], rows: int) -> Any:
    import pyarrow as pa

    if field.name in constants:
        value = constants[field.name]
        if value is None:
            return pa.nulls(rows, field.type)
        return pa.repeat(pa.scalar(value, field.type), rows)
    found = held.get(field.name)
    if found is None:
        return pa.nulls(rows, field.type)
    return found if found.type == field.type else found.cast(field.type)


def _chained(first: Any, second: Any) -> Iterator[pa.RecordBatch]:
    for batch in first:
        yield batch.cast(second.schema) if batch.schema != second.schema else batch
    yield from second


def _record(run: Run, resource: Resource, snapshot: Snapshot) -> None:
    """The run is published: state, journal, news, the catalogue's freshness, the source's mark."""
    now = datetime.now(UTC)
    run.status, run.snapshot, run.finished_at = S.PUBLISHED, snapshot.id, now
    run.error, run.error_code, run.retry_at = None, "", None
    run.progress = {"stage": "published", "rows": run.accepted, "at": now.isoformat()}
    run.save()
    detail = {
        "resource": run.resource,
        "snapshot": snapshot.id,
        "mode": run.mode,
        "accepted": run.accepted,
        "set_aside": run.set_aside,
        "sent_by": run.received_by,
    }
    record(SYSTEM, "intake.published", f"run:{run.id}", detail)
    after_success(run, now)
    _tell_catalogue(run, now)
    emit(
        DeliveryPublished(
            run=run.id,
            resource=run.resource,
            snapshot=snapshot.id,
            accepted=run.accepted,
            mode=run.mode,
            division=run.division,
            role=resource.role or "",
            by=run.received_by,
            decided_by=run.decided_by,
        )
    )


def _tell_catalogue(run: Run, now: datetime) -> None:
    dimensions = (run.verdict or {}).get("dimensions", {})
    arrival = catalogue.Arrival(
        run=run.id,
        at=now,
        sent=run.sent,
        accepted=run.accepted,
        set_aside=run.set_aside,
        grade=run.grade,
        dimensions={k: d["share"] for k, d in dimensions.items() if d.get("share") is not None},
        rows=_rows_now(run.resource),
        division=run.division,
        part=_rows_now(run.resource, run.division) if run.division else None,
    )
    catalogue.record_arrival(SYSTEM, run.resource, arrival)


def _rows_now(resource_id: str, division: str = "") -> int:
    where, params = (' WHERE "_division" = ?', [division]) if division else ("", [])
    sql = f'SELECT count(*) AS n FROM "t"{where}'  # noqa: S608 - written here
    found = shelf.lake().query(sql, {"t": resource_id}, params=params)
    return int(found.column("n")[0].as_py())
