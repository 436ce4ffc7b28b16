"""What terminals used and handled in a civil month of their port."""

from orchestration.core.contract import Column, Contract, Rule, number, text

TERMINAL_ENERGY = Contract(
    "terminal_energy",
    ("terminal",),
    "terminal, month, energy carrier and end use",
    (
        text("terminal_code", "Code of the terminal, as the corridor lists it.", "SMPL-T1", key=True),
        Column("month", "month", "The port's civil month.", "2025-03", key=True),
        text(
            "energy_carrier",
            "What was used.",
            "electricity",
            (
                "electricity", "diesel", "gasoline", "natural_gas", "propane", "lng", "renewable_diesel",
                "biodiesel_b100", "hydrogen",
            ),
            key=True,
        ),
        text("end_use", "What it was used for.", "yard_equipment", key=True),
        Column(
            "supplied_to_ships", "boolean", "true for energy passed on to ships, which is not the terminal's.", "false",
            key=True,
        ),
        number("quantity", "Quantity in `unit`; blank if unknown.", "412000"),
        text("unit", "Unit of the quantity.", "kwh", ("kwh", "us_gal", "l", "mmbtu_hhv", "therm", "kg"), required=True),
        text("certificate_number", "Certificate of a renewable fuel or of green electricity.", ""),
        text("contract_instrument", "Contract that names the electricity's supplier factor.", ""),
        number("supplier_factor_kg_per_kwh", "Supplier's factor under that contract, kg CO2e per kWh.", "0.21"),
    ),
    row_end="month",
    rules=(
        Rule(
            "unit_fits_the_carrier",
            "unit",
            "(energy_carrier = 'electricity') != (unit = 'kwh') or (energy_carrier = 'hydrogen') != (unit = 'kg') or "
            "(energy_carrier = 'natural_gas') != (unit in ('mmbtu_hhv', 'therm'))",
            "{unit} is not a unit for {energy_carrier}.",
        ),
        Rule(
            "electricity_is_in_kwh_not_mwh",
            "quantity",
            "energy_carrier = 'electricity' and not supplied_to_ships and quantity > 0 and quantity < 10000",
            "{quantity} kWh is little for a container terminal's month. Is the figure in MWh?",
            "warning",
        ),
    ),
    elsewhere=(
        "The terminal is one you operate.",
        "The energy carrier has a factor in the unit it is filed in.",
        "What a terminal used in a month that a rejected row may belong to is unknown until the row is corrected.",
        "Electricity supplied to ships is within 5 % of what the calls released in the month metered.",
    ),
)  # fmt: skip

TERMINAL_ACTIVITY = Contract(
    "terminal_activity",
    ("terminal",),
    "terminal and month",
    (
        text("terminal_code", "Code of the terminal, as the corridor lists it.", "SMPL-T1", key=True),
        Column("month", "month", "The port's civil month.", "2025-03", key=True),
        number("teu_handled", "TEU over the quay: discharged and loaded, laden and empty.", "210000"),
        number("equipment_units", "Units of cargo-handling equipment in use.", "240"),
        number("zero_emission_units", "Those of them without tailpipe emissions.", "90"),
    ),
    row_end="month",
    rules=(
        Rule(
            "zero_emission_units_are_units",
            "zero_emission_units",
            "zero_emission_units > equipment_units",
            "zero_emission_units {zero_emission_units} is more than equipment_units {equipment_units}.",
        ),
    ),
    elsewhere=("The terminal is one you operate.",),
)
