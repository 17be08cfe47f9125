"""Opening mail in a process that exists for one mail only: the keys go in with it, and end with it.

The parsing child lives long and reads what strangers write, so it never sees a key; this one sees keys, lives
for one mail, and hands what it opened back to be read by the other.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tugi
from tugi.channels.email.protection.frames import pack, unpack
from tugi.channels.email.protection.keys import Inspected, Key, KeyRefused, Opened
from tugi.core.protection import Layer

MEGABYTES, SECONDS = 1_024, 10
UNCHECKED = Opened(None, (Layer("", "signed", "unchecked"),))
"""What is told of a mail that took too much time or memory."""


def open_isolated(raw: bytes, keys: Sequence[Key]) -> Opened:
    """As `open_mail`. Never raises: what cannot be opened stays as it came."""
    answer = _ask({"name": "open", "keys": [key.to_data() for key in keys]}, raw)
    if answer is None:
        return UNCHECKED
    told, data = answer
    return Opened(data if told["is_opened"] else None, tuple(Layer(**each) for each in told["layers"]))


def inspect_isolated(data: bytes, passphrase: str) -> Inspected:
    """As `inspect_key`; raises KeyRefused."""
    answer = _ask({"name": "inspect", "passphrase": passphrase}, data)
    if answer is None:
        raise KeyRefused("unreadable")
    if "refused" in answer[0]:
        raise KeyRefused(answer[0]["refused"])
    return Inspected.from_data(answer[0])


def _ask(task: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes] | None:
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "tugi.channels.email.protection.child", str(MEGABYTES), str(SECONDS)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(tugi.__file__).parent.parent), "LANG": "C.UTF-8"},
        cwd="/",
        start_new_session=True,
    )
    try:
        answer, _ = process.communicate(pack(task, data), timeout=SECONDS * 3)
        return unpack(answer) if process.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        return None
    finally:
        process.kill()
        process.wait()
