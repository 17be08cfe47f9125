"""What a message is made of, before it is a row: handed by channels and screens to the actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tugi.core.invitations import Invitation
from tugi.core.protection import Layer
from tugi.tickets.models import Proof


@dataclass(frozen=True)
class NewFile:
    """A file whose bytes already lie in the blob store; `name` is only ever shown."""

    name: str
    content_type: str
    size: int
    sha256: str
    content_id: str = ""
    is_inline: bool = False
    is_noise: bool = False


@dataclass(frozen=True)
class Content:
    """The words: `html` is already clean (`tugi.core.html`), `text` says the same without marks.

    `draft` is the key of the composer that it was written in: the same draft is one message. `seen` is the
    newest message that its author had before them; None where nobody can tell.
    """

    html: str
    text: str
    quoted_html: str = ""
    quoted_text: str = ""
    language: str = ""
    files: tuple[NewFile, ...] = ()
    draft: str = ""
    seen: int | None = None


@dataclass(frozen=True)
class Incoming:
    """A message from the customer's side, with how it came and how well its author is proven.

    `written_at` is what the sender's clock said, `received_at` when it reached the desk, where that was earlier than
    now; `raw_blob` is the SHA-256 of the original, if kept.
    """

    content: Content
    channel: str
    contact_id: int
    proof: Proof
    author_name: str = ""
    author_address: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    is_automatic: bool = False
    raw_blob: str = ""
    written_at: datetime | None = None
    received_at: datetime | None = None
    invitations: tuple[Invitation, ...] = ()
    protection: tuple[Layer, ...] = ()
