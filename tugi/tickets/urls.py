from __future__ import annotations

from django.urls import path

from tugi.tickets.views import (
    attachments,
    fields,
    inbox,
    links,
    merging,
    messages,
    originals,
    participants,
    searching,
    ticket,
)

urlpatterns = [
    path("", inbox.home, name="home"),
    path("tickets/", inbox.inbox, name="inbox"),
    path("tickets/department/<int:department_id>/", inbox.inbox_of_department, name="inbox-department"),
    path("tickets/beside", inbox.beside, name="inbox-beside"),
    path("tickets/search", searching.search, name="ticket-search"),
    path("tickets/<int:number>", ticket.ticket, name="ticket"),
    path("tickets/<int:number>/older", ticket.older, name="ticket-older"),
    path("tickets/<int:number>/reading", ticket.reading, name="ticket-reading"),
    path("tickets/<int:number>/assignment", fields.assignment, name="ticket-assignment"),
    path("tickets/<int:number>/status", fields.status, name="ticket-status"),
    path("tickets/<int:number>/priority", fields.priority, name="ticket-priority"),
    path("tickets/<int:number>/subject", fields.subject, name="ticket-subject"),
    path("tickets/<int:number>/department", fields.department, name="ticket-department"),
    path("tickets/<int:number>/tags", fields.tags, name="ticket-tags"),
    path("tickets/<int:number>/links/revocation", links.revocation, name="ticket-links-revocation"),
    path("tickets/<int:number>/merge", merging.merge, name="ticket-merge"),
    path("tickets/<int:number>/merges/<int:merge_id>/undo", merging.undo, name="ticket-merge-undo"),
    path("tickets/<int:number>/participants", participants.participants, name="ticket-participants"),
    path("tickets/<int:number>/messages", messages.messages, name="ticket-messages"),
    path("tickets/<int:number>/messages/<int:message_id>/withdrawal", messages.withdrawal, name="message-withdrawal"),
    path("tickets/<int:number>/messages/<int:message_id>/delivery", messages.delivery, name="message-delivery"),
    path("tickets/<int:number>/messages/<int:message_id>/body", originals.body, name="ticket-body"),
    path("tickets/<int:number>/messages/<int:message_id>/original", originals.original, name="ticket-original"),
    path("tickets/<int:number>/attachments/<int:attachment_id>", attachments.attachment, name="ticket-attachment"),
    path("tickets/<int:number>/attachments/<int:attachment_id>/preview", attachments.preview, name="ticket-preview"),
    path("files/<str:token>", attachments.signed_preview, name="file-preview"),
]
