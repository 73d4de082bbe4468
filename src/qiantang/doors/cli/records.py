"""Records of a CSV or Excel file, by the names of the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qiantang.doors.cli.errors import NoSuchColumn
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.packkit.compiled import Resource


def records_of(path: Path, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The rows of the file with the named columns, as text. Raises `NoSuchColumn`, and what the
    reader of files raises."""
    from qiantang.engine.quality.reading import open_rows, propose
    from qiantang.engine.quality.reading.errors import JsonBroken

    wanted = list(dict.fromkeys(names))
    resource = _resource(path, wanted)
    proposal = propose(path, resource)
    given = {use.source: use.field for use in proposal.recipe.columns}
    known = proposal.recipe.header_first > 0 or proposal.recipe.keyed
    for name in wanted:
        # A name that only resembles a column's is no answer to which column is meant.
        if not known or given.get(name) != name:
            raise NoSuchColumn(found=name, file=path.name, expected=", ".join(given) or "-")
    with open_rows(path, proposal.recipe, resource, same_file=True) as stream:
        for frame in stream:
            for line, broken in stream.broken.items():
                place = Place(file=path.name, line=line)
                raise JsonBroken(found=broken.reason, place=place)
            yield from frame.select(wanted).iter_rows(named=True)


def _resource(path: Path, names: Sequence[str]) -> Resource:
    """The file as if it were declared: a field for each column that is asked for."""
    from qiantang.packkit.compiled import Field, FieldType, Resource, Sharing

    said = Text(path.name, path.name)
    fields = tuple(Field(name, Text(name, name), FieldType.TEXT) for name in names)
    return Resource("file", "file", said, said, fields, (), "", Sharing.WITHHELD, False, "", said)
