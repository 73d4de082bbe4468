"""Template words of the catalogue: badges, marked hits, facets' links."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from qiantang.doors.portal.catalogue import words
from qiantang.doors.portal.catalogue.marking import Marks
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.attributes import FORMATS, SHARE_MODES
from qiantang.rooms.catalogue.cycles import cycle_name

register = template.Library()


def _lang(context: Context) -> str:
    return str(context.get("lang", "zh"))


@register.simple_tag(takes_context=True)
def badge(context: Context, group: str, value: object) -> SafeString:
    """The word for a value, on the ground of its tone."""
    said, tone = words.badge_of(group, str(value or "none"))
    css = f"tag tag--{tone}" if tone else "tag"
    return format_html('<span class="{}">{}</span>', css, said.in_(_lang(context)))


@register.simple_tag(takes_context=True)
def said(context: Context, group: str, value: object) -> str:
    """The word for a value of a closed list."""
    return words.word_of(group, str(value)).in_(_lang(context))


@register.simple_tag(takes_context=True)
def cycle(context: Context, cadence: object) -> str:
    """An update cycle in words."""
    return cycle_name(str(cadence or "")).in_(_lang(context))


@register.simple_tag(takes_context=True)
def file_format(context: Context, value: object) -> str:
    return (FORMATS.get(str(value)) or Text(str(value), str(value))).in_(_lang(context))


@register.simple_tag(takes_context=True)
def share_mode(context: Context, value: object) -> str:
    return (SHARE_MODES.get(str(value)) or Text(str(value), str(value))).in_(_lang(context))


@register.simple_tag
def marked(text: str, marks: Marks | None, room: int = 0) -> SafeString:
    """A text with what was looked for marked; with ``room`` cut around the first hit."""
    if marks is None:
        return format_html("{}", text if not room or len(text) <= room else f"{text[:room]}…")
    parts = marks.parts(marks.cut(text, room) if room else text)
    return format_html_join("", "{}", ((_part(piece, hit),) for piece, hit in parts))


def _part(piece: str, hit: bool) -> Any:
    return format_html("<mark>{}</mark>", piece) if hit else piece


@register.simple_tag
def share_of(part: object, whole: object) -> str:
    """``part`` of ``whole`` as a width of 100; 0 where there is nothing."""
    try:
        a, b = float(str(part)), float(str(whole))
    except ValueError:
        return "0"
    return f"{100 * a / b:.1f}" if b else "0"
