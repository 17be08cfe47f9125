"""The process that reads mails for others: `python -m tugi.channels.email.parsing.child <megabytes>`.

It reads requests from its standard input and answers on its standard output until the input ends. It limits its own
memory and, for each mail, its CPU time: beyond them the kernel ends it, and nothing but this one mail is held up.
"""

from __future__ import annotations

import resource
import sys
from typing import BinaryIO

from tugi.channels.email.parsing import parse_mail
from tugi.channels.email.parsing.frames import REQUEST, pack_mail, pack_refusal


def serve(requests: BinaryIO, answers: BinaryIO, megabytes: int) -> None:
    """Answers one request after another. Ends after a mail that took too much memory."""
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    while len(head := requests.read(REQUEST.size)) == REQUEST.size:
        size, seconds = REQUEST.unpack(head)
        answer = _answer(requests, size, seconds)
        answers.write(answer or pack_refusal("memory"))
        answers.flush()
        if answer is None:
            return


def _answer(requests: BinaryIO, size: int, seconds: int) -> bytes | None:
    """The packed mail; None if the memory did not suffice."""
    try:
        raw = requests.read(size)
        _limit_cpu(seconds)
        return pack_mail(parse_mail(raw))
    except MemoryError:
        return None


def _limit_cpu(seconds: int) -> None:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(usage.ru_utime + usage.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer, int(sys.argv[1]))
