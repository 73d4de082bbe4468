"""The pack language: folders of TOML, CSV and SQL compiled to frozen declarations.

A domain pack declares resources, code lists, norms, measures, plans and pages; `load_packs` gives
those that are sound and every problem of the others, with file and line, in two languages.
"""

from __future__ import annotations

from qiantang.packkit.compiled import Pack
from qiantang.packkit.errors import PackInvalid
from qiantang.packkit.loading import Loaded, builtin_packs, check, load_pack, load_packs
from qiantang.packkit.problems import PackProblem

__all__ = [
    "Loaded",
    "Pack",
    "PackInvalid",
    "PackProblem",
    "builtin_packs",
    "check",
    "load_pack",
    "load_packs",
]
