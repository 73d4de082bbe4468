"""Heavy reading for a server, in a short process of its own: the server's memory stays small.

`run_apart` calls a function of the engine. In a server (the supervisor marks its workers with
QIANTANG_SUPERVISED) it is called in a child that ends afterwards; elsewhere directly. Errors of the
house come back as they were raised.
"""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, Final

from qiantang.kernel.errors import QiantangError, Unavailable
from qiantang.kernel.text import Text

SECONDS: Final = 300


class ChildLost(Unavailable):
    code = "intake.child_lost"
    detail = Text(
        zh="读取进程中断（{found}）。", en="The process that reads the file was lost ({found})."
    )


def run_apart(function: str, *args: Any, **named: Any) -> Any:
    """Call ``module:name`` with picklable arguments. Raises what it raises, and `ChildLost`."""
    if not os.environ.get("QIANTANG_SUPERVISED"):
        return _called(function, args, named)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "qiantang.rooms.intake.apart"],
            input=pickle.dumps((function, args, named)),
            stdout=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildLost(found=f"{SECONDS} s") from error
    if done.returncode != 0:
        raise ChildLost(found=done.returncode)
    good, answer = pickle.loads(done.stdout)  # noqa: S301 - our own child wrote it
    if good:
        return answer
    raise _rebuilt(*answer)


def _called(function: str, args: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
    module, _, name = function.partition(":")
    return getattr(importlib.import_module(module), name)(*args, **named)


def _rebuilt(kind: type[QiantangError], words: tuple[Any, ...], held: dict[str, Any]) -> Exception:
    error = kind.__new__(kind)
    Exception.__init__(error, *words)
    error.__dict__.update(held)
    return error


def _serve() -> None:
    function, args, named = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - our parent's
    try:
        answer = (True, _called(function, args, named))
    except QiantangError as error:
        answer = (False, (type(error), error.args, error.__dict__))
    sys.stdout.buffer.write(pickle.dumps(answer))


if __name__ == "__main__":
    _serve()
