"""Read ``resources/*.toml``: information resources with their fields, sharing and data."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Field, FieldType, Personal, Resource, Sharing
from qiantang.packkit.draft import DEPARTMENTS, LOCAL_FORM, LOCAL_ID, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.codes import DEPARTMENT, check_unit
from qiantang.packkit.sections import Section

NUMBERS: Final = frozenset({FieldType.INTEGER, FieldType.NUMBER, FieldType.DECIMAL})
_OPTIONS: Final = {
    "unit": NUMBERS,
    "min": NUMBERS,
    "max": NUMBERS,
    "codes": frozenset({FieldType.CODE}),
    "pattern": frozenset({FieldType.TEXT, FieldType.PERIOD}),
    "values": frozenset({FieldType.TEXT}),
}
_CADENCE: Final = re.compile(
    r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?"
)
_OBSERVED: Final = (
    *("id", "indicator", "division", "period", "value", "unit", "kind", "grade", "source_title"),
)
_OBSERVED_TOO: Final = (
    *("source_address", "source_kind", "published", "quote", "scope_note", "quality_flag"),
)


def read_resources(draft: Draft) -> None:
    """Fill ``draft.resources``."""
    for name in draft.files.names("resources", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is not None:
                draft.resources[stem] = _resource(draft, section, stem)


def _resource(draft: Draft, section: Section, stem: str) -> Resource:
    before = len(draft.findings.problems)
    fields = _fields(draft, section)
    grain, role = _grain(section, fields), _role(section, fields)
    if len(draft.findings.problems) > before:
        draft.torn.add(f"fields/{stem}")
    found = Resource(
        id=draft.check_id(section, stem),
        pack=draft.id,
        name=section.name_text("name"),
        description=section.name_text("description"),
        fields=fields,
        grain=grain,
        cadence=_cadence(section),
        sharing=section.choice("sharing", Sharing),
        open=section.boolean("open"),
        owner=_owner(draft, section),
        licence=section.name_text("licence"),
        conditions=section.bilingual("conditions", required=False),
        role=role,
        data=_path(draft, section, "data"),
        samples=_path(draft, section, "samples"),
    )
    _check_sharing(section, found)
    section.done()
    return found


def _fields(draft: Draft, section: Section) -> tuple[Field, ...]:
    table = section.table("fields")
    if table is None:
        return ()
    if not table.values:
        section.problem("pack.fields_missing", "fields")
    found = []
    for key, value in table.values.items():
        if not isinstance(value, dict):
            table.table(key)
            continue
        if not LOCAL_ID.fullmatch(key):
            table.problem("pack.id_malformed", key, found=key, expected=LOCAL_FORM)
        found.append(_field(draft, table.child(key, value), key))
    return tuple(found)


def _field(draft: Draft, section: Section, key: str) -> Field:
    kind = section.choice("type", FieldType)
    found = Field(
        id=key,
        name=section.two_languages(key, only=False),
        type=kind,
        unit=_unit(section),
        codes=_codes(draft, section, kind, key),
        required=section.boolean("required", required=False),
        personal=section.choice("personal", Personal, Personal.NONE),
        minimum=section.decimal("min", required=False),
        maximum=section.decimal("max", required=False),
        pattern=_pattern(section),
        values=section.words("values", required=False),
        description=section.bilingual("description", required=False),
    )
    for option, types in _OPTIONS.items():
        if option in section and kind not in types:
            section.problem("pack.option_misplaced", option, found=option, type=kind.value)
    low, high = found.minimum, found.maximum
    if low is not None and high is not None and low > high:
        section.problem("pack.range_reversed", "min", low=low, high=high)
    section.done()
    return found


def _unit(section: Section) -> str | None:
    found = section.text("unit", required=False)
    if found.strip() and not check_unit(found):
        section.problem("pack.unit_unknown", "unit", found=found, expected=", ".join(UNITS),
                        near=nearest(found, UNITS))  # fmt: skip
    return found or None


def _codes(draft: Draft, section: Section, kind: FieldType, key: str) -> str | None:
    """The full name of the list. ``pack.indicator`` names the indicators of a pack."""
    found = section.text("codes", required=False)
    if not found.strip():
        if kind is FieldType.CODE and "codes" not in section:
            section.problem("pack.code_without_list", "type", found=key, paste='codes = ""')
        return None
    other, _, local = found.rpartition(".")
    if local == "indicator" and (other in {"", draft.id} or other in draft.others):
        return f"{other or draft.id}.indicator"
    listed: Any = draft.find("codes", found, section.place("codes"))
    return f"{listed.pack}.{listed.id}" if listed else None


def _pattern(section: Section) -> str | None:
    found = section.text("pattern", required=False)
    try:
        re.compile(found)
    except (re.error, RecursionError, OverflowError) as error:
        section.problem("pack.pattern_invalid", "pattern", reason=error)
        return None
    return found or None


def _grain(section: Section, fields: tuple[Field, ...]) -> tuple[str, ...]:
    found = section.words("grain")
    if "grain" in section and section.values["grain"] == []:
        section.problem("pack.text_empty", "grain", key="grain")
    ids = [f.id for f in fields]
    for index, word in enumerate(found):
        if ids and word not in ids:
            section.problem("pack.grain_not_a_field", "grain", index, found=word,
                            expected=", ".join(ids), near=nearest(word, ids))  # fmt: skip
    return found


def _cadence(section: Section) -> str:
    found = section.text("cadence")
    if found.strip() and not _CADENCE.fullmatch(found):
        section.problem("pack.cadence_malformed", "cadence", found=found)
    return found


def _owner(draft: Draft, section: Section) -> str:
    found = section.text("owner")
    draft.check_code(DEPARTMENTS, found, section.place("owner"), DEPARTMENT)
    return found


def _role(section: Section, fields: tuple[Field, ...]) -> str | None:
    found = section.text("role", required=False)
    if section.one_of("role", found, ["observations"]) != "observations":
        return None
    ids = [f.id for f in fields]
    allowed = (*_OBSERVED, *_OBSERVED_TOO)
    for each in ids:
        if each not in allowed:
            section.problem(
                "pack.observation_field_unknown",
                *("fields", each),
                found=each,
                expected=", ".join(allowed),
                near=nearest(each, allowed),
            )
    for wanted in _OBSERVED:
        if wanted not in ids:
            section.problem(
                "pack.observation_field_missing",
                "role",
                found=wanted,
                expected=", ".join(_OBSERVED),
                paste=f'[fields.{wanted}]\ntype = "text"\nzh = ""\nen = ""',
            )
    return found


def _path(draft: Draft, section: Section, key: str) -> Path | None:
    written = section.text(key, required=False)
    if not written.strip():
        return None
    name = draft.files.inside(written, section.place(key))
    return draft.files.folder / name if name else None


def _check_sharing(section: Section, found: Resource) -> None:
    if found.sharing is Sharing.CONDITIONAL and found.conditions is None:
        section.problem("pack.conditions_missing", "sharing",
                        paste='conditions = { zh = "", en = "" }')  # fmt: skip
    if not found.open:
        return
    if found.sharing is Sharing.WITHHELD:
        reason = Text("其共享类型为不予共享", "its sharing is withheld")
        section.problem("pack.open_conflict", "open", reason=reason)
    for field in found.fields:
        if field.personal is not Personal.NONE:
            reason = Text(
                f"字段 {field.id} 含个人信息", f"its field {field.id} holds personal data"
            )
            section.problem("pack.open_conflict", "open", reason=reason)
