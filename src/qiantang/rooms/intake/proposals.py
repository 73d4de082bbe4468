"""What is asked of the reader; a module of its own, without Django, for `apart`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qiantang.engine.quality.reading import Hints, Proposal, Recipe, propose
from qiantang.packkit.compiled import CodeList, Resource
from qiantang.rooms.intake.errors import RecipeInvalid


def propose_with(
    file: Path, resource: Resource, hints: Mapping[str, Any], codes: Mapping[str, CodeList]
) -> Proposal:
    """The reader's proposal; ``hints`` by the names of `Hints`, ``codes`` by those of the lists."""
    return propose(file, resource, hints=Hints(**hints) if hints else None, codes=codes)


def checked_recipe(body: Mapping[str, Any]) -> dict[str, Any]:
    """A recipe's JSON form, complete. Raises `RecipeInvalid`, and the reader's `RecipeBroken`."""
    try:
        return Recipe.from_json(dict(body)).to_json()
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RecipeInvalid(found=str(error)[:200] or type(error).__name__) from error
