"""Every kind of problem that the checker can find, as data: code, sentence and next step.

A code is for ever: it is never renamed or given to something else. The tests break a pack once
for each row of this table.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit import kinds_of_form as form
from qiantang.packkit import kinds_of_meaning as meaning
from qiantang.packkit.kinds_of_form import Rows
from qiantang.packkit.kinds_of_indices import INDICES


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """Templates whose named fields `Findings.add` fills."""

    code: str
    text: Text
    hint: Text


def _table(rows: Rows) -> dict[str, ProblemKind]:
    return {
        f"pack.{code}": ProblemKind(f"pack.{code}", Text(zh, en), Text(hint_zh, hint_en))
        for code, zh, en, hint_zh, hint_en in rows
    }


PROBLEM_KINDS: Final[dict[str, ProblemKind]] = _table(
    [
        *(*form.FILES, *form.SHAPE, *form.IDS, *form.REFERENCES),
        *(*meaning.MEANING, *meaning.RESOURCES, *meaning.PLANS, *meaning.SQL, *meaning.ROWS),
        *INDICES,
    ]
)
