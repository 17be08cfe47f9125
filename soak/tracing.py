"""What strace sees of a worker: which syncs came before each acknowledgement."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_SYNC = re.compile(r"^(\d+) +f(?:data)?sync\(\d+<([^>]*)>(?:\)\s+= 0)?")
_RESUMED = re.compile(r"^(\d+) +<\.\.\. f(?:data)?sync resumed>\)\s+= 0")
_SAID_250 = re.compile(r'(?:write|sendto|send)\(\d+<[^>]*>, "250 2\.0\.0 Kept')


@dataclass
class Trace:
    path: Path

    def ledger(self, engine: str) -> dict[str, object]:
        """How many mails were acknowledged, and before how many of these everything was synced."""
        acknowledged = in_order = 0
        synced: set[str] = set()
        under_way: dict[str, str] = {}
        for line in self.path.read_text(errors="replace").splitlines():
            if found := _SYNC.search(line):
                under_way[found[1]] = _kind(found[2])
                synced |= {under_way[found[1]]} if line.endswith("= 0") else set()
            elif found := _RESUMED.search(line):
                synced.add(under_way[found[1]])
            elif _SAID_250.search(line):
                acknowledged += 1
                wanted = {"file", "folder", "log"} if engine == "sqlite" else {"file", "folder"}
                in_order += wanted <= synced
                synced.clear()
        wrong = acknowledged - in_order
        return {
            "acknowledged": acknowledged,
            "synced before": in_order,
            "failed": [f"{wrong} acknowledged before a sync"]
            if wrong
            else []
            if acknowledged
            else ["nothing was seen"],
        }


@contextmanager
def watch(pid: int, path: Path) -> Iterator[Trace | None]:
    """Trace the worker and its threads while the block lasts; None where that cannot be done."""
    strace = shutil.which("strace")
    if strace is None:
        yield None
        return
    calls = "fsync,fdatasync,write,sendto"
    words = [strace, "-f", "-y", "-s", "40", "-e", f"trace={calls}", "-o", str(path), "-p", str(pid)]
    process = subprocess.Popen(words, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    try:
        yield Trace(path) if process.poll() is None else None
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(10)


def _kind(name: str) -> str:
    """Of a synced file: the mail's draft, the folder it is put into, the database's log."""
    if "/drafts/" in name:
        return "file"
    return "log" if name.endswith("-wal") else "folder" if "/blobs/" in name else "other"
