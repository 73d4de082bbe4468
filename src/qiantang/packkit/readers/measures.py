"""Read ``measures/*.sql``: a header in comments, then one select over declared resources."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Measure, Resource
from qiantang.packkit.draft import Draft, some
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import check_unit
from qiantang.packkit.readers.norms import PLAIN
from qiantang.packkit.sql_text import SqlText, look_at

SqlChecker = Callable[[str, Mapping[str, Mapping[str, str]]], Sequence[object]]
"""Takes a query and, for each table, its columns with the names of their types; gives what is
wrong: anything with ``text`` (a `Text` or str) and perhaps ``line``, or a bare str."""

HEADERS: Final = ("name.zh", "name.en", "unit", "grain")
_COLUMN: Final = re.compile(r"column\.(?P<column>\w+)\.(?P<lang>zh|en)")
_WHAT: Final = {
    "/*": Text("注释", "A comment"),
    "'": Text("字符串", "A string"),
    '"': Text("带引号的名称", "A quoted name"),
}


def read_measures(draft: Draft, sql_checker: SqlChecker | None = None) -> None:
    """Fill ``draft.measures``; ``sql_checker`` is the engine's guard, handed in from above."""
    tables = tables_of(draft)
    for name in draft.files.names("measures", ".sql"):
        with draft.reading(name) as stem:
            text = draft.files.text(name)
            if text is None:
                continue
            draft.check_stem(name, stem)
            seen = len(draft.findings.problems)
            look = look_at(text)
            found = _measure(draft, name, stem, (text, look), tables)
            if sql_checker and len(draft.findings.problems) == seen:
                run_checker(draft, name, text, tables, sql_checker)
            draft.measures[stem] = found


def sql_name(resource: Resource, pack: str) -> str:
    """The name under which a measure of ``pack`` sees ``resource``.

    Resources of the own pack go by their id, others as ``pack__id``; ``-`` is written ``_``.
    """
    local = resource.id.replace("-", "_")
    return local if resource.pack == pack else f"{resource.pack.replace('-', '_')}__{local}"


def tables_of(draft: Draft) -> dict[str, Resource]:
    """Every resource that a measure of this pack may query, by its name in SQL."""
    resources = list(draft.resources.values())
    for other in draft.others.values():
        resources.extend(other.resources.values())
    return {sql_name(resource, draft.id): resource for resource in resources}


def _measure(
    draft: Draft,
    name: str,
    stem: str,
    source: tuple[str, SqlText],
    tables: Mapping[str, Resource],
) -> Measure:
    text, look = source
    headers = _headers(draft, name, look)
    check_form(draft, name, look)
    check_tables(draft, name, look, tables)
    return Measure(
        id=stem,
        pack=draft.id,
        name=Text(headers["name.zh"], headers["name.en"]),
        unit=headers["unit"],
        grain=tuple(word.strip() for word in headers["grain"].split(",") if word.strip()),
        sql=text,
        resources=tuple(table for table in look.tables if table in tables),
        path=draft.files.folder / name,
        columns=_columns(draft, name, look),
    )


def _columns(draft: Draft, name: str, look: SqlText) -> dict[str, Text]:
    """The names of the columns that the header gives, each in both languages."""
    found: dict[str, dict[str, str]] = {}
    for key, said in look.headers.items():
        match = _COLUMN.fullmatch(key)
        if match and said:
            found.setdefault(match["column"], {})[match["lang"]] = said
    for column, words in found.items():
        for lang in ("zh", "en"):
            if lang not in words:
                key = f"column.{column}.{lang}"
                other = next(iter(look.header_lines[f"column.{column}.{o}"] for o in words))
                draft.findings.add("pack.sql_header_missing", draft.files.place(name, other),
                                   found=key, paste=f"-- {key}: ")  # fmt: skip
    return {
        column: Text(words.get("zh", column), words.get("en", column))
        for column, words in found.items()
    }


def _headers(draft: Draft, name: str, look: SqlText) -> dict[str, str]:
    add, place = draft.findings.add, draft.files.place
    for key in HEADERS:
        if not look.headers.get(key):
            line = look.header_lines.get(key, 1)
            add("pack.sql_header_missing", place(name, line), found=key, paste=f"-- {key}: ")
    for key, line in look.header_lines.items():
        near = nearest(key, HEADERS)
        if _COLUMN.fullmatch(key):
            continue
        if key not in HEADERS and (near or "." in key):
            add("pack.sql_header_unknown", place(name, line), found=key, near=near,
                expected=", ".join(HEADERS))  # fmt: skip
    symbol = look.headers.get("unit", "")
    if symbol not in PLAIN and not check_unit(symbol):
        add("pack.unit_unknown", place(name, look.header_lines["unit"]), found=symbol,
            expected=", ".join(UNITS), near=nearest(symbol, UNITS))  # fmt: skip
    return {key: look.headers.get(key, "") for key in HEADERS}


def check_form(draft: Draft, name: str, look: SqlText) -> None:
    """Report a text that is not one select."""
    add, place = draft.findings.add, draft.files.place
    if look.unclosed:
        what = _WHAT[look.unclosed.text]
        add("pack.sql_unclosed", place(name, look.unclosed.line), what=what)
    elif not look.statements:
        add("pack.sql_empty", place(name, 1), paste="select ...")
    else:
        first = look.statements[0][0]
        if first.text.lower() not in {"select", "with"}:
            add("pack.sql_not_select", place(name, first.line), found=first.text)
        if len(look.statements) > 1:
            add("pack.sql_many_statements", place(name, look.statements[1][0].line))


def check_tables(draft: Draft, name: str, look: SqlText, tables: Mapping[str, Resource]) -> None:
    """Report tables that are no resource of this pack or a required one."""
    add, place = draft.findings.add, draft.files.place
    for table, line in look.tables.items():
        if table in tables or _reported(draft, table):
            continue
        add("pack.sql_table_unknown", place(name, line), found=table,
            expected=some(list(tables)), near=nearest(table, tables))  # fmt: skip
    ordinary = look.statements and look.statements[0][0].text.lower() in {"select", "with"}
    if ordinary and not look.unclosed and not look.tables:
        add("pack.sql_no_resource", place(name, look.statements[0][0].line))


def _reported(draft: Draft, table: str) -> bool:
    """Whether the resource's own file is broken, or its pack is not there: said already."""
    packs = {name.replace("-", "_") for name in draft.absent}
    torn = {name.removeprefix("resources/").replace("-", "_") for name in draft.torn}
    return table in torn or table.partition("__")[0] in packs


def run_checker(
    draft: Draft, name: str, text: str, tables: Mapping[str, Resource], checker: SqlChecker
) -> None:
    """Report what the engine's guard refuses."""
    columns = {t: {f.id: f.type.value for f in r.fields} for t, r in tables.items()}
    for problem in checker(text, columns):
        reason = getattr(problem, "text", None) or str(problem)
        line = getattr(problem, "line", None) or getattr(
            getattr(problem, "place", None), "line", None
        )
        draft.findings.add("pack.sql_refused", draft.files.place(name, line), reason=reason)
