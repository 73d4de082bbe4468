"""The Django application that carries the desk's templates."""

from __future__ import annotations

from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "qiantang.doors.desk"
    label = "desk"
