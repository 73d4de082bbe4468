"""What is refused before a byte of an upload reaches the disk."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.checks import run_checks
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.test import Client, RequestFactory

from qiantang.kernel.actors import ANONYMOUS, SYSTEM, Actor, Grant, Role
from qiantang.kernel.text import Text

READER = Actor("user:7", Text("丁", "Ding"), frozenset({Grant(Role.AUDITOR, "")}))


def sent(actor: Actor | None, size: int = 100) -> Any:
    file = SimpleUploadedFile("rows.csv", b"x" * size)
    request = RequestFactory().post("/desk/", {"mode": "append", "file": file})
    if actor is not None:
        request.actor = actor  # type: ignore[attr-defined]
    return request


def test_people_who_are_signed_in_send_files() -> None:
    request = sent(SYSTEM)
    assert request.FILES["file"].size == 100
    assert request.POST["mode"] == "append"


def test_a_large_file_waits_in_the_spool(settings: Any, tmp_path: Path) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "spool" / "arriving")
    file = sent(SYSTEM, settings.FILE_UPLOAD_MAX_MEMORY_SIZE + 1).FILES["file"]
    waiting = Path(file.temporary_file_path())
    assert waiting.parent == tmp_path / "spool" / "arriving"
    assert waiting.parent.stat().st_mode & 0o777 == 0o700
    file.close()
    assert not waiting.exists()


def test_the_spool_is_the_zones() -> None:
    assert str(settings.QIANTANG_SPOOL / "arriving") == settings.FILE_UPLOAD_TEMP_DIR


def test_the_checks_do_not_ask_for_the_folder_before_a_file_comes(
    settings: Any, tmp_path: Path
) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path / "spool" / "arriving")
    found = [e for e in run_checks() if e.is_serious() and not e.is_silenced()]
    assert "files.E001" not in [e.id for e in found]


@pytest.mark.parametrize("actor", [None, ANONYMOUS, READER])
def test_the_public_and_people_without_the_role_send_no_file(actor: Actor | None) -> None:
    request = sent(actor)
    assert not request.FILES
    assert request.POST["mode"] == "append"


def test_no_file_is_larger_than_a_delivery_may_be(settings: Any) -> None:
    settings.QIANTANG_INTAKE_LARGEST = 1000
    assert sent(SYSTEM, 2**20 - 2000).FILES
    assert not sent(SYSTEM, 2**20 + 2000).FILES


@pytest.mark.django_db
def test_a_form_without_sign_in_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def written(*_: Any, **__: Any) -> None:
        raise AssertionError("a file of the public was taken")

    for handler in (MemoryFileUploadHandler, TemporaryFileUploadHandler):
        monkeypatch.setattr(handler, "new_file", written)
    client = Client(enforce_csrf_checks=True)
    client.get("/desk/sign-in/")
    client.cookies["qiantang_csrf"] = "a" * 32
    for path in ("/desk/sign-in/", "/api/3/action/package_list"):
        answer = client.post(path, {"file": SimpleUploadedFile("x.csv", b"x" * 100)})
        assert answer.status_code < 500
