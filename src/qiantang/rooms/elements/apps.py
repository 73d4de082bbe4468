"""The Django app of the data-element room."""

from __future__ import annotations

from django.apps import AppConfig


class ElementsConfig(AppConfig):
    name = "qiantang.rooms.elements"
    label = "elements"
    verbose_name = "数据元 Data elements"
    default_auto_field = "django.db.models.BigAutoField"
