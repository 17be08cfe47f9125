"""What a mail of ours looks like. Header values are single lines, HTML is cleaned or escaped, nothing else goes in."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.utils import format_datetime

from tugi.channels.email import dkim, letters
from tugi.channels.email.marks import OwnId, make_bounce_address, make_message_id, make_reply_address
from tugi.channels.email.mime_draft import Draft
from tugi.channels.email.models import DkimKey, KnownMessageId, Mailbox, OutboundKind, OutboundMessage
from tugi.core import blobs, clock
from tugi.core.crypto import CryptoError
from tugi.core.mail_addresses import domain_to_ascii
from tugi.core.text import shorten, single_line
from tugi.tickets.models import Attachment, Message

log = logging.getLogger(__name__)
LOOP_HEADER = "X-Tugi-Loop"
MOST_REFERENCES = 12
LONGEST_NAME = 60
LETTERS = {
    OutboundKind.REPLY.value: letters.reply,
    OutboundKind.ACKNOWLEDGEMENT.value: letters.acknowledgement,
    OutboundKind.REFUSAL.value: letters.refusal,
}
_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_SPECIALS = re.compile(r'[\\"<>@,:;\[\]]')
_PAIRED = re.compile(r"[^()]*(?:\([^()]*\)[^()]*)*")


@dataclass(frozen=True)
class Mail:
    """A mail ready for its envelope. An empty `envelope_from` is the null sender: nobody may answer.

    `plain_from` stands for it with servers that let an account send under its bare address only.
    """

    raw: bytes
    envelope_from: str
    recipients: list[str]
    plain_from: str = ""


def compose(row: OutboundMessage, *, link: str) -> Mail:
    """The row as a mail. `link` leads to the ticket's page; empty where others would read it too."""
    letter = LETTERS[row.kind](row, link)
    everybody = [_ascii_domain(address) for address in row.everybody]
    # Beyond ASCII a header is UTF-8 (RFC 6532), and so must be the way there (SMTPUTF8).
    mail = Draft(utf8=not "".join(everybody).isascii())
    _address(mail, row, letter.author)
    _thread(mail, row, with_theirs=letter.is_for_insiders)
    if not _is_reply(row):
        _mark_automatic(mail, row.mailbox)
    mail.set_text(letter.text)
    mail.set_html(letter.html)
    if _is_reply(row) and row.message is not None:
        _attach(mail, row.message)
    return Mail(
        raw=_signed(mail.as_bytes(), row.mailbox),
        envelope_from=_envelope_from(row),
        plain_from=_plain_from(row),
        recipients=[_ascii_domain(address) for address in row.still_to_reach],
    )


def _signed(raw: bytes, mailbox: Mailbox) -> bytes:
    """With a signature where the domain has a key. A key that cannot be opened keeps no mail back."""
    key = DkimKey.objects.filter(domain=domain_to_ascii(mailbox.host), is_signing=True).first()
    if key is None:
        return raw
    try:
        private = key.private_key.reveal()
    except CryptoError:
        log.warning("the key %s cannot be opened: mail leaves unsigned", key.record_name)
        return raw
    return dkim.sign(raw, domain=key.domain, selector=key.selector, private_key=private)


def _envelope_from(row: OutboundMessage) -> str:
    """Where reports on this mail come back to, by a signed address that names it (VERP)."""
    if not row.mailbox.plus_addresses:
        return _plain_from(row)
    signed = make_bounce_address(row.mailbox.address, row.pk)
    return _plain_from(row) if signed == row.mailbox.address else _ascii_domain(signed)


def _plain_from(row: OutboundMessage) -> str:
    """For a machine's mail nobody: it would be answered by machines (RFC 3834 3.3)."""
    return _ascii_domain(row.mailbox.address) if _is_reply(row) else ""


def _is_reply(row: OutboundMessage) -> bool:
    return row.kind == OutboundKind.REPLY


def _address(mail: Draft, row: OutboundMessage, author: str) -> None:
    mailbox = row.mailbox
    mail["From"] = _mailbox(author, mailbox.address)
    mail["To"] = [_mailbox("", address) for address in row.to]
    if row.cc:
        mail["Cc"] = [_mailbox("", address) for address in row.cc]
    if mailbox.plus_addresses and row.kind != OutboundKind.REFUSAL:
        mail["Reply-To"] = _mailbox(author, make_reply_address(mailbox.address, row.pk))
    mail["Subject"] = header_words(row.subject)
    mail["Date"] = format_datetime(clock.now())


def _thread(mail: Draft, row: OutboundMessage, *, with_theirs: bool) -> None:
    mail["Message-ID"] = f"<{row.mail_id}>"
    if row.kind == OutboundKind.REFUSAL:
        return
    chain = _earlier_ids(row, with_theirs=with_theirs)
    if chain:
        mail["In-Reply-To"] = f"<{chain[-1]}>"
    mail["References"] = " ".join(f"<{each}>" for each in [_mark_in_references(row), *chain])


def _mark_in_references(row: OutboundMessage) -> str:
    """An id of ours that no mail has. It comes back in the References of an answer where a provider on the way out put
    an id of its own in the place of our Message-ID (Amazon SES, some relays of Exchange)."""
    return make_message_id(OwnId(row.ticket_id, "t", row.pk), row.mailbox.host)


def _earlier_ids(row: OutboundMessage, *, with_theirs: bool) -> list[str]:
    """Message-IDs of the ticket's mails before this one, oldest first; the newest from the customer is last.

    Not `with_theirs` for a third party: an id names the server of who wrote.
    """
    # Of customers' mails alone: an agent's own mail, or one that was passed on, is not the customer's to know.
    said = KnownMessageId.objects.filter(message__ticket=row.ticket, message__kind="inbound")
    theirs = said.order_by("-message_id").values_list("value", flat=True)[:6] if with_theirs else ()
    foreign = [single_line(each) for each in theirs]
    ours = OutboundMessage.objects.filter(ticket=row.ticket, sent_at__isnull=False).exclude(pk=row.pk)
    # An acknowledgement is the first that we say.
    own = list(ours.order_by("-id").values_list("mail_id", flat=True)[:5]) if _is_reply(row) else []
    usable = [each for each in foreign if _is_plain_id(each)]
    return [*reversed(own), *reversed(usable)][-MOST_REFERENCES:]


def _is_plain_id(value: str) -> bool:
    """Fit to be written into a header again: printable ASCII without blanks, brackets or encoded words."""
    return 3 <= len(value) <= 400 and value.isascii() and not set(value) & set(' <>\t,;()[]"\\') and "=?" not in value


def _mark_automatic(mail: Draft, mailbox: Mailbox) -> None:
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = domain_to_ascii(mailbox.host)


def _attach(mail: Draft, message: Message) -> None:
    for file in message.attachments.all():
        data, kind, name = blobs.read(file.sha256), _type(file), _file_name(file)
        if file.is_inline and file.content_id:
            mail.add_picture(data, kind, cid=_content_id(file.content_id), name=name)
        else:
            mail.add_file(data, kind, name=name)


def _content_id(value: str) -> str:
    return "".join(each for each in value if each.isascii() and each.isprintable() and each not in "<> ")


def _type(file: Attachment) -> str:
    main = file.content_type.partition("/")[0]
    if not _TYPE.fullmatch(file.content_type) or main in ("text", "message", "multipart"):
        # As bytes: re-coding a text would change the file.
        return "application/octet-stream"
    return file.content_type


def _file_name(file: Attachment) -> str:
    return header_words(file.name) or "file"


def _mailbox(name: str, address: str) -> HeaderAddress:
    shown, spec = plain_name(name), _ascii_domain(address)
    if spec.startswith('"'):
        return HeaderAddress(display_name=shown, addr_spec=spec)
    # In two parts: real addresses with two dots in a row are refused when they are given whole.
    local, _at, domain = spec.rpartition("@")
    return HeaderAddress(display_name=shown, username=local, domain=domain)


def header_words(text: str) -> str:
    """Text for a header. What looks like an encoded word would be decoded by Python's library, and a line break in it
    would end the header: the mark that begins one is broken."""
    return single_line(text).replace("=?", "= ?")


def plain_name(name: str) -> str:
    """A name that needs no quotes, which the library loses when it folds a long one; what is an address then?"""
    plain = shorten(header_words(_SPECIALS.sub(" ", name)), LONGEST_NAME)
    return plain if _PAIRED.fullmatch(plain) else header_words(re.sub(r"[()]", " ", plain))


def _ascii_domain(address: str) -> str:
    local, at, domain = single_line(address).rpartition("@")
    return f"{local}{at}{domain_to_ascii(domain)}"
