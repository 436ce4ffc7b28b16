"""CONTRACTS: every dataset a partner may file, by name.

Belongs here: the list. The check, the template, the documentation and the typed Parquet are all made from it.
Does not belong here: the datasets themselves (`datasets/`); keys across files, relationships, chains and
balances, which dbt owns.
"""

from orchestration.core.contract import Contract
from orchestration.submissions.contracts.cargo import CARGO_CONTRACTS
from orchestration.submissions.contracts.fuel import BUNKER_DELIVERIES, FUEL_CONSUMPTION, ROB, VESSEL_ANNUAL
from orchestration.submissions.contracts.registers import SERVICE_NOMINATIONS, VESSELS
from orchestration.submissions.contracts.terminals import TERMINAL_ACTIVITY, TERMINAL_ENERGY
from orchestration.submissions.contracts.voyages import PORT_CALLS, VOYAGE_LEGS

CONTRACTS: dict[str, Contract] = {
    contract.dataset: contract
    for contract in (
        VESSELS,
        SERVICE_NOMINATIONS,
        VOYAGE_LEGS,
        FUEL_CONSUMPTION,
        BUNKER_DELIVERIES,
        ROB,
        PORT_CALLS,
        TERMINAL_ENERGY,
        TERMINAL_ACTIVITY,
        VESSEL_ANNUAL,
        CARGO_CONTRACTS,
    )
}
