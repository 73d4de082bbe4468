"""`qiantang index verify BUNDLE`: a published index checked by a stranger, offline, without a zone.

Exit codes: 0 the same digits, 3 the same but for rounding in the last digits, 4 other results;
1 where the bundle cannot be read or trusted.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from qiantang.doors.cli.language import read, say
from qiantang.doors.cli.words import command, option
from qiantang.kernel.text import Text

if TYPE_CHECKING:
    from qiantang.engine.index.bundle import Verification

EXITS: Final = {"same": 0, "rounding": 3, "different": 4}
OUTCOMES: Final = {
    "same": Text("数字完全一致。", "The same digits."),
    "rounding": Text(
        "结果一致，仅末位因舍入而不同；名次全部相同。",
        "The same results; only last digits differ by rounding, and no rank does.",
    ),
    "different": Text("结果不一致。", "The results differ."),
}


@command("verify", "在本机离线重新计算复现包，核对签名和每个数字。",
         "Recompute a bundle offline; check its signature and every digit.")  # fmt: skip
@click.argument("bundle", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@option("--key", "pin", default=None, metavar="KEY",
        zh="必须由此密钥签名：指纹，或 PEM 公钥文件",
        en="The key that must have signed: its fingerprint, or a file with it in PEM")  # fmt: skip
@option("--format", "form", type=click.Choice(["table", "json"]), default="table",
        show_default=True, zh="输出格式", en="Form of the result")  # fmt: skip
def verify(bundle: Path, pin: str | None, form: str) -> int:
    from qiantang.engine.index.bundle import verify as verified

    told = _text(Path(pin)) if pin and Path(pin).is_file() else pin
    found = verified(bundle.read_bytes(), told)
    if form == "json":
        click.echo(json.dumps(_body(found, pinned=pin is not None), ensure_ascii=False, indent=2))
    else:
        _say(found, pinned=pin is not None)
    return EXITS[found.outcome]


def _text(path: Path) -> str:
    return path.read_bytes()[:10_000].decode("utf-8", "replace")


def _say(found: Verification, *, pinned: bool) -> None:
    told = found.bundle.manifest
    click.echo(f"{told.index} · {say(f'第 {told.edition} 版', f'edition {told.edition}')} · "
               f"{read(told.title.text())} · {told.as_of}")  # fmt: skip
    if told.corrects is not None:
        click.echo(say(f"更正第 {told.corrects} 版：{told.reason}",
                       f"Corrects edition {told.corrects}: {told.reason}"))  # fmt: skip
    click.echo(say("签名有效，文件摘要相符。公钥指纹：", "Signature and digests hold. Key: ")
               + found.bundle.key.fingerprint)  # fmt: skip
    if not pinned:
        click.echo(say("  请向发布单位核对该指纹（--key 可指定）。",
                       "  Ask the publisher whether that is its key (--key pins it)."))  # fmt: skip
    was, here = told.software, found.software
    click.echo(say("软件：", "Software: ") + "; ".join(
        f"{name} {getattr(was, name)} → {here[name]}" for name in ("qiantang", "numpy", "python")
    ))  # fmt: skip
    click.echo(say(f"重新计算了 {found.cells} 个单元格，其中 {found.differing} 个不同。",
                   f"{found.cells} cells computed again, {found.differing} differ."))  # fmt: skip
    for each in found.differences[:20]:
        click.echo(f"  {each.file}  {each.cell}: {each.bundle or '-'} → {each.here or '-'} "
                   f"({each.apart:.1e})")  # fmt: skip
    colour = {"same": "green", "rounding": "yellow"}.get(found.outcome, "red")
    click.secho(read(OUTCOMES[found.outcome]), fg=colour, bold=True)


def _body(found: Verification, *, pinned: bool) -> dict[str, Any]:
    told = found.bundle.manifest
    return {
        "outcome": found.outcome,
        "message": OUTCOMES[found.outcome].as_dict(),
        "index": told.index,
        "edition": told.edition,
        "title": told.title.text().as_dict(),
        "as_of": told.as_of,
        "corrects": told.corrects,
        "key": found.bundle.key.fingerprint,
        "pinned": pinned,
        "software": {"bundle": told.software.model_dump(), "here": dict(found.software)},
        "files": list(found.files),
        "cells": found.cells,
        "differing": found.differing,
        "differences": [
            {"file": d.file, "cell": d.cell, "bundle": d.bundle, "here": d.here,
             "apart": None if d.apart == float("inf") else d.apart}
            for d in found.differences
        ],
    }  # fmt: skip
