"""The Django app of the people room."""

from __future__ import annotations

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "qiantang.rooms.people"
    label = "people"
    verbose_name = "人员与机构 People"
    default_auto_field = "django.db.models.BigAutoField"
