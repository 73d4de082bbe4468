"""The code lists that deliveries are read and checked by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress

from qiantang.packkit.compiled import Code, CodeList, Resource
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import CodeListUnknown


def code_list(id: str) -> CodeList:
    """A declared code list; a pack's indicators are one as well. Raises `CodeListUnknown`."""
    try:
        return shelf.code_list(id)
    except CodeListUnknown:
        pack = id.rpartition(".")[0]
        found = [i for i in shelf.indicators().values() if i.pack == pack]
        if not found or not id.endswith(".indicator"):
            raise
        return CodeList(id, pack, tuple(Code(i.id, i.name) for i in found))


def code_lists_of(resource: Resource) -> Mapping[str, CodeList]:
    """The lists of a resource's fields that are there, by their full names."""
    found = {}
    for field in resource.fields:
        if field.codes:
            with suppress(CodeListUnknown):
                found[field.codes] = code_list(field.codes)
    return found


def code_names(
    resource: Resource, field_id: str, texts: Sequence[str]
) -> tuple[tuple[str, str], ...] | None:
    """Of the texts those that name a code of the field's list, with the code; None where the field
    has no list."""
    from qiantang.engine.quality.reading.code_names import named

    field = resource.field(field_id)
    if field is None or not field.codes:
        return None
    try:
        return tuple(named(texts, code_list(field.codes)))
    except CodeListUnknown:
        return None
