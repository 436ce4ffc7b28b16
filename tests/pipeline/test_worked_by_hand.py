"""One voyage, one stay and one terminal month worked by hand by the method, compared with the warehouse.

The story: a ship of 10,000 TEU lies a day in Shanghai, crosses to Los Angeles in 15 days with 8,000 TEU, half of them
corridor cargo, lies 60 hours at a terminal there on shore power, and goes back with nothing of the corridor on board.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime

import duckdb
import pytest

from orchestration.core.clock import RunClock
from orchestration.core.lake import Lake
from orchestration.core.settings import PROJECT_ROOT, Settings, load_settings
from orchestration.submissions.contracts.registry import CONTRACTS
from orchestration.warehouse.dbt_command import run_dbt
from tests.conftest import take_parsed_project
from tests.pipeline.conftest import Published

CONFIG = """
terminals = [
    { code = "SMPL-LAX1", name = "SMPL-Pier", port = "USLAX", operator = "SMPL-PIER" },
    { code = "SMPL-SHA1", name = "SMPL-Quay", port = "CNSHA", operator = "SMPL-QUAY" },
]
[corridor]
id = "SAMPLE-LANE"
name = "SMPL-Lane"
contact = "SAMPLE"
sample = true
as_of = 2025-06-30
origin = { ports = ["CNSHA"] }
destination = { ports = ["USLAX"] }
""" + "".join(
    f"""
[[partners]]
id = "{partner_id}"
name = "{partner_id}"
role = "{role}"
holding = "{partner_id}-HOLDING"
inbox = "in/{partner_id}"
outbox = "out/{partner_id}"
datasets = {{ {dataset} = {{ period = "year" }} }}
"""
    for partner_id, role, dataset in (
        ("SMPL-LINE", "carrier", "voyage_legs"),
        ("SMPL-PIER", "terminal", "port_calls"),
        ("SMPL-QUAY", "terminal", "port_calls"),
    )
)

# SQL rows of what each partner filed; columns not named are blank.
FILED = {
    ("SMPL-LINE", "vessels"): """
        select '3000003' imo_number, 10000 nominal_capacity_teu, 'conventional' main_engine_type,
            'conventional' aux_engine_type, date '2020-01-01' valid_from""",
    ("SMPL-LINE", "service_nominations"): """
        select 'SMPL-S' service_code, date '2025-01-01' nominated_from, 1 sailings_per_week,
            'CNSHA-USLAX-CNSHA' port_rotation""",
    ("SMPL-LINE", "voyage_legs"): """
        select '3000003' imo_number, 'SMPL-S' service_code, 0 inbound_laden_teu, 0 inbound_empty_teu, * from (values
        ('CNNGB', 'CNSHA', timestamp '2025-02-27', timestamp '2025-03-01', 160, 3000, 0, 0, 0, 0, 0),
        ('CNSHA', 'USLAX', timestamp '2025-03-02', timestamp '2025-03-17', 5900, 6000, 2000, 3600, 400, 3600, 400),
        ('USLAX', 'CNSHA', timestamp '2025-03-19 12:00', timestamp '2025-04-05', 5900, 1000, 5000, 0, 0, 0, 0),
        ('CNSHA', 'KRPUS', timestamp '2025-04-06', timestamp '2025-04-08', 480, 5000, 0, 0, 0, 0, 0)
        ) as t (from_locode, to_locode, departure_utc, arrival_utc, sailed_distance_nm, laden_teu, empty_teu,
            outbound_laden_teu, outbound_empty_teu, delivered_laden_teu, delivered_empty_teu)""",
    ("SMPL-LINE", "fuel_consumption"): """
        select '3000003' imo_number, 'flow_meter' measurement, * from (values
        (timestamp '2025-03-01', timestamp '2025-03-02', 'berth', 'aux_engine', 'VLSFO', 20),
        (timestamp '2025-03-02', timestamp '2025-03-17', 'sea', 'main_engine', 'VLSFO', 1000),
        (timestamp '2025-03-02', timestamp '2025-03-17', 'sea', 'aux_engine', 'MGO', 100),
        (timestamp '2025-03-19 12:00', timestamp '2025-04-05', 'sea', 'main_engine', 'VLSFO', 900),
        (timestamp '2025-04-05', timestamp '2025-04-06', 'berth', 'boiler', 'VLSFO', 5)
        ) as t (period_start_utc, period_end_utc, phase, consumer, fuel_type, mass_t)""",
    ("SMPL-QUAY", "port_calls"): """
        select '3000003' imo_number, 'SMPL-SHA1' terminal_code, timestamp '2025-03-01 02:00' tied_utc,
            timestamp '2025-03-01 22:00' released_utc, 1000 teu_discharged, 4000 teu_loaded,
            0 corridor_teu_discharged, 4000 corridor_teu_loaded, 'none' emission_control""",
    ("SMPL-PIER", "port_calls"): """
        select '3000003' imo_number, 'SMPL-LAX1' terminal_code, timestamp '2025-03-17 02:00' tied_utc,
            timestamp '2025-03-19 10:00' released_utc, 6000 teu_discharged, 4000 teu_loaded,
            4000 corridor_teu_discharged, 0 corridor_teu_loaded, 'shore_power' emission_control,
            timestamp '2025-03-17 03:00' connected_utc, timestamp '2025-03-18 19:00' disconnected_utc,
            60000 shore_power_kwh""",
    ("SMPL-PIER", "terminal_energy"): """
        select 'SMPL-LAX1' terminal_code, date '2025-03-01' "month", 'equipment' end_use, * from (values
        ('diesel', false, 1000, 'us_gal'),
        ('natural_gas', false, 100, 'mmbtu_hhv'),
        ('electricity', false, 400000, 'kwh'),
        ('electricity', true, 60000, 'kwh')
        ) as t (energy_carrier, supplied_to_ships, quantity, unit)""",
    ("SMPL-PIER", "terminal_activity"): """
        select 'SMPL-LAX1' terminal_code, date '2025-03-01' "month", 12000 teu_handled""",
}

# docs/method.md#fuel, glec_v3_2, in tCO2e per tonne of fuel: Cf_CO2 + Cf_CH4 * GWP + Cf_N2O * GWP, + WtT * LCV.
VLSFO_T_PER_T = 3.114 + 0.00005 * 29.8 + 0.00018 * 273 + 16.8 * 0.0402
MGO_T_PER_T = 3.206 + 0.00005 * 29.8 + 0.00018 * 273 + 17.7 * 0.0427
CAMX_2023_KG_PER_KWH = 0.195037

LEG_WTW_T = 1000 * VLSFO_T_PER_T + 100 * MGO_T_PER_T
LEG_SHARE = (3600 + 400) / (6000 + 2000)

# Shanghai: the auxiliary engine filed, the boiler modelled at 520 kW for the 20 h at the quay.
LOADING_BOILER_T = 520 * 20 * 305 / 1e6
LOADING_WTW_T = (20 + LOADING_BOILER_T) * VLSFO_T_PER_T
LOADING_SHARE = 4000 / (1000 + 4000)

# Los Angeles: tied for 56 h, 40 of them connected; the auxiliary engine rests meanwhile, the boiler does not.
DISCHARGING_AUX_T = 1450 * (56 - 40) * 217 / 1e6
DISCHARGING_BOILER_T = 581 * 56 * 300 / 1e6
SHORE_POWER_T = 60_000 * CAMX_2023_KG_PER_KWH / 1000
DISCHARGING_WTW_T = (DISCHARGING_AUX_T + DISCHARGING_BOILER_T) * MGO_T_PER_T + SHORE_POWER_T
DISCHARGING_SHARE = 4000 / (6000 + 4000)

SAILING_T = LEG_WTW_T * LEG_SHARE
BERTH_T = LOADING_WTW_T * LOADING_SHARE + DISCHARGING_WTW_T * DISCHARGING_SHARE
DELIVERED_TEU = 3600 + 400
SHANGHAI_LOS_ANGELES_KM = 5750 * 1.852

# The terminal's March: diesel, gas with its CH4 and N2O, electricity without what it passed on to ships.
DIESEL_KG = 1000 * 10.21
GAS_KG = 100 * (53.06 + (1.0 * 29.8 + 0.1 * 273) / 1000)
ELECTRICITY_KG = 400_000 * CAMX_2023_KG_PER_KWH
PIER_KG_PER_TEU = (DIESEL_KG + GAS_KG + ELECTRICITY_KG) / 12_000
QUAY_KG_PER_TEU = 11.4 / 1.6  # nothing filed: the hub default


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, published: Published) -> Iterator[duckdb.DuckDBPyConnection]:
    home = tmp_path_factory.mktemp("home")
    (home / "corridor.toml").write_text(CONFIG, encoding="utf-8")
    take_parsed_project(home, published.home)
    settings = load_settings(home)
    file_everything(settings)
    results = run_dbt(settings, ["build", "--exclude-resource-type", "unit_test"])
    assert [f"{r.name}: {r.message}" for r in results if r.status not in ("success", "pass", "no-op")] == []
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        yield con


def file_everything(settings: Settings) -> None:
    """Write a lake as if each partner's file had been accepted."""
    received_at = datetime(2025, 5, 1, tzinfo=UTC)
    lake, submissions = Lake(settings.lake), []
    lake.write_corridor(settings, RunClock(as_of=received_at.date(), now=received_at), "test")
    with duckdb.connect() as con:
        for (partner_id, dataset), rows in FILED.items():
            write_accepted(con, lake, partner_id, dataset, rows)
            submissions.append(submission(partner_id, dataset, received_at))
    lake.write_schemas(CONTRACTS.values(), [])
    lake.write_submissions(submissions)


def write_accepted(con: duckdb.DuckDBPyConnection, lake: Lake, partner_id: str, dataset: str, rows: str) -> None:
    columns = ", ".join(f'"{name}" {sql_type}' for name, sql_type in CONTRACTS[dataset].accepted_types.items())
    con.execute(f"create or replace table filed ({columns})")
    con.execute(f"""
        insert into filed by name
        select *, '{partner_id}' as partner_id, '{partner_id}-{dataset}' as submission_id, '2025' as period,
            timestamp '2025-05-01' as received_at, 1 + row_number() over () as row_number
        from ({rows})
    """)
    lake.copy_rows(con, "from filed", lake.accepted_path(dataset, f"{partner_id}-{dataset}"))


def submission(partner_id: str, dataset: str, received_at: datetime) -> Mapping[str, object]:
    return {
        "submission_id": f"{partner_id}-{dataset}",
        "partner_id": partner_id,
        "dataset": dataset,
        "period": "2025",
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "received_at": received_at.replace(tzinfo=None),
        "ordinal": 1,
        "verdict": "accepted",
    }


def one(con: duckdb.DuckDBPyConnection, query: str, parameters: Iterable[object] = ()) -> tuple[object, ...]:
    rows = con.execute(query, list(parameters)).fetchall()
    assert len(rows) == 1, rows
    return tuple(rows[0])


def kpi(con: duckdb.DuckDBPyConnection, kpi_id: str, dimension_value: str, month: str) -> tuple[object, ...]:
    """Return value and status of a measured KPI under glec_v3_2."""
    return one(
        con,
        "select value, status from marts.fct_kpi where kpi_id = ? and dimension_value = ? and period_start = ?::date "
        "and period_grain = 'month' and method_id = 'glec_v3_2' and variant = 'measured'",
        [kpi_id, dimension_value, month],
    )


def published(value: float) -> object:
    return (pytest.approx(value, rel=1e-9), "published")


def test_voyage_takes_half_of_the_emissions_of_its_leg(warehouse: duckdb.DuckDBPyConnection) -> None:
    voyage = one(
        warehouse,
        "select legs, is_complete, delivered_teu, delivered_teu_km, sailing_wtw_t, berth_wtw_t "
        "from marts.fct_voyages where direction = 'outbound'",
    )
    assert voyage == (
        1,
        True,
        DELIVERED_TEU,
        pytest.approx(DELIVERED_TEU * SHANGHAI_LOS_ANGELES_KM),
        pytest.approx(SAILING_T, rel=1e-9),
        pytest.approx(BERTH_T, rel=1e-9),
    )


def test_stay_burns_the_energy_not_supplied_by_the_shore(warehouse: duckdb.DuckDBPyConnection) -> None:
    stay = one(
        warehouse,
        "select berth_hours, shore_power_hours, outbound_share, inbound_share, stay_id "
        "from marts.fct_stays where port_locode = 'USLAX'",
    )
    assert stay[:4] == (56, 40, DISCHARGING_SHARE, 0)
    burned = warehouse.execute(
        "select consumer, fuel_type, mass_t from marts.fct_fuel_consumption "
        "where segment_type = 'stay' and segment_id = ? order by consumer",
        [stay[4]],
    ).fetchall()
    assert burned == [
        ("aux_engine", "MGO", pytest.approx(DISCHARGING_AUX_T)),
        ("boiler", "MGO", pytest.approx(DISCHARGING_BOILER_T)),
    ]
    emitted = one(
        warehouse,
        "select wtw_t from marts.fct_emissions "
        "where segment_type = 'stay' and segment_id = ? and method_id = 'glec_v3_2'",
        [stay[4]],
    )
    assert emitted == (pytest.approx(DISCHARGING_WTW_T, rel=1e-9),)


def test_ship_kpis_of_march(warehouse: duckdb.DuckDBPyConnection) -> None:
    g_per_teu_km = SAILING_T * 1e6 / (DELIVERED_TEU * SHANGHAI_LOS_ANGELES_KM)
    operated_g_per_teu_km = LEG_WTW_T * 1e6 / (5900 * 1.852 * 8000)
    march = "2025-03-01"
    assert kpi(warehouse, "corridor_wtw_t", "outbound", march) == published(SAILING_T + BERTH_T)
    assert kpi(warehouse, "corridor_wtw_g_per_teu_km", "outbound", march) == published(g_per_teu_km)
    assert kpi(warehouse, "operated_wtw_g_per_teu_km", "SAMPLE-LANE", march) == published(operated_g_per_teu_km)


def test_shore_power_kpis_of_march(warehouse: duckdb.DuckDBPyConnection) -> None:
    window_hours = 56 - 2 - 1  # from 2 h after tying up to 1 h before release
    connected_hours_in_window = 40 - 1  # connected an hour before the window opens
    assert kpi(warehouse, "shore_power_use", "USLAX", "2025-03-01") == published(40 / 56)
    assert kpi(warehouse, "shore_power_coverage", "USLAX", "2025-03-01") == published(
        connected_hours_in_window / window_hours
    )
    assert kpi(warehouse, "shore_power_coverage", "CNSHA", "2025-03-01") == (None, "no_data")


def test_terminal_month_excludes_energy_supplied_to_ships(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert kpi(warehouse, "terminal_kgco2e_per_teu", "USLAX", "2025-03-01") == published(PIER_KG_PER_TEU)
    assert kpi(warehouse, "terminal_kwh_per_teu", "USLAX", "2025-03-01") == published(400_000 / 12_000)


def test_port_to_port_adds_sailing_berth_and_both_terminals(warehouse: duckdb.DuckDBPyConnection) -> None:
    sailing, berth = 1000 * SAILING_T / DELIVERED_TEU, 1000 * BERTH_T / DELIVERED_TEU
    terminals = PIER_KG_PER_TEU + QUAY_KG_PER_TEU
    march = "2025-03-01"
    assert kpi(warehouse, "port_to_port_sailing_kg_per_teu", "outbound", march) == published(sailing)
    assert kpi(warehouse, "port_to_port_berth_kg_per_teu", "outbound", march) == published(berth)
    assert kpi(warehouse, "port_to_port_terminals_kg_per_teu", "outbound", march) == published(terminals)
    assert kpi(warehouse, "port_to_port_kg_per_teu", "outbound", march) == published(sailing + berth + terminals)


def test_one_of_two_corridor_arrivals_in_march_is_complete(warehouse: duckdb.DuckDBPyConnection) -> None:
    expected_arrivals = 2 * 1 * 31 / 7
    coverage = one(
        warehouse,
        "select distinct coverage from marts.fct_kpi where kpi_id = 'corridor_wtw_t' and method_id = 'glec_v3_2' "
        "and period_grain = 'month' and period_start = date '2025-03-01'",
    )
    assert coverage == (pytest.approx(1 / expected_arrivals),)


def test_voyage_without_corridor_cargo_emits_zero_and_not_null(warehouse: duckdb.DuckDBPyConnection) -> None:
    complete = one(warehouse, "select is_complete, delivered_teu from marts.fct_voyages where direction = 'inbound'")
    assert complete == (True, 0)
    assert kpi(warehouse, "corridor_wtw_t", "inbound", "2025-04-01") == (0, "published")
    assert kpi(warehouse, "port_to_port_kg_per_teu", "inbound", "2025-04-01") == (None, "not_computable")


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("leg WtW =", LEG_WTW_T),
        ("sailing =", SAILING_T),
        ("boiler  =", LOADING_BOILER_T),
        ("auxiliary   =", DISCHARGING_AUX_T),
        ("boiler      =", DISCHARGING_BOILER_T),
        ("WtW     =", LOADING_WTW_T),
        ("WtW         =", DISCHARGING_WTW_T),
        ("at berth                  =", BERTH_T),
        ("corridor_wtw_t            =", SAILING_T + BERTH_T),
        ("corridor_wtw_g_per_teu_km =", SAILING_T * 1e6 / (DELIVERED_TEU * SHANGHAI_LOS_ANGELES_KM)),
        ("operated_wtw_g_per_teu_km =", LEG_WTW_T * 1e6 / (5900 * 1.852 * 8000)),
        ("terminal_kgco2e_per_teu =", PIER_KG_PER_TEU),
        ("terminals =", PIER_KG_PER_TEU + QUAY_KG_PER_TEU),
        (
            "port_to_port_kg_per_teu   ",
            1000 * (SAILING_T + BERTH_T) / DELIVERED_TEU + PIER_KG_PER_TEU + QUAY_KG_PER_TEU,
        ),
    ],
)
def test_method_page_has_the_worked_numbers(line: str, value: float) -> None:
    example = (PROJECT_ROOT / "docs" / "method.md").read_text(encoding="utf-8").partition("{#worked-example}")[2]
    (stated,) = (words.strip() for words in example.splitlines() if words.strip().startswith(line))
    number = stated.rpartition("= ")[2].split()[0]
    assert float(number) == pytest.approx(value, abs=0.5 * 10 ** -len(number.partition(".")[2]))
