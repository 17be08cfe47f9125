"""Owns tickets, messages, notes, tags, statuses, views, search, merge. Must not know how messages travel."""
