"""Every KPI of docs/method.md#kpis as contributions, except port throughput.

Belongs here: which families of KPIs there are. Does not belong here: any formula; each family has its module.
"""

from collections.abc import Iterator

from . import berth_kpis, certified_kpis, cii_kpis, contract_kpis, corridor_kpis, operated_kpis, terminal_kpis
from .trust import Contributions
from .voyages import Facts


def contributions(facts: Facts) -> Iterator[Contributions]:
    """Return every KPI under each of its methods."""
    yield from corridor_kpis.contributions(facts)
    yield from operated_kpis.contributions(facts)
    yield from berth_kpis.contributions(facts)
    yield from certified_kpis.contributions(facts)
    yield from cii_kpis.contributions(facts)
    yield from terminal_kpis.contributions(facts)
    yield from contract_kpis.contributions(facts)
