"""Which form an answer takes: by ``Accept``, else by the parameter ``format``.

Media types are those of SDMX REST 1.5 and 2.1. Where no version is named, the interface's own is
meant; a version may be cut short (``2``) or end in ``+`` (this one or later within its major).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from qiantang.standards.sdmx.errors import SdmxForm

_VENDOR: Final = "application/vnd.sdmx."
_PLAIN: Final = {
    "application/json": "json", "text/json": "json", "application/xml": "xml",
    "text/xml": "xml", "text/csv": "csv", "application/csv": "csv",
}  # fmt: skip
_LABELS: Final = ("id", "name", "both")
_KEYS: Final = ("none", "obs", "series", "both")


@dataclass(frozen=True, slots=True)
class Form:
    """``kind``: ``data``, ``structure`` and the kinds of 2.1's data in XML; ``base``: csv, json or
    xml; ``labels`` and ``keys``: parameters of SDMX-CSV."""

    kind: str
    base: str
    version: str
    labels: str = "id"
    keys: str = "none"

    @property
    def media(self) -> str:
        said = f"{_VENDOR}{self.kind}+{self.base};version={self.version}"
        if self.base != "csv":
            return said
        keys = f";keys={self.keys}" if self.version != "1.0.0" else ""
        return f"{said};labels={self.labels};timeFormat=original{keys}"


NEW_DATA: Final = (
    Form("data", "json", "2.0.0"),
    Form("data", "xml", "3.0.0"),
    Form("data", "csv", "2.0.0"),
)
OLD_DATA: Final = (
    Form("genericdata", "xml", "2.1"),
    Form("structurespecificdata", "xml", "2.1"),
    Form("generictimeseriesdata", "xml", "2.1"),
    Form("structurespecifictimeseriesdata", "xml", "2.1"),
    Form("data", "json", "1.0.0"),
    Form("data", "csv", "1.0.0"),
)
NEW_STRUCTURE: Final = (Form("structure", "json", "2.0.0"), Form("structure", "xml", "3.0.0"))
OLD_STRUCTURE: Final = (Form("structure", "xml", "2.1"), Form("structure", "json", "1.0.0"))


def choose(accept: str, said: str, offered: Sequence[Form]) -> Form:
    """The form that the reader likes best; the first one offered without a wish.

    ``accept``: the header; ``said``: the parameter ``format``, a media type or one of ``csv``,
    ``json``, ``xml`` and the kinds of data in XML. Raises `SdmxForm`.
    """
    if said:
        found = _named(said, offered) or _media(said.replace(" ", "+"), offered)
        if found is None:
            raise _refused(said, offered)
        return found
    wishes = sorted(_wishes(accept), key=lambda wish: -wish[0])
    for weight, media in wishes:
        if weight > 0 and (found := _media(media, offered)) is not None:
            return found
    if wishes:
        raise _refused(accept, offered)
    return offered[0]


def _refused(found: str, offered: Sequence[Form]) -> SdmxForm:
    media = "; ".join(f"{_VENDOR}{f.kind}+{f.base};version={f.version}" for f in offered)
    return SdmxForm(found=found[:120], expected=media)


def _wishes(accept: str) -> list[tuple[float, str]]:
    found: list[tuple[float, str]] = []
    for part in accept.split(",")[:20]:
        if not part.strip():
            continue
        said = re.search(r";\s*q=([0-9.]+)", part)
        try:
            weight = float(said[1]) if said else 1.0
        except ValueError:
            weight = 0.0
        found.append((weight, part.strip()))
    return found


def _named(said: str, offered: Sequence[Form]) -> Form | None:
    name = said.strip().lower().removeprefix("sdmx-").replace("jsondata", "json")
    return next((f for f in offered if name in {f.base, f.kind}), None)


def _media(said: str, offered: Sequence[Form]) -> Form | None:
    media, *rest = (part.strip() for part in said.lower().split(";"))
    given = dict(p.split("=", 1) for p in rest if "=" in p)
    if media in {"*/*", "application/*"}:
        return offered[0]
    if media == "text/*":
        return next((f for f in offered if f.base == "csv"), None)
    for form in offered:
        named = media == f"{_VENDOR}{form.kind}+{form.base}"
        if not named and _PLAIN.get(media) != form.base:
            continue
        if not named or _meant(given.get("version", ""), form.version):
            return _with(form, given)
    return None


def _with(form: Form, given: dict[str, str]) -> Form | None:
    labels, keys = given.get("labels", "id"), given.get("keys", "none")
    if form.base != "csv" or (labels, keys) == ("id", "none"):
        return form
    old = form.version == "1.0.0"
    if labels not in _LABELS or keys not in _KEYS or (old and labels == "name"):
        return None
    return Form(form.kind, form.base, form.version, labels, keys)


def _meant(said: str, version: str) -> bool:
    """Whether ``version`` is what ``said`` asks for: the same, a beginning of it, or ``2.0+``."""
    numbers = [int(part) for part in re.findall(r"\d+", said)]
    ours = [int(part) for part in version.split(".")]
    if "+" in said:
        return bool(numbers) and numbers[0] == ours[0] and numbers <= ours
    return numbers == ours[: len(numbers)] or numbers == [*ours, *[0] * (len(numbers) - len(ours))]
