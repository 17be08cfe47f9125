"""docs/events.md, written from the registry of facts so that it cannot be wrong."""

from __future__ import annotations

import inspect
from dataclasses import fields

from tugi.events.facts import Fact, kinds

HEAD = """# What the log can say

Every change writes one of these facts in its own transaction; everything else listens. Public facts may
reach customers, webhooks and the API. Written by `tugi manage document_facts`; a test keeps it true.
"""


def document() -> str:
    """The whole document, in Markdown."""
    sections = [HEAD]
    home = ""
    for kind, fact in sorted(kinds().items(), key=lambda item: (item[1].__module__, item[0])):
        domain = fact.__module__.removeprefix("tugi.").removesuffix(".events")
        if domain != home:
            sections.append(f"## {domain}\n")
            home = domain
        sections.append(_section(kind, fact))
    return "\n".join(sections)


def _section(kind: str, fact: type[Fact]) -> str:
    rows = "\n".join(f"| `{field.name}` | `{field.type}` |" for field in fields(fact))  # type: ignore[arg-type]
    public = "public" if fact.public else "internal"
    erased = f" Erasure clears {', '.join(fact.erases)}." if fact.erases else ""
    return f"### `{kind}` ({public})\n\n{inspect.getdoc(fact)}{erased}\n\n| field | type |\n|---|---|\n{rows}\n"
