"""The contracts for terminals: the energy used and the TEU handled in a calendar month of the port's local time.

Belongs here: these datasets. Does not belong here: how they are checked.
"""

from orchestration.core.contract import Column, Contract, Rule, number, text

TERMINAL_ENERGY = Contract(
    "terminal_energy",
    ("terminal",),
    "terminal, month, energy type and end use",
    (
        text("terminal_code", "Code of the terminal in corridor.toml.", "SMPL-T1", key=True),
        Column("month", "month", "Calendar month in the local time of the port.", "2025-03", key=True),
        text(
            "energy_carrier",
            "Type of energy.",
            "electricity",
            (
                "electricity", "diesel", "gasoline", "natural_gas", "propane", "lng", "renewable_diesel",
                "biodiesel_b100", "hydrogen",
            ),
            key=True,
        ),
        text("end_use", "What the energy was used for.", "yard_equipment", key=True),
        Column(
            "supplied_to_ships",
            "boolean",
            "true if passed on to ships; this does not count for the terminal.",
            "false",
            key=True,
        ),
        number("quantity", "Quantity in the unit of column unit; blank if unknown.", "412000"),
        text("unit", "Unit of the quantity.", "kwh", ("kwh", "us_gal", "l", "mmbtu_hhv", "therm", "kg"), required=True),
        text("certificate_number", "Number of the certificate of a renewable fuel or of green electricity.", ""),
        text("contract_instrument", "Contract that states the supplier factor of the electricity.", ""),
        number("supplier_factor_kg_per_kwh", "Factor of the supplier under that contract in kg CO2e per kWh.", "0.21"),
    ),
    row_end="month",
    rules=(
        Rule(
            "unit_fits_the_carrier",
            "unit",
            "(energy_carrier = 'electricity') != (unit = 'kwh') or (energy_carrier = 'hydrogen') != (unit = 'kg') or "
            "(energy_carrier = 'natural_gas') != (unit in ('mmbtu_hhv', 'therm'))",
            "The unit {unit} does not fit {energy_carrier}. Write kwh for electricity, kg for hydrogen, mmbtu_hhv or "
            "therm for natural_gas.",
        ),
        Rule(
            "electricity_is_in_kwh_not_mwh",
            "quantity",
            "energy_carrier = 'electricity' and not supplied_to_ships and quantity > 0 and quantity < 10000",
            "{quantity} kWh is little for a month of a container terminal. Check whether the quantity is in MWh.",
            "warning",
        ),
    ),
    elsewhere=(
        "The terminal is one you operate.",
        "There is an emission factor for the energy type in the unit that was filed.",
        "The energy of a terminal month is unknown until every rejected row that may belong to it is corrected.",
        "Electricity supplied to ships is within 5 % of the shore power of the port calls that ended in the month.",
    ),
)  # fmt: skip

TERMINAL_ACTIVITY = Contract(
    "terminal_activity",
    ("terminal",),
    "terminal and month",
    (
        text("terminal_code", "Code of the terminal in corridor.toml.", "SMPL-T1", key=True),
        Column("month", "month", "Calendar month in the local time of the port.", "2025-03", key=True),
        number("teu_handled", "TEU discharged and loaded, laden and empty.", "210000"),
        number("equipment_units", "Units of cargo-handling equipment in use.", "240"),
        number("zero_emission_units", "Units of equipment_units without tailpipe emissions.", "90"),
    ),
    row_end="month",
    rules=(
        Rule(
            "zero_emission_units_are_units",
            "zero_emission_units",
            "zero_emission_units > equipment_units",
            "The {zero_emission_units} zero-emission units are more than all {equipment_units} units. "
            "Correct the wrong number.",
        ),
    ),
    elsewhere=("The terminal is one you operate.",),
)
