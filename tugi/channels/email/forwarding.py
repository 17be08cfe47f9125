"""A customer's mail that an agent passes on to the desk: the ticket is the customer's, not the agent's (MAIL 1.8)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tugi.channels.email.parsing import ParsedMail
from tugi.channels.email.routing import is_own
from tugi.channels.email.sender import Sender, agent_of
from tugi.core.html import text_to_html
from tugi.core.mail_addresses import Address, is_address
from tugi.core.subjects import is_forward
from tugi.people.models import Agent
from tugi.tickets.content import Content
from tugi.tickets.models import Proof


@dataclass(frozen=True)
class Forward:
    """`original` is who wrote the mail that was passed on, None if nothing says so. `comment` is what the agent says
    about it, for the desk's eyes."""

    agent: Agent
    original: Address | None
    comment: Content | None

    @property
    def is_found(self) -> bool:
        return self.original is not None

    @property
    def sender(self) -> Sender | None:
        """Whose the ticket is: nothing proves that the original sender wrote, the agent's word apart."""
        return Sender(self.original, Proof.NONE) if self.original is not None else None


def read_forward(parsed: ParsedMail, sender: Sender, own: frozenset[str]) -> Forward | None:
    """What a proven agent passes on; None for anybody else, and for a mail of the agent's own."""
    if parsed.forwarded is None and not is_forward(parsed.subject):
        return None
    agent = agent_of(sender)
    if agent is None:
        return None
    original = _original(parsed, own)
    if original is None or original.key == sender.address.key:
        return Forward(agent, None, None)
    return Forward(agent, original, _comment(parsed))


def passed_on(parsed: ParsedMail, content: Content) -> Content:
    """The words of the original mail as the message; all that the agent sent is folded below, so nothing is lost."""
    assert parsed.forwarded is not None
    if not parsed.forwarded.text.strip():
        return content
    return replace(
        content,
        html=text_to_html(parsed.forwarded.text),
        text=parsed.forwarded.text,
        quoted_html=text_to_html(parsed.text),
        quoted_text=parsed.text,
    )


def _original(parsed: ParsedMail, own: frozenset[str]) -> Address | None:
    found = parsed.forwarded
    if found is None or not is_address(found.from_email) or is_own(found.from_email, own):
        return None
    return Address(found.from_name, found.from_email)


def _comment(parsed: ParsedMail) -> Content | None:
    """What stands above the mail that is passed on, if that can be told apart."""
    said, passed = parsed.reply_text.strip(), parsed.forwarded.text.strip() if parsed.forwarded else ""
    if not said or not passed or passed[:200] in said:
        return None
    return Content(html=text_to_html(said), text=said)
