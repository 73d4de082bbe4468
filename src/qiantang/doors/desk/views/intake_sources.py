"""Sources: what is fetched from where, when it is due, and the buttons that tend it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from qiantang.doors.desk.intake_words import MODES
from qiantang.doors.desk.pages import desk_page, organisation_name, say, signed_in
from qiantang.doors.portal.answers import actor_of
from qiantang.doors.portal.errors import NoSuchPage
from qiantang.doors.portal.language import language_of
from qiantang.kernel.actors import Actor, Role
from qiantang.kernel.errors import (
    Conflict,
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    TooLarge,
    Unavailable,
)
from qiantang.kernel.text import Text
from qiantang.rooms.catalogue.cycles import CHOICES, IRREGULAR, cycle_name
from qiantang.rooms.intake import selectors, services
from qiantang.rooms.intake.shapes import KIND_NAMES, SourceView
from qiantang.rooms.shelf import selectors as shelf

PARTS: Final[Mapping[str, tuple[tuple[str, Text, Text], ...]]] = {
    "folder": (
        (
            "path",
            Text("服务器上的文件夹", "Folder on the server"),
            Text("完整路径，不能在示范区之内。", "Its full path, outside the zone."),
        ),
        ("pattern", Text("文件名样式", "Names of files"), Text("如 *.csv。", "Such as *.csv.")),
        (
            "settled",
            Text("稳定秒数", "Seconds unchanged"),
            Text(
                "文件这么久没有改动才取，默认 5 秒；写得慢的来源请加大。",
                "A file is taken once it has not changed for so long; 5 by default, more for slow "
                "writers.",
            ),
        ),
    ),
    "database": (
        ("engine", Text("数据库", "Engine"), Text("", "")),
        ("host", Text("主机", "Host"), Text("SQLite 不填。", "Not for SQLite.")),
        ("port", Text("端口", "Port"), Text("", "")),
        ("database", Text("库名", "Database"), Text("", "")),
        ("user", Text("账号", "Account"), Text("建议只读账号。", "One that may only read.")),
        ("file", Text("SQLite 文件", "SQLite file"), Text("", "")),
        ("table", Text("表或视图", "Table or view"), Text("", "")),
        (
            "watermark_column",
            Text("增量列", "Column of the watermark"),
            Text(
                "如 updated_at；整体替换不用增量列；留空则每次取全部。",
                "Such as updated_at; none to replace. Without one everything is fetched each time.",
            ),
        ),
    ),
    "http": (("url", Text("网址", "Address"), Text("http 或 https。", "http or https.")),),
    "upload": (),
}
KINDS: Final = ("http", "folder", "database", "upload")
ENGINES: Final = ("postgresql", "mysql", "sqlite")
_SHARED: Final = frozenset({"watermark_column"})
_REFUSALS: Final = (Invalid, Refused, Conflict, NotFound, TooLarge, Unavailable)


@require_safe
@signed_in
def sources(request: HttpRequest) -> HttpResponse:
    """The sources of my organisations, the overdue first."""
    found = selectors.sources(actor_of(request))
    ordered = sorted(found, key=lambda s: (not s.overdue, s.next_due))
    context = {
        "sources": [(s, cycle_name(s.every)) for s in ordered],
        "overdue": sum(s.overdue for s in found),
        "may_add": bool(_resources(actor_of(request))),
    }
    return desk_page(request, "desk/intake_sources.html", context)


@require_safe
@signed_in
def source(request: HttpRequest, id: str) -> HttpResponse:
    """One source: its settings (never its password), its runs, its buttons."""
    return _page(request, id)


def _page(
    request: HttpRequest,
    id: str,
    *,
    error: QiantangError | None = None,
    tried: Mapping[str, Any] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    found = selectors.source(actor, id)
    context = {
        "source": found,
        "owner": organisation_name(found.organisation),
        "cycle": cycle_name(found.every),
        "mode": MODES[found.mode],
        "settings": _settings(found),
        "runs": selectors.runs(actor, source=id, size=10).items,
        "said": (found.error or {}).get("messages"),
        "waits": (found.error or {}).get("found", "") if found.waits else "",
        "tried": tried,
        "problem": error.problem(language_of(request)) if error else None,
    }
    status = error.status if error else 200
    return desk_page(request, "desk/intake_source.html", context, status=status)


def _settings(found: SourceView) -> list[tuple[Text, Any]]:
    labels = {name: label for name, label, _ in PARTS.get(found.kind, ())}
    config = {k: f"{v:g}" if isinstance(v, float) else v for k, v in found.config.items()}
    return [(labels.get(k, Text(k, k)), v) for k, v in config.items()]


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Add a source; a password goes straight to the zone's credentials and is never shown."""
    if request.method != "POST":
        return _form(request)
    try:
        made = _add(request)
    except _REFUSALS as error:
        return _form(request, error)
    say(request, Text("来源已添加，请先测试连接。", "The source is added; test it first."))
    return redirect("desk:source", id=made.id)


def _add(request: HttpRequest) -> SourceView:
    given, actor = request.POST, actor_of(request)
    kind, id = given.get("kind", ""), given.get("id", "").strip()
    return services.add_source(
        actor,
        id,
        kind,
        given.get("resource", ""),
        _settings_given(given, kind),
        credential=given.get("credential", "").strip(),
        password=given.get("password", ""),
        mode=given.get("mode") or None,
        every=given.get("every", "").strip(),
        watermark_column=given.get("database-watermark_column", "").strip(),
        division=given.get("division", "").strip(),
    )


def _settings_given(given: Mapping[str, str], kind: str) -> dict[str, str | None]:
    """The settings of a kind as the form has them; None for an empty one."""
    named = [name for name, _, _ in PARTS.get(kind, ()) if name not in _SHARED]
    return {name: given.get(f"{kind}-{name}", "").strip() or None for name in named}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, id: str) -> HttpResponse:
    """Change what a source is told; whose it is stays."""
    actor = actor_of(request)
    found = selectors.source(actor, id)
    if request.method != "POST":
        return _form(request, changing=found)
    try:
        services.change_source(actor, id, _changed(request.POST, found))
    except _REFUSALS as error:
        return _form(request, error, changing=found)
    services.wake()
    say(request, Text("设置已更改，请测试连接。", "The settings are changed; test them."))
    return redirect("desk:source", id=id)


def _changed(given: Mapping[str, str], found: SourceView) -> services.SourceChange:
    """What the form says otherwise; an empty credential or password leaves the one that is kept."""
    told = _settings_given(given, found.kind)
    known = {name: str(value) for name, value in found.config.items()}
    return services.SourceChange(
        config={n: v for n, v in told.items() if v != known.get(n)} or None,
        credential=given.get("credential", "").strip() or None,
        password=given.get("password", ""),
        mode=given.get("mode") or None,
        every=given.get("every", "").strip(),
        watermark_column=given.get("database-watermark_column", "").strip(),
    )


def _as_given(found: SourceView) -> dict[str, Any]:
    """A source as its form would have said it."""
    named = ("id", "kind", "resource", "division", "mode", "every")
    parts = {f"{found.kind}-{name}": str(value) for name, value in found.config.items()}
    mark = {"database-watermark_column": found.watermark_column}
    return {**{name: getattr(found, name) for name in named}, **parts, **mark}


def _form(
    request: HttpRequest, error: QiantangError | None = None, changing: SourceView | None = None
) -> HttpResponse:
    given: dict[str, Any] = {k: v for k, v in request.POST.items() if k != "password"}
    if changing is not None:
        given = {**_as_given(changing), **given, "kind": changing.kind}
    kind = given.get("kind") or request.GET.get("kind", "")
    kind = kind if kind in KINDS else KINDS[0]
    context = {
        "changing": changing,
        "kinds": [(k, KIND_NAMES[k]) for k in KINDS],
        "kind": kind,
        "parts": [
            (f"{kind}-{n}", n, label, hint, given.get(f"{kind}-{n}", ""))
            for n, label, hint in PARTS[kind]
        ],
        "engines": ENGINES,
        "cycles": [(id, cycle_name(id)) for id in CHOICES if id != IRREGULAR],
        "modes": [(id, name) for id, (name, _) in MODES.items()],
        "resources": _resources(actor_of(request)),
        "resource": given.get("resource") or request.GET.get("resource", ""),
        "given": given,
        "problem": error.problem(language_of(request)) if error else None,
    }
    status = error.status if error else 200
    return desk_page(request, "desk/intake_source_form.html", context, status=status)


def _resources(actor: Actor) -> list[tuple[str, Text]]:
    """Those that the person may keep sources for: as an officer, or as the zone's administrator."""
    if actor.has(Role.ADMINISTRATOR, ""):
        return [(id, r.name) for id, r in shelf.resources().items()]
    return [(d.resource, d.name) for d in selectors.deliverables(actor)]


@require_POST
@signed_in
def act(request: HttpRequest, id: str, verb: str) -> HttpResponse:
    """Test, fetch now, pause, go on, remove."""
    actor = actor_of(request)
    try:
        if verb == "test":
            return _page(request, id, tried=services.test_source(actor, id))
        if verb not in _ACTS:
            raise NoSuchPage(found=request.path)
        done, said = _ACTS[verb]
        done(actor, id)
    except _REFUSALS as error:
        return _page(request, id, error=error)
    say(request, said)
    if verb == "remove":
        return redirect("desk:sources")
    services.wake()
    return redirect("desk:source", id=id)


_ACTS: Final[Mapping[str, tuple[Callable[[Actor, str], Any], Text]]] = {
    "fetch": (
        services.ask_fetch,
        Text("已安排立即取数，结果会列在下方。", "Asked to fetch now; what comes shows below."),
    ),
    "pause": (
        services.pause_source,
        Text("已暂停，不再按期取数。", "Paused; nothing is fetched by schedule."),
    ),
    "resume": (
        lambda actor, key: services.pause_source(actor, key, paused=False),
        Text("已恢复按期取数。", "Goes on fetching by schedule."),
    ),
    "remove": (
        services.remove_source,
        Text("来源已移除；以往的运行仍可查。", "The source is removed; its runs stay."),
    ),
}
