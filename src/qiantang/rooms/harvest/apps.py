"""The Django app of the harvest room."""

from __future__ import annotations

from django.apps import AppConfig


class HarvestConfig(AppConfig):
    name = "qiantang.rooms.harvest"
    label = "harvest"
    verbose_name = "目录汇聚 Harvest"
    default_auto_field = "django.db.models.BigAutoField"
