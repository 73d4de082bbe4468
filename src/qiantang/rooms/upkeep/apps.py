"""The Django app of the upkeep room."""

from __future__ import annotations

from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "qiantang.rooms.upkeep"
    label = "upkeep"
    verbose_name = "数据湖维护 Upkeep"
    default_auto_field = "django.db.models.BigAutoField"
