"""The Django application that carries the portal's templates, static files and tags."""

from __future__ import annotations

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "qiantang.doors.portal"
    label = "portal"
