"""Measures the desk against its budgets, on desks of ten thousand and of a million tickets. See docs/benchmarks.md."""
