"""What an agent does by mail: answer, leave a note, and give commands, as that agent."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from tugi.channels.email.commands import Commands, read_commands
from tugi.channels.email.parsing import ParsedMail
from tugi.core.errors import Invalid
from tugi.core.html import text_to_html
from tugi.events import actors
from tugi.events.actors import Actor
from tugi.people.models import Agent, Permission
from tugi.tickets import actions
from tugi.tickets.content import Content, NewFile
from tugi.tickets.models import Message, Status, Ticket

MOST_INTRODUCTION = 3
"""Lines that "On Monday, the desk wrote:" may take."""


@dataclass(frozen=True)
class AgentWish:
    """What the mail asks for. `needs` are the permissions that takes."""

    commands: Commands
    html: str
    says_something: bool

    @property
    def is_note(self) -> bool:
        return self.commands.is_note

    @property
    def needs(self) -> frozenset[Permission]:
        asked = self.commands
        return frozenset(
            permission
            for permission, is_needed in (
                (Permission.SEE_TICKETS, True),
                (Permission.NOTE, self.says_something and self.is_note),
                (Permission.REPLY, self.says_something and not self.is_note),
                (Permission.EDIT, asked.status is not None or asked.priority is not None or bool(asked.tags)),
                (Permission.ASSIGN, asked.takes),
            )
            if is_needed
        )


def read_wish(parsed: ParsedMail, *, is_internal: bool) -> AgentWish:
    """The commands at the top and the words below them. What answers an internal notice is internal."""
    commands = read_commands(parsed.reply_text)
    commands.is_note |= is_internal
    html = "" if commands.found else parsed.reply_html
    words = _own_words(commands.text)
    if words != commands.text:
        commands.text, html = words, ""
    files = any(not (each.inline or each.hidden) for each in parsed.attachments)
    return AgentWish(commands, html or text_to_html(words), bool(words.strip()) or files)


def _own_words(text: str) -> str:
    """Without the signature below `-- `, for the desk adds its own; nothing if all there is is a quote.

    The cutter shows a mail that is nothing but a quote whole. What the desk told an agent must not go to a customer.
    """
    lines = text.split("\n")
    signature = next((at for at, line in enumerate(lines) if line.rstrip() == "--"), len(lines))
    lines = lines[:signature]
    said = [line for line in lines if line.strip() and not line.lstrip().startswith(">")]
    is_quote = any(line.lstrip().startswith(">") for line in lines)
    if is_quote and len(said) <= MOST_INTRODUCTION and (not said or said[-1].rstrip().endswith(":")):
        return ""
    return "\n".join(lines).rstrip() if signature < len(text.split("\n")) else text


def carry_out(ticket: Ticket, wish: AgentWish, agent: Agent, files: tuple[NewFile, ...]) -> Message | None:
    """Do as the agent asks; gives the reply or the note, None if there were commands alone.

    The agent has no screen to take a reply back on: it leaves at once.
    """
    actor = actors.agent(agent.pk, "channel")
    message = _say(ticket, wish, agent, files, actor) if wish.says_something else None
    asked = wish.commands
    with suppress(Invalid):  # a ticket full of tags takes no more; the reply goes all the same
        actions.change_tags(ticket.pk, add=asked.tags, actor=actor)
    if asked.priority is not None:
        actions.change_priority(ticket.pk, to=asked.priority, actor=actor)
    if asked.takes:
        actions.assign_ticket(ticket.pk, to=agent, actor=actor)
    if asked.status is not None:
        actions.change_status(ticket.pk, to=Status.objects.first_of(asked.status), actor=actor)
    return message


def _say(ticket: Ticket, wish: AgentWish, agent: Agent, files: tuple[NewFile, ...], actor: Actor) -> Message:
    content = Content(html=wish.html, text=wish.commands.text, files=files)
    if wish.is_note:
        return actions.add_note(ticket.pk, content, author=agent, actor=actor)
    return actions.reply(ticket.pk, content, author=agent, undo_for=timedelta(), actor=actor)
