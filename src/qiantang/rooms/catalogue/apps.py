"""The Django app of the catalogue."""

from __future__ import annotations

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "qiantang.rooms.catalogue"
    label = "catalogue"
    verbose_name = "信息资源目录 Catalogue"
    default_auto_field = "django.db.models.BigAutoField"
