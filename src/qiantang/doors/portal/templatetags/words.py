"""Template words: ``{% t "中文" "English" %}``, figures, dates, verdict lights and icons.

Everything reads the page's language from ``lang`` in the context (see ``answers.render_page``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from qiantang.doors.charts import bundle_name
from qiantang.doors.portal import figures, names
from qiantang.kernel.notes import twin_note
from qiantang.kernel.periods import BadPeriod, Period
from qiantang.kernel.text import Text

register = template.Library()


def _lang(context: Context) -> str:
    return str(context.get("lang", "zh"))


@register.simple_tag(takes_context=True)
def t(context: Context, zh: str, en: str, **fields: object) -> str:
    """The sentence in the page's language, ``{field}`` replaced; escaped on output."""
    said = Text(zh=zh, en=en)
    return (said.format(**fields) if fields else said).in_(_lang(context))


@register.filter
def in_lang(value: object, lang: str) -> str:
    """A `Text`, a period or a ``{zh, en}`` mapping in one language."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.in_(lang)
    if isinstance(value, Period):
        return value.as_text().in_(lang)
    if isinstance(value, Mapping):
        return str(value.get("en" if lang == "en" else "zh") or value.get("zh") or "")
    return str(value)


@register.filter
def num(value: object, places: int | None = None) -> str:
    return figures.number(value, places)


@register.filter
def points(value: object, places: int = 1) -> str:
    """A score with the same number of decimals in every row; a dash where there is none."""
    return (
        "—"
        if value is None or value == ""
        else f"{float(str(value)):,.{places}f}".replace("-", figures.MINUS)
    )


@register.filter
def signed_points(value: object, places: int = 1) -> str:
    """A difference of scores: its sign, and the same number of decimals in every row."""
    text = points(value, places)
    return text if text.startswith(("—", figures.MINUS)) else f"+{text}"


@register.filter
def signed(value: object, places: int | None = None) -> str:
    return figures.signed(value, places)


@register.filter
def percent(value: object, places: int = 1) -> str:
    return figures.percent(value, places)


@register.filter
def unit(symbol: str, lang: str) -> str:
    return figures.unit_name(symbol or "", lang)


@register.filter
def day(value: date | datetime | None, lang: str) -> str:
    return figures.day(value, lang)


@register.filter
def moment(value: datetime | None, lang: str) -> str:
    return figures.moment(value, lang)


@register.simple_tag(takes_context=True)
def quantity(context: Context, value: object, symbol: str) -> str:
    """Figure and unit in running text."""
    return figures.quantity(value, symbol, _lang(context))


@register.simple_tag(takes_context=True)
def name(context: Context, group: str, value: object) -> str:
    """The word for a value of a closed list: ``{% name "kind" observation.kind %}``."""
    return names.name_of(group, str(value)).in_(_lang(context))


@register.simple_tag
def icon(id: str, css: str = "icon") -> SafeString:
    """A drawing from our sheet of icons; never the only bearer of a meaning."""
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        css,
        static("portal/icons.svg"),
        id,
    )


@register.inclusion_tag("portal/parts/light.html", takes_context=True)
def light(context: Context, verdict: str, size: str = "") -> dict[str, Any]:
    """A verdict's light: icon, colour and word together."""
    from qiantang.engine.targets import VERDICT_NAMES, VERDICT_TONE

    said = VERDICT_NAMES.get(verdict)  # type: ignore[call-overload]
    return {
        "lang": _lang(context),
        "name": said.in_(_lang(context)) if said else verdict,
        "tone": VERDICT_TONE.get(verdict, "unknown"),  # type: ignore[call-overload]
        "icon_id": names.ICONS.get(verdict, "question"),
        "size": size,
    }


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: object) -> str:
    """The present query with some parameters changed; empty values are left out."""
    query = context["request"].GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value not in (None, ""):
            query[key] = str(value)
    query.pop("format", None)
    query.pop("lang", None)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def period(value: object, lang: str) -> str:
    """A period in its written form (``2019-01/2019-09``) as a reader says it."""
    if not value:
        return ""
    try:
        return Period.parse(str(value)).as_text().in_(lang)
    except BadPeriod:
        return str(value)


@register.filter
def iso_day(value: object, lang: str) -> str:
    """An ISO day of the JSON form as a reader says it."""
    try:
        return figures.day(date.fromisoformat(str(value)[:10]), lang) if value else ""
    except ValueError:
        return str(value)


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """``mapping[key]``, or the key itself."""
    return mapping.get(key, key)


@register.filter
def web_address(value: object) -> str:
    """An address that may stand in a link: http and https only, else nothing."""
    text = str(value or "").strip()
    return text if text.startswith(("http://", "https://")) else ""


@register.filter
def note(value: object, lang: str) -> str:
    """A note written ``中文 (English)`` in one language; any other note as it is."""
    return twin_note(str(value or "")).in_(lang)


@register.filter
def as_form(address: str, form: str) -> str:
    """The address of a chart's specification turned into that of its picture."""
    path, mark, query = address.partition("?")
    return f"{path.removesuffix('.json')}.{form}{mark}{query}"


@register.filter
def at(items: Sequence[Any], place: int) -> Any:
    return items[place]


@register.simple_tag
def charts_script() -> str:
    """The address of the script that draws charts; it changes with its content."""
    return reverse("portal:charts_script", args=[bundle_name()])


@register.filter
def percent_signed(share: object, places: int = 1) -> str:
    """A change as a percentage with its sign: ``0.05`` -> ``+5%``."""
    text = figures.percent(share, places)
    return text if not text or text.startswith((figures.MINUS, "0%")) else f"+{text}"


@register.simple_tag(takes_context=True)
def amount(context: Context, value: object, symbol: str, *, signed: bool = False) -> SafeString:
    """A figure and its unit set apart: **6,228.9** 亿元， **622.89** billion yuan."""
    before, figure, after = figures.parts(value, symbol or "", _lang(context), signed=signed)
    return format_html(
        '<span class="amount">{}<span class="fig">{}</span>{}</span>',
        format_html('<span class="unit">{}</span>', before) if before else "",
        figure,
        format_html('<span class="unit">{}</span>', after) if after else "",
    )
