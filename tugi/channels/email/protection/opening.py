"""Layer by layer into a signed or encrypted mail, as long as each layer is the whole of what is left.

What is encrypted and only stands beside other parts is never opened: glued to clear text of a stranger it could be sent
on by that stranger's HTML, or come back to him in an answer (EFAIL, 2018).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tugi.channels.email.parsing.charsets import known_codec
from tugi.channels.email.parsing.limits import Limits
from tugi.channels.email.parsing.mime import Part, parse_tree
from tugi.channels.email.parsing.people import author
from tugi.channels.email.parsing.protected import ARMOR, CMS_TYPES
from tugi.channels.email.parsing.transfer import decoded
from tugi.channels.email.protection import openpgp, smime
from tugi.channels.email.protection.ber import BerError
from tugi.channels.email.protection.cms import Enveloped, Signed, read_cms
from tugi.channels.email.protection.keys import Key, Opened
from tugi.core.protection import Layer

DEEPEST = 4
_LIMITS = Limits(parts=200)
_SIGNATURES = ("application/pkcs7-signature", "application/x-pkcs7-signature")
_PGP_ENDS = (b"-----END PGP MESSAGE-----", b"-----END PGP SIGNATURE-----")
_CHARSET = re.compile(rb"^Charset: ([A-Za-z0-9_.:-]{1,40})\r?$", re.MULTILINE)


def open_mail(raw: bytes, keys: Sequence[Key], now: datetime) -> Opened:
    """Opens and checks what the mailbox's keys can. Raises nothing that a mail could cause."""
    return _Opening(raw, keys, now).run()


@dataclass
class _Opening:
    raw: bytes
    keys: Sequence[Key]
    now: datetime
    layers: list[Layer] = field(default_factory=list)
    sender: str = ""

    def run(self) -> Opened:
        root, _ = parse_tree(self.raw, _LIMITS)
        writer, _ = author(root.headers, _LIMITS)
        self.sender = writer.addr if writer else ""
        part, is_other = root, False
        for _ in range(DEEPEST):
            found = self._next(part)
            if found is None:
                break
            inner, is_opened = found
            is_other = is_other or is_opened
            part, _ = parse_tree(inner, _LIMITS)
        else:
            self.layers.append(Layer("", "signed", "unchecked", is_part=True))
        self._note_parts(part)
        return Opened(_below(root, part) if is_other else None, tuple(self.layers))

    def _next(self, part: Part) -> tuple[bytes, bool] | None:
        """What is within this layer, and whether it had to be opened for that; None if it is none, or stays closed."""
        if part.type == "multipart/signed":
            return self._signed(part)
        if part.type == "multipart/encrypted":
            return self._encrypted(part)
        if part.type in CMS_TYPES:
            return self._cms(part)
        return self._armored(part) if part.type == "text/plain" and not part.is_multipart else None

    def _signed(self, part: Part) -> tuple[bytes, bool] | None:
        entity = _first_part(part)
        if entity is None or len(part.children) != 2:
            return None
        signature, content = part.children[1], re.sub(rb"\r?\n", b"\r\n", entity)
        if signature.type in _SIGNATURES:
            self.layers += self._checked_cms(decoded(signature), content)
        elif signature.type == "application/pgp-signature":
            told = openpgp.check_detached(content, decoded(signature), self.keys, self.sender, self.now)
            self.layers.append(told)
        else:
            return None
        return entity, False

    def _checked_cms(self, signature: bytes, content: bytes) -> list[Layer]:
        try:
            message = read_cms(signature)
        except (BerError, IndexError):
            message = None
        if not isinstance(message, Signed):
            return [Layer("smime", "signed", "unchecked")]
        found = smime.check_signed(message, content, self.keys, self.sender, self.now)
        return found or [Layer("smime", "signed", "unchecked")]

    def _encrypted(self, part: Part) -> tuple[bytes, bool] | None:
        if len(part.children) < 2:
            return None
        return self._take_openpgp(decoded(part.children[1]))

    def _take_openpgp(self, message: bytes) -> tuple[bytes, bool] | None:
        found = openpgp.open_encrypted(message, self.keys, self.sender, self.now)
        if isinstance(found, Layer):
            self.layers.append(found)
            return None
        content, layers = found
        self.layers += layers
        return content, True

    def _cms(self, part: Part) -> tuple[bytes, bool] | None:
        try:
            message = read_cms(decoded(part))
        except (BerError, IndexError):
            message = None
        if isinstance(message, Enveloped):
            found = smime.open_enveloped(message, self.keys)
            self.layers.append(found if isinstance(found, Layer) else found[1])
            return None if isinstance(found, Layer) else (found[0], True)
        if isinstance(message, Signed) and message.content is not None:
            told = smime.check_signed(message, message.content, self.keys, self.sender, self.now)
            self.layers += told or [Layer("smime", "signed", "unchecked")]
            return message.content, True
        self.layers.append(Layer("smime", "encrypted", "unsupported"))
        return None

    def _armored(self, part: Part) -> tuple[bytes, bool] | None:
        """Text that is one block of armour and nothing else."""
        text = decoded(part).strip()
        if not text.startswith(ARMOR) or not text.endswith(_PGP_ENDS) or text.count(b"\n-----BEGIN PGP MESSAGE") > 0:
            return None
        if text.startswith(ARMOR[0]):
            found = self._take_openpgp(text)
            return (_as_text(found[0], _CHARSET.search(text[:2_000])), True) if found else None
        words, layer = openpgp.check_clear(text, self.keys, self.sender, self.now)
        self.layers.append(layer)
        return (_as_text(words, None), True) if words is not None else None

    def _note_parts(self, part: Part) -> None:
        """What is signed or encrypted beside other things is told, and left as it is."""
        found: list[Layer] = []
        for each in part.walk() if part.is_multipart and part.type != "multipart/encrypted" else []:
            if each.type in CMS_TYPES:
                found.append(Layer("smime", "encrypted", "closed", is_part=True))
            elif each.type in ("application/pgp-encrypted", "multipart/encrypted") or _holds(each, ARMOR[0]):
                found.append(Layer("openpgp", "encrypted", "closed", is_part=True))
            elif (each.type == "multipart/signed" and each is not part) or _holds(each, ARMOR[1]):
                found.append(Layer("", "signed", "unchecked", is_part=True))
        if not part.is_multipart and not self.layers:
            found += [Layer("openpgp", kind, state, is_part=True) for kind, state in _armor_beside_words(part)]
        self.layers += dict.fromkeys(found)


def _armor_beside_words(part: Part) -> list[tuple[str, str]]:
    told = (("encrypted", "closed"), ("signed", "unchecked"))
    return [each for mark, each in zip(ARMOR, told, strict=True) if _holds(part, mark)]


def _holds(part: Part, mark: bytes) -> bool:
    return part.type == "text/plain" and not part.is_multipart and mark in part.body[:200_000]


def _first_part(part: Part) -> bytes | None:
    """The signed part byte for byte, header and all, without the line end before the next boundary (RFC 1847)."""
    boundary = part.params.get("boundary", "").encode("utf-8", "surrogateescape").rstrip()
    if not boundary:
        return None
    line = re.compile(rb"(?m)^--" + re.escape(boundary) + rb"(?:--)?[ \t]*\r?(?:\n|\Z)")
    body = part.raw[part.start :]
    first = line.search(body)
    second = line.search(body, first.end()) if first else None
    if first is None or second is None:
        return None
    entity = body[first.end() : second.start()]
    return entity[:-2] if entity.endswith(b"\r\n") else entity[:-1]


def _as_text(words: bytes, charset: re.Match[bytes] | None) -> bytes:
    name = known_codec(charset[1].decode("ascii")) if charset else ""
    return f"Content-Type: text/plain; charset={name or 'utf-8'}\r\n\r\n".encode() + words


def _below(root: Part, inner: Part) -> bytes:
    """The mail's header above the content within.

    The subject stays the outer one, though a real one may stand inside (RFC 9788): a ticket's subject goes out again
    in every answer, and who sent this need not be who wrote it.
    """
    kept = [each for each in root.headers.fields if not each[0].startswith("content-")]
    within = [each for each in inner.headers.fields if each[0].startswith("content-")]
    head = b"".join(name.encode("ascii") + b":" + value.rstrip(b"\r\n") + b"\r\n" for name, value in [*kept, *within])
    return head + b"\r\n" + inner.raw[inner.start :]
