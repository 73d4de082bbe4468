"""Open data whole: ``/data/ID.csv``, ``/data/ID/datapackage.json`` and ``/data/ID.zip``."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse

from qiantang.doors.protocols.answering import actor_of, etag, read_only, unchanged, validated
from qiantang.doors.protocols.making import House, entry_of
from qiantang.doors.protocols.tables import OpenTable, open_table
from qiantang.engine.lake.decimal_texts import texts_of
from qiantang.kernel.periods import CHINA_TIME
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown
from qiantang.standards.data_package import descriptor

if TYPE_CHECKING:
    import pyarrow as pa

_CSV: Final = "text/csv; charset=utf-8"
_PIECE: Final = 1 << 20


@read_only
def table(request: HttpRequest, id: str) -> HttpResponseBase:
    """The whole table as CSV, in pieces, in bounded memory."""
    found = open_table(actor_of(request), id)
    tag = etag("csv", id, found.tag, found.ids)
    if same := unchanged(request, tag):
        return same
    empty = request.method == "HEAD"
    pieces = (b"",) if empty else _begun(csv_pieces(found))
    answer = StreamingHttpResponse(pieces, content_type=_CSV)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = "no-cache"
    answer.headers["Content-Disposition"] = _file_name(f"{id}.csv")
    return answer


@read_only
def package(request: HttpRequest, id: str) -> HttpResponseBase:
    """The descriptor alone; its data is the CSV beside it."""
    house = House.of(request)
    found = open_table(actor_of(request), id)
    tag = etag("package", id, found.tag, found.view.edition, house)
    if same := unchanged(request, tag):
        return same
    body = _descriptor(found, house, house.at(f"/data/{id}.csv"))
    answer = HttpResponse(body, content_type="application/json; charset=utf-8")
    return validated(answer, tag)


@read_only
def archive(request: HttpRequest, id: str) -> HttpResponseBase:
    """Descriptor and CSV in one ZIP."""
    house = House.of(request)
    found = open_table(actor_of(request), id)
    tag = etag("zip", id, found.tag, found.view.edition, house)
    if same := unchanged(request, tag):
        return same
    answer = StreamingHttpResponse(_begun(_zipped(found, house)), content_type="application/zip")
    answer.headers["ETag"] = tag
    answer.headers["Content-Disposition"] = _file_name(f"{id}.zip")
    return answer


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The pieces, the first of them made now: what is wrong with the table is an error, not a
    download that ends early and looks whole."""
    return chain([next(pieces, b"")], pieces)


def csv_pieces(found: OpenTable) -> Iterator[bytes]:
    """The table as CSV: header, then rows, lines that end in LF, as the descriptor says."""
    from pyarrow import csv

    sink = io.BytesIO()
    writer: Any = None
    for batch in found.batches():
        if writer is None:
            writer = csv.CSVWriter(sink, _plain(batch).schema)
        writer.write_batch(_plain(batch))
        if sink.tell() >= _PIECE:
            yield _taken(sink)
    if writer is None:
        yield (",".join(f'"{id}"' for id in found.ids) + "\n").encode()
        return
    writer.close()
    yield _taken(sink)


def _plain(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Columns in forms that every reader of CSV understands: moments in ISO 8601 with their zone,
    decimals without the zeros that only fill their places and never as ``0E-8``."""
    import pyarrow as pa

    columns = []
    for column in batch.columns:
        kind = column.type
        if pa.types.is_timestamp(kind):
            columns.append(_moments(column))
        elif pa.types.is_decimal(kind):
            columns.append(texts_of(column))
        else:
            columns.append(column)
    return pa.RecordBatch.from_arrays(columns, names=batch.schema.names)


def _moments(column: pa.Array) -> pa.Array:
    """Moments without a zone of their own are in China's time, as intake keeps them."""
    import pyarrow as pa
    import pyarrow.compute as pc

    zone = "Z" if column.type.tz else CHINA_TIME.tzname(None).removeprefix("UTC")
    whole = pc.strftime(column.cast(pa.timestamp("us", column.type.tz)), "%Y-%m-%dT%H:%M:%S")
    return pc.binary_join_element_wise(pc.replace_substring_regex(whole, r"\.?0*$", ""), zone, "")


def _taken(sink: io.BytesIO) -> bytes:
    piece = sink.getvalue()
    sink.seek(0)
    sink.truncate()
    return piece


def _descriptor(found: OpenTable, house: House, path: str) -> bytes:
    entry = entry_of(found.view, house)
    said = descriptor(entry, found.columns, path=path, codes=_codes)
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def _codes(list_id: str) -> tuple[str, ...]:
    try:
        return tuple(code.code for code in shelf.code_list(list_id).codes)
    except CodeListUnknown:
        return ()


class _Pipe(io.RawIOBase):
    """What the archive writes, until somebody takes it; it cannot be read back or rewound."""

    def __init__(self) -> None:
        self.held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self.held += data
        return len(data)

    def take(self) -> bytes:
        piece = bytes(self.held)
        self.held.clear()
        return piece


def _zipped(found: OpenTable, house: House) -> Iterator[bytes]:
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as packed:
        packed.writestr("datapackage.json", _descriptor(found, house, "data.csv"))
        with packed.open("data.csv", "w", force_zip64=True) as inside:
            for piece in csv_pieces(found):
                inside.write(piece)
                yield pipe.take()
    yield pipe.take()


def _file_name(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"
