"""Every act that the rooms record has a name in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import qiantang.rooms
from qiantang.doors.desk.journal_words import ACTS
from qiantang.doors.desk.tests.conftest import SignedIn
from qiantang.doors.desk.tests.test_entries_sources_waivers import text_of
from qiantang.kernel.actors import Actor
from qiantang.rooms.upkeep.services import _PAST

ROOMS = Path(qiantang.rooms.__path__[0])


LATER = {"intake.": ("refused", "cancelled", "failed"), "upkeep.": _PAST.values()}
"""Verbs of which the code has the beginning alone, and how they end."""


def recorded() -> Iterator[str]:
    """The verbs that stand in calls of ``record``, in every room's own code."""
    for path in ROOMS.rglob("*.py"):
        if "tests" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record":
                for part in ast.walk(node.args[1]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        yield part.value


def test_no_act_is_without_a_name() -> None:
    found = set(recorded())
    assert "catalogue.entry_published" in found
    begun = {verb for verb in found if verb.endswith(".")}
    assert begun == set(LATER)
    whole = {verb for verb in found - begun if "." in verb}
    ended = {f"{verb}{end}" for verb, ends in LATER.items() for end in ends}
    assert (whole | ended) - set(ACTS) == set()


@pytest.mark.django_db
def test_the_journal_is_read_and_filtered_in_words(
    officer: Actor, zone: None, signed_in: SignedIn
) -> None:
    browser = signed_in(officer)
    page = text_of(browser.get("/desk/journal/"))
    assert "登录" in page
    assert '<option value="people.signed_in">登录</option>' in page
    page = text_of(browser.get("/desk/journal/?verb=people.signed_in&lang=en"))
    assert '<option value="people.signed_in" selected>Signed in</option>' in page
