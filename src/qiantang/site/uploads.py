"""What is looked at before a byte of an upload reaches the disk: who sends, and how much.

Django writes the files of a form to the spool before any view sees the request, and before the
token of the form is checked: not to the system's temporary folder, which may be small or memory,
and which holds no personal data. The API's gate asks the same questions by itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload

from qiantang.rooms.intake.policy import sends_files

_FORM = 2**20
"""Bytes that a form may have beside its file."""


class GuardedUploadHandler(FileUploadHandler):
    """Takes no file from those who send none (the public, people without the role), and none larger
    than a delivery may be: reading stops there and the view finds no file."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        self._size = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        actor = getattr(self.request, "actor", None)
        refused = actor is None or not sends_files(actor)
        if refused or self._size > int(settings.QIANTANG_INTAKE_LARGEST) + _FORM:
            raise StopUpload(connection_reset=True)
        Path(settings.FILE_UPLOAD_TEMP_DIR).mkdir(mode=0o700, parents=True, exist_ok=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
