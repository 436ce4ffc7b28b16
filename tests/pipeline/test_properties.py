"""Properties of the SQL for any filed data: the compiled models over a small lake and changed copies of it.

The lake is that of the tiny sample: 24 ships of four carriers over half a year, without faults.
"""

import json

import duckdb
import numpy as np
import pandas as pd
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.pipeline.small import SUMS, Small, same

TRUST = ["lower", "upper", "coverage", "primary_data_share", "energy_without_factor_share"]

# No emission factor is in them, nor whether a leg is complete under a method.
WITHOUT_A_METHOD = (
    "shore_power_use", "shore_power_coverage", "controlled_coverage", "connected_calls", "capable_calls",
    "certified_fuelled_calls", "certified_fuel_t", "certified_bunkered_t", "capable_vessels_deployed",
    "terminal_kwh_per_teu", "electric_share", "zero_emission_equipment_share",
)  # fmt: skip

VISITOR = "9999993"
BOXES = ("laden", "empty")
CALL_TEU = ("teu_discharged", "teu_loaded", "corridor_teu_discharged", "corridor_teu_loaded")

# An example takes a second: a failing one is shown as it was found, not made smaller for minutes.
ONE_A_SECOND = settings(deadline=None, derandomize=True, phases=[Phase.generate])

# What is a total, or measured by capacity or calls.
DOUBLED = (
    "corridor_wtw_t", "unallocated_wtw_t", "certified_fuel_t", "certified_bunkered_t", "avoided_co2e_t",
    "clean_cargo_g_per_teu_km", "berth_wtw_t_per_call",
)  # fmt: skip

# Without a nomination its arrivals are no longer expected: it is what coverage is measured against.
MEASURED_BY_COVERAGE = (
    "voyage_legs", "fuel_consumption", "bunker_deliveries", "port_calls", "terminal_energy", "terminal_activity",
    "vessels", "rob",
)  # fmt: skip


def test_tiny_sample_is_published(small: Small) -> None:
    assert small.cells["value"].notna().sum() > 1000


def test_cells_of_one_holding_are_published_only_under_its_waiver(small: Small) -> None:
    current = small.home / "releases" / "current"
    with duckdb.connect(current / "public" / "kpis.duckdb", read_only=True) as con:
        cells = con.execute(
            """
            select kpi_id, period_grain, dimension_value, status, n_contributors_band, bool_and(value > 1)
            from kpi.kpi_values
            where dimension_value = 'CNSHA' and kpi_id in ('terminal_kgco2e_per_teu', 'terminal_kwh_per_teu')
                or n_contributors_band = 'waived'
            group by all order by all
            """
        ).fetchall()
        audit = "select verdict from kpi.check_results where check_name = 'suppressed_cells_cannot_be_narrowed'"
        assert con.execute(audit).fetchall() == [("passed",)]
    grains = ("month", "quarter", "year")
    assert cells == [
        *(("terminal_kgco2e_per_teu", grain, "CNSHA", "published", "waived", True) for grain in grains),
        *(("terminal_kwh_per_teu", grain, "CNSHA", "suppressed", None, None) for grain in grains),
    ]
    [waiver] = json.loads((current / "manifest.json").read_text(encoding="utf-8"))["waivers"]
    assert (waiver["holding"], waiver["kpi_id"]) == ("SMPL-SALTMARSH", "terminal_kgco2e_per_teu")


def twin_of(columns: str) -> str:
    """Return a query for the rows and their copies, with other ships, delivery notes and row numbers."""
    twins = f"select * replace ({columns}, row_number + 1000000 as row_number) from accepted"
    return f"from accepted union all by name {twins}"


def test_second_identical_fleet_doubles_totals_and_keeps_intensities(small: Small) -> None:
    ship = "'twin ' || imo_number as imo_number"
    note = f"{ship}, 'twin ' || bdn_number as bdn_number"
    doubled = small.changed({
        "vessels": twin_of(ship),
        "voyage_legs": twin_of(ship),
        "fuel_consumption": twin_of(note),
        "bunker_deliveries": twin_of(f"{note}, 'twin ' || certificate_number as certificate_number"),
        "port_calls": twin_of(ship),
        "service_nominations": "select * replace (2 * sailings_per_week as sailings_per_week) from accepted",
        "terminal_energy": "select * replace (2 * quantity as quantity) from accepted",
        "terminal_activity": "select * replace (2 * teu_handled as teu_handled, 2 * equipment_units as "
        "equipment_units, 2 * zero_emission_units as zero_emission_units) from accepted",
    })  # fmt: skip
    is_total = small.cells["denominator"].isna()
    expected = small.cells.assign(
        numerator=2 * small.cells["numerator"],
        denominator=2 * small.cells["denominator"],
        value=small.cells["value"].where(~is_total, 2 * small.cells["value"]),
    )
    same(doubled, expected, [*SUMS, "coverage", "primary_data_share", "energy_without_factor_share"])
    widths = [(c["upper"] - c["lower"]) / c["value"].abs() for c in (doubled, small.cells)]
    assert (widths[0] <= widths[1] * (1 + 1e-9)).where(widths[1].notna(), other=True).all()


def twice(*columns: str) -> str:
    return f"select * replace ({', '.join(f'2 * {column} as {column}' for column in columns)}) from accepted"


def test_doubled_activity_doubles_totals_and_keeps_intensities(small: Small) -> None:
    """Double the activity; capacity and calls stay, so that figures per capacity or call double as well."""
    legs = [f"{way}_{box}_teu" for way in ("outbound", "inbound", "delivered") for box in BOXES]
    doubled = small.changed(
        {
            "voyage_legs": twice("laden_teu", "empty_teu", "reefer_teu", "cargo_mass_t", *legs),
            "fuel_consumption": twice("mass_t"),
            "bunker_deliveries": twice("mass_t", "certified_mass_t"),
            "port_calls": twice("shore_power_kwh", *CALL_TEU),
            "terminal_energy": twice("quantity"),
            "terminal_activity": twice("teu_handled", "equipment_units", "zero_emission_units"),
        },
        after={
            "container_aux_boiler_loads_kw": "update corridor.seeds.container_aux_boiler_loads_kw "
            "set aux_berth = 2 * aux_berth, boiler_berth = 2 * boiler_berth"
        },
    )
    factor = np.where(small.cells.index.get_level_values("kpi_id").isin(DOUBLED), 2.0, 1.0)
    expected = small.cells.assign(**{column: small.cells[column] * factor for column in ("value", "lower", "upper")})
    same(doubled, expected, ["value", *TRUST])


def test_swapping_two_methods_swaps_only_their_figures(small: Small) -> None:
    swap = (
        "update corridor.intermediate.int_emission_factors set method_id = "
        "case method_id when 'glec_v3_2' then 'imo_lca' when 'imo_lca' then 'glec_v3_2' else method_id end"
    )
    swapped = small.changed({}, after={"int_emission_factors": swap})
    untouched = small.cells.index.get_level_values("kpi_id").isin(WITHOUT_A_METHOD)
    same(swapped[untouched], small.cells[untouched], SUMS)
    both = small.cells.index.get_level_values("method_id").isin(["imo_lca"])
    by_imo = small.cells[both & (small.cells["boundary"] == "well-to-wake")]
    by_glec = swapped.loc[[(key[0], "glec_v3_2", *key[2:]) for key in by_imo.index]]
    same(by_glec.set_index(by_imo.index), by_imo, [*SUMS, *TRUST])
    moved = ~np.isclose(swapped["value"], small.cells["value"], rtol=1e-6, equal_nan=True)
    assert moved.sum() > 100


@settings(ONE_A_SECOND, max_examples=5)
@given(share=st.floats(0.05, 0.95), every=st.integers(1, 7))
def test_split_fuel_row_changes_no_value_and_no_interval(small: Small, share: float, every: int) -> None:
    """Split fuel rows, except those that cross the end of their leg, whose second part would belong to the stay."""
    split = f"""
        select accepted.*, row_number % {every} = 0 and not exists (
            from read_parquet('{small.home}/lake/accepted/voyage_legs/*.parquet') as legs
            where legs.imo_number = accepted.imo_number
                and (legs.departure_utc between period_start_utc and period_end_utc
                    or legs.arrival_utc between period_start_utc and period_end_utc)
        ) as is_split, period_start_utc + (period_end_utc - period_start_utc) * {share} as cut_utc
        from accepted
    """
    parted = small.changed({"fuel_consumption": f"""
        with split as ({split})
        select * exclude (is_split, cut_utc) replace (
            case when is_split then cut_utc else period_end_utc end as period_end_utc,
            case when is_split then mass_t * {share} else mass_t end as mass_t
        ) from split
        union all by name
        select * exclude (is_split, cut_utc) replace (
            cut_utc as period_start_utc, mass_t * (1 - {share}) as mass_t, row_number + 1000000 as row_number
        ) from split where is_split
    """})  # fmt: skip
    same(parted, small.cells, [*SUMS, *TRUST])


def and_more(count: int, columns: str) -> str:
    """Return a query for the rows and those of a new ship, made from the first row; columns may use n from 0."""
    first = "from accepted order by partner_id, submission_id, row_number limit 1"
    return f"""
        from accepted union all by name
        select * exclude (n) replace ('{VISITOR}' as imo_number, 1000000 + n as row_number, {columns})
        from ({first}) cross join (select cast(unnest(range({count})) as integer) as n)
    """


@settings(ONE_A_SECOND, max_examples=5)
@given(
    teu=st.integers(1, 9000),
    fuel_t=st.floats(1, 3000),
    fuel_type=st.sampled_from(["VLSFO", "HFO", "MGO"]),
    first_day=st.integers(1, 28),
)
def test_ship_without_corridor_cargo_changes_no_corridor_figure(
    small: Small, teu: int, fuel_t: float, fuel_type: str, first_day: int
) -> None:
    """Add a ship that sails from Shanghai to Los Angeles and back on a nominated service, with a stay of two days."""
    began = f"timestamp '2024-02-{first_day:02}'"
    departed, arrived = f"{began} + to_days(20 * n)", f"{began} + to_days(20 * n + 18)"
    no_cargo = ", ".join(f"0 as {way}_{box}_teu" for way in ("outbound", "inbound", "delivered") for box in BOXES)
    at_sea = "n % 2 = 0"
    visited = small.changed({
        "vessels": and_more(1, "date '2020-01-01' as valid_from"),
        "voyage_legs": and_more(4, f"""{departed} as departure_utc, {arrived} as arrival_utc,
            case when n % 2 = 0 then 'CNSHA' else 'USLAX' end as from_locode,
            case when n % 2 = 0 then 'USLAX' else 'CNSHA' end as to_locode,
            {teu} as laden_teu, 0 as empty_teu, {no_cargo}"""),
        "fuel_consumption": and_more(8, f"""
            {began} + to_days(20 * (n // 2) + case when {at_sea} then 0 else 18 end) as period_start_utc,
            {began} + to_days(20 * (n // 2) + case when {at_sea} then 18 else 20 end) as period_end_utc,
            case when {at_sea} then 'main_engine' else 'aux_engine' end as consumer,
            '{fuel_type}' as fuel_type, null as bdn_number, {fuel_t} as mass_t"""),
    })  # fmt: skip
    kpi_ids = small.cells.index.get_level_values("kpi_id")
    is_of_corridor = kpi_ids.str.startswith(("corridor_", "port_to_port_", "energy_ghg_")) | kpi_ids.str.endswith(
        "_energy_share"
    )
    of_corridor = small.cells[is_of_corridor & small.cells["value"].notna()]
    same(visited.loc[of_corridor.index], of_corridor, [*SUMS, "lower", "upper", "primary_data_share"])
    operated = kpi_ids == "operated_wtw_g_per_teu_km"
    assert visited[operated]["denominator"].sum() > small.cells[operated]["denominator"].sum()


@settings(ONE_A_SECOND, max_examples=15)
@given(dataset=st.sampled_from(MEASURED_BY_COVERAGE), place=st.floats(0, 1, exclude_max=True))
def test_removing_a_filed_row_never_improves_coverage(small: Small, dataset: str, place: float) -> None:
    """Check the default method, which has a factor for every fuel of this sample.

    Under another one a boiler's LNG row without a factor keeps its leg incomplete, and without the row it would count.
    """
    fewer = small.changed({dataset: f"""
        select * exclude (place) from (
            select *, row_number() over (order by submission_id, row_number) as place from accepted
        ) where place != 1 + cast(floor({place} * (select count(*) from accepted)) as bigint)
    """})  # fmt: skip
    common = fewer.index.intersection(small.cells.index)
    common = common[common.get_level_values("method_id") == "glec_v3_2"]
    before, after = small.cells.loc[common, "coverage"], fewer.loc[common, "coverage"]
    improved = (after > before * (1 + 1e-12)) | (after.notna() & before.isna())
    assert not improved.any(), pd.concat([before[improved], after[improved]], axis=1).head(10).to_string()
