"""Read ``indices/*.toml``: a composite index, its elements, units, figures and recipe."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from qiantang.kernel.places import Place
from qiantang.kernel.text import Text
from qiantang.packkit.compiled import CodeList, Indicator, Resource
from qiantang.packkit.draft import DEPARTMENTS, DIVISIONS, Draft, some
from qiantang.packkit.indices import PARENT, CompositeIndex, IndexElement, IndexSize, IndexUnits
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import DEPARTMENT
from qiantang.packkit.readers.index_elements import Frame, check_tree, element_rows, read_element
from qiantang.packkit.sections import NO_TEXT, Section
from qiantang.packkit.sheets import Row

IndexChecker = Callable[[CompositeIndex], Sequence[object]]
"""Takes a compiled index and gives what is wrong with its recipe or tree: anything with ``text``
(a `Text`), and perhaps ``expected``, ``key`` (the way into the recipe, such as ``("treat",
"points")``) and ``element`` (a code)."""

FIGURES: Final = ("unit", "indicator", "year", "value")
"""The fields of a resource that holds the figures of an index."""

POINTS: Final = "index"
"""The unit of an indicator that stands for the scores of an index."""
LEVELS: Final = ("province", "city", "county")
_COLUMN: Final = Text("代码表的列", "column of the code list")
_CODE: Final = Text("代码", "code")


def read_indices(draft: Draft, index_checker: IndexChecker | None = None) -> None:
    """Fill ``draft.indices``; ``index_checker`` is the engine's, handed in from above."""
    for name in draft.files.names("indices", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is None:
                continue
            draft.check_stem(name, stem)
            seen = len(draft.findings.problems)
            found, places = _index(draft, section, stem)
            section.done()
            if index_checker and len(draft.findings.problems) == seen:
                _run_checker(draft, section, (found, places), index_checker)
            draft.indices[stem] = found


def _index(draft: Draft, section: Section, stem: str) -> tuple[CompositeIndex, dict[str, Place]]:
    owner = section.text("owner")
    draft.check_code(DEPARTMENTS, owner, section.place("owner"), DEPARTMENT)
    figures = _figures(draft, section)
    sizes = _sizes(draft, section, published=not figures)
    frame = Frame(tuple(size.code for size in sizes), published=not figures)
    written = element_rows(draft, section)
    rows = [(row, read_element(draft, row, frame)) for row in written or ()]
    _check_codes(draft, rows, sizes)
    if written is not None:
        check_tree(rows, section.place("elements"), draft)
    recipe = section.table("recipe", required=False)
    units = _units(draft, section)
    found = CompositeIndex(
        id=stem,
        pack=draft.id,
        name=section.name_text("name"),
        description=section.name_text("description"),
        owner=owner,
        elements=tuple(each for _, each in rows),
        units=units,
        recipe=plain(recipe.values) if recipe else {},
        sizes=sizes,
        figures=figures,
        note=section.bilingual("note", required=False),
        sources=section.words("sources", required=False),
        scores=_scores(draft, section, units, [each for _, each in rows]),
    )
    return found, {each.code: row.place("code") for row, each in rows}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Tables of TOML with doubles in place of exact decimals: what the engine reckons with."""
    return {key: _plain(value) for key, value in values.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return plain(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return float(value) if isinstance(value, Decimal) else value


def _figures(draft: Draft, section: Section) -> str:
    """``pack.local`` of the resource that holds the figures; nothing for published ones."""
    reference = section.text("figures", required=False)
    if not reference.strip():
        return ""
    found: Resource | None = draft.find("resources", reference, section.place("figures"))
    if found is None:
        return reference
    fields = [f.id for f in found.fields]
    for wanted in FIGURES:
        if wanted not in fields:
            section.problem("pack.index_figures_field", "figures", resource=found.id, found=wanted,
                            expected=", ".join(FIGURES), near=nearest(wanted, fields))  # fmt: skip
    return f"{found.pack}.{found.id}"


def _scores(
    draft: Draft, section: Section, units: IndexUnits, elements: Sequence[IndexElement]
) -> str:
    """The indicator that the scores count as: in index points, of divisions, and none that the
    index itself is made of."""
    reference = section.text("scores", required=False)
    if not reference.strip():
        return ""
    found: Indicator | None = draft.find("indicators", reference, section.place("scores"))
    own = any(each.figures == reference for each in elements if each.level == 1)
    if found is not None and (found.unit != POINTS or units.codes != DIVISIONS or own):
        section.problem("pack.index_scores", "scores", found=reference, unit=found.unit,
                        expected=POINTS)  # fmt: skip
    return reference


def _sizes(draft: Draft, section: Section, *, published: bool) -> tuple[IndexSize, ...]:
    found = []
    for table in section.tables("sizes", required=False):
        code = table.text("code")
        size = IndexSize(
            code=code,
            name=table.two_languages(code, only=False),
            unit=table.text("unit", required=False),
            indicator=table.text("indicator", required=False),
            unit_en=table.text("unit_en", required=False),
        )
        table.done()
        if published and size.figures:
            key = "indicator" if size.indicator else "code"
            draft.find("indicators", size.figures, table.place(key))
        found.append(size)
    return tuple(found)


def _check_codes(
    draft: Draft, rows: Sequence[tuple[Row, IndexElement]], sizes: Sequence[IndexSize]
) -> None:
    """A code names one element or size of the index."""
    seen: dict[str, Place | None] = {size.code: None for size in sizes}
    for row, each in rows:
        if each.code in seen:
            first = seen[each.code]
            said = first.as_text() if first else Text("规模列（sizes）", "the sizes")
            row.problem("pack.id_repeated", "code", found=each.code, first=said)
        elif each.code:
            seen[each.code] = row.place("code")


def _units(draft: Draft, section: Section) -> IndexUnits:
    table = section.table("units")
    if table is None:
        return IndexUnits("")
    reference = table.text("codes")
    listed: CodeList | None = None
    if reference.strip():
        listed = draft.find("codes", reference, table.place("codes"))
    level = table.text("level", required=False)
    found = IndexUnits(
        codes=f"{listed.pack}.{listed.id}" if listed else reference,
        level=table.one_of("level", level, LEVELS) if level else "",
        under=table.text("under", required=False),
        groups=table.words("groups", required=False),
    )
    table.done()
    if listed is not None:
        _check_units(table, found, listed)
    return found


def _check_units(table: Section, units: IndexUnits, listed: CodeList) -> None:
    if units.under and listed.find(units.under) is None:
        codes = list(dict.fromkeys(c.code for c in listed.codes))
        table.problem("pack.reference_unknown", "under", kind=_CODE, found=units.under,
                      expected=some(codes), near=nearest(units.under, codes))  # fmt: skip
    elif not units.chosen(listed):
        table.problem("pack.index_no_units", "codes")
    columns = list(dict.fromkeys([PARENT, *(key for c in listed.codes for key in c.extra)]))
    for place, group in enumerate(units.groups):
        if group not in columns:
            table.problem("pack.reference_unknown", "groups", place, kind=_COLUMN, found=group,
                          expected=some(columns), near=nearest(group, columns))  # fmt: skip


def _run_checker(
    draft: Draft,
    section: Section,
    index: tuple[CompositeIndex, Mapping[str, Place]],
    checker: IndexChecker,
) -> None:
    """Report what the engine refuses, at the key of the recipe or the row of the element."""
    declared, places = index
    for problem in checker(declared):
        key = tuple(getattr(problem, "key", ()))
        place = places.get(getattr(problem, "element", "")) or section.place("recipe", *key)
        draft.findings.add("pack.index_refused", place, reason=getattr(problem, "text", problem),
                           expected=getattr(problem, "expected", NO_TEXT))  # fmt: skip
