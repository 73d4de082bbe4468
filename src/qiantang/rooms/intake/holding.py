"""A verdict that a person has to decide on for one more reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from qiantang.kernel.text import Text


def held_for(verdict: Mapping[str, Any], grounds: Sequence[Text]) -> dict[str, Any]:
    """``verdict`` with the grounds, for which what would be published is held; as it is without
    any. What is refused stays so."""
    if not grounds:
        return dict(verdict)
    told = [text.as_dict() for text in grounds]
    return {
        **verdict,
        "decision": "hold" if verdict["decision"] == "publish" else verdict["decision"],
        "reasons": [*verdict.get("reasons", ()), *told],
        "because": [*verdict.get("because", ()), *told],
    }
