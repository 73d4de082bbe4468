"""Read one ``[[targets]]`` of a plan: figures, deadline, evidence and how they fit together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS, unit
from qiantang.packkit.compiled import Indicator
from qiantang.packkit.draft import DEPARTMENTS, DIVISIONS, Draft, some
from qiantang.packkit.plans import (
    Base,
    Comparator,
    Direction,
    EvidenceRule,
    Relation,
    Target,
    TargetKind,
)
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import DEPARTMENT, check_unit
from qiantang.packkit.sections import Section

DIVISION: Final = Text("行政区划代码", "division code")
_SECTION: Final = Text("章节", "section")
_YEARS: Final = Text("年份、[起, 止] 年份或日期", "a year, [from, to] years or a date")
_OTHER: Final = Text("其他", "something else")
_MODES: Final = ("difference", "growth")
_UP: Final = frozenset({Comparator.ABOVE, Comparator.AT_LEAST})
_DOWN: Final = frozenset({Comparator.BELOW, Comparator.AT_MOST})
_BOTH: Final = frozenset({Comparator.EQUAL, Comparator.ABOUT})
_SHARES: Final = frozenset({"share", "share difference"})
_QUANTITY_ONLY: Final = ("comparator", "value", "low", "high", "base", "direction")


@dataclass(frozen=True, slots=True)
class PlanFrame:
    """What the plan gives to its targets."""

    id: str
    division: str
    issued: date
    sections: tuple[str, ...]


def read_target(draft: Draft, section: Section, plan: PlanFrame) -> Target:
    """One target, with whatever is wrong reported."""
    key = section.text("id")
    draft.first_use(f"targets/{plan.id}/{key}", section.place("id"), found=key)
    kind = section.choice("kind", TargetKind)
    comparator = _comparator(section, kind)
    low, high = _figures(section, comparator)
    due_from, due = _due(section, plan, required=kind is TargetKind.QUANTITY)
    base = _base(section, due)
    symbol = _unit(section, required=kind is TargetKind.QUANTITY)
    found = Target(
        id=key,
        name=section.two_languages(key, only=False),
        section=_section(section, plan),
        quote=section.text("quote"),
        kind=kind,
        unit=symbol,
        comparator=comparator,
        direction=_direction(section, comparator),
        low=low,
        high=high,
        due_from=due_from,
        due=due,
        due_basis=section.bilingual("due_basis", required=False),
        evidence=_evidence(draft, section, _EvidenceFrame(symbol, kind, base)),
        base=base,
        division=_division(draft, section, plan),
        note=section.bilingual("note", required=False),
        reached_when=section.decimal("reached_when", required=False),
        owner=_owner(draft, section),
    )
    _check_kind(section, found)
    section.done()
    return found


def _comparator(section: Section, kind: TargetKind) -> Comparator | None:
    words = [c.value for c in Comparator]
    found = section.one_of("comparator", section.text("comparator", required=False), words)
    if kind is TargetKind.QUANTITY and "comparator" not in section:
        section.problem("pack.comparator_missing", expected=" ".join(words),
                        paste='comparator = ">="')  # fmt: skip
    return Comparator(found) if found else None


def _figures(
    section: Section, comparator: Comparator | None
) -> tuple[Decimal | None, Decimal | None]:
    """``low`` and ``high`` from ``value`` or from themselves, as the comparator asks."""
    value = section.decimal("value", required=False)
    low = section.decimal("low", required=False)
    high = section.decimal("high", required=False)
    if comparator is None:
        return low, high
    given = {key for key in ("value", "low", "high") if key in section}
    wanted = {"low", "high"} if comparator is Comparator.RANGE else {"value"}
    if given != wanted:
        expected = " + ".join(sorted(wanted, reverse=True))
        section.problem("pack.figures_mismatch", "comparator", comparator=comparator.value,
                        expected=expected,
                        paste="\n".join(f"{k} = 0" for k in sorted(wanted - given, reverse=True))
                        or None)  # fmt: skip
    if comparator is Comparator.RANGE:
        if low is not None and high is not None and low > high:
            section.problem("pack.range_reversed", "low", low=low, high=high)
        return low, high
    return (None if comparator in _DOWN else value), (None if comparator in _UP else value)


def _due(
    section: Section, plan: PlanFrame, *, required: bool
) -> tuple[date | None, date | None]:  # fmt: skip
    """The deadline: the last day of a year, between the ends of two years, or a day."""
    section.asked.append("due")
    written = section.values.get("due")
    if written is None:
        if required:
            section.problem("pack.key_missing", found="due", paste="due = 2020")
        return None, None
    first, last = _ends(written)
    if last is None:
        section.problem("pack.type_wrong", "due", key="due", expected=_YEARS, found=_OTHER)
        return None, None
    if first and last < first:
        section.problem("pack.due_reversed", "due", found=last, first=first)
    elif last < plan.issued:
        section.problem("pack.due_reversed", "due", found=last, first=plan.issued)
    return first, last


def _ends(written: object) -> tuple[date | None, date | None]:
    if isinstance(written, date):
        return None, date(written.year, written.month, written.day)
    years = written if isinstance(written, list) else [written]
    if len(years) not in {1, 2} or not all(type(y) is int and 1900 <= y <= 2200 for y in years):
        return None, None
    days = [date(year, 12, 31) for year in years]
    return (days[0] if len(days) == 2 else None), days[-1]


def _base(section: Section, due: date | None) -> Base | None:
    table = section.table("base", required=False)
    if table is None:
        return None
    year = table.integer("year") or 0
    mode = table.text("mode", required=False, default="difference")
    found = Base(
        year=year,
        mode=table.one_of("mode", mode, _MODES) or "difference",
        value=table.decimal("value", required=False),
    )
    if year and due and year >= due.year:
        table.problem("pack.base_not_before_due", "year", found=year)
    table.done()
    return found


def _unit(section: Section, *, required: bool) -> str:
    found = section.text("unit", required=required)
    if found.strip() and not check_unit(found):
        section.problem("pack.unit_unknown", "unit", found=found, expected=", ".join(UNITS),
                        near=nearest(found, UNITS))  # fmt: skip
    return found


def _section(section: Section, plan: PlanFrame) -> str:
    found = section.text("section")
    if plan.sections and found.strip() and found not in plan.sections:
        section.problem("pack.reference_unknown", "section", kind=_SECTION, found=found,
                        expected=some(list(plan.sections)),
                        near=nearest(found, plan.sections))  # fmt: skip
    return found


def _direction(section: Section, comparator: Comparator | None) -> Direction:
    plain = Direction.UP
    if comparator in _DOWN:
        plain = Direction.DOWN
    elif comparator is Comparator.EQUAL:
        plain = Direction.EXACT
    found = section.choice("direction", Direction, plain)
    against = {Direction.UP: _DOWN, Direction.DOWN: _UP, Direction.EXACT: _UP | _DOWN}
    if comparator in against[found]:
        section.problem("pack.direction_conflict", "direction", found=found.value,
                        comparator=comparator)  # fmt: skip
    return found


def _division(draft: Draft, section: Section, plan: PlanFrame) -> str:
    found = section.text("division", required=False, default=plan.division)
    if "division" in section:
        draft.check_code(DIVISIONS, found, section.place("division"), DIVISION)
    return found


def _owner(draft: Draft, section: Section) -> str:
    found = section.text("owner", required=False)
    draft.check_code(DEPARTMENTS, found, section.place("owner"), DEPARTMENT)
    return found


@dataclass(frozen=True, slots=True)
class _EvidenceFrame:
    unit: str
    kind: TargetKind
    base: Base | None


def _evidence(
    draft: Draft, section: Section, target: _EvidenceFrame
) -> tuple[EvidenceRule, ...]:  # fmt: skip
    found = []
    for rule in section.tables("evidence", required=False):
        key = rule.text("indicator")
        indicator: Indicator | None = None
        if key.strip():
            indicator = draft.find("indicators", key, rule.place("indicator"))
        if indicator is not None:
            _check_units(rule, indicator, target)
        relation = rule.choice("relation", Relation, Relation.SAME)
        found.append(EvidenceRule(key, relation, _reason(rule, relation)))
        rule.done()
    return tuple(found)


def _reason(rule: Section, relation: Relation) -> Text | None:
    rule.asked.extend(("zh", "en"))
    if "zh" in rule or "en" in rule:
        return rule.two_languages("evidence", only=False)
    if relation is not Relation.SAME:
        rule.problem("pack.reason_missing", "relation", found=relation.value,
                     paste='zh = ""\nen = ""')  # fmt: skip
    return None


def _check_units(rule: Section, indicator: Indicator, target: _EvidenceFrame) -> None:
    """Evidence must be comparable with the target; growth against a base compares itself."""
    growth = target.base is not None and target.base.mode == "growth"
    known = check_unit(target.unit) and check_unit(indicator.unit)
    if target.kind is not TargetKind.QUANTITY or growth or not known:
        return
    dimensions = {unit(target.unit).dimension, unit(indicator.unit).dimension}
    shares = target.base is not None and dimensions <= _SHARES
    if len(dimensions) > 1 and not shares:
        rule.problem("pack.unit_incompatible", "indicator", found=indicator.unit,
                     expected=target.unit)  # fmt: skip


def _check_kind(section: Section, target: Target) -> None:
    kind = target.kind
    foreign = () if kind is TargetKind.QUANTITY else _QUANTITY_ONLY
    if kind is not TargetKind.MILESTONE:
        foreign = (*foreign, "reached_when")
    for key in foreign:
        if key in section:
            section.problem("pack.kind_mismatch", key, found=key, kind=kind.value)
    unproved = target.reached_when is None and target.evidence
    if kind is TargetKind.MILESTONE and unproved:
        section.problem("pack.milestone_unproved", "evidence", paste="reached_when = 0")
