"""Read ``examples/*.toml``: given these rows, run this, expect that."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Example, Measure, Resource
from qiantang.packkit.draft import DIVISIONS, Draft, some
from qiantang.packkit.indices import CompositeIndex
from qiantang.packkit.plans import Plan
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.measures import sql_name, tables_of
from qiantang.packkit.rows import check_rows
from qiantang.packkit.sections import Section

_RUN: Final = Text(
    "measures/x.sql、checks/x.sql、resource:标识、plan:标识 或 index:标识",
    "measures/x.sql, checks/x.sql, resource:id, plan:id or index:id",
)
_CHECK: Final = Text("检查", "check")
Runnable = Measure | Plan | Check | Resource | CompositeIndex
_TARGET: Final = Text("目标", "target")
_ELEMENT: Final = Text("指数要素", "element of the index")
_DIVISION: Final = Text("行政区划代码", "division code")


def read_examples(draft: Draft) -> None:
    """Fill ``draft.examples``."""
    for name in draft.files.names("examples", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is not None:
                draft.check_stem(name, stem)
                draft.examples.append(_example(draft, section, stem))


def _example(draft: Draft, section: Section, stem: str) -> Example:
    title = section.name_text("title")
    given = _given(draft, section)
    run = section.text("run")
    thing = _runs(draft, section, run)
    found = Example(
        id=stem,
        pack=draft.id,
        title=title,
        given=given,
        run=run,
        expect=_expect(section, thing),
        path=draft.files.folder / section.name,
        within=section.decimal("within", required=False),
        as_of=section.day("as_of", required=False),
        division=_division(draft, section),
    )
    if isinstance(thing, Plan) and "as_of" not in section:
        section.problem("pack.key_missing", found="as_of", paste="as_of = 2020-12-31")
    if thing is not None and not isinstance(thing, Plan):
        _check_given(section, _needed(thing, draft.id), found)
    section.done()
    return found


def _given(draft: Draft, section: Section) -> dict[str, Path]:
    """Paths by the resource's name in SQL (or its id); the rows are checked too."""
    table = section.table("given")
    if table is None:
        return {}
    known = _known(draft)
    found: dict[str, Path] = {}
    for key in table.values:
        written = table.text(key)
        name = draft.files.inside(written, table.place(key)) if written.strip() else None
        resource = known.get(key)
        if resource is None:
            if f"resources/{key}" not in draft.torn:
                draft.find("resources", key, table.place(key))
            continue
        if name is not None:
            found[sql_name(resource, draft.id)] = draft.files.folder / name
            check_rows(draft, resource, name)
    return found


def _known(draft: Draft) -> Mapping[str, Resource]:
    found = {f"{r.pack}.{r.id}": r for r in tables_of(draft).values()}
    found.update({r.id: r for r in draft.resources.values()})
    found.update(tables_of(draft))
    return found


def _needed(thing: Measure | Check | Resource | CompositeIndex, pack: str) -> tuple[str, ...]:
    """The resources, by their names in SQL, without which the thing cannot run."""
    if isinstance(thing, Resource):
        return (sql_name(thing, thing.pack),)
    if isinstance(thing, CompositeIndex):
        owner, dot, local = thing.figures.rpartition(".")
        name = local if owner == pack else f"{owner}__{local}"
        return (name.replace("-", "_"),) if dot else ()
    return thing.resources


def _runs(draft: Draft, section: Section, run: str) -> Runnable | None:
    found: Any = None
    if run.startswith("plan:"):
        found = draft.find("plans", run.removeprefix("plan:"), section.place("run"))
    elif run.startswith("resource:"):
        found = draft.find("resources", run.removeprefix("resource:"), section.place("run"))
    elif run.startswith("index:"):
        found = draft.find("indices", run.removeprefix("index:"), section.place("run"))
    elif run.startswith("checks/") and run.endswith(".sql"):
        found = _sql_check(draft, section, run)
    elif run.startswith("measures/") and run.endswith(".sql"):
        stem = run.removeprefix("measures/").removesuffix(".sql")
        found = draft.find("measures", stem, section.place("run"))
    elif run.strip():
        paths = [f"measures/{stem}.sql" for stem in draft.measures]
        section.problem("pack.cell_malformed", "run", found=run, expected=_RUN,
                        near=nearest(run, paths))  # fmt: skip
    return found if isinstance(found, Runnable) else None


def _sql_check(draft: Draft, section: Section, run: str) -> Check | None:
    stem = run.removeprefix("checks/").removesuffix(".sql")
    known = {c.id: c for r in draft.resources.values() for c in r.checks if c.sql}
    if stem not in known and f"checks/{stem}" not in draft.torn:
        section.problem("pack.reference_unknown", "run", kind=_CHECK, found=run,
                        expected=some(list(known)), near=nearest(stem, known))  # fmt: skip
    return known.get(stem)


def _expect(
    section: Section, thing: Runnable | None
) -> tuple[Mapping[str, object], ...]:  # fmt: skip
    rows = section.tables("expect")
    for row in rows:
        if isinstance(thing, Plan):
            row.text("verdict")
            _one_of(row, "target", [target.id for target in thing.targets], _TARGET)
        elif isinstance(thing, CompositeIndex):
            row.text("unit")
            _one_of(row, "element", [each.code for each in thing.elements], _ELEMENT)
    return tuple(dict(row.values) for row in rows)


def _one_of(row: Section, key: str, known: list[str], label: Text) -> None:
    wanted = row.text(key)
    if wanted.strip() and wanted not in known:
        row.problem("pack.reference_unknown", key, kind=label, found=wanted,
                    expected=some(known), near=nearest(wanted, known))  # fmt: skip


def _division(draft: Draft, section: Section) -> str:
    found = section.text("division", required=False)
    draft.check_code(DIVISIONS, found, section.place("division"), _DIVISION)
    return found


def _check_given(section: Section, needed: tuple[str, ...], example: Example) -> None:
    """Every resource that is read must be given."""
    written = section.values.get("given")
    if not isinstance(written, dict):
        return
    for name in needed:
        if name not in example.given and name not in written:
            section.problem("pack.key_missing", "given", found=f"given.{name}",
                            paste=f'{name} = "samples/{name}.csv"')  # fmt: skip
