"""Read the checks of resources: ``[[checks]]`` over one row, and ``checks/*.sql`` over tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Check, Dimension, Field, Resource, Severity
from qiantang.packkit.conditions import FUNCTIONS, look_at_condition, output_columns
from qiantang.packkit.draft import LOCAL_FORM, LOCAL_ID, Draft, some
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.measures import (
    SqlChecker,
    check_form,
    check_tables,
    run_checker,
    tables_of,
)
from qiantang.packkit.sections import Section
from qiantang.packkit.sql_text import SqlText, look_at

HEADERS: Final = ("resource", "name.zh", "name.en", "hint.zh", "hint.en", "dimension")
OPTIONAL_HEADERS: Final = ("severity", "fields")


def read_row_checks(
    draft: Draft, section: Section, fields: tuple[Field, ...]
) -> tuple[Check, ...]:  # fmt: skip
    """The ``[[checks]]`` of a resource's file."""
    found: dict[str, Check] = {}
    for each in section.tables("checks", required=False):
        check = _row_check(each, fields)
        if check.id in found:
            first = section.place("checks", list(found).index(check.id)).as_text()
            each.problem("pack.id_repeated", "id", found=check.id, first=first)
        found.setdefault(check.id, check)
    return tuple(found.values())


def read_sql_checks(draft: Draft, sql_checker: SqlChecker | None = None) -> None:
    """Add the checks of ``checks/*.sql`` to the resources that they name."""
    tables = tables_of(draft)
    for name in draft.files.names("checks", ".sql"):
        with draft.reading(name) as stem:
            text = draft.files.text(name)
            if text is None:
                continue
            draft.check_stem(name, stem)
            seen = len(draft.findings.problems)
            look = look_at(text)
            check = _sql_check(draft, name, stem, (text, look), tables)
            if sql_checker and len(draft.findings.problems) == seen:
                run_checker(draft, name, text, tables, sql_checker)
            _attach(draft, name, look, check)


def _row_check(section: Section, fields: tuple[Field, ...]) -> Check:
    key = section.text("id")
    if key.strip() and not LOCAL_ID.fullmatch(key):
        section.problem("pack.id_malformed", "id", found=key, expected=LOCAL_FORM)
    name = section.two_languages(key or "checks", only=False)
    holds = section.text("holds")
    used = _condition(section, holds, fields)
    found = Check(
        id=key,
        name=name,
        hint=section.name_text("hint"),
        dimension=section.choice("dimension", Dimension),
        severity=section.choice("severity", Severity, Severity.SET_ASIDE),
        holds=holds,
        fields=_named_fields(section, fields) or used,
    )
    section.done()
    return found


def _condition(section: Section, holds: str, fields: tuple[Field, ...]) -> tuple[str, ...]:
    """Report what is wrong with the condition; gives the fields that it uses."""
    if not holds.strip():
        return ()
    look = look_at_condition(holds)
    if look.problem is not None:
        section.problem("pack.condition_malformed", "holds", reason=look.problem)
        return ()
    for refused in look.refused:
        section.problem("pack.condition_refused", "holds", found=refused, expected=FUNCTIONS)
    ids = [f.id for f in fields]
    for column in look.columns:
        if ids and column not in ids:
            section.problem("pack.field_unknown", "holds", found=column, expected=some(ids),
                            near=nearest(column, ids))  # fmt: skip
    if not look.columns:
        reason = Text("没有用到任何字段", "it uses no field")
        section.problem("pack.condition_malformed", "holds", reason=reason)
    return look.columns


def _named_fields(section: Section, fields: tuple[Field, ...]) -> tuple[str, ...]:
    found = section.words("fields", required=False)
    ids = [f.id for f in fields]
    for index, word in enumerate(found):
        if ids and word not in ids:
            section.problem("pack.field_unknown", "fields", index, found=word, expected=some(ids),
                            near=nearest(word, ids))  # fmt: skip
    return found


def _sql_check(
    draft: Draft,
    name: str,
    stem: str,
    source: tuple[str, SqlText],
    tables: Mapping[str, Resource],
) -> Check:
    text, look = source
    said = _headers(draft, name, look)
    check_form(draft, name, look)
    check_tables(draft, name, look, tables)
    return Check(
        id=stem,
        name=Text(said["name.zh"], said["name.en"]),
        hint=Text(said["hint.zh"], said["hint.en"]),
        dimension=Dimension(_word(draft, name, look, "dimension", list(Dimension)) or "accuracy"),
        severity=Severity(_word(draft, name, look, "severity", list(Severity)) or "set-aside"),
        sql=text,
        fields=tuple(w.strip() for w in look.headers.get("fields", "").split(",") if w.strip()),
        resources=tuple(table for table in look.tables if table in tables),
    )


def _headers(draft: Draft, name: str, look: SqlText) -> dict[str, str]:
    add, place = draft.findings.add, draft.files.place
    allowed = (*HEADERS, *OPTIONAL_HEADERS)
    for key in HEADERS:
        if not look.headers.get(key):
            line = look.header_lines.get(key, 1)
            add("pack.sql_header_missing", place(name, line), found=key, paste=f"-- {key}: ")
    for key, line in look.header_lines.items():
        near = nearest(key, allowed)
        if key not in allowed and (near or "." in key):
            add("pack.sql_header_unknown", place(name, line), found=key, near=near,
                expected=", ".join(allowed))  # fmt: skip
    return {key: look.headers.get(key, "") for key in allowed}


def _word(draft: Draft, name: str, look: SqlText, key: str, valid: list[str]) -> str:
    found = look.headers.get(key, "")
    if found and found not in valid:
        place = draft.files.place(name, look.header_lines[key])
        draft.findings.add("pack.value_not_allowed", place, key=key, found=found,
                           expected=", ".join(valid), near=nearest(found, valid))  # fmt: skip
        return ""
    return found


def _attach(draft: Draft, name: str, look: SqlText, check: Check) -> None:
    """Give the check to its resource, whose grain must be among the columns of the result."""
    wanted = look.headers.get("resource", "")
    if not wanted:
        return
    place = draft.files.place(name, look.header_lines["resource"])
    if "." in wanted and wanted.split(".")[0] != draft.id:
        draft.findings.add("pack.check_of_other_pack", place, found=wanted)
        return
    resource = draft.find("resources", wanted, place)
    if not isinstance(resource, Resource) or resource.pack != draft.id:
        return
    if any(other.id == check.id for other in resource.checks):
        first = draft.files.place(f"resources/{resource.id}.toml").as_text()
        draft.findings.add("pack.id_repeated", place, found=check.id, first=first)
        return
    _check_fields(draft, look, name, check, resource)
    gives = output_columns(check.sql)
    for column in resource.grain if gives is not None else ():
        if column not in (gives or ()):
            line = look.statements[0][0].line if look.statements else 1
            draft.findings.add("pack.check_without_grain", draft.files.place(name, line),
                               found=column, resource=resource.id)  # fmt: skip
    draft.resources[resource.id] = replace(resource, checks=(*resource.checks, check))


def _check_fields(draft: Draft, look: SqlText, name: str, check: Check, resource: Resource) -> None:
    ids = [f.id for f in resource.fields]
    for word in check.fields:
        if ids and word not in ids:
            place = draft.files.place(name, look.header_lines["fields"])
            draft.findings.add("pack.field_unknown", place, found=word, expected=some(ids),
                               near=nearest(word, ids))  # fmt: skip
