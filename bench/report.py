"""Readings as a table: on the terminal, and in docs/benchmarks.md with the machine and the date."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench.desk import CHECKOUT, ENGINES
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
    """Put the rows into the document's table: each in the place of what was measured of the same thing before.

    Rows of another machine, or of other sizes, go.
    """
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    written, _, after = rest.partition(END)
    heads = _row(headings(found[0].sizes))
    former = _former(written) if _cores(written) == _cores(machine()) and heads in written else {}
    rows = former | {each.cells[:3]: _row(each.cells) for each in found}
    table = "\n".join([heads, _row(["---"] * len(found[0].cells)), *_in_order(rows)])
    DOCUMENT.write_text(f"{before}{BEGIN}\n{machine()}\n\n{table}\n{END}{after}", encoding="utf-8")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _former(table: str) -> dict[tuple[str, ...], str]:
    """The rows of a written table by engine, budget and detail."""
    lines = [line for line in table.splitlines() if line.startswith("| ")][2:]
    return {tuple(line.strip("| ").split(" | "))[:3]: line for line in lines}


def _in_order(rows: dict[tuple[str, ...], str]) -> list[str]:
    """By engine, then as the budgets stand; what has none comes last, and what is measured no more is left out."""
    order = [*BUDGETS, ""]
    known = [key for key in rows if key[0] in ENGINES and key[1] in order]
    return [rows[key] for key in sorted(known, key=lambda key: (ENGINES.index(key[0]), order.index(key[1])))]


def _cores(text: str) -> str:
    """What a line about the machine says of its cores and memory."""
    return text.partition(": ")[2].partition(" GB")[0]


def machine() -> str:
    """What it was measured on, in one line."""
    cpu = next((line.partition(":")[2].strip() for line in _proc("cpuinfo") if line.startswith("model name")), "")
    memory = int(next(line.split()[1] for line in _proc("meminfo") if line.startswith("MemTotal")))
    date = datetime.now(UTC).date().isoformat()
    return (
        f"Measured on {date}: {os.cpu_count()} cores ({cpu or platform.machine()}), {memory / 1024**2:.0f} GB, "
        f"{platform.system()} {platform.release().split('-')[0]}, Python {platform.python_version()}."
    )


def _proc(name: str) -> list[str]:
    return Path(f"/proc/{name}").read_text().splitlines()
