"""State of the people room: organisations, accounts, memberships, tokens, failed sign-ins."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class Organisation(models.Model):
    """A government or one of its departments.

    ``code``: a government has its division's code (``330000``), a department
    ``{division}-{department}``. ``path`` strings the ancestors together (``/330000/330100/``).
    """

    class Kind(models.TextChoices):
        GOVERNMENT = "government"
        DEPARTMENT = "department"

    code = models.CharField(max_length=60, primary_key=True)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name_zh = models.CharField(max_length=120)
    name_en = models.CharField(max_length=200)
    division = models.CharField(max_length=6, db_index=True)
    department = models.CharField(max_length=40, blank=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT)
    path = models.CharField(max_length=255, unique=True)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return f"{self.code} {self.name_zh}"


class Account(AbstractUser):
    """A person who can sign in. An account without a membership is a citizen."""

    name_zh = models.CharField(max_length=60, blank=True)
    name_en = models.CharField(max_length=120, blank=True)
    language = models.CharField(
        max_length=2, choices=[("zh", "中文"), ("en", "English")], default="zh"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    def __str__(self) -> str:
        return self.username


class Membership(models.Model):
    """A role of an account within an organisation and below; no organisation: the whole zone."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    role = models.CharField(max_length=20)
    granted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "organisation", "role"], name="people_role_once"
            ),
            models.UniqueConstraint(
                fields=["account", "role"],
                condition=Q(organisation__isnull=True),
                name="people_zone_role_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} of {self.organisation_id or 'the zone'}"


class Token(models.Model):
    """An API token. Only its SHA-256 is kept; ``prefix`` is the part that may be shown."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return self.prefix


class SignInFailure(models.Model):
    """Wrong passwords in a row for one account name from one address."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    blocked_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"
