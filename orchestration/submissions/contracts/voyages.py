"""The contracts for voyages: legs between berths, and visits to terminals.

Belongs here: these datasets. Does not belong here: how they are checked.
"""

from orchestration.core.contract import (
    IMO_IS_VALID,
    Contract,
    Rule,
    imo_number,
    is_locode,
    not_before,
    number,
    text,
    timestamp,
)

_TEU_ON_BOARD = (
    ("laden_teu", "Laden TEU on board during the leg.", "6100"),
    ("empty_teu", "Empty TEU on board during the leg.", "900"),
    ("reefer_teu", "Refrigerated TEU on board, part of the laden ones.", "420"),
)
_CORRIDOR_TEU = (
    ("outbound_laden_teu", "Laden TEU on board from the origin side to the destination side.", "4800"),
    ("outbound_empty_teu", "Empty TEU on board from the origin side to the destination side.", "120"),
    ("inbound_laden_teu", "Laden TEU on board from the destination side to the origin side.", "0"),
    ("inbound_empty_teu", "Empty TEU on board from the destination side to the origin side.", "0"),
    ("delivered_laden_teu", "Laden corridor TEU discharged at the end of the leg.", "4800"),
    ("delivered_empty_teu", "Empty corridor TEU discharged at the end of the leg.", "120"),
)

VOYAGE_LEGS = Contract(
    "voyage_legs",
    ("carrier",),
    "vessel and leg, from berth departure to berth arrival",
    (
        imo_number(),
        text("service_code", "Liner service in which the ship sailed; blank if none.", "SMPL-TP1"),
        text("voyage_number", "Voyage number of the carrier.", "012E"),
        text("from_locode", "UN/LOCODE of the port of departure.", "CNSHA", required=True),
        text("to_locode", "UN/LOCODE of the port of arrival.", "USLAX", required=True),
        timestamp("departure_utc", "Departure from the berth (ATD).", "2025-03-01T14:30:00Z", key=True),
        timestamp("arrival_utc", "Arrival at the next berth (ATA); blank while at sea.", "2025-03-15T06:00:00Z"),
        number("sailed_distance_nm", "Distance sailed in nautical miles.", "5795"),
        *(number(*column) for column in _TEU_ON_BOARD),
        number("cargo_mass_t", "Mass of the cargo on board in tonnes, including the containers.", "68000"),
        *(number(*column) for column in _CORRIDOR_TEU),
    ),
    row_end="coalesce(arrival_utc, departure_utc)",
    rules=(
        IMO_IS_VALID,
        is_locode("from_locode"),
        is_locode("to_locode"),
        not_before("arrival_utc", "departure_utc"),
        Rule(
            "speed_is_possible",
            "sailed_distance_nm",
            "arrival_utc > departure_utc and "
            "sailed_distance_nm > 27 * date_diff('second', departure_utc, arrival_utc) / 3600.0",
            "{sailed_distance_nm} nm between {departure_utc} and {arrival_utc} is faster than 27 kn. "
            "Check the distance and both times.",
        ),
        Rule(
            "speed_is_usual",
            "sailed_distance_nm",
            "sailed_distance_nm > 24 * date_diff('second', departure_utc, arrival_utc) / 3600.0 and "
            "sailed_distance_nm <= 27 * date_diff('second', departure_utc, arrival_utc) / 3600.0",
            "{sailed_distance_nm} nm between {departure_utc} and {arrival_utc} is faster than 24 kn. "
            "Check the distance and both times.",
            "warning",
        ),
        Rule(
            "corridor_laden_is_on_board",
            "laden_teu",
            "outbound_laden_teu + inbound_laden_teu > laden_teu * 1.000001",
            "Corridor laden TEU ({outbound_laden_teu} outbound, {inbound_laden_teu} inbound) are more than the "
            "{laden_teu} laden TEU on board. Correct the wrong ones.",
        ),
        Rule(
            "corridor_empty_is_on_board",
            "empty_teu",
            "outbound_empty_teu + inbound_empty_teu > empty_teu * 1.000001",
            "Corridor empty TEU ({outbound_empty_teu} outbound, {inbound_empty_teu} inbound) are more than the "
            "{empty_teu} empty TEU on board. Correct the wrong ones.",
        ),
        Rule(
            "delivered_was_on_board",
            "delivered_laden_teu",
            "delivered_laden_teu > greatest(outbound_laden_teu, inbound_laden_teu) * 1.000001",
            "{delivered_laden_teu} laden corridor TEU were delivered, but only {outbound_laden_teu} outbound and "
            "{inbound_laden_teu} inbound were on board. Correct the wrong ones.",
        ),
        Rule(
            "delivered_empty_was_on_board",
            "delivered_empty_teu",
            "delivered_empty_teu > greatest(outbound_empty_teu, inbound_empty_teu) * 1.000001",
            "{delivered_empty_teu} empty corridor TEU were delivered, but only {outbound_empty_teu} outbound and "
            "{inbound_empty_teu} inbound were on board. Correct the wrong ones.",
        ),
        Rule(
            "teu_is_filled",
            "laden_teu",
            "laden_teu is null or empty_teu is null or outbound_laden_teu is null or outbound_empty_teu is null or "
            "inbound_laden_teu is null or inbound_empty_teu is null or delivered_laden_teu is null or "
            "delivered_empty_teu is null",
            "A TEU column is blank, so leg and voyage cannot be counted. Fill it in; write 0 if there was none.",
            "warning",
        ),
    ),
    elsewhere=(
        "Legs of a ship do not overlap, and each leg begins in the port of the last arrival.",
        "The distance is at least 0.98 times the great circle, and usually 1.0 to 1.4 times the shortest route.",
        "TEU on board do not exceed the nominal capacity of the ship. More than 110 % of it is an error.",
    ),
)

PORT_CALLS = Contract(
    "port_calls",
    ("terminal", "carrier", "port"),
    "visit of a vessel to a terminal",
    (
        imo_number(),
        text("terminal_code", "Code of the terminal in corridor.toml.", "SMPL-T1", key=True),
        timestamp("tied_utc", "When the first line was ashore (tied to the berth).", key=True),
        text("visit_id", "Number that the filer gave to the visit.", "SMPL-V-0001"),
        text("berth", "Berth.", "4"),
        timestamp("released_utc", "When the ship was released from the berth.", "2025-03-04T16:30:00Z"),
        timestamp("ready_to_work_utc", "When the ship was ready for cargo work.", "2025-03-01T15:30:00Z"),
        timestamp("pilot_on_board_utc", "When the pilot was on board for departure.", "2025-03-04T16:00:00Z"),
        number("teu_discharged", "TEU discharged, laden and empty.", "3200"),
        number("teu_loaded", "TEU loaded, laden and empty.", "2900"),
        number("corridor_teu_discharged", "Corridor TEU among the TEU discharged.", "2100"),
        number("corridor_teu_loaded", "Corridor TEU among the TEU loaded.", "1800"),
        text(
            "emission_control",
            "How emissions at berth were controlled.",
            "shore_power",
            ("shore_power", "capture", "none"),
        ),
        timestamp("connected_utc", "When shore power or capture was connected.", "2025-03-01T16:30:00Z"),
        timestamp("disconnected_utc", "When shore power or capture was disconnected.", "2025-03-04T09:00:00Z"),
        number("connected_hours", "Hours connected, if it was not one interval.", "64.5"),
        number("shore_power_kwh", "Electricity metered to the ship in kWh.", "98000"),
        text("exception_code", "Code of the reason why the ship was not connected; blank if it was.", ""),
    ),
    row_end="coalesce(released_utc, tied_utc)",
    rules=(
        IMO_IS_VALID,
        not_before("released_utc", "tied_utc"),
        not_before("disconnected_utc", "connected_utc"),
        Rule(
            "corridor_teu_was_handled",
            "corridor_teu_discharged",
            "corridor_teu_discharged > teu_discharged or corridor_teu_loaded > teu_loaded",
            "Corridor TEU ({corridor_teu_discharged} discharged, {corridor_teu_loaded} loaded) are more than all TEU "
            "({teu_discharged} and {teu_loaded}). Correct the wrong ones.",
        ),
        Rule(
            "shore_power_load_is_usual",
            "shore_power_kwh",
            "emission_control = 'shore_power' and shore_power_kwh / nullif(coalesce(connected_hours, "
            "date_diff('second', connected_utc, disconnected_utc) / 3600.0), 0) not between 200 and 7500",
            "{shore_power_kwh} kWh in the hours connected is outside 200 to 7,500 kW. Check the unit and the hours.",
            "warning",
        ),
    ),
    elsewhere=(
        "The terminal belongs to the corridor, and the visit lies within a stay of the ship in that port.",
        "A stay to which a rejected row may belong is not counted until the row is corrected, unless another partner "
        "filed the visit.",
        "Carrier and terminal agree on a visit: release within 1 h, TEU within 2 %, kWh within 5 %.",
    ),
)
