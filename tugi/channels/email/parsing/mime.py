"""The tree of a mail's parts (RFC 2045, 2046), found in one pass over the bytes.

Python's own parser recurses (1,200 nested multiparts end it) and takes ids apart; this one keeps a stack of open
boundaries, never recurses, never fails, and stops opening parts at the limits. message/rfc822 is not entered.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tugi.channels.email.parsing.headers import Headers
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.parameters import content_type

_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_BOUNDARY_LINE = 1_000


@dataclass
class Part:
    """One part: its header, where its body lies in the raw mail, and the parts within it."""

    raw: bytes
    headers: Headers = field(default_factory=Headers)
    type: str = "text/plain"
    params: dict[str, str] = field(default_factory=dict)
    start: int = 0
    end: int = 0
    children: list[Part] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        """The body as it stands, still encoded."""
        return self.raw[self.start : self.end]

    @property
    def is_multipart(self) -> bool:
        return bool(self.children)

    def walk(self) -> Iterator[Part]:
        """This part and all within it, in their order."""
        waiting = [self]
        while waiting:
            part = waiting.pop()
            yield part
            waiting.extend(reversed(part.children))


def parse_tree(raw: bytes, limits: Limits) -> tuple[Part, list[str]]:
    """The root part of the mail, and what was wrong or left out."""
    if b"\n" not in raw and b"\r" in raw:
        raw = raw.replace(b"\r", b"\n")
    scanner = _Scanner(raw, limits)
    scanner.run()
    return scanner.root, sorted(scanner.problems)


class _Scanner:
    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.problems: set[str] = set()
        self.root = Part(raw)
        self.open: list[tuple[bytes, Part]] = []
        self.levels: dict[bytes, int] = {}
        self.count = 1

    def run(self) -> None:
        start = self._skip_envelope()
        at = self._read_headers(self.root, start, "text/plain")
        self._enter(self.root)
        while self.open:
            line, end = self._next_dash_line(at)
            if line < 0:
                self.problems.add("multipart_not_closed")
                self._close_to(0, len(self.raw), len(self.raw))
                break
            at = self._boundary(line, end)

    def _skip_envelope(self) -> int:
        """Past blank lines and the "From " line of an mbox."""
        match = re.match(rb"(?:[ \t]*\r?\n){0,50}(?:>?From [^\r\n]{0,500}\r?\n)?", self.raw)
        return match.end() if match else 0

    def _next_dash_line(self, at: int) -> tuple[int, int]:
        """Start and end (with its line end) of the next line that begins with two dashes; -1 without one."""
        if not self.raw.startswith(b"--", at) or (at and self.raw[at - 1] != 0x0A):
            found = self.raw.find(b"\n--", max(at - 1, 0))
            if found < 0:
                return -1, -1
            at = found + 1
        end = self.raw.find(b"\n", at)
        return at, end + 1 if end >= 0 else len(self.raw)

    def _level_of(self, line: int, end: int) -> tuple[int, bool]:
        """Which open multipart the line belongs to (-1: none), and whether it closes it."""
        text = self.raw[line + 2 : min(end, line + _BOUNDARY_LINE)].rstrip()
        if text in self.levels:
            return self.levels[text], False
        if text.endswith(b"--") and text[:-2].rstrip() in self.levels:
            return self.levels[text[:-2].rstrip()], True
        return -1, False

    def _boundary(self, line: int, end: int) -> int:
        """Acts on one line of dashes; returns where to look on."""
        level, closes = self._level_of(line, end)
        if level < 0:
            return max(end, line + 2)
        body_end = line - (1 + (self.raw[line - 2 : line] == b"\r\n")) if line else 0
        self._close_to(level if closes else level + 1, max(body_end, 0), line)
        if closes:
            return end
        return self._open_part(self.open[level][1], end)

    def _close_to(self, level: int, end: int, line: int) -> None:
        """Ends all multiparts from this level inwards, and the leaf that is open in the innermost."""
        for depth in range(len(self.open) - 1, max(level - 1, 0) - 1, -1):
            parent = self.open[depth][1]
            last = parent.children[-1] if parent.children else parent
            if last is parent or not last.end:
                last.end = max(end, last.start)
        while len(self.open) > level:
            boundary, part = self.open.pop()
            self.levels.pop(boundary, None)
            part.end = part.end if part.end > part.start else max(end, part.start)

    def _open_part(self, parent: Part, at: int) -> int:
        if self.count >= self.limits.parts:
            self.problems.add("too_many_parts")
            self._close_to(0, len(self.raw), len(self.raw))
            return len(self.raw)
        self.count += 1
        default = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
        part = Part(self.raw)
        parent.children.append(part)
        at = self._read_headers(part, at, default)
        self._enter(part)
        return at

    def _enter(self, part: Part) -> None:
        """Opens a multipart, if it is one with a boundary of its own and not too deep."""
        if not part.type.startswith("multipart/"):
            part.end = 0 if self.open else len(self.raw)
            return
        boundary = part.params.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
        boundary = boundary or self._guess_boundary(part.start)
        if not boundary or boundary in self.levels or len(self.open) >= self.limits.depth:
            self.problems.add("multipart_without_boundary" if not boundary else "too_deep")
            part.end = 0 if self.open else len(self.raw)
            return
        self.levels[boundary] = len(self.open)
        self.open.append((boundary, part))

    def _guess_boundary(self, start: int) -> bytes:
        match = re.compile(rb"\s{0,200}--([^\s-][^\r\n]{0,80}?)[ \t]*\r?\n").match(self.raw, start)
        return match[1] if match else b""

    def _read_headers(self, part: Part, at: int, default: str) -> int:
        """Fills the part's header and notes where its body starts. Stops at a blank line or a boundary."""
        fields: list[tuple[str, list[bytes]]] = []
        room = self.limits.headers_bytes
        while at < len(self.raw):
            newline = self.raw.find(b"\n", at)
            end = newline + 1 if newline >= 0 else len(self.raw)
            head = self.raw[at : min(end, at + self.limits.header_bytes)]
            if not head.strip(b"\r\n \t") and (head[:1] not in b" \t" or not head.strip()):
                if head[:1] in (b" ", b"\t") and fields and _looks_like_header(self.raw, end):
                    at = end
                    continue
                at = end
                break
            if head.startswith(b"--") and self.open and self._level_of(at, end)[0] >= 0:
                break
            room -= len(head)
            if not self._take_line(fields, head, room, end):
                break
            at = end
        part.headers.fields = [(name, b"".join(pieces)) for name, pieces in fields]
        part.type, part.params = content_type(part.headers, default)
        part.start = at
        return at

    def _take_line(self, fields: list[tuple[str, list[bytes]]], head: bytes, room: int, end: int) -> bool:
        """Adds one line to the fields. False if the header ends here without a blank line."""
        if head[:1] in (b" ", b"\t") and fields:
            if room > 0 and len(fields[-1][1]) < self.limits.header_lines:
                fields[-1][1].append(head)
            return True
        match = _NAME.match(head)
        if match and room > 0 and len(fields) < self.limits.header_lines:
            fields.append((match[1].decode("ascii").lower(), [head[match.end() :]]))
        elif match:
            self.problems.add("header_cut")
        else:
            self.problems.add("header_broken")
            return bool(fields) and _looks_like_header(self.raw, end)
        return True


def _looks_like_header(raw: bytes, at: int) -> bool:
    return _NAME.match(raw, at) is not None or raw[at : at + 1] in (b" ", b"\t")
