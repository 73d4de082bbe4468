"""Weights that name a norm: whether it now gives another than an edition was made with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from qiantang.engine.index import Structure
from qiantang.kernel.text import Text
from qiantang.packkit.indices import CompositeIndex
from qiantang.rooms.indices.declaring import full_norm
from qiantang.rooms.indices.shapes import WeightChange
from qiantang.rooms.shelf import selectors as shelf
from qiantang.rooms.shelf.errors import NormUnknown


def reweighed(declared: CompositeIndex, frozen: Structure, day: date) -> Iterator[WeightChange]:
    """The weights of an edition (``frozen``) whose norms give others on ``day``. A norm that is in
    force no more gives none, so nothing is said of it: a new edition cannot be planned either."""
    for element in declared.elements:
        if not element.weight_norm or element.code not in frozen.by_code:
            continue
        id = full_norm(element.weight_norm, declared.pack)
        try:
            norm = shelf.norm(id, day)
        except NormUnknown:
            continue
        before, after = frozen.by_code[element.code].weight, float(norm.value)
        if before != after:
            why = norm.override
            yield WeightChange(
                element.code, element.name, id, norm.shipped.name, before, after,
                why.reason if why else "", why.document if why else "",
            )  # fmt: skip


def norms_of(declared: CompositeIndex) -> set[str]:
    """The norms that weights of the index name."""
    return {full_norm(e.weight_norm, declared.pack) for e in declared.elements if e.weight_norm}


def as_rows(changes: Iterable[WeightChange]) -> list[dict[str, Any]]:
    """As the edition's row keeps them."""
    return [
        {**asdict(c), "element_name": c.element_name.as_dict(), "norm_name": c.norm_name.as_dict()}
        for c in changes
    ]


def weight_changes(rows: Iterable[Mapping[str, Any]]) -> tuple[WeightChange, ...]:
    """Back from the edition's row."""
    return tuple(
        WeightChange(**{
            **row, "element_name": Text(**row["element_name"]),
            "norm_name": Text(**row["norm_name"]),
        })
        for row in rows
    )  # fmt: skip
