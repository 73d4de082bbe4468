"""Files that commands write appear whole or not at all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from qiantang.doors.cli.errors import CannotWrite
from qiantang.doors.cli.files import write_whole

DIES = """
import os, signal, sys
from pathlib import Path
from qiantang.doors.cli import files

def die(handle):
    os.kill(os.getpid(), signal.SIGKILL)

files.os.fsync = die
files.write_whole(Path(sys.argv[1]), b"new " * 100_000)
"""


def test_the_folders_above_a_file_are_made_where_the_command_says_so(tmp_path: Path) -> None:
    out = tmp_path / "made" / "deep" / "table.csv"
    before = os.umask(0o027)
    try:
        with pytest.raises(CannotWrite):
            write_whole(out, b"one")
        assert not (tmp_path / "made").exists()
        write_whole(out, b"one", folders=True)
    finally:
        os.umask(before)
    assert out.read_bytes() == b"one"
    assert out.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in out.parent.iterdir()] == ["table.csv"]


def test_a_command_that_is_killed_leaves_the_file_that_was_there(tmp_path: Path) -> None:
    out = tmp_path / "table.csv"
    write_whole(out, b"old")
    done = subprocess.run([sys.executable, "-c", DIES, str(out)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert out.read_bytes() == b"old"


def test_a_failure_leaves_nothing_beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "table.csv"
    write_whole(out, b"old")

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CannotWrite, match="No space left"):
        write_whole(out, b"new")
    assert out.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]


def test_what_stands_there_keeps_its_mode_and_a_link_its_aim(tmp_path: Path) -> None:
    out, link = tmp_path / "table.csv", tmp_path / "latest.csv"
    write_whole(out, b"old")
    out.chmod(0o600)
    link.symlink_to(out)
    write_whole(link, b"new")
    assert (out.read_bytes(), out.stat().st_mode & 0o777, link.is_symlink()) == (
        b"new",
        0o600,
        True,
    )


def test_what_is_no_file_is_written_as_it_is(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_whole(pipe, b"through")
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite):
        write_whole(tmp_path, b"x")
