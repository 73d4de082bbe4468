"""Reads a bundle that may come from anybody: every part is checked before it is believed."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from qiantang.engine.index.bundle import writing
from qiantang.engine.index.bundle.archive import unpacked, unreadable
from qiantang.engine.index.bundle.contents import FORMAT, Gap, Origin
from qiantang.engine.index.bundle.errors import BundleAltered, SignatureWrong
from qiantang.engine.index.bundle.keys import PublicKey, public_key
from qiantang.engine.index.bundle.text_tables import GROUP, number, rows_of, table_of, whole
from qiantang.engine.index.data import Data
from qiantang.engine.index.structure import Element, Structure
from qiantang.kernel.text import Text

Short = Annotated[str, Field(max_length=4000)]
Shape = TypeVar("Shape", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="ignore")


class Words(_Strict):
    zh: Short
    en: Short

    def text(self) -> Text:
        return Text(self.zh, self.en)


class FileEntry(_Strict):
    bytes: int
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class Software(_Strict):
    qiantang: Short
    numpy: Short
    python: Short


class Manifest(_Strict):
    """``files`` names every file but itself and the signature; ``results`` those that a
    recomputation must give again."""

    format: int
    index: Short
    edition: int
    name: Words
    title: Words
    publisher: Words
    note: Short
    as_of: Short
    made_at: Short
    corrects: int | None
    reason: Short
    software: Software
    files: dict[str, FileEntry]
    results: list[Short]


class _Signature(_Strict):
    algorithm: Short
    public_key: Short
    signature: Annotated[str, Field(pattern="^[0-9a-f]{128}$")]


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """A bundle whose signature and digests hold. ``tables`` is the recipe as told, with its
    uncertain choices; ``key`` signed it (whose key that is, the reader must know)."""

    manifest: Manifest
    key: PublicKey
    data: Data
    structure: Structure
    tables: Mapping[str, Any]
    files: Mapping[str, bytes] = field(repr=False)
    names: Mapping[str, Text] = field(default_factory=dict)
    unit_names: Mapping[str, Text] = field(default_factory=dict)

    @property
    def robustness(self) -> Mapping[str, Any] | None:
        raw = self.files.get(writing.ROBUSTNESS)
        return None if raw is None else _json(raw, writing.ROBUSTNESS)

    @property
    def origins(self) -> tuple[Origin, ...]:
        _, rows = rows_of(
            self.files[writing.PROVENANCE], writing.PROVENANCE, writing.ORIGIN_COLUMNS
        )
        return tuple(_origin(row) for row in rows)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        _, rows = rows_of(self.files[writing.GAPS], writing.GAPS, writing.GAP_COLUMNS)
        return tuple(
            Gap(
                row["unit"], row["column"],
                whole(row["year"], writing.GAPS, "year") if row["year"] else None,
                Text(row["zh"], row["en"]),
            )
            for row in rows
        )  # fmt: skip


def read(raw: bytes) -> Bundle:
    """The bundle. Raises `BundleUnreadable`, `BundleTooLarge`, `BundleAltered`, `SignatureWrong`,
    `KeyUnreadable`, and the engine's errors for a structure that is none."""
    files = unpacked(raw)
    for name in (writing.MANIFEST, writing.SIGNATURE, writing.INPUT, writing.UNITS,
                 writing.PROVENANCE, writing.GAPS, writing.STRUCTURE, writing.RECIPE):  # fmt: skip
        if name not in files:
            raise unreadable(Text("缺少文件", "A file is missing"), name)
    key = _signer(files)
    manifest = _shaped(Manifest, files[writing.MANIFEST], writing.MANIFEST)
    if manifest.format != FORMAT:
        said = Text(f"格式版本应为 {FORMAT}", f"The format should be {FORMAT}")
        raise unreadable(said, manifest.format)
    _check_digests(manifest, files)
    structure, names = _structure(files[writing.STRUCTURE])
    data, unit_names = _data(files)
    tables = _json(files[writing.RECIPE], writing.RECIPE)
    return Bundle(manifest, key, data, structure, tables, files, names, unit_names)


def _signer(files: Mapping[str, bytes]) -> PublicKey:
    told = _shaped(_Signature, files[writing.SIGNATURE], writing.SIGNATURE)
    key = public_key(told.public_key)
    if not key.signed(files[writing.MANIFEST], bytes.fromhex(told.signature)):
        raise SignatureWrong(found=key.fingerprint)
    return key


def _check_digests(manifest: Manifest, files: Mapping[str, bytes]) -> None:
    """Every file is in the manifest and as it says; nothing is added, nothing is missing."""
    there = files.keys() - {writing.MANIFEST, writing.SIGNATURE}
    for name in sorted(there ^ manifest.files.keys()):
        raise BundleAltered(found=name)
    for name in sorted(there):
        if writing.sha256(files[name]) != manifest.files[name].sha256:
            raise BundleAltered(found=name)
    for name in manifest.results:
        if name not in there:
            raise BundleAltered(found=name)


def _data(files: Mapping[str, bytes]) -> tuple[Data, dict[str, Text]]:
    data = table_of(files[writing.INPUT], writing.INPUT)
    if np.isinf(data.values).any():
        raise unreadable(Text("输入数据中有无穷大", "The input holds an infinite number"), "inf")
    header, rows = rows_of(files[writing.UNITS], writing.UNITS, ("unit", "zh", "en"))
    if tuple(row["unit"] for row in rows) != data.units:
        said = Text("评价单元与数据不一致", "Units do not match the data")
        raise unreadable(said, writing.UNITS)
    groups = {
        column.removeprefix(GROUP): tuple(row[column] for row in rows)
        for column in header
        if column.startswith(GROUP)
    }
    names = {row["unit"]: Text(row["zh"], row["en"]) for row in rows}
    shown = tuple(row["zh"] for row in rows)
    return replace(data, names=shown, groups=groups), names


def _structure(raw: bytes) -> tuple[Structure, dict[str, Text]]:
    file = writing.STRUCTURE
    _, rows = rows_of(raw, file, writing.ELEMENT_COLUMNS)
    elements = tuple(
        Element(
            code=row["code"], name=row["zh"], level=whole(row["level"], file, "level"),
            parent=row["parent"], weight=number(row["weight"], file, "weight"),
            direction=whole(row["direction"], file, "direction"), unit=row["unit"],
            target=number(row["target"], file, "target") if row["target"] else math.nan,
            denominator=row["denominator"], row=line,
        )
        for line, row in enumerate(rows, start=2)
        if row["kind"] in ("indicator", "aggregate")
    )  # fmt: skip
    sizes = tuple(row["code"] for row in rows if row["kind"] == "size")
    groups = tuple(row["code"] for row in rows if row["kind"] == "group")
    names = {row["code"]: Text(row["zh"], row["en"]) for row in rows}
    return Structure(elements, sizes, groups, file), names


def _origin(row: Mapping[str, str]) -> Origin:
    counts = {
        c: whole(row[c], writing.PROVENANCE, c) if row[c] else None
        for c in ("year", "revision", "snapshot")
    }
    words = {c: row[c] for c in writing.ORIGIN_COLUMNS if c not in counts}
    return Origin(**words, **counts)  # type: ignore[arg-type]


def _json(raw: bytes, file: str) -> dict[str, Any]:
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise unreadable(Text(f"{file} 不是 JSON", f"{file} is no JSON"), error) from error
    if not isinstance(found, dict):
        raise unreadable(Text(f"{file} 应为对象", f"{file} should be an object"), type(found))
    return found


def _shaped(shape: type[Shape], raw: bytes, file: str) -> Shape:
    try:
        return shape.model_validate(_json(raw, file))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        said = Text(f"{file} 的 {where} 不对", f"{file}: {where} is not right")
        raise unreadable(said, first["msg"]) from None
