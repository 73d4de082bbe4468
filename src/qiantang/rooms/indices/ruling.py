"""By which other rules a state of an index was made: keys of the recipe, elements of the tree."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any

from qiantang.engine.index import Element, Structure
from qiantang.rooms.indices.shapes import RecipeChange


def recipe_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[RecipeChange]:
    """Keys of a recipe whose values differ."""
    old, new = dict(_leaves("", before)), dict(_leaves("", after))
    for key in sorted(old.keys() | new.keys()):
        if old.get(key) != new.get(key):
            yield RecipeChange(key, old.get(key, ""), new.get(key, ""))


def structure_changes(before: Structure, after: Structure) -> Iterator[RecipeChange]:
    """Elements that only one tree has, and their attributes (weights among them) that differ."""
    old, new = before.by_code, after.by_code
    for code in sorted(old.keys() | new.keys()):
        one, other = old.get(code), new.get(code)
        if one is None or other is None:
            yield RecipeChange(code, one.name if one else "", other.name if other else "")
            continue
        for field in fields(Element):
            if field.name == "row":
                continue
            was, is_now = getattr(one, field.name), getattr(other, field.name)
            if str(was) != str(is_now):  # as text, for a missing target is a NaN on both sides
                yield RecipeChange(f"{code}.{field.name}", str(was), str(is_now))


def _leaves(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value:
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}" if path else str(key), inner)
    elif isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        for number, inner in enumerate(value, start=1):
            yield from _leaves(f"{path}[{number}]", inner)
    else:
        yield path, json.dumps(value, ensure_ascii=False)
