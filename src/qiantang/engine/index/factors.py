"""Uncertain choices: a factor is one choice of the makers, its alternatives equally likely.

An alternative may change keys of the recipe, weigh elements, leave elements out, or let the
figures err; what it does not name stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from qiantang.engine.index.data import Data, Floats
from qiantang.engine.index.structure import Structure

Tables = Mapping[str, Any]
SKIPPABLE: Final = ("impute", "screen", "treat")
"""Steps that ``STEP = false`` takes out of a recipe."""


@dataclass(frozen=True, slots=True)
class CellError:
    """Standard deviation of a figure's error: ``relative`` to the figure's size and ``absolute``
    in the indicator's unit, two independent parts."""

    relative: float = 0.0
    absolute: float = 0.0


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to choose. ``recipe``: keys that it changes; ``weights``: codes that it weighs;
    ``noise``: what weights, however they were found, are multiplied by; ``without``: codes that it
    leaves out; ``errors`` by indicator, drawn with ``seed``."""

    name: str
    recipe: Tables = field(default_factory=dict)
    weights: Mapping[str, float] = field(default_factory=dict)
    noise: Mapping[str, float] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    errors: Mapping[str, CellError] = field(default_factory=dict)
    seed: tuple[int, ...] = ()

    @property
    def early(self) -> bool:
        """Whether it bears on anything before aggregation."""
        keys = any(key not in ("weigh", "aggregate") for key in self.recipe)
        return keys or bool(self.without or self.errors)

    def told(self) -> dict[str, Any]:
        """Everything it changes, as tables that a person can read."""
        found = merged(self.recipe, {"weigh": self.weights} if self.weights else {})
        if self.noise:
            found["weigh_noise"] = dict(self.noise)
        if self.without:
            found["leave_out"] = list(self.without)
        if self.errors:
            kinds = {c: {"relative": e.relative, "absolute": e.absolute}
                     for c, e in self.errors.items()}  # fmt: skip
            found["error"] = {"seed": list(self.seed), "only": kinds}
        return found


@dataclass(frozen=True, slots=True)
class Factor:
    """A choice with its alternatives, all equally likely."""

    name: str
    alternatives: tuple[Alternative, ...]


def setting(name: str, key: str, values: Sequence[Any]) -> Factor:
    """A factor that sets one key of the recipe (``treat.points``) to each of ``values``."""
    return Factor(name, tuple(Alternative(str(v), _nested(key.split("."), v)) for v in values))


def noisy_weights(
    name: str, structure: Structure, spread: float, *, sets: int, seed: int,
    levels: Sequence[int] = (),
) -> Factor:  # fmt: skip
    """Weight sets w(1 + spread x u), u uniform on [-1, 1], for the elements of ``levels`` (all)."""
    random = np.random.default_rng(seed)
    codes = [e.code for e in structure.elements if e.parent and (not levels or e.level in levels)]
    drawn = [1 + spread * random.uniform(-1, 1, len(codes)) for _ in range(sets)]
    return Factor(
        name,
        tuple(
            Alternative(f"{name} {n}", noise=dict(zip(codes, each.tolist(), strict=True)))
            for n, each in enumerate(drawn, start=1)
        ),
    )


def any_weights(
    name: str, structure: Structure, *, sets: int, seed: int, levels: Sequence[int] = ()
) -> Factor:
    """Weight sets drawn evenly from all that sum to 1 within each group (the simplex), as
    stochastic multicriteria acceptability analysis does (Lahdelma, Hokkanen & Salminen 1998)."""
    random = np.random.default_rng(seed)
    groups = [
        [c.code for c in structure.children(parent.code) if not levels or c.level in levels]
        for parent in structure.aggregates
    ]
    groups = [codes for codes in groups if codes]
    drawn = [
        np.concatenate([random.dirichlet(np.ones(len(codes))) for codes in groups])
        for _ in range(sets)
    ]
    every = [code for codes in groups for code in codes]
    return Factor(
        name,
        tuple(
            Alternative(f"{name} {n}", weights=dict(zip(every, each.tolist(), strict=True)))
            for n, each in enumerate(drawn, start=1)
        ),
    )


def data_errors(name: str, errors: Mapping[str, CellError], *, sets: int, seed: int) -> Factor:
    """Sets of normally distributed errors on the figures of the indicators in ``errors``."""
    return Factor(
        name,
        tuple(
            Alternative(f"{name} {n + 1}", errors=dict(errors), seed=(seed, n)) for n in range(sets)
        ),
    )


def left_out(name: str, codes: Sequence[str]) -> Factor:
    """Nothing, or one of ``codes``, is left out."""
    without = (Alternative(f"without {code}", without=(code,)) for code in codes)
    return Factor(name, (Alternative("all"), *without))


def disturbed(data: Data, alternative: Alternative) -> Data:
    """``data`` with the errors of an alternative on its figures; what is missing stays missing.
    The same alternative always gives the same figures."""
    random = np.random.default_rng(alternative.seed)
    values: Floats = data.values.copy()
    for code, error in alternative.errors.items():
        column = data.at(code)
        spread = np.hypot(error.relative * np.abs(values[:, column]), error.absolute)
        values[:, column] += spread * random.standard_normal(len(values))
    return replace(data, values=values)


def merged(tables: Tables, change: Tables) -> dict[str, Any]:
    """``tables`` with the keys of ``change`` put in, table by table; a step that may be skipped
    is taken out where the change says ``false``."""
    found = dict(tables)
    for key, value in change.items():
        here = found.get(key)
        if value is False and key in SKIPPABLE:
            found.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(here, Mapping):
            found[key] = merged(here, value)
        else:
            found[key] = value
    return found


def _nested(keys: Sequence[str], value: Any) -> dict[str, Any]:
    return {keys[0]: _nested(keys[1:], value) if len(keys) > 1 else value}
