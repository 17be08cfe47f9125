"""Readings as a table: on the terminal, and in docs/benchmarks.md with the machine and the date."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.desk import CHECKOUT
from bench.readings import BUDGETS, Reading

DOCUMENT = CHECKOUT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- written by bin/bench --write -->", "<!-- end -->"


@dataclass(frozen=True)
class Comparison:
    """One thing on the large desk, and on the small one where it was measured there too."""

    engine: str
    sizes: tuple[int, int]
    small: Reading | None
    large: Reading

    @property
    def ratio(self) -> float | None:
        return self.large.value / self.small.value if self.small and self.small.value else None

    @property
    def is_kept(self) -> bool:
        return not self.complaints

    @property
    def complaints(self) -> list[str]:
        budget = BUDGETS.get(self.large.budget)
        if budget is None:
            return []
        queries = self.large.queries or 0
        found = [] if budget.allows(self.large.value) else ["over"]
        found += ["queries"] if budget.queries and queries > budget.queries else []
        return found + (["ratio"] if budget.ratio and (self.ratio or 0) > budget.ratio else [])

    @property
    def cells(self) -> tuple[str, ...]:
        budget = BUDGETS.get(self.large.budget)
        return (
            self.engine,
            self.large.budget,
            self.large.detail,
            str(budget or ""),
            f"{self.small.value:.3g}" if self.small else "",
            f"{self.large.value:.3g}",
            "" if self.large.queries is None else str(self.large.queries),
            "" if self.ratio is None else f"{self.ratio:.2f}",
            ", ".join(self.complaints) or ("ok" if budget else ""),
        )


def headings(sizes: tuple[int, int]) -> tuple[str, ...]:
    small, large = (f"{size // 1000:,} k" for size in sizes)
    return ("engine", "what", "of", "budget", small, large, "queries", "ratio", "")


def lines(found: Iterable[Comparison], title: str) -> list[str]:
    """For the terminal."""
    rows = [each.cells[2:] for each in found]
    heads = headings(next(iter(found)).sizes)[2:]
    widths = [max(len(row[place]) for row in [heads, *rows]) for place in range(len(heads))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [heads, *rows]]
    return ["", f"== {title}", *shown]


def write(found: list[Comparison]) -> None:
    """Put the table into the document, in the place of the one before."""
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    heads = headings(found[0].sizes)
    rows = [heads, ("---",) * len(heads), *(each.cells for each in found)]
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{machine()}\n\n{table}\n{END}{after}", encoding="utf-8")


def machine() -> str:
    """What it was measured on, in one line."""
    cpu = next((line.partition(":")[2].strip() for line in _proc("cpuinfo") if line.startswith("model name")), "")
    memory = int(next(line.split()[1] for line in _proc("meminfo") if line.startswith("MemTotal")))
    date = datetime.now(UTC).date().isoformat()
    return (
        f"Measured on {date}: {os.cpu_count()} cores ({cpu or platform.machine()}), {memory / 1024**2:.0f} GB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}; "
        f"{os.getloadavg()[1]:.0f} processes wanted a core in the last five minutes."
    )


def _proc(name: str) -> list[str]:
    return Path(f"/proc/{name}").read_text().splitlines()
