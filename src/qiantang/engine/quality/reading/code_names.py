"""Columns that hold the names of a code list where its codes are asked for: 男 for 1.

A name that stands for one code only is as good as the code. Offered, never done in silence: the
reader raises a doubt with what would become what, and the recipe keeps what a person settled.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace

from qiantang.engine.quality.codes_in_force import CodesInForce
from qiantang.engine.quality.reading import doubts as say
from qiantang.engine.quality.reading.recipe import ColumnUse
from qiantang.engine.quality.reading.shapes import Doubt, RawRow
from qiantang.packkit.compiled import CodeList, Resource


def with_names(
    columns: Sequence[ColumnUse],
    data: Sequence[RawRow],
    resource: Resource,
    codes: Mapping[str, CodeList],
) -> tuple[tuple[ColumnUse, ...], list[Doubt]]:
    """The columns, those marked whose cells are names of their field's code list, and a doubt for
    each. ``codes``: by their full names; a column whose list is not there stays as it is."""
    made, doubts = [], []
    for use in columns:
        field = resource.field(use.field) if use.field else None
        listed = codes.get(field.codes) if field and field.codes else None
        pairs = _pairs(use, data, listed) if listed else []
        made.append(replace(use, names=True) if pairs else use)
        if field and pairs:
            doubts.append(say.names_for_codes(use.source, field.name, pairs))
    return tuple(made), doubts


def named(texts: Sequence[str], listed: CodeList) -> list[tuple[str, str]]:
    """Of the texts, each once, those that name one code of the list and are none, with the code."""
    codes = CodesInForce(listed)
    plain = dict.fromkeys(unicodedata.normalize("NFKC", text).strip() for text in texts)
    found = ((text, codes.code_of(text)) for text in plain if text not in codes.codes)
    return [(text, code) for text, code in found if code]


def _pairs(use: ColumnUse, data: Sequence[RawRow], listed: CodeList) -> list[tuple[str, str]]:
    """What the names stand for; nothing where most of what is no code is no name either."""
    cells = [r.cells[use.position] for r in data if use.position < len(r.cells)]
    texts = [cell for cell in cells if cell and cell.strip()]
    known = {code.code for code in listed.codes}
    strange = {unicodedata.normalize("NFKC", text).strip() for text in texts} - known
    pairs = named(texts, listed)
    return pairs if len(pairs) * 2 >= len(strange) else []
