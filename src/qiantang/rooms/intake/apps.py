"""The Django app of the intake room."""

from __future__ import annotations

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "qiantang.rooms.intake"
    label = "intake"
    verbose_name = "数据汇入 Intake"
    default_auto_field = "django.db.models.BigAutoField"
