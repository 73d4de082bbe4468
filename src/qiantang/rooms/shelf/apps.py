"""The Django app of the shelf."""

from __future__ import annotations

from django.apps import AppConfig


class ShelfConfig(AppConfig):
    name = "qiantang.rooms.shelf"
    label = "shelf"
    verbose_name = "领域包 Shelf"
    default_auto_field = "django.db.models.BigAutoField"
