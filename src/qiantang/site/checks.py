"""Start-up checks: what would go wrong later is said at once, with an id and the way out."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

_LOW_DISK: Final = 200 * 1024 * 1024


@register()
def zone_is_named(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """site.W001: no zone."""
    if settings.QIANTANG_ZONE:
        return []
    return [
        Warning(
            "没有指定示范区目录，数据不会保存。No zone is named; nothing will be kept.",
            hint="设置 QIANTANG_ZONE，或使用 qiantang --zone。Set QIANTANG_ZONE or use --zone.",
            id="site.W001",
        )
    ]


@register()
def secret_is_private(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """site.W002: others can read the signing key."""
    key = Path(settings.QIANTANG_ZONE) / "secret.key"
    if not settings.QIANTANG_ZONE or not key.exists():
        return []
    if stat.S_IMODE(key.stat().st_mode) & 0o077 == 0:
        return []
    return [
        Warning(
            "secret.key 可被他人读取。secret.key can be read by others.",
            hint=f"chmod 600 {key}",
            id="site.W002",
        )
    ]


@register()
def lake_is_writable(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """site.E003: the lake cannot be written."""
    lake = Path(settings.QIANTANG_LAKE)
    if not settings.QIANTANG_ZONE or os.access(lake, os.W_OK):
        return []
    return [
        Error(
            f"数据湖目录不可写：{lake}。The lake cannot be written: {lake}.",
            hint="检查目录权限。Check the folder's permissions.",
            id="site.E003",
        )
    ]


@register()
def disk_has_room(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """site.W004: little room on the disk."""
    if not settings.QIANTANG_ZONE:
        return []
    free = shutil.disk_usage(settings.QIANTANG_ZONE).free
    if free >= _LOW_DISK:
        return []
    return [
        Warning(
            f"磁盘剩余 {free // 2**20} MB。Only {free // 2**20} MB of disk are left.",
            hint="清理磁盘或迁移示范区目录。Free some space or move the zone.",
            id="site.W004",
        )
    ]


@register()
def debug_stays_home(app_configs: Sequence[Any] | None, **kwargs: Any) -> list[CheckMessage]:
    """site.W005: tracebacks would be shown to the network."""
    local = {"localhost", "127.0.0.1", "[::1]", "testserver"}
    if not settings.DEBUG or set(settings.ALLOWED_HOSTS) <= local:
        return []
    return [
        Warning(
            "调试模式向外部主机开放。Debug mode is open to other hosts.",
            hint="去掉 QIANTANG_DEBUG=1。Unset QIANTANG_DEBUG.",
            id="site.W005",
        )
    ]
