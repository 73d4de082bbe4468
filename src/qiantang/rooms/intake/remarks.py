"""What the reader had to guess in a delivery, kept with its run: doubts that no proposal showed.

A proposal is made of the first rows and a kept recipe is followed without one; what is met in the
rows themselves is told when they have been read. Where values are at risk, a person decides.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from qiantang.kernel.text import Text
from qiantang.rooms.intake.holding import held_for

if TYPE_CHECKING:
    from qiantang.engine.quality.reading.shapes import Doubt

AT_RISK: Final = frozenset(
    {
        *("digits_lost", "formulas_without_values", "notes_left_out", "struck_cells"),
        *("struck_left_out", "total_unlike", "new_key", "other_array", "unit_unread"),
        "month_zero",
    }
)
"""Doubts by which values may be wrong or missing although every row that came in is in order; rows
with cells too many are set aside by themselves."""
_UNSEEN: Final = Text(
    "读取全部行时发现可能影响数值的疑问（{n} 项），交付时无人确认过：请核对读取时的疑问。",
    "Reading all rows raised doubts that may touch values ({n}) and that nobody confirmed: look "
    "at the doubts of the reading.",
)


def with_remarks(
    verdict: dict[str, Any], doubts: Sequence[Doubt], seen: Callable[[], Collection[str]]
) -> dict[str, Any]:
    """``verdict`` with the doubts as ``remarks`` (code, text, hint, whether it holds). One that
    puts values at risk holds what would have been published; ``seen`` gives the codes that somebody
    confirmed, and is asked only where there is such a doubt."""
    if not doubts:
        return verdict
    risky = {each.code for each in doubts} & AT_RISK
    holding = risky - set(seen()) if risky else set[str]()
    remarks = [{**each.as_dict(), "holds": each.code in holding} for each in doubts]
    # Remarks may repeat cells; what everybody reads does not.
    grounds = [_UNSEEN.format(n=len(holding))] if holding else []
    return held_for({**verdict, "remarks": remarks}, grounds)


def masked_remarks(verdict: Mapping[str, Any], mask: str) -> dict[str, Any]:
    """``verdict`` for those who may not see values."""
    hidden = {"zh": mask, "en": mask}
    remarks = [{**each, "text": hidden} for each in verdict.get("remarks", ())]
    return {**verdict, "remarks": remarks} if remarks else dict(verdict)
