"""Read ``resources/*.toml``: information resources, their sharing, classes, limits and data.

Their fields are read by `fields`, their checks by `checks`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Field, Limits, Mode, Personal, Resource, Sharing
from qiantang.packkit.draft import CLASSES, DEPARTMENTS, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.readers.checks import read_row_checks
from qiantang.packkit.readers.codes import DEPARTMENT
from qiantang.packkit.readers.fields import check_reference, read_fields
from qiantang.packkit.sections import Section

SHARE_MODES: Final = ("api", "query", "file", "exchange")
_CLASS: Final = Text("信息资源分类代码", "class of resources")
_DURATION: Final = re.compile(
    r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?"
)
_OBSERVED: Final = (
    *("id", "indicator", "division", "period", "value", "unit", "kind", "grade", "source_title"),
)
_OBSERVED_TOO: Final = (
    *("source_address", "source_kind", "published", "quote", "scope_note", "quality_flag"),
)


def read_resources(draft: Draft) -> None:
    """Fill ``draft.resources``; what they say of each other is checked when all are read."""
    sections: dict[str, Section] = {}
    for name in draft.files.names("resources", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is not None:
                draft.resources[stem] = _resource(draft, section, stem)
                sections[stem] = section
    for stem, section in sections.items():
        check_reference(draft, section, draft.resources[stem])
        for index, other in enumerate(draft.resources[stem].related):
            draft.find("resources", other, section.place("related", index))


def _resource(draft: Draft, section: Section, stem: str) -> Resource:
    before = len(draft.findings.problems)
    fields = read_fields(draft, section)
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
        mode=section.choice("mode", Mode, Mode.REPLACE),
        limits=_limits(section),
        checks=read_row_checks(draft, section, fields),
        classes=_classes(draft, section),
        keywords=section.bilingual("keywords", required=False),
        system=section.bilingual("system", required=False),
        share_mode=_share_mode(section),
        open_conditions=section.bilingual("open_conditions", required=False),
        retention=_retention(section),
        related=section.words("related", required=False),
        per_division=section.boolean("per_division", required=False),
    )
    _check_sharing(section, found)
    section.done()
    return found


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
    if found.strip() and not _DURATION.fullmatch(found):
        section.problem("pack.cadence_malformed", "cadence", found=found)
    return found


def _retention(section: Section) -> str | None:
    found = section.text("retention", required=False)
    if found.strip() and not _DURATION.fullmatch(found):
        section.problem("pack.retention_malformed", "retention", found=found)
    return found or None


def _share_mode(section: Section) -> str:
    found = section.text("share_mode", required=False, default="file")
    return section.one_of("share_mode", found, SHARE_MODES) or "file"


def _classes(draft: Draft, section: Section) -> tuple[str, ...]:
    found = section.words("classes", required=False)
    for index, code in enumerate(found):
        draft.check_code(CLASSES, code, section.place("classes", index), _CLASS)
    return found


def _limits(section: Section) -> Limits:
    """Shares between 0 and 1; a delivery is held before it is refused."""
    table = section.table("limits", required=False)
    standard = Limits()
    if table is None:
        return standard
    hold = table.decimal("hold_above", required=False)
    refuse = table.decimal("refuse_above", required=False)
    shrink = table.decimal("shrink_above", required=False)
    given = (("hold_above", hold), ("refuse_above", refuse), ("shrink_above", shrink))
    for key, value in given:
        if value is not None and not 0 <= value <= 1:
            table.problem("pack.share_out_of_range", key, key=key, found=value)
    low = standard.hold_above if hold is None else hold
    high = standard.refuse_above if refuse is None else refuse
    if low > high:
        table.problem("pack.range_reversed", "hold_above", low=low, high=high)
    table.done()
    return Limits(low, high, standard.shrink_above if shrink is None else shrink)


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
