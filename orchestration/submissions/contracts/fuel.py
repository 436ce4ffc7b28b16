"""The contracts for fuel: burned, delivered, remaining on board (ROB), and the yearly figures of IMO DCS.

Belongs here: these datasets. Does not belong here: how they are checked.
"""

from orchestration.core.contract import (
    FUEL_TYPES,
    IMO_IS_VALID,
    Column,
    Contract,
    Rule,
    imo_number,
    is_locode,
    not_before,
    number,
    text,
    timestamp,
)

FUEL_CONSUMPTION = Contract(
    "fuel_consumption",
    ("carrier",),
    "vessel, interval, consumer and fuel",
    (
        imo_number(),
        timestamp("period_start_utc", "Start of the interval.", "2025-03-01T14:30:00Z", key=True),
        timestamp("period_end_utc", "End of the interval.", "2025-03-02T14:30:00Z", required=True),
        text(
            "phase",
            "What the ship was doing.",
            "sea",
            ("sea", "manoeuvring", "anchorage", "berth"),
            key=True,
        ),
        text("consumer", "What burned the fuel.", "main_engine", ("main_engine", "aux_engine", "boiler"), key=True),
        text(
            "fuel_type",
            "Fuel that was burned; blank if the delivery note in bdn_number states it.",
            "VLSFO",
            FUEL_TYPES,
            key=True,
            blank_key=True,
        ),
        text(
            "bdn_number", "Number of the bunker delivery note of the fuel.", "SMPL-BDN-0001", key=True, blank_key=True
        ),
        number("mass_t", "Mass burned in tonnes; blank if unknown.", "92.4"),
        text(
            "measurement",
            "How the mass was measured.",
            "flow_meter",
            ("flow_meter", "tank_sounding", "bdn", "estimate"),
            required=True,
        ),
    ),
    row_end="period_end_utc",
    rules=(
        IMO_IS_VALID,
        not_before("period_end_utc", "period_start_utc"),
        Rule(
            "fuel_or_note_is_named",
            "fuel_type",
            "fuel_type is null and bdn_number is null",
            "Neither fuel_type nor bdn_number is filled, so the fuel is unknown. Fill in one of them.",
        ),
        Rule(
            "sea_fuel_is_possible",
            "mass_t",
            "phase = 'sea' and period_end_utc > period_start_utc and "
            "mass_t > 300 * date_diff('second', period_start_utc, period_end_utc) / 86400.0",
            "{mass_t} t between {period_start_utc} and {period_end_utc} is more than 300 t a day. "
            "Check whether the mass is in kilograms, and the interval.",
        ),
        Rule(
            "mass_is_filled",
            "mass_t",
            "mass_t is null",
            "The mass is blank, so the leg or stay cannot be counted. Fill it in, or write 0 if nothing was burned.",
            "warning",
        ),
    ),
    version=2,
    elsewhere=(
        "Each row lies within a leg or stay of the ship, or exceeds it by at most 6 h.",
        "The delivery note in bdn_number was filed, for the same fuel. It states the fuel if fuel_type is blank.",
        "Rows of main and auxiliary engines cover at least 95 % of each leg.",
        "A leg or stay to which a rejected row may belong is not counted until the row is corrected.",
        "Tanks balance: on board before, plus delivered, minus burned equals on board after, within 3 % or 5 t.",
    ),
)

BUNKER_DELIVERIES = Contract(
    "bunker_deliveries",
    ("carrier",),
    "delivery note",
    (
        text("bdn_number", "Number of the bunker delivery note.", "SMPL-BDN-0001", key=True),
        text("imo_number", "IMO ship number: seven digits, the last a check digit.", "3000013", required=True),
        text("port_locode", "UN/LOCODE of the port of delivery.", "CNSHA"),
        timestamp("delivered_utc", "When it was delivered.", "2025-03-01T02:00:00Z", required=True),
        text("fuel_type", "Fuel that was delivered.", "VLSFO", FUEL_TYPES, required=True),
        text("iso_grade", "ISO 8217 grade.", "RMG380"),
        number("mass_t", "Mass delivered in tonnes.", "1800", minimum=None, required=True),
        number("lcv_mj_per_kg", "Lower calorific value in MJ per kg.", "40.5", minimum=5, maximum=130),
        number("sulphur_pct", "Sulphur in per cent by mass.", "0.48", maximum=5),
        number("viscosity_cst", "Viscosity at 50 degrees C in cSt.", "320"),
        text("certificate_scheme", "Scheme of the sustainability certificate.", "SMPL-SCHEME"),
        text("certificate_number", "Number of the certificate.", "SMPL-CERT-0001"),
        number("certified_mass_t", "Mass that the certificate covers in tonnes; blank if it covers all.", "600"),
        number(
            "certified_wtw_g_per_mj",
            "Certified well-to-wake intensity in g CO2e per MJ.",
            "12.5",
            minimum=-200,
            maximum=200,
        ),
        Column(
            "certificate_includes_use_phase",
            "boolean",
            "Whether the certified intensity already includes the gases of combustion.",
            "false",
        ),
    ),
    row_end="delivered_utc",
    rules=(
        IMO_IS_VALID,
        is_locode("port_locode"),
        Rule(
            "certificate_is_whole",
            "certificate_number",
            "(certificate_scheme is null or certificate_number is null or certified_wtw_g_per_mj is null) and "
            "(certificate_scheme is not null or certificate_number is not null or certified_wtw_g_per_mj is not null)",
            "The certificate is incomplete, so the delivery counts as uncertified. Fill in certificate_scheme, "
            "certificate_number and certified_wtw_g_per_mj.",
            "warning",
        ),
        Rule(
            "certified_mass_was_delivered",
            "certified_mass_t",
            "certified_mass_t > mass_t",
            "The certified mass of {certified_mass_t} t is more than the {mass_t} t delivered. Correct the wrong one.",
        ),
    ),
    elsewhere=(
        "A certificate is used for one delivery only, and for no more mass than was delivered.",
        "No more certified fuel is burned than was certified.",
    ),
)

ROB = Contract(
    "rob",
    ("carrier",),
    "vessel, moment and fuel",
    (
        imo_number(),
        timestamp("measured_utc", "When the tanks were measured.", key=True),
        text("fuel_type", "Fuel in the tanks.", "VLSFO", FUEL_TYPES, key=True),
        number("rob_t", "Mass remaining on board in tonnes.", "1450", required=True),
    ),
    row_end="measured_utc",
    rules=(IMO_IS_VALID,),
    elsewhere=(
        "Tanks balance: on board before, plus delivered, minus burned equals on board after, within 3 % or 5 t.",
    ),
)

VESSEL_ANNUAL = Contract(
    "vessel_annual",
    ("carrier",),
    "vessel, year and fuel, as in IMO DCS",
    (
        imo_number(),
        Column("year", "integer", "Calendar year.", "2025", key=True, minimum=2019, maximum=2100),
        text("fuel_type", "Fuel that was burned.", "VLSFO", FUEL_TYPES, key=True),
        number("mass_t", "Mass burned in the year in tonnes, all trades.", "21000", required=True),
        number("distance_nm", "Distance over ground in the year in nautical miles.", "95000", required=True),
        text("verified_by", "Who verified the figures; blank if nobody did.", "SMPL-VERIFIER"),
    ),
    row_end="try_cast(year || '-01-01' as date)",
    rules=(IMO_IS_VALID,),
)
