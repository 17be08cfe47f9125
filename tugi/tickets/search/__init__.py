"""Finding tickets by what was said in them: newest first, within what an agent may see.

    page = search_tickets(agent, parse("refund status:open"))

One document per message, its id the message's, so that the index itself yields the newest first and
stops early. A document holds the words as stems, the ticket's subject, tags and people, and marks
(department, kind, tags…) that begin with an underscore, which no word does: what an agent may not
see is left out inside the index. Forms of a word that no stem joins are joined when asked, by a table of
the words that occur (`words.py`).
"""

from __future__ import annotations

from tugi.tickets.search.finding import Count, SearchPage, count_tickets, search_tickets
from tugi.tickets.search.indexing import index_message, reindex_ticket, remove
from tugi.tickets.search.query_language import Query, parse
from tugi.tickets.search.rebuilding import rebuild
from tugi.tickets.search.snippets import Part, Sought, highlight, snippets
from tugi.tickets.search.walks import Hit

__all__ = [
    "Count",
    "Hit",
    "Part",
    "Query",
    "SearchPage",
    "Sought",
    "count_tickets",
    "highlight",
    "index_message",
    "parse",
    "rebuild",
    "reindex_ticket",
    "remove",
    "search_tickets",
    "snippets",
]
