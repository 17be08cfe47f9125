"""Search: the index alone over many words (p50, p95), and the whole page for words of every kind."""

from __future__ import annotations

import random
from collections.abc import Iterator
from urllib.parse import urlencode

from bench import people, vocabulary
from bench.browser import Browser, cpu
from bench.readings import SEARCH, SEARCH_PAGE, Reading, percentile
from bench.yardstick import steady_ms
from tugi.people.models import Agent
from tugi.tickets.search import parse
from tugi.tickets.search.finding import ROUNDS
from tugi.tickets.search.index import engine
from tugi.tickets.search.plans import plan

WORDS = 300
KINDS = {
    "in half of all": vocabulary.IN_HALF,
    "a common word": "invoice",
    "a Russian word, inflected": "заказами",
    "rare": vocabulary.RARE,
    "rare and old": vocabulary.OLD,
    "only in a closed department": vocabulary.CLOSED,
    "nowhere": "xylographers",
    "two words": "invoice printer",
    "phrase": f'"{vocabulary.PHRASE}"',
    "word and tag": "invoice tag:vip",
    "word and status": "invoice status:open",
    "status alone": "status:pending",
    "word and sender": "invoice from:@post.example",
}
SEARCHERS = {people.WHOLE_DESK: "whole desk", people.IN_FIVE: "in 5 departments", people.IN_ONE: "in 1 department"}


def measure() -> Iterator[Reading]:
    for agent_id, sees in SEARCHERS.items():
        costs = _index_costs(Agent.objects.get(pk=agent_id))
        yield Reading(SEARCH, f"{WORDS} words, {sees}, p50", percentile(costs, 0.5))
        yield Reading(SEARCH, f"{WORDS} words, {sees}, p95", percentile(costs, 0.95))
    for agent_id in (people.WHOLE_DESK, people.IN_ONE):
        browser = Browser(agent_id)
        for kind, words in KINDS.items():
            cost = browser.cost(f"/tickets/search?{urlencode({'q': words, 'stay': 1})}", times=15)
            yield Reading(SEARCH_PAGE, f"{kind}, {SEARCHERS[agent_id]}", cost.ms, cost.queries)


def _index_costs(agent: Agent) -> list[float]:
    """Milliseconds for words as people choose them: by frequency, with every special one among them."""
    chance = random.Random(vocabulary.SEED)
    asked = [words for kind, words in KINDS.items() if "status alone" not in kind]
    while len(asked) < WORDS:
        language = vocabulary.language(chance)
        asked += chance.choices(vocabulary.words(language), weights=_weights(), k=1)
    return [_index_cost(agent, words) for words in asked]


def _index_cost(agent: Agent, words: str) -> float:
    expression = plan(parse(words), agent).expression
    # The first time brings the pages in; a desk that is in use has them.
    engine().newest(expression, before=None, limit=ROUNDS[0])
    return steady_ms(cpu, lambda: engine().newest(expression, before=None, limit=ROUNDS[0]))


def _weights() -> list[float]:
    return [1 / (rank + 30) for rank in range(vocabulary.WORDS)]
