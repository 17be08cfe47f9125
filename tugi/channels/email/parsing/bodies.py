"""What of a mail is to be read: its texts in their order, as HTML and as plain text, and the parts that are files.

Each inline text part counts, with attachments between them too. Of alternatives the richest is shown and the plain
one searched; an empty plain part, or one that only says that a better reader is needed, is replaced by the HTML's text.
"""

# ruff: noqa: E501 - alternatives of words read best side by side
from __future__ import annotations

import re
from dataclasses import dataclass, field

from tugi.channels.email.parsing.charsets import decode
from tugi.channels.email.parsing.encoded_text import take_files
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.made_parts import made_part
from tugi.channels.email.parsing.mime import Part
from tugi.channels.email.parsing.parameters import disposition
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.html import html_to_text, text_to_html
from tugi.core.text import normalise

_HINT = re.compile(
    r"(?:your|this|the).{0,40}(?:mail|reader|client|program|message).{0,60}(?:html|not support|cannot|can't|unable)"
    r"|(?:does not|doesn't|не) .{0,20}(?:support|поддерж).{0,20}html|view (?:this|the) (?:e-?mail|message).{0,30}(?:html|browser)"
    r"|html.{0,20}(?:version|only|nachricht|message|mail)|diese nachricht .{0,40}html",
    re.IGNORECASE,
)


@dataclass
class Block:
    """One text of the mail in one or both of its forms, or a picture between texts (`picture` is its part)."""

    html: str | None = None
    text: str | None = None
    picture: Part | None = None


@dataclass
class Content:
    """The readable content: blocks in order, files in order, and those files that are noise or belong to the HTML."""

    blocks: list[Block] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)
    related: set[int] = field(default_factory=set)
    noise: set[int] = field(default_factory=set)
    problems: set[str] = field(default_factory=set)


def read_content(root: Part, limits: Limits) -> Content:
    """Sorts the parts of the mail into texts and files."""
    content = Content()
    _Reader(content, limits).read(root)
    return content


def whole_html(content: Content, picture_id: dict[int, str]) -> str:
    """One HTML of all blocks, not cleaned; empty if no block has any. `picture_id` names pictures between texts."""
    shown = [block for block in content.blocks if block.picture is None or id(block.picture) in picture_id]
    if not any(block.html is not None or block.picture is not None for block in shown):
        return ""
    return "\n".join(_block_html(block, picture_id) for block in shown)


def _block_html(block: Block, picture_id: dict[int, str]) -> str:
    if block.picture is not None:
        cid = re.sub(r"[\"&<>\s]", "", picture_id[id(block.picture)])
        return f'<div><img src="cid:{cid}"></div>'
    return block.html if block.html is not None else text_to_html(block.text or "")


def whole_text(content: Content, limits: Limits) -> str:
    """One plain text of all blocks."""
    texts = [_block_text(block) for block in content.blocks if block.picture is None]
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())[: limits.text]


def is_made_of_html(content: Content) -> bool:
    """Does no text part say what the HTML says, so that the plain text is made of it?"""
    blocks = [block for block in content.blocks if block.picture is None]
    return bool(blocks) and not any(_has_own_text(block) for block in blocks)


def _block_text(block: Block) -> str:
    if _has_own_text(block) or not block.html:
        return block.text or ""
    return html_to_text(block.html)


def _has_own_text(block: Block) -> bool:
    return bool(block.text and block.text.strip()) and not (block.html and _is_only_a_hint(block.text or ""))


def _is_only_a_hint(text: str) -> bool:
    return len(text) < 400 and _HINT.search(text[:400]) is not None


class _Reader:
    """Walks the tree without recursion deeper than the depth limit of the tree itself."""

    def __init__(self, content: Content, limits: Limits) -> None:
        self.content = content
        self.limits = limits

    def read(self, part: Part) -> None:
        if not part.is_multipart:
            self._leaf(part)
        elif part.type == "multipart/alternative":
            self._alternative(part)
        elif part.type == "multipart/related":
            self._related(part)
        elif part.type in ("multipart/signed", "multipart/report"):
            self._first_then_files(part)
        elif part.type == "multipart/encrypted":
            self._closed(part)
        elif part.type == "multipart/appledouble":
            self._apple_forks(part)
        else:
            for child in part.children:
                self.read(child)

    def _leaf(self, part: Part) -> None:
        if self._is_text(part):
            text = self._text(part)
            self.content.blocks.append(Block(html=text) if part.type == "text/html" else Block(text=text))
            return
        self.content.files.append(part)
        if part.type.startswith("image/") and disposition(part.headers)[0] == "inline":
            self.content.blocks.append(Block(picture=part))

    def _is_text(self, part: Part) -> bool:
        if part.type not in (
            "text/plain",
            "text/html",
            "text/enriched",
            "text/watch-html",
            "text/x-amp-html",
        ):
            return part.type == "text/" or (part.type == "message/partial")
        kind, params = disposition(part.headers)
        named = bool(params.get("filename") or part.params.get("name"))
        if kind == "attachment":
            return False
        return not (named and any(block.picture is None for block in self.content.blocks)) or (
            kind != "inline"
            and not params.get("filename")
            and part.type == "text/plain"
            and not part.params.get("name")
        )

    def _alternative(self, part: Part) -> None:
        """One block of the plain and the HTML forms; calendars and twins become hidden files."""
        merged = Block()
        for child in part.children:
            inner = Content()
            _Reader(inner, self.limits).read(child)
            self._take_form(merged, inner)
            if child.type.startswith("text/") and not inner.blocks:
                self.content.noise.update(id(each) for each in inner.files)
            self.content.files.extend(inner.files)
            self.content.related |= inner.related
            self.content.noise |= inner.noise
            self.content.problems |= inner.problems
        if merged.html is not None or merged.text is not None:
            self.content.blocks.append(merged)

    def _take_form(self, merged: Block, inner: Content) -> None:
        texts = [block for block in inner.blocks if block.picture is None]
        if any(block.html is not None for block in texts):
            ids = {id(block.picture): _id_of(block.picture) for block in inner.blocks if block.picture is not None}
            merged.html = whole_html(inner, {key: cid for key, cid in ids.items() if cid})
            inner.related |= {key for key, cid in ids.items() if cid}
        elif texts:
            merged.text = "\n\n".join(filter(None, [merged.text, whole_text(inner, self.limits)]))

    def _related(self, part: Part) -> None:
        start = part.params.get("start", "").strip("<> ")
        root = next((each for each in part.children if start and _id_of(each) == start), part.children[0])
        self.read(root)
        for child in part.children:
            if child is root:
                continue
            if child.is_multipart:
                self.read(child)
                continue
            self.content.files.append(child)
            self.content.related.add(id(child))

    def _first_then_files(self, part: Part) -> None:
        """Signed mails and reports: the first part is the text, the others belong to machines."""
        self.read(part.children[0])
        for child in part.children[1:]:
            if child.is_multipart:
                self.read(child)
                continue
            self.content.files.append(child)
            if part.type == "multipart/signed" or child.type != "message/rfc822":
                self.content.noise.add(id(child))

    def _closed(self, part: Part) -> None:
        """RFC 3156: a part that only says how the other is encrypted."""
        self.content.noise.add(id(part.children[0]))
        for child in part.children:
            self.read(child)

    def _apple_forks(self, part: Part) -> None:
        """RFC 1740: the file itself, and what only a Macintosh wants to know of it."""
        for child in part.children:
            if child.is_multipart:
                self.read(child)
                continue
            self.content.files.append(child)
            if child.type == "application/applefile":
                self.content.noise.add(id(child))

    def _without_files(self, data: bytes) -> bytes:
        """The text without the files that were written into it as letters."""
        data, files = take_files(data)
        self.content.files += [made_part(file.data, "", file.name) for file in files]
        return data

    def _text(self, part: Part) -> str:
        data = decoded(part)
        data = self._without_files(data) if part.type == "text/plain" else data
        room = self.limits.html if part.type == "text/html" else self.limits.text
        if len(data) > room * 4:
            data = data[: room * 4]
        declared = part.params.get("charset", "")
        if not declared and part.type == "text/html":
            declared = _meta_charset(data)
        text, guessed = decode(data, declared)
        if guessed:
            self.content.problems.add("charset_guessed")
        if len(text) > room:
            self.content.problems.add("body_cut")
            text = text[:room]
        text = normalise(text)
        return unflow(text, part.params) if part.params.get("format", "").lower() == "flowed" else text


def _meta_charset(data: bytes) -> str:
    match = re.search(rb"<meta[^>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([\w.:-]{1,40})", data[:4_000], re.IGNORECASE)
    return match[1].decode("ascii", "ignore") if match else ""


def _id_of(part: Part) -> str:
    return part.headers.plain("content-id").strip("<> ")


def unflow(text: str, params: dict[str, str]) -> str:
    """RFC 3676: lines that end in a blank go on in the next one of the same quotation depth."""
    joined_without_blank = params.get("delsp", "").lower() == "yes"
    out: list[str] = []
    pending: list[str] = []
    pending_depth = -1
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        content = line[depth:]
        content = content.removeprefix(" ")
        if pending and depth != pending_depth:
            _flush(out, pending, pending_depth)
        pending_depth = depth
        flows = content.endswith(" ") and content != "-- "
        pending.append(content[:-1] if flows and joined_without_blank else content)
        if not flows:
            _flush(out, pending, depth)
    _flush(out, pending, pending_depth)
    return "\n".join(out)


def _flush(out: list[str], pending: list[str], depth: int) -> None:
    if pending:
        out.append(">" * depth + (" " if depth else "") + "".join(pending).rstrip(" " if len(pending) > 1 else ""))
        pending.clear()
