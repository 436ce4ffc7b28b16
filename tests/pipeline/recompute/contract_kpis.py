"""KPIs of zero-lifecycle cargo contracts: docs/method.md#progress.

Belongs here: which periods hold a contract's period whole. Does not belong here: the emissions of any ship.
"""

from collections.abc import Iterator

import pandas as pd

from .shared import HEADLINE, NOTHING
from .trust import Contributions
from .voyages import Facts

DIMENSIONS = {"corridor": "", "claim_type": "claim_type"}
WITHIN = {"M": ["month", "quarter", "year"], "Q": ["quarter", "year"], "A": ["year"], "Y": ["year"]}


def contributions(facts: Facts) -> Iterator[Contributions]:
    rows = facts.inputs.rows["cargo_contracts"]
    periods = [pd.Period(text.replace("-Q", "Q")) for text in rows["period"]]
    rows = rows.assign(
        grain=pd.Series([WITHIN[period.freqstr[0]] for period in periods], rows.index, dtype=object),
        month=pd.to_datetime([period.start_time for period in periods]),
        holding=rows["partner_id"].map(facts.inputs.holding_of),
        denominator=NOTHING,
    ).explode("grain", ignore_index=True)
    for kpi_id, quantity in (("contract_zero_teu", "teu_moved"), ("contracted_zero_teu", "teu_contracted")):
        sums = rows.assign(numerator=rows[quantity])
        yield Contributions(kpi_id, HEADLINE, "TEU", "contracts", True, DIMENSIONS, None, sums)
