"""The Django app of the composition root: registers the start-up checks."""

from __future__ import annotations

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "qiantang.site"
    label = "site"

    def ready(self) -> None:
        from qiantang.site import checks  # noqa: F401
