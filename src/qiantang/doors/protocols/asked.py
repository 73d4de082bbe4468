"""The arguments of an action: from the address, a form or JSON, all of them flat."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest

from qiantang.standards.errors import ArgumentWrong


def arguments(request: HttpRequest) -> dict[str, Any]:
    """The arguments by name; of repeated ones the last. Raises `ArgumentWrong`."""
    given: dict[str, Any] = {name: request.GET[name] for name in request.GET}
    if request.method == "POST":
        given |= _posted(request)
    for name, value in given.items():
        if "\x00" in name or (isinstance(value, str) and "\x00" in value):
            raise ArgumentWrong(parameter=name.replace("\x00", ""), found="\\0", expected="text")
    return given


def _posted(request: HttpRequest) -> dict[str, Any]:
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = {name: request.POST[name] for name in request.POST}
        # Older clients send JSON and call it a form: then it is the one name without a value.
        only = next(iter(form), "")
        if len(form) != 1 or not only.lstrip().startswith("{") or form[only]:
            return form
        return _json(only)
    return _json(request.body.decode("utf-8", "replace")) if request.body else {}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ArgumentWrong(parameter="body", found=text[:40], expected="{...}")
    return {str(name): value for name, value in found.items()}


def text(given: dict[str, Any], *names: str) -> str:
    """The first of the arguments that is there. Raises `ArgumentWrong`."""
    for name in names:
        value = given.get(name)
        if isinstance(value, str | int) and value != "":
            return str(value)
    raise ArgumentWrong(parameter=names[0], found="", expected="id")


def whole(given: dict[str, Any], name: str, standard: int, most: int) -> int:
    """A whole number from 0, at most ``most``. Raises `ArgumentWrong`."""
    said = str(given.get(name, standard) if given.get(name) is not None else standard)
    if not said.isascii() or not said.isdigit() or len(said) > 12:
        raise ArgumentWrong(parameter=name, found=said[:40], expected="0, 1, 2 ...")
    return min(int(said), most)


def yes(given: dict[str, Any], name: str) -> bool:
    return str(given.get(name, "")).strip().lower() in {"true", "1", "yes", "on"}


def several(given: dict[str, Any], name: str) -> tuple[str, ...]:
    """Texts in a list, in JSON, or with commas between. Raises `ArgumentWrong`."""
    said = given.get(name) or []
    if isinstance(said, str):
        try:
            said = json.loads(said) if said.lstrip().startswith("[") else said.split(",")
        except ValueError:
            said = None
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise ArgumentWrong(parameter=name, found=str(given[name])[:40], expected='["name"]')
    return tuple(each.strip() for each in said if each.strip())
