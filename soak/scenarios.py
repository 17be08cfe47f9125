"""Every scenario by its name, in the order they are played."""

from __future__ import annotations

from soak import disasters
from soak.deaths import deaths
from soak.field import Field, Ledger, Scenario


def crowd(field: Field) -> Ledger:
    """R23, R24: many hands at once."""
    with field.ground.desk() as desk:
        found = desk.nest.do("crowd", people=field.size.crowd, seed=field.seed)
        desk.rest(field.size.quiet)
        return {**found, "wrong": desk.nest.do("audit")["wrong"]}


SCENARIOS: dict[str, Scenario] = {
    "deaths": deaths,
    "lines": disasters.lines,
    "database": disasters.database,
    "disk": disasters.disk,
    "syncs": disasters.syncs,
    "poison": disasters.poison,
    "giants": disasters.giants,
    "order": disasters.order,
    "crowd": crowd,
}
