"""Runs of a cell's text that look otherwise than the rest: raised, lowered or struck out.

Readers join all runs: ``1000`` with a raised ``1)`` comes as ``10001)``, a name that was struck out
before the one that replaces it. Here raised and lowered characters become Unicode's own (``m²``,
``1000¹⁾``), so that no figure takes them for digits; a mark of a note behind words is left out, and
so is what was struck out (ECMA-376 part 1, 18.4.6 ``rPr`` with ``vertAlign`` and ``strike``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from lxml import etree

RAISED: Final = str.maketrans("0123456789+-=()（）ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾⁽⁾ⁿⁱ")
LOWERED: Final = str.maketrans("0123456789+-=()（）", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎₍₎")
_NOTE: Final = re.compile(r"注?\d{1,2}[)）]|[(（\[【]注?\d{1,2}[)）\]】]|注\d{0,2}|[①-⑳*＊†‡§]+")
"""A raised run that can be nothing but the mark of a note."""
_DIGITS: Final = re.compile(r"\d{1,2}(?:[,，、]\d{1,2})*")
_POWERED: Final = re.compile(r"[A-Za-zµμΩ\d)）米里尺寸⁰-ₜ²³¹]$")
"""What raised digits may be the power of: a unit, a figure, a bracket."""


@dataclass(frozen=True, slots=True)
class Runs:
    """A cell's text with its runs told apart. ``note``: the mark that was left out; ``struck``:
    what was left out as struck out; ``cancelled``: all of it is struck out, and stands."""

    text: str
    note: str = ""
    struck: str = ""
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    place: str = ""
    struck: bool = False


def marked(xml: bytes) -> bool:
    """Whether there may be such runs in a piece of XML."""
    return b"vertAlign" in xml or b"strike" in xml


def runs_of(item: bytes, prefix: bytes = b"") -> Runs | None:
    """The runs of one ``si`` or ``is`` element; None where all of them look alike."""
    if not marked(item):
        return None
    space = b' xmlns:%s="x"' % prefix.rstrip(b":") if prefix else b""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(b"<x" + space + b">" + item + b"</x>", parser)
    runs = list(_runs(root)) if root is not None else []
    if not any(run.place or run.struck for run in runs):
        return None
    return _told(runs)


def struck_styles(tree: etree._Element) -> frozenset[int]:
    """The cell styles of ``styles.xml`` that strike out the whole cell."""
    fonts = [_on(font, "strike") for fonts in tree.iter("{*}fonts") for font in fonts]
    return frozenset(
        index
        for styles in tree.iter("{*}cellXfs")
        for index, style in enumerate(styles.iter("{*}xf"))
        if (at := int(style.get("fontId", "0"))) < len(fonts) and fonts[at]
    )


def shared_runs(chunks: Iterable[bytes]) -> dict[int, Runs]:
    """Number of a shared string -> its runs, of ``sharedStrings.xml``; plain ones are left out."""
    found: dict[int, Runs] = {}
    pending, number, prefix = b"", 0, b""
    close, empty = b"", re.compile(b"")
    for chunk in chunks:
        pending += chunk
        if not close:
            named = re.search(rb"<(\w+:)?sst\b", pending[:4096])
            prefix = (named[1] or b"") if named else b""
            close = b"</" + prefix + b"si>"
            empty = re.compile(b"<" + prefix + rb"si\s*/>")
        end = pending.rfind(close) + len(close)
        if end < len(close):
            continue
        items, pending = pending[:end], pending[end:]
        if marked(items):
            told = re.split(b"(?:" + close + b"|" + empty.pattern + b")", items)[:-1]
            for at, item in enumerate(told):
                # What stands before the first one is the head of the part.
                own = item[max(item.find(b"<" + prefix + b"si"), 0) :]
                runs = runs_of(own + close, prefix)
                if runs:
                    found[number + at] = runs
            number += len(told)
        else:
            number += items.count(close) + len(empty.findall(items))
    return found


def _runs(root: etree._Element) -> Iterator[_Run]:
    """The runs in their order; readings aids (``rPh``) are no part of the text."""
    for item in root:
        for part in item:
            kind = etree.QName(part).localname
            if kind == "t":
                yield _Run(part.text or "")
            elif kind == "r":
                text = "".join(t.text or "" for t in part.iter("{*}t"))
                places = [str(p.get("val", "")) for p in part.iter("{*}vertAlign")]
                yield _Run(
                    text, places[0].removesuffix("script") if places else "", _on(part, "strike")
                )


def _on(element: etree._Element, name: str) -> bool:
    return any(e.get("val", "1") not in ("0", "false") for e in element.iter(f"{{*}}{name}"))


def _told(runs: list[_Run]) -> Runs:
    struck = "".join(run.text for run in runs if run.struck)
    kept = [run for run in runs if not run.struck]
    if struck.strip() and not "".join(run.text for run in kept).strip():
        return Runs("".join(run.text for run in runs), cancelled=True)
    text = note = ""
    for run in kept:
        if run.place == "super" and _is_note(run.text.strip(), text):
            note += run.text.strip()
        else:
            text += run.text.translate(_PLACES.get(run.place, {}))
    return Runs(text, note, struck)


_PLACES: Final = {"super": RAISED, "sub": LOWERED}


def _is_note(raised: str, before: str) -> bool:
    """Whether what is raised marks a note. Behind a figure that is not certain (10 with a raised 5
    is a power), so that it stays, and the figure is refused."""
    led = before.rstrip()
    if not led or led[-1].isdecimal():
        return False
    if _NOTE.fullmatch(raised):
        return True
    return _DIGITS.fullmatch(raised) is not None and not _POWERED.search(led)
