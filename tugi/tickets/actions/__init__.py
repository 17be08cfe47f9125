"""Every way in which tickets change. Callers have checked access; invariants are kept here."""

from __future__ import annotations

from tugi.tickets.actions.delivery import note_acknowledgement, record_delivery, retry_delivery
from tugi.tickets.actions.fields import (
    assign_ticket,
    change_priority,
    change_status,
    change_subject,
    change_tags,
    move_ticket,
)
from tugi.tickets.actions.links import make_link, revoke_links
from tugi.tickets.actions.merging import merge_tickets, undo_merge
from tugi.tickets.actions.messages import add_note, mark_read, receive_message, reply, withdraw_reply
from tugi.tickets.actions.opening import open_follow_up, open_ticket
from tugi.tickets.actions.participants import add_participant, remove_participant

__all__ = [
    "add_note",
    "add_participant",
    "assign_ticket",
    "change_priority",
    "change_status",
    "change_subject",
    "change_tags",
    "make_link",
    "mark_read",
    "merge_tickets",
    "move_ticket",
    "note_acknowledgement",
    "open_follow_up",
    "open_ticket",
    "receive_message",
    "record_delivery",
    "remove_participant",
    "reply",
    "retry_delivery",
    "revoke_links",
    "undo_merge",
    "withdraw_reply",
]
