"""Read ``plans/*.toml``: a published plan, its sections and the rules by which it is judged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Final

from qiantang.kernel.observations import GRADES
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Norm
from qiantang.packkit.draft import DIVISIONS, Draft
from qiantang.packkit.plans import Plan, Rules, as_share
from qiantang.packkit.readers.codes import check_unit
from qiantang.packkit.readers.norms import PLAIN
from qiantang.packkit.readers.targets import PlanFrame, read_target
from qiantang.packkit.sections import NO_DATE, Section

DIVISION: Final = Text("行政区划代码", "division code")
_DECIDING: Final = tuple(grade for grade in GRADES if grade != "D")
_REQUIRED: Final = ("about_tolerance", "conflict_tolerance")
_OPTIONAL: Final = ("approximate_margin", "preliminary_margin")


def read_plans(draft: Draft) -> None:
    """Fill ``draft.plans``."""
    for name in draft.files.names("plans", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is not None:
                draft.plans[stem] = _plan(draft, section, stem)


def _plan(draft: Draft, section: Section, stem: str) -> Plan:
    draft.check_id(section, stem)
    for other in draft.others.values():
        if stem in other.plans:
            section.problem("pack.id_taken", "id", found=stem, first=other.id)
    issued = section.day("issued") or NO_DATE
    division = section.text("division")
    draft.check_code(DIVISIONS, division, section.place("division"), DIVISION)
    sections = _sections(section)
    frame = PlanFrame(stem, division, issued, tuple(key for key, _ in sections))
    found = Plan(
        id=stem,
        pack=draft.id,
        name=section.name_text("name"),
        issuer=section.name_text("issuer"),
        issued=issued,
        source=section.name_text("source"),
        summary=section.name_text("summary"),
        division=division,
        rules=_rules(draft, section, issued),
        sections=sections,
        targets=tuple(read_target(draft, t, frame) for t in section.tables("targets")),
    )
    if section.values.get("targets") == []:
        section.problem("pack.targets_missing", "targets")
    section.done()
    return found


def _sections(section: Section) -> tuple[tuple[str, Text], ...]:
    found: dict[str, Text] = {}
    for part in section.tables("sections", required=False):
        key = part.text("id")
        if key in found:
            part.problem("pack.id_repeated", "id", found=key, first=section.place("sections")
                         .as_text())  # fmt: skip
        found[key] = part.two_languages(key, only=True)
    return tuple(found.items())


def _rules(draft: Draft, section: Section, issued: date) -> Rules:
    table = section.table("rules")
    if table is None:
        return Rules(Decimal(0), Decimal(0))
    figures: dict[str, Decimal] = {}
    sources: list[tuple[str, str]] = []
    for key in (*_REQUIRED, *_OPTIONAL):
        norm = _norm(draft, table, key, issued, required=key in _REQUIRED)
        if norm is not None:
            figures[key] = _share(table, key, norm)
            sources.append((key, f"{norm.pack}.{norm.id}"))
    plain = Rules(Decimal(0), Decimal(0))
    grades = table.words("deciding_grades", required=False, default=_DECIDING)
    for index, grade in enumerate(grades):
        table.one_of("deciding_grades", grade, _DECIDING, index)
    table.done()
    return Rules(
        about_tolerance=figures.get("about_tolerance", plain.about_tolerance),
        conflict_tolerance=figures.get("conflict_tolerance", plain.conflict_tolerance),
        deciding_grades=grades,
        approximate_margin=figures.get("approximate_margin", plain.approximate_margin),
        preliminary_margin=figures.get("preliminary_margin", plain.preliminary_margin),
        sources=tuple(sources),
    )


def _norm(
    draft: Draft, table: Section, key: str, issued: date, *, required: bool
) -> Norm | None:  # fmt: skip
    """The row of the norm in force when the plan was issued, else its latest row."""
    reference = table.text(key, required=required)
    if not reference.strip():
        return None
    found: Norm | None = draft.find("norms", reference, table.place(key))
    if found is None:
        return None
    owner = draft if found.pack == draft.id else draft.others[found.pack]
    rows = [norm for norm in owner.norms if norm.id == found.id]
    in_force = [norm for norm in rows if norm.in_force(issued)]
    return max(in_force or rows, key=lambda norm: norm.valid_from)


def _share(table: Section, key: str, norm: Norm) -> Decimal:
    """The norm as a share: 5 % is 0.05."""
    value = as_share(norm.value, norm.unit)
    known = norm.unit in PLAIN or check_unit(norm.unit)
    if known and not 0 <= value < 1:
        table.problem("pack.norm_not_positive", key, found=f"{norm.id} = {norm.value}{norm.unit}")
    return value
