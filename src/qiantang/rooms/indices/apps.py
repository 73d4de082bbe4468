"""The Django app of the room of indices; its reactions are registered when it is ready."""

from __future__ import annotations

from django.apps import AppConfig


class IndicesConfig(AppConfig):
    name = "qiantang.rooms.indices"
    label = "indices"
    verbose_name = "综合指数 Indices"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qiantang.rooms.indices import reactions  # noqa: F401
