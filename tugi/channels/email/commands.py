"""Commands at the top of an agent's mail: a line each, from a short list. Pure: nothing is changed here.

#note
#tag invoice
#resolve

The customer never sees this.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tugi.tickets.models import Category, Priority

LONGEST_TAG = 40
MOST_LINES = 20
_STATUSES = {"resolve": Category.RESOLVED, "close": Category.CLOSED, "open": Category.OPEN, "wait": Category.PENDING}
_PLAIN = {"note", "take", *_STATUSES}


@dataclass
class Commands:
    """What the agent asks for; `text` is the mail without the lines that said so."""

    text: str
    is_note: bool = False
    takes: bool = False
    status: Category | None = None
    priority: Priority | None = None
    tags: list[str] = field(default_factory=list)
    found: bool = False


def read_commands(text: str) -> Commands:
    """The commands before the first line of other words. What is on no list is text, and ends them."""
    lines = text.lstrip("\r\n").split("\n")
    commands = Commands(text)
    for count, line in enumerate(lines[:MOST_LINES]):
        if line.strip() and not _obeyed(line.strip(), commands):
            break
        if line.strip():
            commands.found = True
            commands.text = "\n".join(lines[count + 1 :]).strip("\r\n")
    return commands


def _obeyed(line: str, commands: Commands) -> bool:
    """Note the command of this line; False if it is none."""
    if not line.startswith("#"):
        return False
    name, _, rest = line[1:].partition(" ")
    name, rest = name.lower(), " ".join(rest.split())
    if name in _PLAIN and not rest:
        commands.is_note |= name == "note"
        commands.takes |= name == "take"
        commands.status = _STATUSES.get(name, commands.status)
        return True
    if name == "assign" and rest.lower() == "me":
        commands.takes = True
        return True
    if name == "priority" and rest.lower() in Priority.values:
        commands.priority = Priority(rest.lower())
        return True
    if name == "tag" and 0 < len(rest) <= LONGEST_TAG:
        commands.tags.append(rest)
        return True
    return False
