"""`bin/fuzz TARGET [--seconds N]`: atheris makes up inputs until the time is over or a promise is broken.

It begins with the mails of tests/mail and keeps what it learned in `.cache/fuzz`. An input that takes more than two
seconds is a fault too. What broke a promise is written to `.cache/fuzz/faults`; each becomes a test.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / ".cache" / "fuzz"
LONGEST = 50_000


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["tugi"]):
        from bench.fuzz.targets import TARGETS
    parser = argparse.ArgumentParser(prog="bin/fuzz", description=__doc__)
    parser.add_argument("target", choices=TARGETS)
    parser.add_argument("--seconds", type=int, default=60, help="how long, 60 if not said")
    options = parser.parse_args()
    learned, faults = CACHE / options.target, CACHE / "faults"
    for folder in (learned, faults):
        folder.mkdir(parents=True, exist_ok=True)
    seeds = [str(path) for path in sorted((CHECKOUT / "tests" / "mail").iterdir()) if path.is_dir()]
    limits = [f"-max_total_time={options.seconds}", "-timeout=2", f"-max_len={LONGEST}", f"-artifact_prefix={faults}/"]
    atheris.Setup([sys.argv[0], str(learned), *seeds, *limits], TARGETS[options.target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
