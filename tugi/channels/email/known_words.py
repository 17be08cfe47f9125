"""An answer whose quotation nothing marked: what we sent to this ticket is folded away by its words."""

from __future__ import annotations

from dataclasses import replace

from tugi.channels.email.parsing.quote_known import cut_known
from tugi.core.html import text_to_html
from tugi.tickets.content import Incoming
from tugi.tickets.models import Message, MessageKind

NEWEST = 3
"""So many of our messages are compared: answers quote the newest."""


def without_our_words(incoming: Incoming, ticket_id: int) -> Incoming:
    """The same with our own words in the quoted part, where the reader found no quotation. Loses nothing.

    An HTML without pictures is then shown as text; the whole of it is kept in the quoted part.
    """
    content = incoming.content
    if content.quoted_text or content.quoted_html:
        return incoming
    ours = Message.objects.filter(ticket=ticket_id, kind=MessageKind.OUTBOUND).order_by("-id")[:NEWEST]
    cut = cut_known(content.text, list(ours.values_list("text", flat=True)))
    if not cut.quoted:
        return incoming
    folded = replace(content, text=cut.reply, quoted_text=cut.quoted)
    if "<img" not in content.html:
        folded = replace(folded, html=text_to_html(cut.reply), quoted_html=content.html)
    return replace(incoming, content=folded)
