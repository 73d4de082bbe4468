"""The uncertain choices of a recipe, read from its ``[[uncertain]]`` tables.

Six forms: ``set`` a key ``to`` each of a list; ``noise`` on weights; ``weights = "any"``;
``error`` of figures; ``leave_out`` elements; ``ways``, each a piece of recipe (with ``weigh`` for
weights and ``leave_out``). Every address and code is checked before anything is computed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from qiantang.engine.index.checking import check_elements
from qiantang.engine.index.errors import RecipeInvalid
from qiantang.engine.index.factors import (
    SKIPPABLE,
    Alternative,
    CellError,
    Factor,
    any_weights,
    data_errors,
    left_out,
    merged,
    noisy_weights,
    setting,
)
from qiantang.engine.index.naming import element_unknown
from qiantang.engine.index.recipe import recipe_of
from qiantang.engine.index.structure import Structure
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

SETS: Final = 100
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "set": ("to",),
    "noise": ("sets", "levels", "seed"),
    "weights": ("sets", "levels", "seed"),
    "error": ("sets", "seed"),
    "leave_out": (),
    "ways": (),
}
"""What marks each form, and what may stand beside it."""


def factors_of(
    told: Mapping[str, Any], structure: Structure, *, seed: int = 1, file: str = ""
) -> tuple[Factor, ...]:
    """The factors of a recipe's tables, every alternative checked as a recipe of its own. Raises
    `RecipeInvalid` or `ElementUnknown`, naming the factor and what is known."""
    base = plain(told)
    found: dict[str, Factor] = {}
    for number, table in enumerate(told.get("uncertain", ()), start=1):
        reader = _Reader(base, structure, f"uncertain[{number}]", seed + number, file)
        factor = reader.factor(table)
        if factor.name in found:
            reader.refuse("name", factor.name, Text("名称重复", "the name occurs twice"),
                          Text("每项选择各有其名", "a name of its own"))  # fmt: skip
        found[factor.name] = factor
    return tuple(found.values())


def plain(told: Mapping[str, Any]) -> dict[str, Any]:
    """The tables without the uncertain choices: what `recipe_of` reads."""
    return {key: value for key, value in told.items() if key != "uncertain"}


@dataclass(frozen=True)
class _Reader:
    """Reads one ``[[uncertain]]`` table, which errors call ``key``."""

    base: Mapping[str, Any]
    structure: Structure
    key: str
    seed: int
    file: str

    def factor(self, table: Mapping[str, Any]) -> Factor:
        forms = [form for form in FORMS if form in table]
        if len(forms) != 1:
            reason = Text("须恰好是一种形式", "it must have exactly one form")
            self.refuse("", sorted(table), reason, " | ".join(FORMS))
        form = forms[0]
        known = ("name", form, *FORMS[form])
        for key in table:
            if key not in known:
                self.refuse(key, key, Text("没有这个词", "there is no such word"), ", ".join(known))
        name = str(table.get("name", table["set"] if form == "set" else form))
        read: dict[str, Callable[[str, Mapping[str, Any]], Factor]] = {
            "set": self._setting, "noise": self._noise, "weights": self._weights,
            "error": self._error, "leave_out": self._leave_out, "ways": self._ways,
        }  # fmt: skip
        factor = read[form](name, table)
        for each in factor.alternatives:
            check_elements(self.structure, recipe_of(merged(self.base, each.recipe), self.file))
        return factor

    def _setting(self, name: str, table: Mapping[str, Any]) -> Factor:
        key, values = str(table["set"]), self._list(table, "to")
        head, _, rest = key.partition(".")
        if rest and head in SKIPPABLE and head not in self.base:
            here = sorted({*self.base, "normalise", "weigh", "aggregate"})
            self.refuse("set", key, Text("方案中没有这一步", "the recipe has no such step"),
                        ", ".join(here))  # fmt: skip
        return setting(name, key, values)

    def _noise(self, name: str, table: Mapping[str, Any]) -> Factor:
        spread = self._number(table, "noise", 0.0, 1.0)
        return noisy_weights(name, self.structure, spread, **self._drawing(table))

    def _weights(self, name: str, table: Mapping[str, Any]) -> Factor:
        if table["weights"] != "any":
            self.refuse(
                "weights", table["weights"], Text("没有这个词", "there is no such word"), "any"
            )
        return any_weights(name, self.structure, **self._drawing(table))

    def _error(self, name: str, table: Mapping[str, Any]) -> Factor:
        told = table["error"]
        if not isinstance(told, Mapping):
            told = {"relative": told}
        plainly = self._cell_error({k: v for k, v in told.items() if k != "only"}, CellError())
        found = dict.fromkeys(self.structure.codes, plainly)
        for code, each in dict(told.get("only", {})).items():
            if code not in self.structure.codes:
                raise element_unknown(code, self.structure.indicators, f"{self.key}.error.only")
            found[code] = self._cell_error(each, plainly)
        found = {code: error for code, error in found.items() if error != CellError()}
        if not found:
            self.refuse("error", told, Text("没有误差", "nothing errs"), "relative, absolute, only")
        drawing = self._drawing(table)
        return data_errors(name, found, sets=drawing["sets"], seed=drawing["seed"])

    def _cell_error(self, told: Mapping[str, Any], default: CellError) -> CellError:
        for key in told:
            if key not in ("relative", "absolute"):
                self.refuse(f"error.{key}", key, Text("没有这个词", "there is no such word"),
                            "relative, absolute, only")  # fmt: skip
        return CellError(
            self._number(told, "relative", 0.0, None, default.relative),
            self._number(told, "absolute", 0.0, None, default.absolute),
        )

    def _leave_out(self, name: str, table: Mapping[str, Any]) -> Factor:
        if table["leave_out"] == "each":
            return left_out(name, self.structure.codes)
        listed = self._list(table, "leave_out")
        return left_out(name, [self._element(code, "leave_out") for code in listed])

    def _ways(self, name: str, table: Mapping[str, Any]) -> Factor:
        ways = self._list(table, "ways")
        return Factor(name, tuple(self._way(way, place) for place, way in enumerate(ways, 1)))

    def _way(self, way: Mapping[str, Any], place: int) -> Alternative:
        key = f"ways[{place}]"
        weights = {
            self._element(code, f"{key}.weigh"): self._number(way["weigh"], code, 0.0, None)
            for code in way.get("weigh", {})
        }
        without = tuple(self._element(c, f"{key}.leave_out") for c in way.get("leave_out", ()))
        recipe = {k: v for k, v in way.items() if k not in ("name", "weigh", "leave_out")}
        return Alternative(str(way.get("name", place)), recipe, weights, without=without)

    def _drawing(self, table: Mapping[str, Any]) -> dict[str, Any]:
        """``sets``, ``seed`` and, where they are told, ``levels``."""
        sets = int(self._number(table, "sets", 1, 1_000_000, SETS))
        found: dict[str, Any] = {"sets": sets, "seed": int(table.get("seed", self.seed))}
        if "levels" in table:
            found["levels"] = [self._level(level) for level in self._list(table, "levels")]
        return found

    def _element(self, code: Any, key: str) -> str:
        """An element that may be left out or weighed: any but the index itself."""
        known = [e for e in self.structure.elements if e.parent]
        if code == self.structure.root.code:
            self.refuse(key, code, Text("这是指数本身", "it is the index itself"),
                        ", ".join(e.code for e in known[:40]))  # fmt: skip
        if code not in self.structure.by_code:
            raise element_unknown(str(code), known, f"{self.key}.{key}")
        return str(code)

    def _level(self, level: Any) -> int:
        known = sorted({e.level for e in self.structure.elements if e.parent})
        if level not in known:
            reason = Text("结构中没有这个层级", "the structure has no such level")
            self.refuse("levels", level, reason, ", ".join(map(str, known)))
        return int(level)

    def _list(self, table: Mapping[str, Any], key: str) -> list[Any]:
        found = table.get(key)
        if not isinstance(found, list | tuple) or not found:
            self.refuse(key, found, Text("应为非空的列表", "it should be a list that is not empty"),
                        f"{key} = [...]")  # fmt: skip
        return list(found)

    def _number(
        self, table: Mapping[str, Any], key: str, low: float, high: float | None,
        default: float = 0.0,
    ) -> float:  # fmt: skip
        found = table.get(key, default)
        right = isinstance(found, int | float) and not isinstance(found, bool)
        if not right or not low <= found <= (float("inf") if high is None else high):
            ends = f"{low:g} … {'' if high is None else f'{high:g}'}"
            self.refuse(
                key, found, Text("应为范围内的数值", "a number of the range is needed"), ends
            )
        return float(found)

    def refuse(self, key: str, found: Any, reason: Text, expected: str | Text) -> NoReturn:
        raise RecipeInvalid(
            place=Place(file=self.file or None), key=f"{self.key}.{key}".rstrip("."), found=found,
            reason=reason, expected=expected,
        )  # fmt: skip
