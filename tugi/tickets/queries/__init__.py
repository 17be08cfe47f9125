"""What the desk's screens read: plain, frozen rows, in a number of queries that stays as the desk grows."""

from __future__ import annotations

from tugi.tickets.queries.choices import Choice, agents_for, departments_to_move_to, statuses
from tugi.tickets.queries.conversation import TicketPage, ticket_page
from tugi.tickets.queries.counts import DepartmentCount, Sidebar, sidebar
from tugi.tickets.queries.cursors import Cursor
from tugi.tickets.queries.inbox import InboxPage, inbox_page, rows_of
from tugi.tickets.queries.rows import Row
from tugi.tickets.queries.views import View, ViewName, department_view, view_named

__all__ = [
    "Choice",
    "Cursor",
    "DepartmentCount",
    "InboxPage",
    "Row",
    "Sidebar",
    "TicketPage",
    "View",
    "ViewName",
    "agents_for",
    "department_view",
    "departments_to_move_to",
    "inbox_page",
    "rows_of",
    "sidebar",
    "statuses",
    "ticket_page",
    "view_named",
]
