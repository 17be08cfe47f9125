"""The list page: every standard view, for three agents, its first page and one in the depth of years."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import urlencode

from bench import conversations, people
from bench.browser import Browser
from bench.readings import LIST, Reading
from tugi.tickets.queries import Cursor

VIEWS = ("mine", "unassigned", "open", "waiting", "resolved", "department-1")
AGENTS = {people.WHOLE_DESK: "whole desk", people.IN_FIVE: "in 5 departments", people.IN_ONE: "in 1 department"}
DEEP = ("open", "resolved")


def measure() -> Iterator[Reading]:
    halfway = conversations.NOW - timedelta(days=365 * conversations.YEARS // 2)
    for agent, sees in AGENTS.items():
        browser = Browser(agent)
        for view in VIEWS:
            cost = browser.cost(f"/tickets/?{urlencode({'view': view})}")
            yield Reading(LIST, f"{view}, {sees}", cost.ms, cost.queries)
        for view in DEEP:
            query = {"view": view, "before": str(Cursor(halfway, 0))}
            cost = browser.cost(f"/tickets/?{urlencode(query)}")
            yield Reading(LIST, f"{view}, {sees}, half-way down", cost.ms, cost.queries)
