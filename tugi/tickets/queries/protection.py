"""How a message was signed or encrypted, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tugi.core.protection import Layer

Words = tuple[str, str, Promise]
_SYSTEMS = {"smime": "S/MIME", "openpgp": "OpenPGP"}
_TOLD: dict[tuple[str, str], Words] = {
    ("signed", "good"): ("ok", "shield", gettext_lazy("Signed by %(who)s")),
    ("signed", "other_address"): (
        "warning",
        "warning",
        gettext_lazy("Signed by %(who)s, which is not the sender's address"),
    ),
    ("signed", "unknown"): (
        "warning",
        "warning",
        gettext_lazy("Signed by %(who)s, but nothing in this mailbox vouches for that key"),
    ),
    ("signed", "expired"): (
        "warning",
        "warning",
        gettext_lazy("Signed by %(who)s with a key that has expired or was withdrawn"),
    ),
    ("signed", "bad"): (
        "danger",
        "warning",
        gettext_lazy("The signature of %(who)s does not fit: the message was changed on its way, or this is a forgery"),
    ),
    ("signed", "unchecked"): ("", "info", gettext_lazy("Signed, but the signature could not be checked")),
    ("encrypted", "opened"): (
        "ok",
        "lock",
        gettext_lazy("Came encrypted for %(who)s and was opened here. Answers leave unencrypted."),
    ),
    ("encrypted", "no_key"): (
        "warning",
        "lock",
        gettext_lazy("Encrypted, and this mailbox has no key that opens it. The original is kept."),
    ),
    ("encrypted", "failed"): (
        "danger",
        "lock",
        gettext_lazy("Encrypted for %(who)s, but damaged: it could not be opened. The original is kept."),
    ),
    ("encrypted", "unsupported"): (
        "warning",
        "lock",
        gettext_lazy("Encrypted in a way that is not known here. The original is kept."),
    ),
    ("encrypted", "closed"): (
        "warning",
        "lock",
        gettext_lazy("A part of this message is encrypted. It stays closed, because clear text stands beside it."),
    ),
}
_PART = gettext_lazy("A part of this message is signed. That was not checked.")


@dataclass(frozen=True)
class ProtectionLine:
    """`key` is the whole fingerprint, for those who compare."""

    tone: str
    icon: str
    system: str
    text: str
    key: str


def lines_of(rows: list[dict[str, Any]]) -> tuple[ProtectionLine, ...]:
    """A line for each layer, the outermost first."""
    return tuple(_line(Layer(**row)) for row in rows)


def _line(layer: Layer) -> ProtectionLine:
    tone, icon, words = _TOLD.get((layer.kind, layer.state), _TOLD["signed", "unchecked"])
    if layer.is_part and layer.kind == "signed":
        words = _PART
    text = str(words) % {"who": layer.who or _short(layer.fingerprint)}
    key = " ".join(layer.fingerprint[at : at + 4] for at in range(0, len(layer.fingerprint), 4)).upper()
    return ProtectionLine(tone, icon, _SYSTEMS.get(layer.system, ""), text, key)


def _short(fingerprint: str) -> str:
    return _("the key %(key)s") % {"key": fingerprint[-16:].upper()} if fingerprint else _("somebody unknown")
