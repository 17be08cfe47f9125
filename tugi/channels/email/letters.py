"""The words of our mails, as text and as HTML, in the customer's language."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape

from django.utils import timezone
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from tugi.channels.email import letter_page
from tugi.channels.email.models import Mailbox, OutboundMessage
from tugi.core import dates
from tugi.core.html import clean_html, text_to_html
from tugi.core.mail_addresses import address_key
from tugi.core.models import DeskSettings
from tugi.core.text import single_line
from tugi.people.models import Contact, Identity, IdentityKind
from tugi.tickets.models import Message, MessageKind, Ticket

LONGEST_QUOTE = 20_000


@dataclass(frozen=True)
class Letter:
    """`author` is the name that From shows. `is_for_insiders`: whoever gets it may see what the customer wrote."""

    author: str
    text: str
    html: str
    is_for_insiders: bool = True


def language_for(contact: Contact, ticket: Ticket, mailbox: Mailbox) -> str:
    """The contact's language, else the one the ticket was written in, else the mailbox's."""
    return contact.language or ticket.language or mailbox.language


@contextmanager
def read_by_contact(row: OutboundMessage, desk: DeskSettings) -> Iterator[None]:
    """Write in the language and by the clock of who gets the mail; without a clock of their own, by the desk's."""
    try:
        zone = zoneinfo.ZoneInfo(row.contact.time_zone or desk.time_zone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError):
        zone = zoneinfo.ZoneInfo("UTC")
    with override(language_for(row.contact, row.ticket, row.mailbox)), timezone.override(zone):
        yield


def reply(row: OutboundMessage, link: str) -> Letter:
    """The agent's words, the signature, the way to the ticket's page, and the message that is answered."""
    message = row.message
    assert message is not None, "a reply has its message"
    settings = DeskSettings.load()
    with read_by_contact(row, settings):
        desk = row.mailbox.display_name or settings.company
        signature = _signature(row, message)
        answered = _answered(message, row)
        quoted = None if answered is None or answered.was_opened else answered
        footer = _footer(row.ticket, link)
        text = [message.text, f"-- \n{signature}" if signature else "", footer, _quote_text(quoted)]
        html = [
            clean_html(message.html),
            letter_page.signature(_lines(signature)),
            _footer_html(row.ticket, link),
            _quote_html(quoted),
        ]
        return Letter(_author(message, desk), _joined(text), _page(html, desk), is_for_insiders=answered is not None)


def acknowledgement(row: OutboundMessage, link: str) -> Letter:
    """What happens next. Not a word of the sender's is in it: it may be forged to reach somebody else."""
    settings = DeskSettings.load()
    with read_by_contact(row, settings):
        desk = row.mailbox.display_name or settings.company
        lines = [
            _("Thank you for writing to us. Your request has arrived and has the number #%(number)s.")
            % {"number": row.ticket.number},
            _("One of us will read it and answer by e-mail. There is nothing more you need to do."),
            _("To add something, simply reply to this message and keep the subject as it is."),
        ]
        if link:
            lines.append(_("You can follow your request here: %(link)s") % {"link": link})
        signature = row.mailbox.signature or desk
        text = [*lines, f"-- \n{signature}"]
        told = lines[:3]
        html = [*(text_to_html(line) for line in told), _footer_html(row.ticket, link)]
        return Letter(desk, _joined(text), _page([*html, letter_page.signature(_lines(signature))], desk))


def refusal(row: OutboundMessage, link: str) -> Letter:
    """That the request is closed, and where to write instead. As an acknowledgement: not a word of the sender's."""
    settings = DeskSettings.load()
    with read_by_contact(row, settings):
        desk = row.mailbox.display_name or settings.company
        told = {"number": row.ticket.number, "address": row.mailbox.address}
        lines = [
            _("Your answer to the request #%(number)s was not taken: the request was closed some time ago.") % told,
            _("If you still need help, please write a new message to %(address)s. It becomes a new request.") % told,
        ]
        if link:
            lines.append(_("You can read the closed request here: %(link)s") % {"link": link})
        signature = row.mailbox.signature or desk
        text = [*lines, f"-- \n{signature}"]
        html = [*(text_to_html(line) for line in lines[:2]), _footer_html(row.ticket, link)]
        return Letter(desk, _joined(text), _page([*html, letter_page.signature(_lines(signature))], desk))


def _author(message: Message, desk: str) -> str:
    return f"{message.author_name} ({desk})" if message.author_name else desk


def _signature(row: OutboundMessage, message: Message) -> str:
    own = message.agent.signature if message.agent else ""
    return (own or row.mailbox.signature).strip()


def _footer(ticket: Ticket, link: str) -> str:
    if not link:
        return ""
    return _("Request #%(number)s: see it, or add to it, at %(link)s") % {"number": ticket.number, "link": link}


def _footer_html(ticket: Ticket, link: str) -> str:
    if not link:
        return ""
    shown = _("Request #%(number)s: see it, or add to it") % {"number": ticket.number}
    return letter_page.way_to_ticket(shown, link)


def _answered(message: Message, row: OutboundMessage) -> Message | None:
    """The customer's newest message before this one, if everybody who gets the reply has it already, or may see it.

    Notes are never quoted. Nor is anything for a third party: who was put in by an agent sees what the agent wrote.
    """
    earlier = Message.objects.filter(ticket=message.ticket, kind=MessageKind.INBOUND, id__lt=message.pk)
    newest = earlier.order_by("-id").first()
    if newest is None:
        return None
    had_it = {address_key(each) for each in (newest.author_address, *newest.to, *newest.cc)}
    strangers = {address_key(each) for each in row.everybody} - had_it
    return newest if not strangers or strangers <= _addresses_of(row.contact) else None


def _addresses_of(contact: Contact) -> set[str]:
    """Who opened the ticket sees its whole public history."""
    found = Identity.objects.filter(contact=contact, kind=IdentityKind.EMAIL)
    return {address_key(each) for each in found.values_list("value", flat=True)}


def _heading(message: Message) -> str:
    who = single_line(message.author_name or message.author_address) or _("Unknown sender")
    when = dates.absolute(message.written_at or message.created_at)
    return _("On %(when)s, %(who)s wrote:") % {"when": when, "who": who}


def _quote_text(message: Message | None) -> str:
    if message is None:
        return ""
    lines = _cut(message.text).split("\n")
    return "\n".join([_heading(message), *(f"> {line}".rstrip() for line in lines)])


def _quote_html(message: Message | None) -> str:
    if message is None:
        return ""
    words = clean_html(message.html, allow_cid=False)
    if len(words) > LONGEST_QUOTE * 4:
        words = text_to_html(_cut(message.text))
    return letter_page.quoted(_heading(message), words)


def _cut(text: str) -> str:
    """Shortened, with a sign that it is."""
    text = text.strip()
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE].rstrip()}\n[…]"


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.split("\n"))


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part.strip("\n") for part in parts if part.strip()) + "\n"


def _page(parts: list[str], desk: str = "") -> str:
    return letter_page.page(parts, desk=desk, language=get_language() or "en")
