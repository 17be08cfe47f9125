"""One measure on one desk, in the desk's own environment: `python -m bench.child NAME` prints its readings."""

from __future__ import annotations

import importlib
import sys

from bench import build, readings

MARK = "READINGS "


def main() -> int:
    build.set_up()
    measure = importlib.import_module(f"bench.measure_{sys.argv[1]}").measure
    print(MARK + readings.write(measure()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
