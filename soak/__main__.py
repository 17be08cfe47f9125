"""`bin/soak [NAME …] [--engine sqlite|postgresql] [--small] [--seed N]`: torment the desk, then print the ledger."""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from dataclasses import replace

from soak import field
from soak.field import Ledger
from soak.scenarios import SCENARIOS

ENGINES = ("sqlite", "postgresql")
MUST_BE_NOTHING = ("duplicates", "lost", "mails out lost", "wrong", "failed", "numbers given twice", "not reached")
"""Lines of a ledger that may hold neither a number nor a word."""


def main() -> int:
    options = _options()
    seed = secrets.randbelow(1_000_000) if options.seed is None else options.seed
    size = field.SMALL if options.small else field.FULL
    size = replace(size, mails=options.mails or size.mails, kills=options.kills or size.kills)
    all_well = True
    for engine in [options.engine] if options.engine else ENGINES:
        with field.laid_out(engine, size, seed) as laid:
            for name in options.names or [*SCENARIOS]:
                began = time.monotonic()
                ledger = SCENARIOS[name](laid)
                ledger["seconds"] = round(time.monotonic() - began)
                all_well = all_well and not complaints(ledger)
                print(_as_json(engine, name, ledger) if options.json else _as_text(engine, name, ledger), flush=True)
    if not options.json:
        print(f"\n{'All is well.' if all_well else 'Something is wrong, see above.'} Again the same: --seed {seed}")
    return 0 if all_well else 1


def complaints(ledger: Ledger) -> list[str]:
    """The lines that hold what must not be."""
    found = [name for name in MUST_BE_NOTHING if ledger.get(name)]
    if ledger.get("mails out again", 0) > ledger.get("that may go out again", 0):
        found.append("mails out again")
    return found


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bin/soak", description="Torment the desk and see whether the ledger balances."
    )
    parser.add_argument("names", nargs="*", choices=[*SCENARIOS, []], metavar="NAME", help="of scenarios; else all")
    parser.add_argument("--engine", choices=ENGINES, help="else both")
    parser.add_argument("--small", action="store_true", help="a minute instead of half an hour")
    parser.add_argument("--mails", type=int, help="instead of what the size says")
    parser.add_argument("--kills", type=int, help="instead of what the size says")
    parser.add_argument("--seed", type=int, help="the same letters, points and gaps as in an earlier run")
    parser.add_argument("--json", action="store_true", help="one line a ledger, for programs")
    return parser.parse_args()


def _as_json(engine: str, name: str, ledger: Ledger) -> str:
    return json.dumps({"engine": engine, "scenario": name, "complaints": complaints(ledger), **ledger})


def _as_text(engine: str, name: str, ledger: Ledger) -> str:
    width = max(map(len, ledger))
    bad = complaints(ledger)
    lines = [
        f"{key.ljust(width)}  {_shown(value)}{'   <-- must be none' if key in bad else ''}"
        for key, value in ledger.items()
    ]
    return "\n".join(["", f"== {engine}: {name}", *lines])


def _shown(value: object) -> str:
    return ("; ".join(map(str, value)) or "none") if isinstance(value, list) else str(value)


if __name__ == "__main__":
    sys.exit(main())
