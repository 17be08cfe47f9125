"""What a mail of ours looks like. Header values are single lines, HTML is cleaned or escaped, nothing else goes in."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from tugi.channels.email import letters
from tugi.channels.email.marks import make_reply_address
from tugi.channels.email.models import KnownMessageId, Mailbox, OutboundKind, OutboundMessage
from tugi.core import blobs, clock
from tugi.core.mail_addresses import domain_to_ascii
from tugi.core.text import single_line
from tugi.tickets.models import Attachment, Message

LOOP_HEADER = "X-Tugi-Loop"
MOST_REFERENCES = 12
POLICY = SMTP.clone(max_line_length=78)


@dataclass(frozen=True)
class Mail:
    """A mail ready for its envelope. An empty `envelope_from` is the null sender: nobody may answer."""

    raw: bytes
    envelope_from: str
    recipients: list[str]


def compose(row: OutboundMessage, *, link: str) -> Mail:
    """The row as a mail. `link` leads to the ticket's page; empty where others would read it too."""
    letter = letters.reply(row, link) if _is_reply(row) else letters.acknowledgement(row, link)
    mail = EmailMessage(policy=POLICY)
    _address(mail, row, letter.author)
    _thread(mail, row)
    if not _is_reply(row):
        _mark_automatic(mail, row.mailbox)
    mail.set_content(letter.text, cte="quoted-printable")
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    if _is_reply(row) and row.message is not None:
        _attach(mail, row.message)
    return Mail(
        raw=mail.as_bytes(),
        envelope_from=row.mailbox.address if _is_reply(row) else "",
        recipients=[_ascii_domain(address) for address in (*row.to, *row.cc)],
    )


def _is_reply(row: OutboundMessage) -> bool:
    return row.kind == OutboundKind.REPLY


def _address(mail: EmailMessage, row: OutboundMessage, author: str) -> None:
    mailbox = row.mailbox
    mail["From"] = _mailbox(author, mailbox.address)
    mail["To"] = [_mailbox("", address) for address in row.to]
    if row.cc:
        mail["Cc"] = [_mailbox("", address) for address in row.cc]
    if mailbox.plus_addresses:
        mail["Reply-To"] = _mailbox(author, make_reply_address(mailbox.address, row.pk))
    mail["Subject"] = single_line(row.subject)
    mail["Date"] = format_datetime(clock.now())


def _thread(mail: EmailMessage, row: OutboundMessage) -> None:
    mail["Message-ID"] = f"<{row.mail_id}>"
    chain = _earlier_ids(row)
    if chain:
        mail["In-Reply-To"] = f"<{chain[-1]}>"
        mail["References"] = " ".join(f"<{each}>" for each in chain)


def _earlier_ids(row: OutboundMessage) -> list[str]:
    """Message-IDs of the ticket's mails before this one, oldest first; the newest from the customer is last."""
    said = KnownMessageId.objects.filter(message__ticket=row.ticket).exclude(message__kind="note")
    foreign = [single_line(each) for each in said.order_by("-message_id").values_list("value", flat=True)[:6]]
    ours = OutboundMessage.objects.filter(ticket=row.ticket, sent_at__isnull=False).exclude(pk=row.pk)
    own = list(ours.order_by("-id").values_list("mail_id", flat=True)[:5])
    usable = [each for each in foreign if _is_plain_id(each)]
    return [*reversed(own), *reversed(usable)][-MOST_REFERENCES:]


def _is_plain_id(value: str) -> bool:
    """Fit to be written into a header again: printable ASCII without blanks or brackets."""
    return 3 <= len(value) <= 400 and value.isascii() and not set(value) & set(' <>\t,;()[]"\\')


def _mark_automatic(mail: EmailMessage, mailbox: Mailbox) -> None:
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    mail[LOOP_HEADER] = domain_to_ascii(mailbox.host)


def _attach(mail: EmailMessage, message: Message) -> None:
    files = list(message.attachments.all())
    pictures = [file for file in files if file.is_inline and file.content_id]
    html = mail.get_body(("html",))
    for file in pictures:
        main, sub = _type(file)
        assert html is not None
        html.add_related(
            blobs.read(file.sha256), main, sub, cid=f"<{single_line(file.content_id)}>", filename=_file_name(file)
        )
    for file in files:
        if file not in pictures:
            main, sub = _type(file)
            mail.add_attachment(blobs.read(file.sha256), main, sub, filename=_file_name(file))


def _type(file: Attachment) -> tuple[str, str]:
    main, slash, sub = single_line(file.content_type).partition("/")
    if not slash or main in ("text", "message", "multipart"):
        # As bytes: re-coding a text would change the file.
        return "application", "octet-stream"
    return main, sub


def _file_name(file: Attachment) -> str:
    return single_line(file.name) or "file"


def _mailbox(name: str, address: str) -> HeaderAddress:
    return HeaderAddress(display_name=single_line(name), addr_spec=_ascii_domain(address))


def _ascii_domain(address: str) -> str:
    local, at, domain = single_line(address).rpartition("@")
    return f"{local}{at}{domain_to_ascii(domain)}"
