from __future__ import annotations

from tugi.tickets.models.drafts import TakenDraft
from tugi.tickets.models.links import TicketLink
from tugi.tickets.models.merges import Merge, MergedMessage
from tugi.tickets.models.messages import Attachment, Delivery, Message, MessageKind, Proof
from tugi.tickets.models.search import SearchDocument, SearchRebuild, SearchWord
from tugi.tickets.models.statuses import Category, Stage, Status
from tugi.tickets.models.tickets import SUBJECT_LENGTH, Participant, Priority, Tag, Ticket

__all__ = [
    "SUBJECT_LENGTH",
    "Attachment",
    "Category",
    "Delivery",
    "Merge",
    "MergedMessage",
    "Message",
    "MessageKind",
    "Participant",
    "Priority",
    "Proof",
    "SearchDocument",
    "SearchRebuild",
    "SearchWord",
    "Stage",
    "Status",
    "Tag",
    "TakenDraft",
    "Ticket",
    "TicketLink",
]
