"""What can go wrong in the lake, each said in both languages with the next step."""

from __future__ import annotations

from typing import ClassVar

from qiantang.kernel.errors import Conflict, Invalid, NotFound, QiantangError, Unavailable
from qiantang.kernel.text import Text


class TableUnknown(NotFound):
    code = "lake.table_unknown"
    title = Text(zh="没有这张表", en="No such table")
    detail = Text(zh="数据湖中没有表“{found}”。", en='The lake has no table "{found}".')
    hint = Text(zh="请先建表，或检查表名。", en="Create it first, or check the name.")


class SnapshotUnknown(NotFound):
    code = "lake.snapshot_unknown"
    title = Text(zh="没有这个快照", en="No such snapshot")
    detail = Text(zh="表“{table}”没有快照 {found}。", en='Table "{table}" has no snapshot {found}.')
    hint = Text(zh="请从快照列表中选择。", en="Choose one from the list of snapshots.")


class VersionExpired(NotFound):
    code = "lake.version_expired"
    title = Text(zh="该时点的版本已清理", en="The version of that moment has expired")
    detail = Text(
        zh="表“{table}”在 {found} 的版本已按保留规则清理，此后最早可读的时点是 {expected}。",
        en='The version of table "{table}" at {found} has been removed as its retention says; '
        "the next moment that can be read is {expected}.",
    )
    hint = Text(
        zh="请选择更晚的时点；较早的日期只保留当天最后一个版本。",
        en="Choose a later moment; of earlier days only the last version is kept.",
    )


class VersionUnkept(NotFound):
    """The same of a table whose first versions went before their beginning was noted."""

    code = "lake.version_unkept"
    title = Text(zh="没有该时点的版本", en="No version of that moment is kept")
    detail = Text(
        zh="表“{table}”没有保留 {found} 的版本：已按保留规则清理，或当时还没有数据；"
        "此后最早可读的时点是 {expected}。",
        en='Table "{table}" has no version of {found}: it was removed as its retention says, or '
        "there was no data yet; the next moment that can be read is {expected}.",
    )
    hint = Text(zh="请选择更晚的时点。", en="Choose a later moment.")


class RetentionInvalid(Invalid):
    code = "lake.retention_invalid"
    title = Text(zh="保留期限无效", en="Retention not valid")
    detail = Text(zh="“{found}”不是保留期限。", en='"{found}" is not a time of retention.')
    hint = Text(
        zh="请写成 ISO 8601 时长，例如 P3Y、P18M、P90D；留空表示不限。",
        en="Write an ISO 8601 duration such as P3Y, P18M or P90D; empty means without limit.",
    )


class NameInvalid(Invalid):
    code = "lake.name_invalid"
    title = Text(zh="名称无效", en="Name not valid")
    detail = Text(zh="“{found}”不能作为名称。", en='"{found}" cannot be a name here.')
    hint = Text(
        zh="表名用小写字母、数字、点、连字符和下划线；列名不能为空或重复。",
        en="Table names: lower-case letters, digits, dot, hyphen, underscore. Column names: "
        "not empty, not twice.",
    )


class TypeUnsupported(Invalid):
    code = "lake.type_unsupported"
    title = Text(zh="不支持的数据类型", en="Type not supported")
    detail = Text(
        zh="列“{column}”的类型 {found} 不能存入数据湖。",
        en='Column "{column}" has type {found}, which the lake does not keep.',
    )
    hint = Text(zh="可用类型：{expected}。", en="Types to use: {expected}.")


class NarrowingRefused(Invalid):
    code = "lake.narrowing_refused"
    title = Text(zh="不能收窄表结构", en="A table is not narrowed")
    detail = Text(
        zh="表“{table}”的列“{column}”不能由 {found} 变为 {expected}。",
        en='Column "{column}" of table "{table}" cannot change from {found} to {expected}.',
    )
    hint = Text(
        zh="请保留原列并增加新列；改名请用 rename_column。",
        en="Keep the column and add a new one; to rename, use rename_column.",
    )


class RowsUnfit(Invalid):
    code = "lake.rows_unfit"
    title = Text(zh="数据与表结构不符", en="Rows do not fit the table")
    detail = Text(
        zh="写入表“{table}”的数据中，列“{column}”不符：{found}。",
        en='The rows for table "{table}" do not fit in column "{column}": {found}.',
    )
    hint = Text(zh="请按表结构整理数据后重试。", en="Shape the rows as the table is and try again.")


class KeyColumnUnknown(Invalid):
    code = "lake.key_column_unknown"
    title = Text(zh="没有这个主键列", en="No such key column")
    detail = Text(
        zh="表“{table}”不能以“{found}”作为主键列。",
        en='Table "{table}" cannot be keyed by "{found}".',
    )
    hint = Text(
        zh="请从这些列中选择一列或多列，不得重复：{expected}。",
        en="Choose one or more of these columns, none twice: {expected}.",
    )


class KeyMissing(Invalid):
    code = "lake.key_missing"
    title = Text(zh="主键为空", en="A key is empty")
    detail = Text(
        zh="写入表“{table}”的数据中，有 {found} 行的主键（{column}）为空。",
        en='{found} of the rows for table "{table}" have an empty key ({column}).',
    )
    hint = Text(zh="请补全主键后重试，未写入任何数据。", en="Fill the keys; nothing is written.")


class KeyRepeated(Invalid):
    code = "lake.key_repeated"
    title = Text(zh="主键重复", en="A key is there twice")
    detail = Text(
        zh="写入表“{table}”的数据中，有 {count} 个主键（{column}）出现多次，例如：{found}。",
        en='{count} keys ({column}) appear more than once in the rows for table "{table}", '
        "for example: {found}.",
    )
    hint = Text(
        zh="请每个主键只保留一行后重试，未写入任何数据。",
        en="Keep one row per key and try again; nothing is written.",
    )


class QueryInvalid(Invalid):
    code = "lake.query_invalid"
    title = Text(zh="查询无效", en="The query is not valid")
    detail = Text(zh="查询无法执行：{found}。", en="The query cannot run: {found}.")
    hint = Text(
        zh="请检查表名、列名和语法；只允许对已声明表的一条 select。",
        en="Check tables, columns and syntax; exactly one select over declared tables is allowed.",
    )


class MomentUnclear(Invalid):
    code = "lake.moment_unclear"
    title = Text(zh="时间缺少时区", en="A time without zone")
    detail = Text(zh="时间“{found}”没有时区。", en='The time "{found}" has no zone.')
    hint = Text(zh="请给出带时区的时间。", en="Give a time with its zone.")


class CommitContended(Conflict):
    code = "lake.commit_contended"
    transient = True
    title = Text(zh="写入冲突", en="Too many writers")
    detail = Text(
        zh="表“{table}”同时写入者过多，{found} 次尝试均未成功，未写入任何数据。",
        en='Table "{table}" is busy: {found} attempts failed, nothing is written.',
    )
    hint = Text(zh="请稍后重试。", en="Try again later.")


class CompactionOvertaken(Conflict):
    code = "lake.compaction_overtaken"
    transient = True
    title = Text(zh="合并被其他写入打断", en="Overtaken while merging files")
    detail = Text(
        zh="表“{table}”的文件在合并时被其他写入替换，{found} 次尝试均未成功，表未改变。",
        en='Others replaced files of table "{table}" while they were merged: {found} attempts '
        "failed, the table is unchanged.",
    )
    hint = Text(zh="请在写入较少时重试。", en="Try again when less is written.")


class TableMoved(Conflict):
    code = "lake.table_moved"
    title = Text(zh="表已被他人更新", en="The table has changed")
    detail = Text(
        zh="表“{table}”的当前快照是 {found}，不是您所依据的 {expected}。",
        en='Table "{table}" is at snapshot {found}, not at {expected} on which you built.',
    )
    hint = Text(zh="请重新读取后再写入。", en="Read it again, then write.")


class CommitUncertain(Unavailable):
    code = "lake.commit_uncertain"
    title = Text(zh="写入结果未知", en="Outcome of the write unknown")
    detail = Text(
        zh="写入表“{table}”时与目录的连接中断，结果未知。",
        en='The catalogue was lost while writing table "{table}"; the outcome is unknown.',
    )
    hint = Text(
        zh="请用同一个 key 再次写入：若已写入则不会重复。",
        en="Write again with the same key: what is already there is not written twice.",
    )


class DiskFull(Unavailable):
    code = "lake.disk_full"
    title = Text(zh="磁盘已满", en="Disk full")
    detail = Text(
        zh="磁盘空间不足，未写入任何数据（{found}）。",
        en="No space left on the disk, nothing is written ({found}).",
    )
    hint = Text(zh="请清理磁盘后重试。", en="Free some space and try again.")


class FolderReadOnly(Unavailable):
    code = "lake.folder_read_only"
    transient = False
    title = Text(zh="数据湖目录不可写", en="The lake's folder cannot be written")
    detail = Text(zh="没有写入权限：{found}。", en="No permission to write: {found}.")
    hint = Text(
        zh="请检查目录的所有者、权限和挂载方式。",
        en="Check the folder's owner, permissions and mount.",
    )


class CatalogueBusy(Unavailable):
    code = "lake.catalogue_busy"
    title = Text(zh="数据湖目录库繁忙", en="The lake's catalogue is busy")
    detail = Text(
        zh="目录库被其他进程锁定，等待超时，未写入任何数据。",
        en="Another process holds the catalogue; waited too long, nothing is written.",
    )
    hint = Text(zh="请稍后重试。", en="Try again later.")


class CatalogueUnavailable(Unavailable):
    code = "lake.catalogue_unavailable"
    title = Text(zh="数据湖目录库不可用", en="The lake's catalogue is unavailable")
    detail = Text(zh="无法使用目录库（{found}）。", en="The catalogue cannot be used ({found}).")
    hint = Text(
        zh="请检查数据库服务和连接地址。",
        en="Check the database service and its address.",
    )


class Damaged(QiantangError):
    """Files of the lake are not as they were written: a person must restore them."""

    code = "lake.damaged"
    status = 500
    hint = Text(
        zh="请运行 qiantang doctor 查看，并从备份恢复该文件。",
        en="Run qiantang doctor, and restore the file from the backup.",
    )


class CatalogueDamaged(Damaged):
    code = "lake.catalogue_damaged"
    title = Text(zh="数据湖目录库已损坏", en="The lake's catalogue is damaged")
    detail = Text(
        zh="目录库文件无法读取：{found}。", en="The catalogue file cannot be read: {found}."
    )


class MetadataDamaged(Damaged):
    code = "lake.metadata_damaged"
    title = Text(zh="表的元数据已损坏", en="The table's metadata is damaged")
    detail = Text(
        zh="表“{table}”的元数据文件缺失或损坏：{found}。",
        en='A metadata file of table "{table}" is missing or damaged: {found}.',
    )


class DataFileMissing(Damaged):
    code = "lake.data_file_missing"
    title = Text(zh="数据文件缺失", en="A data file is missing")
    detail = Text(
        zh="表“{table}”缺少数据文件 {found}。",
        en='Table "{table}" lacks the data file {found}.',
    )


class DataFileDamaged(Damaged):
    code = "lake.data_file_damaged"
    title = Text(zh="数据文件已损坏", en="A data file is damaged")
    detail = Text(
        zh="表“{table}”的数据文件 {found} 已损坏。",
        en='The data file {found} of table "{table}" is damaged.',
    )


class DeleteFilesFound(QiantangError):
    """Another engine wrote row-level deletes: ignoring them would show deleted rows."""

    code = "lake.delete_files_found"
    status: ClassVar[int] = 501
    title = Text(zh="不支持行级删除文件", en="Row-level delete files are not supported")
    detail = Text(
        zh="表“{table}”含有其他引擎写入的删除文件，读取会出现已删除的行。",
        en='Another engine left delete files in table "{table}"; reading would show deleted rows.',
    )
    hint = Text(
        zh="请用该引擎把表改写为 copy-on-write 后再读。",
        en="Rewrite the table as copy-on-write with that engine, then read.",
    )


class QueryTooHeavy(Unavailable):
    code = "lake.query_too_heavy"
    transient = False
    title = Text(zh="查询超出资源上限", en="The query needs too much")
    detail = Text(
        zh="查询超出{found}上限，已停止。", en="The query passed the {found} limit and was stopped."
    )
    hint = Text(zh="请缩小范围后重试。", en="Ask for less and try again.")
