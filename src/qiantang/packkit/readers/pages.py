"""Read ``pages/*.toml``: ordered tiles, checked for each kind of tile."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from qiantang.kernel.text import Text
from qiantang.packkit.compiled import Page
from qiantang.packkit.draft import DIVISIONS, Draft
from qiantang.packkit.problems import nearest
from qiantang.packkit.sections import Section

TILES: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "text": (("text",), ()),
    "target_lights": (("plan",), ("section",)),
    "map": (("indicator",), ("period", "year", "level")),
    "series": (("indicator",), ("division", "target", "plan")),
    "table": ((), ("resource", "codes", "indicator", "measure", "columns", "division", "limit")),
    "outline": ((), ("codes", "plan", "resource")),
}
"""For each kind of tile: keys it must have, and further keys it may have."""

_ONE_OF: Final = {
    "table": ("resource", "codes", "indicator", "measure"),
    "outline": ("codes", "plan", "resource"),
}
_REFERENCES: Final = {"plan": "plans", "indicator": "indicators", "codes": "codes",
                      "resource": "resources", "measure": "measures"}  # fmt: skip
_COMMON: Final = ("title", "note", "width")
_DIVISION: Final = Text("行政区划代码", "division code")


def read_pages(draft: Draft) -> None:
    """Fill ``draft.pages``."""
    for name in draft.files.names("pages", ".toml"):
        with draft.reading(name) as stem:
            section = draft.files.toml(name)
            if section is not None:
                draft.pages[stem] = _page(draft, section, stem)


def _page(draft: Draft, section: Section, stem: str) -> Page:
    found = Page(
        id=draft.check_id(section, stem),
        pack=draft.id,
        name=section.name_text("name"),
        tiles=tuple(_tile(draft, tile) for tile in section.tables("tiles")),
    )
    section.done()
    return found


def _tile(draft: Draft, tile: Section) -> Mapping[str, object]:
    """The tile with its texts as `Text` and its references checked."""
    kind = tile.one_of("kind", tile.text("kind"), list(TILES))
    found: dict[str, object] = {"kind": kind}
    if not kind:
        return found
    required, optional = TILES[kind]
    for key in (*required, *_COMMON, *optional):
        if key in tile or key in required:
            found[key] = _value(draft, tile, key)
        else:
            tile.asked.append(key)
    choices = _ONE_OF.get(kind, ())
    if choices and not any(key in tile for key in choices):
        tile.problem("pack.key_missing", found=" | ".join(choices), paste=f'{choices[0]} = ""')
    tile.done()
    return found


def _value(draft: Draft, tile: Section, key: str) -> object:
    if key in {"text", "title", "note"}:
        return tile.name_text(key)
    if key == "columns":
        return tile.words(key)
    if key in {"year", "limit"}:
        return tile.integer(key)
    if key in _REFERENCES:
        return _reference(draft, tile, key)
    found = tile.text(key)
    if key == "division":
        draft.check_code(DIVISIONS, found, tile.place(key), _DIVISION)
    elif key == "width":
        tile.one_of(key, found, ("full", "half", "third"))
    return found


def _reference(draft: Draft, tile: Section, key: str) -> str:
    """The full name ``pack.id``; plans and indicators go by their own id."""
    found = tile.text(key)
    if not found.strip():
        return found
    if key == "codes" and nearest(found, ["indicator"]) == found:
        return f"{draft.id}.indicator"
    thing = draft.find(_REFERENCES[key], found, tile.place(key))
    if thing is None:
        return found
    return str(thing.id) if key in {"plan", "indicator"} else f"{thing.pack}.{thing.id}"
