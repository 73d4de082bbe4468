"""The Django app of the indicators room; its reactions are registered when it is ready."""

from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "qiantang.rooms.indicators"
    label = "indicators"
    verbose_name = "指标 Indicators"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from qiantang.rooms.indicators import reactions  # noqa: F401
