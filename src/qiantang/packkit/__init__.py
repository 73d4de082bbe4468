"""The pack language: folders of TOML, CSV and SQL compiled to frozen declarations.

A domain pack declares resources, code lists, norms, measures, plans and pages; `load_packs` gives
those that are sound and every problem of the others, with file and line, in two languages.
"""

from __future__ import annotations

from qiantang.packkit.comparing import Change, diff
from qiantang.packkit.compiled import Pack
from qiantang.packkit.errors import PackInvalid
from qiantang.packkit.loading import (
    Loaded,
    builtin_packs,
    check,
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
    "load_pack",
    "load_packs",
    "neighbours",
    "run_example",
    "run_examples",
    "scaffold",
    "show",
]
