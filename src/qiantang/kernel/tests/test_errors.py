"""The error tree: every class says what happened and what to do, in both languages."""

from __future__ import annotations

import importlib
import json
import re
from pathlib import Path
from string import Formatter

import pytest

import qiantang
from qiantang.kernel.errors import (
    Conflict,
    Invalid,
    NotFound,
    QiantangError,
    Refused,
    SignInRequired,
    TooLarge,
    Unavailable,
    catalogue,
)
from qiantang.kernel.places import Place
from qiantang.kernel.text import Text

FAMILIES = (
    QiantangError, Invalid, NotFound, Refused, SignInRequired, Conflict, TooLarge, Unavailable,
)  # fmt: skip
HAN = re.compile(r"[\u4e00-\u9fff]")


def _load_every_declared_error() -> dict[str, Exception]:
    """Import the kernel and each part's ``errors.py``; gives those that cannot be imported."""
    failed: dict[str, Exception] = {}
    root = Path(qiantang.__file__).parent
    for path in sorted([*root.rglob("errors.py"), *(root / "kernel").glob("[a-z]*.py")]):
        dotted = ".".join(path.relative_to(root.parent).with_suffix("").parts)
        try:
            importlib.import_module(dotted)
        except Exception as error:  # noqa: BLE001  # one broken part must not hide the others
            failed[dotted] = error
    return failed


UNREADABLE = _load_every_declared_error()
CLASSES = [kind for kind in catalogue() if kind.__module__.startswith("qiantang.")]


def _fields(kind: type[QiantangError]) -> dict[str, str]:
    texts = [t for part in (kind.detail, kind.hint) for t in (part.zh, part.en)]
    names = {name for text in texts for _, name, _, _ in Formatter().parse(text) if name}
    return {re.split(r"[.\[]", name)[0]: "1" for name in names}


def _made(kind: type[QiantangError], place: Place | None = None) -> QiantangError:
    """An instance with every field filled, whatever the class's own constructor asks for."""
    error = kind.__new__(kind)
    QiantangError.__init__(error, place=place, **_fields(kind))
    if kind.__init__ is not QiantangError.__init__:
        error.problems = ()  # type: ignore[attr-defined]
        error.comparison = None  # type: ignore[attr-defined]
    return error


def _named(kind: type[QiantangError]) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


@pytest.mark.parametrize("kind", CLASSES, ids=_named)
def test_every_error_says_what_happened_and_what_to_do_in_both_languages(
    kind: type[QiantangError],
) -> None:
    error = _made(kind, Place(file="a.csv", row=3))
    for lang in ("zh", "en"):
        title, detail, hint = (
            kind.title.in_(lang),
            error.text().in_(lang),
            kind.hint.format(**_fields(kind)).in_(lang),
        )
        assert title.strip()
        assert detail.strip()
        assert hint.strip()
        assert "{" not in detail + hint
        assert (HAN.search(title) is not None) == (lang == "zh")
        assert (HAN.search(detail) is not None) == (lang == "zh")
        assert detail in error.message(lang)
        assert hint in error.message(lang)


@pytest.mark.parametrize("kind", CLASSES, ids=_named)
def test_every_error_has_a_machine_form(kind: type[QiantangError]) -> None:
    body = _made(kind).problem("en")
    assert {"type", "title", "status", "detail", "code", "hint", "messages"} <= set(body)
    assert body["type"] == f"/errors/{kind.code}"
    assert 400 <= body["status"] < 600
    assert json.loads(json.dumps(body)) == body


@pytest.mark.parametrize("kind", CLASSES, ids=_named)
def test_chinese_and_english_speak_of_the_same_fields(kind: type[QiantangError]) -> None:
    for part in (kind.title, kind.detail, kind.hint):
        zh, en = (
            {name for _, name, _, _ in Formatter().parse(text) if name}
            for text in (part.zh, part.en)
        )
        assert zh == en


def test_every_part_that_declares_errors_can_be_imported_alone() -> None:
    assert UNREADABLE == {}


def test_no_two_errors_share_a_code() -> None:
    own = [kind for kind in CLASSES if "code" in vars(kind)]
    codes = [kind.code for kind in own]
    assert len(codes) == len(set(codes)), sorted(c for c in codes if codes.count(c) > 1)


def test_codes_are_lower_case_words_and_concrete_ones_name_their_part() -> None:
    for kind in CLASSES:
        assert re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)*", kind.code), kind
        if kind not in FAMILIES and "code" in vars(kind):
            assert "." in kind.code, kind


def test_a_place_stands_before_the_sentence() -> None:
    class Spoiled(Invalid):
        code = "kernel.test_spoiled"
        detail = Text("“{found}”坏了。", '"{found}" is spoiled.')

    error = Spoiled(place=Place(file="a.csv", row=3, column="value"), found="x")
    assert error.text().en == 'a.csv, row 3, column "value": "x" is spoiled.'
    assert error.text().zh.startswith("a.csv")
    assert error.text().zh.endswith("“x”坏了。")
    assert error.problem("zh")["place"] == {"file": "a.csv", "row": 3, "column": "value"}
    assert error.problem("zh")["found"] == "x"


def test_a_text_as_found_value_speaks_the_asked_language() -> None:
    error = NotFound(found=Text("指标", "indicator"))
    assert error.problem("en")["found"] == "indicator"
    assert error.problem("zh")["detail"] == "没有“指标”。"
    assert str(error).startswith('There is no "indicator".')


def test_only_a_missing_resource_of_the_machine_is_worth_trying_again() -> None:
    assert Unavailable.transient
    assert not any(kind.transient for kind in FAMILIES if kind is not Unavailable)


def test_the_catalogue_names_each_class_once_in_order_of_code() -> None:
    kinds = list(catalogue())
    assert len(kinds) == len(set(kinds))
    assert [k.code for k in kinds] == sorted(k.code for k in kinds)
    assert set(FAMILIES) <= set(kinds)


def test_chinese_sentences_stand_without_a_blank_between_them() -> None:
    assert "。 " not in QiantangError().message("zh")
    assert ". " in QiantangError().message("en")
