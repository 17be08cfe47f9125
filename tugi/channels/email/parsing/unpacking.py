"""What one program packed and most cannot open, taken apart into parts that all know: TNEF, Apple's forks, invitations.

Works on the sorted content of a mail and hands on parts of the same kind, so that names, types and pictures are read
by the same rules as all others. What was taken apart is kept as a hidden file; what is broken stays to be seen.
"""

from __future__ import annotations

from tugi.channels.email.parsing.bodies import Block, Content
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.made_parts import made_part
from tugi.channels.email.parsing.mime import Part
from tugi.channels.email.parsing.tnef import SIGNATURE, Unpacked, read_tnef
from tugi.channels.email.parsing.transfer import decoded
from tugi.core.html import html_to_text

MOST_ENVELOPES = 3
_IN_BASE64 = b"eJ8+Ig"
_TNEF = ("application/ms-tnef", "application/vnd.ms-tnef")


def unpack(content: Content, limits: Limits) -> None:
    """Opens the TNEF envelopes of the mail: their words become the mail's where it has none, their files its files."""
    envelopes = [part for part in content.files if _is_tnef(part)][:MOST_ENVELOPES]
    for part in envelopes:
        found = read_tnef(decoded(part))
        content.problems |= found.problems
        files = [
            made_part(file.data, file.content_type, file.name.encode("utf-8", "ignore"), file.content_id)
            for file in found.files
        ]
        at = next(number for number, each in enumerate(content.files) if each is part) + 1
        content.files[at:at] = files[: limits.attachments]
        if not found.problems:
            content.noise.add(id(part))
        _take_words(content, found)


def _is_tnef(part: Part) -> bool:
    beginning = part.raw[part.start : part.start + 40].lstrip()
    return part.type in _TNEF or beginning.startswith((SIGNATURE, _IN_BASE64))


def _take_words(content: Content, found: Unpacked) -> None:
    """Outlook's mail says the same in its text, if it has one; then only the layout is taken."""
    if not (found.text.strip() or found.html.strip()):
        return
    blocks = [block for block in content.blocks if block.picture is None]
    spoken = [block for block in blocks if (block.text or "").strip() or (block.html or "").strip()]
    if not spoken:
        content.blocks = [block for block in content.blocks if block.picture is not None]
        content.blocks.insert(0, Block(html=found.html or None, text=found.text or None))
    elif found.html and len(spoken) == 1 and spoken[0].html is None and _says_the_same(spoken[0], found):
        spoken[0].html = found.html


def _says_the_same(block: Block, found: Unpacked) -> bool:
    """A footer or a forwarder's words beside the envelope must not be lost to the envelope's HTML."""

    def words(text: str) -> str:
        return "".join(letter for letter in text if letter.isalnum())

    return words(block.text or "")[:20_000] == words(found.text or html_to_text(found.html))[:20_000]
