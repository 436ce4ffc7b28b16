"""The columns of DNV's Operational Vessel Data (OVD) 3.5 that are read, and what they mean in our datasets.

Belongs here: OVD's column names, fuels and consumers. Does not belong here: how rows are made (`conversion.py`).
Headings are compared in lower case, with every run of other characters replaced by one underscore.
"""

import re
from dataclasses import dataclass

from orchestration.core.contract import FUEL_TYPES

# Columns that say which ship a report is about, when it was made, and what the ship did and carried.
TEXTS = ("IMO", "Date_UTC", "Time_UTC", "Event", "Voyage_From", "Voyage_To", "Voyage_Number", "Service")
HOURS = (
    "Time_Elapsed_Sailing",
    "Time_Elapsed_Drifting",
    "Time_Elapsed_DP",
    "Time_Elapsed_Anchoring",
    "Time_Elapsed_Maneuvering",
    "Time_Elapsed_Loading_Unloading",
)
# These are added, subtracted or compared over reports, so every filled cell must be a number.
NUMBERS = (*HOURS, "Time_Since_Previous_Report", "Distance", "Cargo_Total_TEU")
CARRIED = ("Cargo_Mt", "Cargo_Total_Full_TEU", "Cargo_Reefer_TEU")
ELECTRICITY = "Shore_Side_Electricity_Reception"
REPORT = (*TEXTS, *NUMBERS, *CARRIED, ELECTRICITY)

BUNKER_REPORT = (
    "BDN_Number",
    "Bunker_Delivery_Date",
    "Bunker_Delivery_Time",
    "IMO",
    "Fuel_Type",
    "Mass",
    "Sulphur_Content",
    "Viscosity",
    "Lower_Heating_Value",
    "Grade",
    "Bunker_Port",
)

# Columns without which a file is refused.
REQUIRED = {
    "ovd_log_abstract": ("IMO", "Date_UTC", "Time_UTC", "Event"),
    "ovd_bunker_report": ("BDN_Number", "Bunker_Delivery_Date", "Bunker_Delivery_Time", "IMO", "Fuel_Type", "Mass"),
}

# Inert gas generators have no consumer of their own in the contract. They emit as a boiler does.
CONSUMERS = {"ME": "main_engine", "AE": "aux_engine", "Boiler": "boiler", "Inert_gas": "boiler"}

# OVD's fuels by the ending of a column name. Fuels without a fuel_type in the contract keep OVD's name, and their
# rows are rejected.
NO_FUEL_TYPE = {"LPGP": "LPG (propane)", "LPGB": "LPG (butane)", "E": "ethanol", "Ethanol": "ethanol"}
BURNED = {"HFO": "HFO", "LFO": "LFO", "MGO": "MGO", "MDO": "MDO", "LNG": "LNG", "M": "METHANOL"}
ON_BOARD = {**{k: v for k, v in BURNED.items() if k != "M"}, "Methanol": "METHANOL"}
NAMED_FUELS = {
    **{fuel: fuel for fuel in FUEL_TYPES},
    "M": "METHANOL",
    "LPGP": NO_FUEL_TYPE["LPGP"],
    "LPGB": NO_FUEL_TYPE["LPGB"],
    "E": NO_FUEL_TYPE["E"],
}

# Parts of what main engine, auxiliary engine and boiler burned. Adding them would count this fuel twice.
PORTIONS = re.compile(
    r"(cargo_heating|dp|dpp_cargo_pump)_consumption_(?!o_type)\w+|dpp_consumption|(me|ae|boiler)_[0-9]+_consumption"
)
# Consumers for which OVD does not state the fuel.
UNNAMED_FUEL = ("IGG_Consumption", "GCU_Consumption", "Incinerator_Consumption_O")
# Tank contents by delivery note. The report does not state their fuel, and fuel of one note can be in several tanks.
TANKS_BY_NOTE = re.compile(r"bdn(_[2-8])?_rob")
# Other OVD columns about consumption or tanks: lubricants, water, plans, rates, parts by sulphur content.
OTHER_COLUMNS = re.compile(r".*(_oil|fresh_water|sludge|projected|current_consumption|_type$|_(hs|ls|vls|uls)_rob).*")

# For each column of a contract, SQL for the OVD column that a failed check is about.
SOURCE_COLUMNS = {
    "voyage_legs": {
        "imo_number": "'IMO'",
        "service_code": "'Service'",
        "voyage_number": "'Voyage_Number'",
        "from_locode": "'Voyage_From'",
        "to_locode": "'Voyage_To'",
        "departure_utc": "'Date_UTC'",
        "arrival_utc": "'Date_UTC'",
        "sailed_distance_nm": "'Distance'",
        "laden_teu": "'Cargo_Total_Full_TEU'",
        "empty_teu": "'Cargo_Total_TEU'",
        "reefer_teu": "'Cargo_Reefer_TEU'",
        "cargo_mass_t": "'Cargo_Mt'",
    },
    "fuel_consumption": {
        "imo_number": "'IMO'",
        "period_start_utc": "'Time_Since_Previous_Report'",
        "period_end_utc": "'Date_UTC'",
        "phase": "'Event'",
        "fuel_type": "made.fuel_column",
        "bdn_number": "made.bdn_column",
        "mass_t": "made.mass_column",
    },
    "rob": {
        "imo_number": "'IMO'",
        "measured_utc": "'Date_UTC'",
        "fuel_type": "made.fuel_column",
        "rob_t": "made.mass_column",
    },
    "bunker_deliveries": {
        "bdn_number": "'BDN_Number'",
        "imo_number": "'IMO'",
        "port_locode": "'Bunker_Port'",
        "delivered_utc": "case when c3 is null and bunker_time is null then 'Bunker_Delivery_Time' "
        "else 'Bunker_Delivery_Date' end",
        "fuel_type": "'Fuel_Type'",
        "iso_grade": "'Grade'",
        "mass_t": "'Mass'",
        "lcv_mj_per_kg": "'Lower_Heating_Value'",
        "sulphur_pct": "'Sulphur_Content'",
        "viscosity_cst": "'Viscosity'",
    },
}


@dataclass(frozen=True)
class FuelCell:
    """A column with a mass, and what its fuel is.

    fuel_type: the fuel, if the column name states it. fuel_column: the column that names the fuel.
    note_column: the column that names the delivery note. boiler_notes: the note columns of main and auxiliary engine.
    OVD has no note column for boilers, so a boiler's note is clear only if both engines burn from the same one.
    """

    column: str
    consumer: str = ""
    fuel_type: str | None = None
    fuel_column: str | None = None
    note_column: str | None = None
    boiler_notes: tuple[str, str] | None = None

    @property
    def by_note(self) -> bool:
        """Whether the column gives masses by delivery note, not by fuel type."""
        return bool(self.note_column or self.boiler_notes)


def _burned() -> tuple[FuelCell, ...]:
    cells = []
    for prefix, consumer in CONSUMERS.items():
        fuels = BURNED | {name: NO_FUEL_TYPE[name] for name in ("LPGP", "LPGB", "E")}
        cells += [FuelCell(f"{prefix}_Consumption_{name}", consumer, fuel) for name, fuel in fuels.items()]
        other = f"{prefix}_Consumption_O"
        cells.append(FuelCell(other, consumer, fuel_column=f"{other}_type"))
    for ending in ("", "_BDN_2", "_BDN_3", "_BDN_4"):
        note = ending.replace("_BDN", "")
        engines = [f"{prefix}_Fuel_BDN{note}" for prefix in ("ME", "AE")]
        cells.append(FuelCell(f"ME_Consumption{ending}", "main_engine", note_column=engines[0]))
        cells.append(FuelCell(f"AE_Consumption{ending}", "aux_engine", note_column=engines[1]))
        cells.append(FuelCell(f"Boiler_Consumption{ending}", "boiler", boiler_notes=(engines[0], engines[1])))
    return tuple(cells)


def _tanks() -> tuple[FuelCell, ...]:
    fuels = ON_BOARD | {name: NO_FUEL_TYPE[name] for name in ("LPGP", "LPGB", "Ethanol")}
    cells = [FuelCell(f"{name}_ROB", fuel_type=fuel) for name, fuel in fuels.items()]
    return (*cells, FuelCell("O_ROB", fuel_column="O_ROB_type"))


BURNED_CELLS = _burned()
UNNAMED_CELLS = tuple(FuelCell(name, "boiler") for name in UNNAMED_FUEL)
TANK_CELLS = _tanks()

# Columns that hold numbers, for the template.
NUMERIC = frozenset(
    (*NUMBERS, *CARRIED, ELECTRICITY, "Mass", "Sulphur_Content", "Viscosity", "Lower_Heating_Value")
) | {cell.column for cell in (*BURNED_CELLS, *UNNAMED_CELLS, *TANK_CELLS)}


def key(heading: str) -> str:
    """Return a heading in the form in which headings are compared."""
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


def columns_read(layout: str) -> list[str]:
    """Return every column that is read of a layout, as OVD spells it."""
    if layout == "ovd_bunker_report":
        return list(BUNKER_REPORT)
    of_fuel = [
        name
        for cell in (*BURNED_CELLS, *UNNAMED_CELLS, *TANK_CELLS)
        for name in (cell.column, cell.fuel_column, cell.note_column)
        if name
    ]
    return [*REPORT, *dict.fromkeys(of_fuel)]
