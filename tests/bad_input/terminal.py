"""The command line as a person at a terminal meets it, run inside this process."""

from __future__ import annotations

from click.testing import CliRunner, Result

from qiantang.doors.cli.main import cli


def qiantang(*words: str, zone: str = "") -> Result:
    """Run ``qiantang WORDS``; both streams in ``output``, whatever was raised in ``exception``."""
    given = ["--zone", zone, *words] if zone else list(words)
    return CliRunner().invoke(cli, given, env={"QIANTANG_LANG": "", "LANG": "zh_CN.UTF-8"})
