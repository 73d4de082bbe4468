"""The pack language: folders of TOML, CSV and SQL compiled to frozen declarations.

A domain pack declares resources, code lists, norms, measures, plans and pages; `load_packs` gives
those that are sound and every problem of the others, with file and line, in two languages. The
names below are loaded when first used, because every pytest run imports this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qiantang.packkit.comparing import Change, diff
    from qiantang.packkit.compiled import Pack
    from qiantang.packkit.errors import PackInvalid
    from qiantang.packkit.loading import (
        Loaded,
        builtin_packs,
        check,
        id_of,
        load_pack,
        load_packs,
        neighbours,
    )
    from qiantang.packkit.problems import PackProblem
    from qiantang.packkit.running import ExampleResult, Given, Runner, run_example, run_examples
    from qiantang.packkit.scaffolding import scaffold
    from qiantang.packkit.showing import show

__all__ = [
    "Change",
    "ExampleResult",
    "Given",
    "Loaded",
    "Pack",
    "PackInvalid",
    "PackProblem",
    "Runner",
    "builtin_packs",
    "check",
    "diff",
    "id_of",
    "load_pack",
    "load_packs",
    "neighbours",
    "run_example",
    "run_examples",
    "scaffold",
    "show",
]

_HOMES = {
    "comparing": ("Change", "diff"),
    "compiled": ("Pack",),
    "errors": ("PackInvalid",),
    "loading": (
        "Loaded",
        "builtin_packs",
        "check",
        "id_of",
        "load_pack",
        "load_packs",
        "neighbours",
    ),
    "problems": ("PackProblem",),
    "running": ("ExampleResult", "Given", "Runner", "run_example", "run_examples"),
    "scaffolding": ("scaffold",),
    "showing": ("show",),
}


if not TYPE_CHECKING:  # a name that is not here stays an error to the type checker

    def __getattr__(name: str) -> Any:
        for module, names in _HOMES.items():
            if name in names:
                return getattr(import_module(f"{__name__}.{module}"), name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
