"""Fields that a delivery would make readable although personal data was found in them that the
schema does not declare.

Rows and declarations are two decisions: letting sound rows in says nothing of what a field may
show. So a held run is published only once the field is declared for what it holds, or once whoever
publishes it names the field as rightly declared; the journal keeps that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit import personal_kinds as kinds
from qiantang.packkit.compiled import Field, Mode, Personal
from qiantang.rooms.intake.models import Run
from qiantang.rooms.shelf import selectors as shelf

AS_DECLARED: Final = "as_declared"
"""In a run's verdict: the fields that people named as rightly declared."""


def exposed(run: Run) -> tuple[Mapping[str, Any], ...]:
    """The fields that are still to be settled, by what the schema declares now: ``field``, its
    ``name``, ``kinds`` (ids), and ``text``, which says what was found and how it is declared. None
    for a deletion, which shows nothing."""
    if run.mode == Mode.DELETE:
        return ()
    settled = (run.verdict or {}).get(AS_DECLARED, ())
    found: dict[str, list[Mapping[str, Any]]] = {}
    for each in run.personal:
        if each["field"] not in settled and not _covered(run.resource, each):
            found.setdefault(str(each["field"]), []).append(each)
    return tuple(_told(run.resource, field, each) for field, each in found.items())


def named(fields: Sequence[Mapping[str, Any]]) -> Text:
    """Fields and what was found in them, in one sentence's part."""
    zh = "；".join(f"“{f['name']['zh']}”（{f['field']}）：{f['text']['zh']}" for f in fields)
    en = "; ".join(f'"{f["name"]["en"]}" ({f["field"]}): {f["text"]["en"]}' for f in fields)
    return Text(zh, en)


def _covered(resource: str, finding: Mapping[str, Any]) -> bool:
    known = _field(resource, str(finding["field"]))
    return known is not None and kinds.covers(known, str(finding["kind"]))


def _field(resource: str, id: str) -> Field | None:
    """As it is declared now; None where it is not any more."""
    declared = shelf.resources().get(resource)
    return declared.field(id) if declared else None


def _told(resource: str, field: str, findings: list[Mapping[str, Any]]) -> dict[str, Any]:
    known = _field(resource, field)
    name = known.name if known else Text(field, field)
    now = kinds.CLASSES[known.personal if known else Personal.NONE]
    counted = [(kinds.name_of(str(f["kind"])), *_count(f)) for f in findings]
    zh = "、".join(f"{kind.zh} {zh}" for kind, zh, _ in counted)
    en = ", ".join(f"{kind.en} {en}" for kind, _, en in counted)
    return {
        "field": field,
        "name": name.as_dict(),
        "kinds": [str(f["kind"]) for f in findings],
        "text": {"zh": f"{zh}，声明为“{now.zh}”", "en": f"{en}; declared {now.en}"},
    }


def _count(finding: Mapping[str, Any]) -> tuple[str, str]:
    """How many, in both languages; a finding kept before they were counted has its share alone."""
    share = f"{float(finding['share']):.1%}"
    if not finding.get("seen"):
        return share, share
    hits, seen = finding["hits"], finding["seen"]
    return f"{hits} 个（查看了 {seen} 个值，{share}）", f"{hits} (of {seen} values seen, {share})"
