"""The rules of a resource by name: what each says, in both languages, when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from qiantang.engine.quality.identifier_kinds import advice_on, name_of
from qiantang.engine.quality.kinds import KINDS, WARNED
from qiantang.kernel.text import Text
from qiantang.kernel.units import UNITS
from qiantang.packkit.compiled import Check, Dimension, Field, Precision, Resource, Severity

MOST_LISTED: Final = 12
_PRECISIONS: Final = {
    Precision.DAY: Text("日", "day"),
    Precision.MONTH: Text("月", "month"),
    Precision.YEAR: Text("年", "year"),
}


_LEAVE_EMPTY: Final = Text("没有截止日期的可以留空。", "Without an end it may be left empty. ")


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. ``text`` and ``hint`` may still hold ``{found}`` and ``{expected}``, which differ
    from row to row. ``field`` is the id of the field it is about, "" for whole rows."""

    id: str
    code: str
    field: str
    dimension: Dimension
    severity: Severity
    text: Text
    hint: Text


def field_rule(
    field: Field, code: str, source: Field | None = None, listed: Text | None = None
) -> Rule:
    """The rule of a kind for a field; ``source`` is the identifier that it must agree with,
    ``listed`` what people call the values that it refers to."""
    kind = KINDS[code]
    listed = source.name if source is not None else listed or _list(field, code)
    filled = {"field": field.name, "list": listed} | _expected(field, code)
    return Rule(
        f"{field.id}.{code}",
        code,
        field.id,
        kind.dimension,
        Severity.WARN if code in WARNED else Severity.SET_ASIDE,
        fill(kind.text, filled),
        fill(kind.hint, filled),
    )


def check_rule(check: Check, code: str = "check") -> Rule:
    """The rule of a declared check."""
    kind = KINDS[code]
    filled = {"expected": check.name, "hint": check.hint}
    return Rule(
        check.id,
        code,
        check.fields[0] if check.fields else "",
        check.dimension,
        check.severity,
        fill(kind.text, filled),
        fill(kind.hint, filled),
    )


def grain_rule(resource: Resource, code: str, severity: Severity = Severity.SET_ASIDE) -> Rule:
    """The rule that the rows of a resource are told apart by its grain."""
    kind = KINDS[code]
    field = resource.grain[0] if len(resource.grain) == 1 else ""
    return Rule(f"grain.{code}", code, field, kind.dimension, severity, kind.text, kind.hint)


def misshapen_rule() -> Rule:
    """The rule that a row has no more cells than the header has columns."""
    kind = KINDS["misshapen"]
    return Rule(
        "row.misshapen", kind.code, "", kind.dimension, Severity.SET_ASIDE, kind.text, kind.hint
    )


def broken_rule() -> Rule:
    """The rule that a line is a record."""
    kind = KINDS["broken_line"]
    return Rule(
        "row.broken_line", kind.code, "", kind.dimension, Severity.SET_ASIDE, kind.text, kind.hint
    )


def fill(text: Text, fields: dict[str, Text]) -> Text:
    """``{name}`` replaced for the names given; other braces stay."""
    zh, en = text.zh, text.en
    for name, said in fields.items():
        zh, en = zh.replace(f"{{{name}}}", said.zh), en.replace(f"{{{name}}}", said.en)
    return Text(zh, en)


def _list(field: Field, code: str) -> Text:
    named = field.reference if code == "reference" else field.codes
    return Text(named or "", named or "")


def _expected(field: Field, code: str) -> dict[str, Text]:
    """What would be right, where it is the same for every row."""
    match code:
        case "unit_unfit":
            said = Text(field.unit or "无单位", field.unit or "no unit")
        case "pattern":
            said = Text(field.pattern or "", field.pattern or "")
        case "range":
            said = _range(field)
        case "values":
            listed = field.values[:MOST_LISTED]
            more = len(field.values) > len(listed)
            said = Text("、".join(listed) + ("等" if more else ""),
                        ", ".join(listed) + (" ..." if more else ""))  # fmt: skip
        case "date_too_coarse":
            said = _PRECISIONS[field.precision]
        case "date_open_ended":
            return {"empty": Text("", "") if field.required else _LEAVE_EMPTY}
        case "id_form":
            kind = field.identifier or ""
            return {"expected": name_of(kind), "advice": advice_on(kind)}
        case "id_check_digit" | "id_birth_date" | "id_division":
            said = name_of(field.identifier or "")
        case _:
            return {}
    return {"expected": said}


def _range(field: Field) -> Text:
    low, high = field.minimum, field.maximum
    unit = _unit(field.unit or "")
    if low is None:
        return Text(f"不大于 {high}{unit.zh}", f"at most {high}{unit.en}")
    if high is None:
        return Text(f"不小于 {low}{unit.zh}", f"at least {low}{unit.en}")
    return Text(f"{low} 至 {high}{unit.zh}", f"{low} to {high}{unit.en}")


def _unit(symbol: str) -> Text:
    known = UNITS.get(symbol)
    en = known.en if known else symbol
    return Text(symbol, f" {en}" if en else "")
