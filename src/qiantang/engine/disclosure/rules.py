"""Which cells would tell of a single reporter, and how wide a doubt about them has to stay.

The rules are those of statistical offices (A. Hundepool et al., Statistical Disclosure Control,
Wiley 2012, chapter 4): a minimum of reporters; dominance (n, k): the n largest have more than a
share k of the sum; p %: the second largest can tell the largest to within a share p of it. What the
figures are is not decided here: the norms in force say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from qiantang.engine.disclosure.errors import RulesMalformed
from qiantang.engine.disclosure.tables import Cell


class Why(StrEnum):
    """Why a cell is not published."""

    FEW_REPORTERS = "few_reporters"
    DOMINANCE = "dominance"
    P_PERCENT = "p_percent"
    SECONDARY = "secondary"


@dataclass(frozen=True, slots=True)
class Rules:
    """``minimum`` reporters of a cell; ``dominance`` as (n, k) and ``p`` with k and p as shares;
    None: the rule is not applied. ``doubt``: the share of a cell with few reporters by which its
    bounds must differ from it. Raises `RulesMalformed`."""

    minimum: int = 3
    dominance: tuple[int, Decimal] | None = None
    p: Decimal | None = None
    doubt: Decimal = Decimal("0.1")

    def __post_init__(self) -> None:
        if self.minimum < 1:
            raise RulesMalformed(key="minimum", found=self.minimum, expected=">= 1")
        if self.dominance is not None and not (
            self.dominance[0] >= 1 and 0 < self.dominance[1] <= 1
        ):
            raise RulesMalformed(
                key="dominance", found=self.dominance, expected="n >= 1, 0 < k <= 1"
            )
        for key, value in (("p", self.p), ("doubt", self.doubt)):
            if value is not None and not 0 < value <= 1:
                raise RulesMalformed(key=key, found=value, expected="0 < x <= 1")


@dataclass(frozen=True, slots=True)
class Sensitive:
    """A cell that must not be told; its bounds have to reach ``need`` above and below it."""

    why: Why
    need: Decimal


def judge(cell: Cell, rules: Rules) -> Sensitive | None:
    """Whether the cell is sensitive by any rule; the first reason counts, the widest need holds.

    An empty cell and one whose reporters all have zero tell nothing that a rule protects.
    """
    if not cell.shares or cell.value == 0:
        return None
    found: list[Sensitive] = []
    if len(cell.shares) < rules.minimum:
        found.append(Sensitive(Why.FEW_REPORTERS, rules.doubt * cell.value))
    if rules.dominance is not None:
        n, k = rules.dominance
        largest = sum(cell.shares[:n], Decimal(0))
        if largest > k * cell.value:
            found.append(Sensitive(Why.DOMINANCE, largest / k - cell.value))
    if rules.p is not None:
        first = cell.shares[0]
        rest = sum(cell.shares[2:], Decimal(0))
        if rest < rules.p * first:
            found.append(Sensitive(Why.P_PERCENT, rules.p * first - rest))
    if not found:
        return None
    return Sensitive(found[0].why, max(s.need for s in found))
