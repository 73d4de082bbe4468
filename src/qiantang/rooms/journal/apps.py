"""The Django app of the journal."""

from __future__ import annotations

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "qiantang.rooms.journal"
    label = "journal"
    verbose_name = "审计日志 Journal"
    default_auto_field = "django.db.models.BigAutoField"
