"""`bin/bench [NAME …] [--small] [--engine sqlite|postgresql] [--write]`: build the desks, measure, compare, print."""

from __future__ import annotations

import argparse
import subprocess
import sys

from bench import child, readings, report
from bench.desk import CHECKOUT, ENGINES, Desk, NoRoom, desks
from bench.readings import Reading
from bench.report import Comparison

SIZES, SMALL_SIZES = (10_000, 1_000_000), (10_000, 100_000)
BOTH = {"list": 3, "ticket": 3, "search": 3, "mail": 1, "stages": 1}
"""Measured on both desks in turn, so often: what they cost is compared."""
LARGE = ("push", "reply", "sockets", "rest")
"""Measured on the large desk only."""
READING = "reading"
"""Needs no desk: how many mails of the corpus are read as expected. Printed with `mail` as well."""
PEER = "peer"
"""Ours beside django-helpdesk, on SQLite; asked for by name and alone."""


def main() -> int:
    options = _options()
    if options.names == [PEER]:
        return _side_by_side(10_000 if options.small else 100_000)
    names = options.names or [READING, *BOTH, *LARGE]
    if {READING, "mail"} & set(names):
        _print_rates()
    names = [name for name in names if name != READING]
    if not names:
        return 0
    sizes = SMALL_SIZES if options.small else SIZES
    found: list[Comparison] = []
    failed: list[str] = []
    try:
        for engine in [options.engine] if options.engine else ENGINES:
            with desks(engine, sizes) as (small, large):
                for name in names:
                    try:
                        compared = _compare(name, small, large)
                    except subprocess.CalledProcessError:
                        failed.append(f"{engine}: {name}")
                        continue
                    print("\n".join(report.lines(compared, title=f"{engine}: {name}")), flush=True)
                    found += compared
    except NoRoom as error:
        print(error, file=sys.stderr)
        return 2
    if failed:
        print(f"\nCould not be measured: {', '.join(failed)}. The reason stands above.", file=sys.stderr)
    if options.write and found:
        report.write(found)
    return 0 if not failed and all(each.is_kept for each in found) else 1


def _side_by_side(tickets: int) -> int:
    with desks("sqlite", (tickets,)) as (desk,):
        command = [sys.executable, "-m", "bench.peer.side_by_side", str(desk.tickets)]
        return subprocess.run(command, env=dict(desk.environment), cwd=CHECKOUT, check=False).returncode


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench", description="Measure the desk against its budgets.")
    names = [READING, *BOTH, *LARGE, PEER]
    parser.add_argument("names", nargs="*", choices=[*names, []], metavar="NAME", help="of measures; else all")
    parser.add_argument("--small", action="store_true", help="10,000 against 100,000 tickets: a few minutes")
    parser.add_argument("--engine", choices=ENGINES, help="else both")
    parser.add_argument("--write", action="store_true", help="write the table into docs/benchmarks.md")
    return parser.parse_args()


def _print_rates() -> None:
    from bench import mail_corpus

    print("\n".join(mail_corpus.lines()), end="\n\n", flush=True)


def _compare(name: str, small: Desk, large: Desk) -> list[Comparison]:
    """The medians of both desks, measured in turn, so that what disturbs one disturbs the other."""
    rounds = [
        ([*_measure(name, small)] if name in BOTH else [], _measure(name, large)) for _ in range(BOTH.get(name, 1))
    ]
    before = {reading.key: reading for reading in readings.middle(pair[0] for pair in rounds)}
    after = readings.middle(pair[1] for pair in rounds)
    return [Comparison(large.engine, (small.tickets, large.tickets), before.get(one.key), one) for one in after]


def _measure(name: str, desk: Desk) -> list[Reading]:
    command = [sys.executable, "-m", "bench.child", name]
    ran = subprocess.run(
        command, env=dict(desk.environment), cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True
    )
    said = [line for line in ran.stdout.splitlines() if line.startswith(child.MARK)]
    return readings.read(said[-1].removeprefix(child.MARK))


if __name__ == "__main__":
    sys.exit(main())
