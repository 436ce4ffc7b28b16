"""The list of all contracts, by dataset. Checks, templates, pages and the types in the lake are made from it.

Belongs here: the list.
Does not belong here: the contracts themselves (one module per subject); checks over several files (dbt).
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
