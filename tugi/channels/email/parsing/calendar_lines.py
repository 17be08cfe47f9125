"""iCalendar (RFC 5545 3.1) as lines: unfolded, each a name, parameters and a value; sorted into their components.

Own, because ten properties are read and nothing is ever expanded: what is bounded here, no rule of a sender can undo.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

MOST_LINES = 10_000
_LONGEST_LINE = 20_000
_FOLD = re.compile(r"\r?\n[ \t]")
_VALUE = r"(?:\"[^\"]*+\"|[^\";:,]*+)"
_HEAD = re.compile(rf"([A-Za-z0-9-]{{1,60}})((?:;[A-Za-z0-9-]{{1,60}}={_VALUE}(?:,{_VALUE})*+)*+):")
_PARAMETER = re.compile(r";([A-Za-z0-9-]{1,60})=(?:\"([^\"]*+)\"|([^\";:,]*+))")
_ESCAPE = re.compile(r"\\([\\;,nN])")


@dataclass(frozen=True)
class Property:
    value: str
    params: dict[str, str]

    @property
    def text(self) -> str:
        """The value without the marks of RFC 5545 3.3.11."""
        return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], self.value)


@dataclass
class Component:
    """What stands between BEGIN and END; properties by name in upper case."""

    name: str
    properties: dict[str, list[Property]] = field(default_factory=dict)
    components: list[Component] = field(default_factory=list)

    def first(self, name: str) -> Property | None:
        return next(iter(self.properties.get(name, ())), None)

    def text(self, name: str) -> str:
        found = self.first(name)
        return found.text if found else ""

    def all(self, name: str) -> list[Component]:
        """Components of that name directly within."""
        return [each for each in self.components if each.name == name]


def read_components(text: str, deepest: int = 6) -> Component:
    """All that the text holds, under a component without a name. Lines that are none are passed over. Linear."""
    root = Component("")
    open_ones = [root]
    for line in _FOLD.sub("", text).splitlines()[:MOST_LINES]:
        match = _HEAD.match(line[:_LONGEST_LINE])
        if match is None:
            continue
        name, value = match[1].upper(), line[match.end() : _LONGEST_LINE].strip()
        if name == "BEGIN":
            component = Component(value.upper()[:60])
            if len(open_ones) <= deepest:
                open_ones[-1].components.append(component)
            open_ones.append(component)
        elif name == "END":
            del open_ones[max(_last(open_ones, value.upper()), 1) :]
        else:
            open_ones[-1].properties.setdefault(name, []).append(Property(value, _parameters(match[2])))
    return root


def _last(open_ones: list[Component], name: str) -> int:
    """Where the component that ends was opened; beyond the list if none of that name is open."""
    for depth in range(1, min(len(open_ones), 20)):
        if open_ones[-depth].name == name:
            return len(open_ones) - depth
    return len(open_ones)


def _parameters(text: str) -> dict[str, str]:
    return {name.upper(): quoted or plain for name, quoted, plain in _PARAMETER.findall(text)} if text else {}
