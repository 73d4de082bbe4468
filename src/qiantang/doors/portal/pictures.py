"""Charts to take away: the specification itself, or the picture that the server draws of it.

A picture is drawn once for each content and kept in the zone's folder under the hash of what it
shows, so that asking again starts no process; the hash is its ETag too. Few are drawn at a time,
others wait a little and are then told to come back.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response

from qiantang.doors.charts import Spec, bundle_name, render_png, render_svg
from qiantang.doors.portal.errors import NoSuchPage, PicturesBusy
from qiantang.doors.portal.language import language_of

FORMS: Final = {"json": "application/json", "svg": "image/svg+xml", "png": "image/png"}
AT_ONCE: Final = 1
PATIENCE: Final = 5.0
"""Seconds that a request waits for its turn to draw."""
KEPT: Final = 400
"""Pictures kept; the oldest go first."""
_turns: Final = threading.BoundedSemaphore(AT_ONCE)


def chart_answer(request: HttpRequest, spec: Spec, form: str, name: str) -> HttpResponse:
    """``spec`` as JSON for the page, as SVG or as PNG to keep. Raises `NoSuchPage` for another
    form, `PicturesBusy`, `ChartNotDrawn`, `ChartTimedOut`."""
    if form == "json":
        return JsonResponse(spec)
    if form not in FORMS:
        raise NoSuchPage(found=request.path)
    key = _key(spec, form)
    etag = f'"{key}"'
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return known
    response = HttpResponse(_picture(spec, form, key), content_type=FORMS[form])
    file = f"{name}-{language_of(request)}.{form}"
    response.headers["Content-Disposition"] = f'attachment; filename="{file}"'
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "no-cache"
    return response


def _key(spec: Spec, form: str) -> str:
    """What decides how the picture looks: the specification, and the library that draws it."""
    said = json.dumps(spec, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{bundle_name()}\n{form}\n{said}".encode()).hexdigest()[:40]


def _picture(spec: Spec, form: str, key: str) -> bytes:
    path = Path(settings.QIANTANG_STATIC) / "pictures" / f"{key}.{form}"
    found = _kept(path)
    if found is not None:
        return found
    with _turn():
        found = _kept(path)
        if found is not None:
            return found
        drawn = render_png(spec) if form == "png" else render_svg(spec).encode()
    _keep(path, drawn)
    return drawn


def _kept(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=PATIENCE):
        raise PicturesBusy()
    try:
        yield
    finally:
        _turns.release()


def _keep(path: Path, drawn: bytes) -> None:
    """Write it whole or not at all; a full disk costs only the next reader's patience."""
    draft = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(drawn)
        Path(draft).replace(path)
        _thin(path.parent)
    except OSError:
        if draft:
            Path(draft).unlink(missing_ok=True)


def _thin(folder: Path) -> None:
    found = sorted(folder.iterdir(), key=lambda p: p.stat().st_mtime)
    for old in found[: max(0, len(found) - KEPT)]:
        old.unlink(missing_ok=True)
