"""Problem documents that are kept and read later, by people of either language.

What failed in the background is stored with its run or source; whoever reads it has a language of
their own, which was not known when it failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from qiantang.kernel.errors import QiantangError

_OTHER: Final = "en"


def kept_problem(error: QiantangError) -> dict[str, Any]:
    """The error as RFC 9457 members in Chinese, with those that differ in English under ``en``."""
    body, other = error.problem("zh"), error.problem(_OTHER)
    return {**body, _OTHER: {name: said for name, said in other.items() if said != body.get(name)}}


def problem_in(kept: Mapping[str, Any] | None, lang: str) -> dict[str, Any] | None:
    """A kept problem in one language; None for none."""
    if kept is None:
        return None
    body = {name: said for name, said in kept.items() if name != _OTHER}
    return {**body, **kept.get(_OTHER, {})} if lang == _OTHER else body
