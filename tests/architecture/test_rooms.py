"""Rules of rooms that import contracts cannot see."""

from __future__ import annotations

import ast
import configparser
from pathlib import Path

import pytest

SRC = Path(__file__).resolve().parents[2] / "src" / "qiantang"
ROOMS = sorted(p.name for p in (SRC / "rooms").iterdir() if (p / "models.py").exists())


def test_every_room_has_its_models_contract() -> None:
    """A room's models are protected by a contract of their own."""
    config = configparser.ConfigParser()
    config.read(SRC.parents[1] / ".importlinter", encoding="utf-8")
    protected = {s.split("models-")[1] for s in config.sections() if "models-" in s}
    assert protected == set(ROOMS)


@pytest.mark.parametrize("room", ROOMS)
def test_room_says_what_it_is(room: str) -> None:
    readme = SRC / "rooms" / room / "README.md"
    assert readme.exists()
    assert len(readme.read_text(encoding="utf-8").split()) > 40


@pytest.mark.parametrize("room", ROOMS)
def test_no_signals_and_no_climbing_relations(room: str) -> None:
    """Foreign keys to other rooms are strings with related_name="+"; nothing listens to signals."""
    for path in (SRC / "rooms" / room).glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in {"django.db.models.signals", "django.dispatch"}, path
            if isinstance(node, ast.Call) and _is_relation(node) and _foreign(node, room):
                names = {k.arg: k.value for k in node.keywords}
                related = names.get("related_name")
                assert isinstance(related, ast.Constant), f"{path}:{node.lineno}"
                assert related.value == "+", f"{path}:{node.lineno}"


def _is_relation(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    return name in {"ForeignKey", "OneToOneField", "ManyToManyField"}


def _foreign(node: ast.Call, room: str) -> bool:
    target = node.args[0] if node.args else None
    if not isinstance(target, ast.Constant):
        return False
    return "." in str(target.value) and not str(target.value).startswith(f"{room}.")


def test_doors_and_other_rooms_never_touch_a_rooms_objects() -> None:
    """Only the owning room speaks to the ORM."""
    for path in (SRC / "doors").rglob("*.py"):
        if "tests" in path.parts:
            continue
        assert ".objects." not in path.read_text(encoding="utf-8"), path
