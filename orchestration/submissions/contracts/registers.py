"""The contracts for the registers of carriers: their ships, and the services that they nominate to the corridor.

Belongs here: these datasets. Each file contains the whole register. Does not belong here: how they are checked.
"""

from orchestration.core.contract import (
    ENGINE_TYPES,
    IMO_IS_VALID,
    Column,
    Contract,
    Rule,
    imo_number,
    number,
    text,
)

VESSELS = Contract(
    "vessels",
    ("carrier",),
    "vessel and first day of validity",
    (
        imo_number(),
        text("vessel_name", "Name of the ship.", "SMPL-EXAMPLE"),
        number("dwt_t", "Deadweight in tonnes.", "120000"),
        number("nominal_capacity_teu", "Nominal container capacity in TEU.", "10000", minimum=1, maximum=30000),
        text("main_engine_type", "Combustion cycle of the main engine.", "conventional", ENGINE_TYPES),
        text("aux_engine_type", "Combustion cycle of the auxiliary engines.", "conventional", ENGINE_TYPES),
        text(
            "capability",
            "Lifecycle emissions with which the ship could sail, whatever fuel it burned.",
            "conventional",
            ("conventional", "reduced", "zero"),
        ),
        Column("valid_from", "date", "First day on which this row is valid.", "2024-01-01", key=True),
    ),
    rules=(IMO_IS_VALID,),
    register=True,
)

SERVICE_NOMINATIONS = Contract(
    "service_nominations",
    ("carrier",),
    "nominated service",
    (
        text("service_code", "Code of the liner service nominated to the corridor.", "SMPL-TP1", key=True),
        Column("nominated_from", "date", "First day of the nomination.", "2024-01-01", key=True),
        Column("nominated_to", "date", "Last day of the nomination; blank if it has no end.", ""),
        number("sailings_per_week", "Round voyages that begin per week.", "1", required=True),
        text(
            "port_rotation",
            "UN/LOCODEs in the order of call, with the first port again at the end.",
            "CNNGB-CNSHA-USLAX-CNNGB",
            required=True,
        ),
    ),
    rules=(
        Rule(
            "port_rotation_is_a_rotation",
            "port_rotation",
            "not regexp_full_match(port_rotation, '[A-Z]{2}[A-Z0-9]{3}(-[A-Z]{2}[A-Z0-9]{3})+')",
            "{port_rotation} is not a port rotation. Write UN/LOCODEs joined by hyphens, such as CNSHA-USLAX-CNSHA.",
        ),
        Rule(
            "nominated_to_is_not_before_nominated_from",
            "nominated_to",
            "nominated_to < nominated_from",
            "{nominated_to} is before {nominated_from}, the nominated_from. Correct the wrong one.",
        ),
    ),
    register=True,
)
