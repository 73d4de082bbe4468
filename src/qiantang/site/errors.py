"""What can be wrong with a zone's folder or with starting the server."""

from __future__ import annotations

from qiantang.kernel.errors import Conflict, Invalid, NotFound, Unavailable
from qiantang.kernel.text import Text


class NotAZone(NotFound):
    code = "site.not_a_zone"
    title = Text(zh="不是示范区目录", en="Not a zone")
    detail = Text(zh="“{found}”不是示范区目录。", en='"{found}" is not the folder of a zone.')
    hint = Text(
        zh="请用 qiantang init {found} 新建，或用 --zone 指定已有目录。",
        en="Make one with: qiantang init {found}, or name an existing one with --zone.",
    )


class FolderTaken(Conflict):
    code = "site.folder_taken"
    title = Text(zh="目录不为空", en="Folder not empty")
    detail = Text(
        zh="“{found}”中已有其他文件，不能在此新建示范区。",
        en='"{found}" holds other files; a zone cannot be made there.',
    )
    hint = Text(zh="请选择一个空目录或新目录。", en="Choose an empty or a new folder.")


class NotWritable(Unavailable):
    code = "site.not_writable"
    title = Text(zh="目录不可写", en="Folder not writable")
    detail = Text(zh="无法写入“{found}”（{cause}）。", en='"{found}" cannot be written ({cause}).')
    hint = Text(
        zh="请检查目录权限和磁盘空间，或换一个目录。",
        en="Check the folder's permissions and the disk's free space, or choose another folder.",
    )


class BadZoneFile(Invalid):
    code = "site.bad_zone_file"
    title = Text(zh="zone.toml 有误", en="Malformed zone.toml")
    detail = Text(zh="zone.toml 有误：{found}", en="zone.toml is not right: {found}")
    hint = Text(zh="应为：{expected}。", en="It should be: {expected}.")


class NewerZone(Conflict):
    code = "site.newer_zone"
    title = Text(zh="示范区版本较新", en="Zone made by a newer version")
    detail = Text(
        zh="此示范区的格式版本为 {found}，本程序只支持到 {expected}。",
        en="This zone has format {found}; this program knows formats up to {expected}.",
    )
    hint = Text(zh="请升级 qiantang 后再打开。", en="Upgrade qiantang, then open it.")


class BadSetting(Invalid):
    code = "site.bad_setting"
    title = Text(zh="设置有误", en="A setting is not right")
    detail = Text(zh="环境变量 {name} 的值“{found}”有误。", en='{name} is set to "{found}".')
    hint = Text(zh="应为 0 或正整数。", en="It should be 0 or a whole number above it.")


class BadDatabaseUrl(Invalid):
    code = "site.bad_database_url"
    title = Text(zh="数据库地址有误", en="Malformed database address")
    detail = Text(
        zh="QIANTANG_DATABASE_URL 不是有效的 PostgreSQL 地址（{found}）。",
        en="QIANTANG_DATABASE_URL is not a PostgreSQL address ({found}).",
    )
    hint = Text(
        zh="写法：postgresql://用户:口令@主机:5432/数据库名。",
        en="Write postgresql://user:password@host:5432/name.",
    )


class PortTaken(Unavailable):
    code = "site.port_taken"
    title = Text(zh="端口已被占用", en="Port in use")
    detail = Text(
        zh="{address} 的端口 {found} 已被其他程序占用。",
        en="Port {found} of {address} is in use by another program.",
    )
    hint = Text(
        zh="请用 --port 换一个端口，例如 {expected}。", en="Choose another with --port {expected}."
    )


class DatabaseNewer(Conflict):
    code = "site.database_newer"
    title = Text(zh="数据库版本较新", en="Database made by a newer version")
    detail = Text(
        zh="数据库中有本程序不认识的变更：{found}。",
        en="The database has changes this program does not know: {found}.",
    )
    hint = Text(zh="请升级 qiantang 后再打开。", en="Upgrade qiantang, then open it.")
