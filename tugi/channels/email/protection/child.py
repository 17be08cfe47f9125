"""The process that gets keys: `python -m tugi.channels.email.protection.child <megabytes> <seconds>`, for one task.

It has no environment and no files of ours, reads everything from its standard input, answers once and ends. It never
reads a mail's content: that is for the process without keys.
"""

from __future__ import annotations

import ctypes
import json
import resource
import sys
from datetime import UTC, datetime
from typing import Any, BinaryIO

from tugi.channels.email.protection.frames import SIZES, pack
from tugi.channels.email.protection.inspecting import inspect_key
from tugi.channels.email.protection.keys import Key, KeyRefused
from tugi.channels.email.protection.opening import open_mail

_PR_SET_DUMPABLE = 4


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """One task in, one answer out."""
    told, size = SIZES.unpack(requests.read(SIZES.size))
    task = json.loads(requests.read(told))
    data = requests.read(size)
    answers.write(pack(*_work(task, data)))
    answers.flush()


def _work(task: dict[str, Any], data: bytes) -> tuple[dict[str, Any], bytes]:
    if task["name"] == "inspect":
        try:
            return inspect_key(data, task["passphrase"]).to_data(), b""
        except KeyRefused as refused:
            return {"refused": refused.reason}, b""
    keys = [Key(**each) for each in task["keys"]]
    opened = open_mail(data, keys, datetime.now(UTC))
    layers = [each.to_data() for each in opened.layers]
    return {"layers": layers, "is_opened": opened.raw is not None}, opened.raw or b""


def limit(megabytes: int, seconds: int) -> None:
    """No more memory and time than this, no file written, no memory dumped or looked into by others."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


if __name__ == "__main__":
    limit(int(sys.argv[1]), int(sys.argv[2]))
    serve(sys.stdin.buffer, sys.stdout.buffer)
