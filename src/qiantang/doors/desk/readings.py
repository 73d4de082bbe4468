"""Between the form of a reading and its recipe.

The form never carries a recipe: it says where to look (sheet, rows of the header) and what to make
of each column, and the reading is proposed anew from that. A column's choices belong to its name,
so that they survive another header row.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import NUMBERS, Resource

PLACES: Final = ("sheet", "member", "encoding", "delimiter")
ROWS: Final = ("header_first", "header_last")
ENCODINGS: Final = ("utf-8", "gb18030", "utf-16-le", "utf-16-be", "big5")
DELIMITERS: Final = (
    (",", Text("逗号 ,", "comma ,")),
    ("\t", Text("制表符", "tab")),
    (";", Text("分号 ;", "semicolon ;")),
    ("|", Text("竖线 |", "bar |")),
)
SECOND_TABLE: Final = (
    ("ask", Text("停下来确认", "stop and ask")),
    ("end", Text("到此为止，另一张表不读取", "end there; the other table is not read")),
    ("read", Text("当作数据继续读取", "read on: it is data")),
)
MOST_COLUMNS: Final = 2000
Key = tuple[str, int]
"""A source column: its name, and which of those with that name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a person makes of one column."""

    field: str
    factor: str
    fill: bool
    shown: tuple[str, str] | None = None
    """The field and factor that the form showed before; None: what it says is meant."""
    round: bool = False
    """Figures with more places than the field holds are rounded."""
    unmarked: bool = False
    """Marks of notes behind figures are left out."""
    names: bool = False
    """Names of the field's code list become their codes."""

    @property
    def field_changed(self) -> bool:
        return self.shown is not None and self.shown[0] != self.field

    @property
    def factor_asked(self) -> bool:
        """Another field was chosen, and nothing said of the factor, which was another field's."""
        return self.field_changed and self.shown is not None and self.shown[1] == self.factor


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the form says. ``columns`` is empty while nobody has touched it."""

    hints: Mapping[str, Any]
    columns: Mapping[Key, Choice]
    skip_totals: bool = True
    footer_words: tuple[str, ...] = ()
    second_table: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """One line of the table of columns; ``examples`` are raw cells."""

    number: int
    position: int
    source: str
    field: str
    factor: str
    unit: str
    fill: bool
    examples: tuple[str, ...]
    wrong: Text | None = None
    round: bool = False
    unmarked: bool = False
    names: bool = False
    figures: bool = False
    """Whether the form asks for a factor, rounding and note marks."""
    pairs: tuple[tuple[str, str], ...] | None = None
    """Examples that name a code, with it; None where the field has no code list."""


def wishes_of(given: Mapping[str, Any]) -> Wishes:
    """What was typed into the form."""
    hints: dict[str, Any] = {k: given.get(k, "") for k in PLACES if given.get(k)}
    for name in ROWS:
        number = str(given.get(name, "")).strip()
        if number.isascii() and number.isdigit() and len(number) < 6:
            hints[name] = int(number)
    if hints.get("header_first") == 0:
        hints["header_last"] = 0
    elif hints.get("header_last", 0) < hints.get("header_first", 0):
        hints["header_last"] = hints.get("header_first", 0)
    words = str(given.get("footer_words", "")).replace("，", "、").replace(",", "、")
    columns = _typed_columns(given)
    if columns:
        hints["columns"] = _told(columns)
    return Wishes(
        hints,
        columns,
        skip_totals="columns" not in given or "skip_totals" in given,
        footer_words=tuple(w.strip() for w in words.split("、") if w.strip()),
        second_table=_one_of(str(given.get("second_table", "")), SECOND_TABLE),
    )


def wishes_from(recipe: Mapping[str, Any]) -> Wishes:
    """A recipe that was in use, as the form would say it."""
    hints = {k: recipe[k] for k in (*PLACES, *ROWS) if recipe.get(k) not in (None, "")}
    filled = set(recipe.get("fill_down", ()))
    uses = recipe.get("columns", ())
    keys = _keys(str(c.get("source", "")) for c in uses)
    columns = {
        key: Choice(
            str(c.get("field") or ""),
            str(c.get("factor", "1")),
            str(c.get("source")) in filled,
            round=bool(c.get("round")),
            unmarked=bool(c.get("unmarked")),
            names=bool(c.get("names")),
        )
        for key, c in zip(keys, uses, strict=True)
    }
    return Wishes(
        {**hints, "columns": _told(columns)},
        columns,
        bool(recipe.get("skip_totals", True)),
        tuple(recipe.get("footer_words", ())),
        _one_of(str(recipe.get("second_table", "")), SECOND_TABLE),
    )


def applied(recipe: Mapping[str, Any], wishes: Wishes) -> dict[str, Any]:
    """A proposed recipe with the person's choices in the place of the reader's."""
    filled = set(recipe.get("fill_down", ()))
    columns = []
    uses = recipe["columns"]
    for key, use in zip(_keys(str(c["source"]) for c in uses), uses, strict=True):
        chosen = wishes.columns.get(key)
        columns.append(use if chosen is None else _changed(use, chosen))
        if chosen is not None:
            (filled.add if chosen.fill else filled.discard)(str(use["source"]))
    return {
        **recipe,
        "columns": columns,
        "fill_down": [c["source"] for c in columns if c["source"] in filled],
        "skip_totals": wishes.skip_totals,
        "footer_words": list(wishes.footer_words),
        "second_table": wishes.second_table or recipe["second_table"],
    }


def columns_of(
    recipe: Mapping[str, Any], rows: Iterable[tuple[str, ...]], resource: Resource
) -> list[Column]:
    """The table of columns, with what is wrong in it."""
    filled, cells = set(recipe["fill_down"]), list(rows)
    uses = recipe["columns"]
    taken = Counter(c["field"] for c in uses if c.get("field"))
    return [
        Column(
            number=n,
            position=int(use["position"]),
            source=str(use["source"]),
            field=str(use.get("field") or ""),
            factor=str(use.get("factor", "1")),
            unit=str(use.get("unit", "")),
            fill=use["source"] in filled,
            examples=_examples(cells, int(use["position"])),
            wrong=_wrong(use, taken, resource),
            round=bool(use.get("round")),
            unmarked=bool(use.get("unmarked")),
            names=bool(use.get("names")),
            figures=_of_figures(use, resource),
        )
        for n, use in enumerate(uses)
    ]


def repaired(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """The recipe with a field kept by its first column only, so that it can be read at all."""
    seen: set[str] = set()
    columns = []
    for use in recipe["columns"]:
        field = use.get("field")
        columns.append({**use, "field": None} if field in seen else use)
        seen |= {field} if field else set()
    return {**recipe, "columns": columns}


def unseen_factors(recipe: Mapping[str, Any], wishes: Wishes) -> bool:
    """Whether a factor was worked out for a column chosen by hand that nobody has seen yet."""
    uses = recipe["columns"]
    pairs = zip(_keys(str(c["source"]) for c in uses), uses, strict=True)
    found = [(wishes.columns.get(key), str(use.get("factor", "1"))) for key, use in pairs]
    return any(c is not None and c.factor_asked and factor != c.factor for c, factor in found)


def _told(columns: Mapping[Key, Choice]) -> dict[str, str]:
    return {name: choice.field for (name, index), choice in columns.items() if index == 0}


def _typed_columns(given: Mapping[str, Any]) -> dict[Key, Choice]:
    said = str(given.get("columns", "0"))
    count = min(int(said), MOST_COLUMNS) if said.isascii() and said.isdigit() else 0
    keys = _keys(str(given.get(f"source-{n}", "")) for n in range(count))
    return {
        key: Choice(
            str(given.get(f"field-{n}", "")),
            str(given.get(f"factor-{n}", "")).strip() or "1",
            f"fill-{n}" in given,
            _shown(given, n),
            f"round-{n}" in given,
            f"unmarked-{n}" in given,
            f"names-{n}" in given,
        )
        for n, key in enumerate(keys)
    }


def _shown(given: Mapping[str, Any], n: int) -> tuple[str, str] | None:
    if f"was-{n}" not in given:
        return None
    field, _, factor = str(given[f"was-{n}"]).rpartition("|")
    return field, factor


def _one_of(said: str, known: tuple[tuple[str, Text], ...]) -> str:
    return said if said in dict(known) else ""


def _keys(names: Iterable[str]) -> list[Key]:
    seen: Counter[str] = Counter()
    keys = []
    for name in names:
        keys.append((name, seen[name]))
        seen[name] += 1
    return keys


def _changed(use: Mapping[str, Any], chosen: Choice) -> dict[str, Any]:
    made = {**use, "field": chosen.field or None, "round": chosen.round}
    if not chosen.field_changed:
        made |= {"names": chosen.names, "unmarked": chosen.unmarked}
    factor = _factor(chosen.factor)
    if factor is not None and chosen.field and not chosen.factor_asked:
        made["factor"] = format(factor, "f")
    return made


def _factor(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 < found < Decimal("1e15") else None


def _wrong(use: Mapping[str, Any], taken: Counter[str], resource: Resource) -> Text | None:
    field = str(use.get("field") or "")
    if field and taken[field] > 1:
        name = resource.field(field)
        said = name.name if name else Text(field, field)
        return Text(
            f"“{said.zh}”被多列选用，请只留一列。", f'Several columns give "{said.en}"; keep one.'
        )
    return None


def _of_figures(use: Mapping[str, Any], resource: Resource) -> bool:
    field = resource.field(str(use.get("field") or ""))
    changed = str(use.get("factor", "1")) != "1" or any(map(use.get, ("round", "unmarked")))
    return changed or (field is not None and field.type in NUMBERS)


def _examples(rows: list[tuple[str, ...]], position: int) -> tuple[str, ...]:
    found = [row[position] for row in rows if position < len(row) and row[position].strip()]
    return tuple(dict.fromkeys(text[:40] for text in found))[:3]
