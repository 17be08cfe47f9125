"""Where the soak's processes come from: Django is loaded once, and each worker is a fork, there in a moment.

`python -m soak.nest` reads one order a line, as JSON, and answers each with a line. `Nest` is its other end.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).resolve().parents[1]


class Nest:
    """Starts workers and has jobs done in the environment of one desk."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self._log = log.open("ab")
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "soak.nest"],
            env=dict(environment),
            cwd=CHECKOUT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
        )

    def worker(self, **order: Any) -> int:
        """A new worker's pid. `point` and `calls` say where it is to die; see `_become_worker`."""
        return int(self._ask({"job": "worker", **order}))

    def do(self, job: str, **values: Any) -> Any:
        """What the function of `soak.jobs` answers, called in a process of its own. Raises RuntimeError."""
        return self._ask({"job": job, "values": values})

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._log.close()

    def _ask(self, order: Mapping[str, Any]) -> Any:
        with self._lock:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.write(json.dumps(order).encode() + b"\n")
            self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or b'{"failed": "the nest has died"}')
        if "failed" in answer:
            raise RuntimeError(f"{order['job']}: {answer['failed']}")
        return answer["answer"]


def is_alive(pid: int) -> bool:
    """Is there such a process? One that has ended is gone at once: the nest waits for none."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def kill(pid: int, number: int = signal.SIGKILL) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def wait_for_death(pid: int, seconds: float) -> bool:
    """Did it end by itself in that time?"""
    ends_at = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > ends_at:
            return False
        time.sleep(0.02)
    return True


def main() -> None:
    """Take orders until there are none."""
    import django

    from tugi.core import config
    from tugi.serve import ground

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tugi.settings")
    ground.prepare(config.load())
    django.setup()
    from tugi.core import languages

    languages.warm_up()
    # Who ends is buried by the kernel.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        order = json.loads(line)
        answer = _hatch(order) if order["job"] == "worker" else _ask_fork(order["job"], order["values"])
        print(json.dumps(answer), flush=True)


def _hatch(order: Mapping[str, Any]) -> dict[str, Any]:
    pid = os.fork()
    if not pid:
        _in_fork(lambda: _become_worker(order))
    return {"answer": pid}


def _ask_fork(job: str, values: Mapping[str, Any]) -> Any:
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _in_fork(lambda: _answer(job, values, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    return json.loads(said or b'{"failed": "died without a word"}')


def _in_fork(work: Any) -> None:
    """Do it and end, never going back to the parent's loop."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.close(0)
    code = 1
    try:
        work()
        code = 0
    except BaseException:  # noqa: BLE001 - a fork must never go on as its parent
        import traceback

        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _answer(job: str, values: Mapping[str, Any], writing: int) -> None:
    from soak import jobs

    try:
        answer = {"answer": getattr(jobs, job)(**values)}
    except Exception as error:  # noqa: BLE001 - told to whoever asked
        import traceback

        traceback.print_exc()
        answer = {"failed": f"{type(error).__name__}: {error}"}
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(json.dumps(answer).encode())


def _become_worker(order: Mapping[str, Any]) -> None:
    """The product's worker. `point`, `calls`, `poison` and `sync_switch` are traps of `soak.traps`."""
    os.dup2(2, 1)
    from soak import traps
    from tugi.events.worker import run_worker

    traps.hurry(float(order.get("lease", 4)))
    if order.get("point"):
        traps.arm(order["point"], int(order.get("calls", 1)))
    if order.get("poison"):
        traps.arm_poison(order["poison"])
    if order.get("sync_switch"):
        traps.fail_syncs(Path(order["sync_switch"]))
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=stop.set).start())
    run_worker(stop)


if __name__ == "__main__":
    main()
