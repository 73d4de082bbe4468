"""The arguments of an action: from the address, a form or JSON, as CKAN takes them.

A name that is repeated in an address or a form is a list, as CKAN has it. Whatever cannot be text
anywhere further in (NUL, halves of characters) is refused here.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, QueryDict

from qiantang.doors.protocols.errors import BodyUnreadable
from qiantang.kernel.text import Text
from qiantang.standards.errors import ArgumentWrong


def arguments(request: HttpRequest) -> dict[str, Any]:
    """The arguments by name. ``callback`` of a POST says nothing, as with CKAN. Raises
    `ArgumentWrong`, `BodyUnreadable`."""
    given = _named(request.GET)
    if request.method == "POST":
        given |= _posted(request)
        given.pop("callback", None)
    for name, value in given.items():
        if not (_is_plain(name) and _is_plain(value)):
            found = json.dumps(value)[:40] if _is_plain(name) else ""
            said = json.dumps(name).strip('"')[:40]
            raise ArgumentWrong(parameter=said, found=found, expected="text")
    if "callback" in given:
        # A script of somebody else's making under our own address would go round the pages' policy
        # on scripts; readers elsewhere need none, as every answer is open to them (CORS).
        expected = Text("不带 callback，以 CORS 读取", "without a callback, read by CORS")
        raise ArgumentWrong(parameter="callback", found="JSONP", expected=expected)
    return given


def _named(said: QueryDict) -> dict[str, Any]:
    """Of each name its value, or its values where there are several."""
    return {name: values[0] if len(values) == 1 else values for name, values in said.lists()}


def _posted(request: HttpRequest) -> dict[str, Any]:
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        form = _named(request.POST)
        # Older clients send JSON and call it a form: then it is the one name without a value.
        only = next(iter(form), "")
        if len(form) != 1 or not only.lstrip().startswith("{") or form[only] not in {"", "1"}:
            return form
        return _json(only)
    return _json(request.body.decode("utf-8", "replace")) if request.body else {}


def _json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BodyUnreadable(found=text[:40]) from error
    if not isinstance(found, dict):
        raise BodyUnreadable(found=text[:40])
    return {str(name): value for name, value in found.items()}


def _is_plain(value: Any) -> bool:
    """Whether every text in it can be written down."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if "\x00" in one or any("\ud800" <= letter <= "\udfff" for letter in one):
                return False
        elif isinstance(one, dict):
            waiting += [*one, *one.values()]
        elif isinstance(one, list):
            waiting += one
    return True


def text(given: Mapping[str, Any], *names: str) -> str:
    """The first of the arguments that is there. Raises `ArgumentWrong`."""
    for name in names:
        value = given.get(name)
        if isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            return str(value)
    found = given.get(names[0])
    raise ArgumentWrong(parameter=names[0], found=_short(found), expected="text")


def words(given: Mapping[str, Any], name: str) -> str:
    """A text that may be missing: then it is empty. Raises `ArgumentWrong`."""
    said = given.get(name)
    if said is None or isinstance(said, str):
        return said or ""
    raise ArgumentWrong(parameter=name, found=_short(said), expected="text")


def whole(given: Mapping[str, Any], name: str, standard: int, most: int) -> int:
    """A whole number from 0, at most ``most``. Raises `ArgumentWrong`."""
    value = given.get(name)
    said = str(standard if value is None or value == "" else value)
    if not said.isascii() or not said.isdigit() or len(said) > 12:
        raise ArgumentWrong(parameter=name, found=said[:40], expected="0, 1, 2 ...")
    return min(int(said), most)


def yes(given: Mapping[str, Any], name: str, *, standard: bool = False) -> bool:
    """Whether it is wanted, in CKAN's words for it."""
    said = given.get(name)
    if said is None or said == "":
        return standard
    return str(said).strip().lower() in {"true", "1", "yes", "y", "t", "on"}


def several(given: Mapping[str, Any], name: str, *, commas: bool = False) -> tuple[str, ...]:
    """Texts: a list, one written as JSON, or a single one (``commas``: parted by them). Raises
    `ArgumentWrong`."""
    said = given.get(name)
    if said is None:
        return ()
    if isinstance(said, str):
        said = _parted(said, commas=commas)
    if not isinstance(said, list) or not all(isinstance(each, str) for each in said):
        raise ArgumentWrong(parameter=name, found=_short(given[name]), expected='["text"]')
    return tuple(each.strip() for each in said if each.strip())


def _parted(said: str, *, commas: bool) -> Any:
    if not said.lstrip().startswith("["):
        return said.split(",") if commas else [said]
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return [said]


def _short(found: Any) -> str:
    return "" if found is None else str(found)[:40]
