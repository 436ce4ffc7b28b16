"""DNV's Operational Vessel Data (OVD) 3.5: which of its columns mean what here.

Belongs here: names of OVD, and what they are in the datasets. Does not belong here: how rows are made (`ovd.py`).
Headings are compared in lower case, any run of other signs as one underscore.
"""

import re
from dataclasses import dataclass

from orchestration.core.contract import FUEL_TYPES

# What a file of each layout becomes.
OVD_DATASETS = {
    "ovd_log_abstract": ("voyage_legs", "fuel_consumption", "rob"),
    "ovd_bunker_report": ("bunker_deliveries",),
}

# Columns of a report that place it in time, and say what the ship did and carried.
TEXTS = ("IMO", "Date_UTC", "Time_UTC", "Event", "Voyage_From", "Voyage_To", "Voyage_Number", "Service")
HOURS = (
    "Time_Elapsed_Sailing",
    "Time_Elapsed_Drifting",
    "Time_Elapsed_DP",
    "Time_Elapsed_Anchoring",
    "Time_Elapsed_Maneuvering",
    "Time_Elapsed_Loading_Unloading",
)
# Added, subtracted or compared, so that every one must be a number before anything is made of the file.
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

NEEDED = {
    "ovd_log_abstract": ("IMO", "Date_UTC", "Time_UTC", "Event"),
    "ovd_bunker_report": ("BDN_Number", "Bunker_Delivery_Date", "Bunker_Delivery_Time", "IMO", "Fuel_Type", "Mass"),
}

# A burner without an engine emits as a boiler does.
CONSUMERS = {"ME": "main_engine", "AE": "aux_engine", "Boiler": "boiler", "Inert_gas": "boiler"}

# OVD's fuels by what ends a column's name; those without a fuel_type here keep their name, and are turned away.
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

# Counted already in the totals of their consumers: added to them they would count twice.
PORTIONS = re.compile(
    r"(cargo_heating|dp|dpp_cargo_pump)_consumption_(?!o_type)\w+|dpp_consumption|(me|ae|boiler)_[0-9]+_consumption"
)
# Burned beside the engines and boilers, without a fuel_type that can be relied on.
UNSAID_FUEL = ("IGG_Consumption", "GCU_Consumption", "Incinerator_Consumption_O")
# Tanks by delivery note have no fuel in their row, and a note can be in several tanks.
TANKS_BY_NOTE = re.compile(r"bdn(_[2-8])?_rob")
# What else of OVD speaks of consumption or tanks: lubricants, water, plans, rates, and parts by sulphur.
NEITHER = re.compile(r".*(_oil|fresh_water|sludge|projected|current_consumption|_type$|_(hs|ls|vls|uls)_rob).*")

# By dataset and column of its contract, SQL for the column of OVD that a finding is about.
ORIGINS = {
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
    """A column with a mass, and where its fuel stands. fuel_type: of every row; else fuel_column or note_column says.

    by_note: it belongs to the scheme by delivery note. boiler_notes: the notes of main and auxiliary engine, of which
    a boiler's can only be the one, because OVD has no column for it.
    """

    column: str
    consumer: str = ""
    fuel_type: str | None = None
    fuel_column: str | None = None
    note_column: str | None = None
    boiler_notes: tuple[str, str] | None = None

    @property
    def by_note(self) -> bool:
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
UNSAID_CELLS = tuple(FuelCell(name, "boiler") for name in UNSAID_FUEL)
TANK_CELLS = _tanks()


def key(heading: str) -> str:
    """A heading as it is compared."""
    return re.sub(r"[^a-z0-9]+", "_", heading.lower()).strip("_")


def columns_read(layout: str) -> list[str]:
    """Every column that is read of a layout, as OVD spells it."""
    if layout == "ovd_bunker_report":
        return list(BUNKER_REPORT)
    beside = [
        name
        for cell in (*BURNED_CELLS, *UNSAID_CELLS, *TANK_CELLS)
        for name in (cell.column, cell.fuel_column, cell.note_column)
        if name
    ]
    return [*REPORT, *dict.fromkeys(beside)]
