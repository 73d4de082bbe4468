"""In which forms the data of an entry can be had, by one rule for index, feeds and pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Protocol

from qiantang.packkit.compiled import Personal

SERVED: Final = ("CSV", "ZIP")
"""The forms in which this platform serves rows that everybody may read."""
LONGEST: Final = 255
Field = Mapping[str, Any]


class Said(Protocol):
    """What an entry says of its data; a row of the catalogue and its view both do."""

    @property
    def pack(self) -> str: ...
    @property
    def open(self) -> bool: ...
    @property
    def origin(self) -> object: ...
    @property
    def fields(self) -> Iterable[Field]: ...
    @property
    def distributions(self) -> Iterable[Mapping[str, Any]]: ...


def harmless_fields(entry: Said) -> tuple[Any, ...]:
    """The fields whose values everybody may see: none with personal data. An entry written by hand
    has none, whatever it fulfils: only a pack's word on its fields counts for rows."""
    if not entry.pack:
        return ()
    none = Personal.NONE.value
    return tuple(f for f in entry.fields if f.get("personal", none) == none)


def serves_rows(entry: Said) -> bool:
    """Whether this platform hands out rows of it to everybody, once it is published."""
    return bool(entry.open and not entry.origin and harmless_fields(entry))


def forms_of(entry: Said) -> tuple[str, ...]:
    """File formats in capitals, each once: a harvested entry's are its upstream's."""
    if not entry.origin:
        return SERVED if serves_rows(entry) else ()
    said = (str(each.get("format") or "").strip().upper() for each in entry.distributions)
    return tuple(dict.fromkeys(form.replace("|", " ") for form in said if form))


def written(forms: Iterable[str]) -> str:
    """The forms as the index keeps them; what is too long for it is left out whole."""
    kept = ""
    for form in forms:
        longer = f"{kept}|{form}" if kept else form
        kept = longer if len(longer) <= LONGEST else kept
    return kept
