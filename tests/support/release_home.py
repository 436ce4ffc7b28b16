"""A small home for tests, with a warehouse from which a release can be made.

It has every KPI over two years. Years and quarters have four contributors and can be published. Months, the third
quarter of 2024 and the inbound direction have a dominant contributor and cannot. All terminals at Shanghai have one
operator, so its figures there cannot be published either.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import duckdb

from orchestration.core.check_result import CheckResult
from orchestration.core.clock import run_clock
from orchestration.core.settings import DBT_PROJECT_DIR, Settings, load_settings
from orchestration.release.candidate import Candidate, Origin, complete_candidate
from orchestration.release.identifiers import input_identifiers
from tests.support.release_lake import make_lake

CORRIDOR_ID = "SAMPLE-LA-LB-SHA"
SHIPS = {"SMPL-ALFA": 40.0, "SMPL-BRAVO": 30.0, "SMPL-CHARLIE": 20.0, "SMPL-DELTA": 10.0}
TERMINALS = "terminal_kgco2e_per_teu"
OPERATORS = {"SMPL-A": 40.0, "SMPL-B": 30.0, "SMPL-C": 20.0, "SMPL-D": 10.0}
TERMS = ("numerator", "denominator")
ONE_OPERATOR = {"SMPL-Z": 50.0}

CONFIG = f"""
[corridor]
id = "{CORRIDOR_ID}"
name = "Los Angeles - Long Beach - Shanghai"
contact = "SAMPLE secretariat"
sample = true
as_of = 2026-02-28
[corridor.origin]
ports = ["CNSHA"]
[corridor.destination]
ports = ["USLAX", "USLGB"]
[[terminals]]
code = "SMPL-LAX1"
name = "SMPL-Pelican Pier"
port = "USLAX"
operator = "SMPL-PARTNER"
[[partners]]
id = "SMPL-PARTNER"
name = "SMPL-Partner of the test"
role = "terminal"
holding = "SMPL-ALBATROSS"
inbox = "inbox/SMPL-PARTNER"
outbox = "outbox/SMPL-PARTNER"
datasets = {{}}
"""

KPI_DEFINITIONS = DBT_PROJECT_DIR / "seeds" / "method" / "kpi_definitions.csv"
KPI_TERMS = KPI_DEFINITIONS.with_name("kpi_terms.csv")

UNITS = {
    "corridor_wtw_g_per_teu_km": "g/TEU-km",
    "corridor_wtw_t": "t",
    "terminal_kgco2e_per_teu": "kg/TEU",
    "port_to_port_kg_per_teu": "kg/TEU",
    "port_to_port_terminals_kg_per_teu": "kg/TEU",
    "port_to_port_sailing_kg_per_teu": "kg/TEU",
    "port_to_port_berth_kg_per_teu": "kg/TEU",
    "port_throughput_teu": "TEU",
}

CELL = """
    kpi_id varchar, method_id varchar, variant varchar, period_grain varchar, period_start date, dimension varchar,
    dimension_value varchar
"""


def make_home(home: Path) -> Settings:
    """Make a home with its corridor.toml, a working warehouse without cells, and a small lake."""
    home.mkdir(parents=True, exist_ok=True)
    (home / "corridor.toml").write_text(CONFIG, encoding="utf-8")
    settings = load_settings(home)
    settings.warehouse_dir.mkdir()
    with duckdb.connect(settings.warehouse) as con:
        make_tables(con)
    make_lake(settings.lake)
    return settings


def complete(candidate: Candidate, settings: Settings, checks: Sequence[CheckResult] = (), code: str = "0.1.0") -> None:
    """Complete a candidate as after the gate's decision to publish it."""
    artefacts = complete_candidate(
        candidate,
        settings,
        run_clock(settings),
        checks=checks,
        identifiers=input_identifiers(settings.lake),
        origin=Origin(inputs_digest="d1", code_version=code),
    )
    assert all(artefact.is_file() for artefact in artefacts)


def make_tables(con: duckdb.DuckDBPyConnection) -> None:
    """Create the marts and seeds that a release reads in the database in use, without cells."""
    con.execute("create schema marts; create schema seeds; create schema staging")
    con.execute("create macro published(x) as cast(printf('%.9e', x) as double)")
    con.execute("create view staging.stg_nothing as select 1 as nothing")
    con.execute(
        f"""
        create table marts.fct_kpi (
            {CELL}, corridor_id varchar, period_end date, numerator double, denominator double, value double,
            unit varchar, lower double, upper double, coverage double, primary_data_share double,
            energy_without_factor_share double, factor_evidence varchar, factor_lag_years integer,
            boundary varchar, n_contributors bigint, status varchar, formula_version integer
        );
        create table marts.fct_kpi_contributions (
            {CELL}, part varchar, holding_id varchar, numerator double, denominator double
        );
        create table marts.fct_port_throughput (
            port_locode varchar, month date, measure varchar, teu decimal(14, 2), is_corrected boolean,
            source_id varchar, precision varchar, status varchar, citation varchar, vintage_at timestamp
        );
        create table marts.fct_port_throughput_totals (
            port_locode varchar, month date, total_teu decimal(14, 2), share_of_side double, change_on_year double,
            trailing_12_months_teu decimal(18, 2)
        );
        create table marts.fct_port_throughput_vintages (
            port_locode varchar, period_grain varchar, period_start date, measure varchar, source_id varchar,
            vintage_at timestamp, teu decimal(14, 2), previous_teu decimal(14, 2), is_revision boolean
        );
        create table marts.fct_port_throughput_comparisons (
            check_name varchar, source_id varchar, port_locode varchar, period_grain varchar, period_start date,
            measure varchar, compared_with varchar, compared_source_ids varchar, teu decimal(18, 2),
            compared_teu decimal(18, 2), tolerance_teu decimal(18, 2), is_corrected boolean, agrees boolean
        );
        create table marts.dim_port (port_locode varchar, name varchar);
        insert into marts.dim_port values
            ('USLAX', 'Los Angeles'), ('USLGB', 'Long Beach'), ('CNSHA', 'Shanghai (Yangshan is farther)');
        create table marts.dim_vessel (imo_number varchar, vessel_name varchar);
        comment on table marts.fct_kpi is 'One row per KPI cell.';
        comment on column marts.fct_kpi.value is 'The figure, unrounded.';
        create table seeds.kpi_definitions as from read_csv('{KPI_DEFINITIONS}', header = true);
        create table seeds.kpi_terms as from read_csv('{KPI_TERMS}', header = true, all_varchar = true);
        create table marts.dim_kpi as select *, 'sum(SAMPLE)' as formula from seeds.kpi_definitions;
        """
    )
    con.execute("insert into marts.dim_vessel values ('3000009', 'SMPL-Kestrel'), ('3000011', 'SMPL-Grey Heron')")


@contextmanager
def in_memory() -> Iterator[duckdb.DuckDBPyConnection]:
    """Connect to `warehouse`, which is in use and has no cells, and an empty `kpis`, in memory."""
    with duckdb.connect() as con:
        con.execute("attach ':memory:' as warehouse; attach ':memory:' as kpis; use warehouse")
        make_tables(con)
        yield con


def add_cell(
    con: duckdb.DuckDBPyConnection,
    kpi_id: str,
    value: float | None,
    *,
    ships: dict[str, float] | None = None,
    terminals: dict[str, float] | None = None,
    period: tuple[str, date, date] = ("year", date(2025, 1, 1), date(2025, 12, 31)),
    dimension: tuple[str, str] = ("corridor", CORRIDOR_ID),
    method_id: str = "glec_v3_2",
    status: str = "published",
    default_value: float | None = None,
) -> None:
    """Add a cell to fct_kpi, and its contributions.

    Args:
        con: A connection with the warehouse in use.
        kpi_id: The KPI.
        value: The figure, None if it is unknown.
        ships: Amount of each holding's ships, for the terms of the KPI's recipe that ships add to.
        terminals: Amount of each holding's terminals, for the numerator.
        period: Grain, first and last day.
        dimension: Name and value of the dimension.
        method_id: The method.
        status: The status of the cell.
        default_value: The figure with the terminal default, None if the cell has no such variant.
    """
    grain, start, end = period
    variants = [("measured", value)] + ([("terminal_default", default_value)] if default_value is not None else [])
    for variant, figure in variants:
        interval: list[float | None] = [None, None] if figure is None else [0.92 * figure, 1.08 * figure]
        figures = [CORRIDOR_ID, end, figure, 1.0, figure, UNITS.get(kpi_id, "t"), *interval]
        trust = [0.9, 0.8, 0.01, "two_sources", 1, "well-to-wake", len(ships or terminals or {}), status, 1]
        row = [kpi_id, method_id, variant, grain, start, *dimension, *figures, *trust]
        con.execute(f"insert into marts.fct_kpi values ({', '.join('?' * len(row))})", row)
    key = [kpi_id, method_id, "measured", grain, start, *dimension]
    summed = con.execute("select term, part from seeds.kpi_terms where kpi_id = ?", [kpi_id]).fetchall()
    rows: list[list[object]] = [
        [*key, "ship", holding, *(amount if (term, "ship") in summed else None for term in TERMS)]
        for holding, amount in (ships or {}).items()
    ]
    rows += [[*key, "terminal", holding, amount, None] for holding, amount in (terminals or {}).items()]
    if rows:
        con.executemany(f"insert into marts.fct_kpi_contributions values ({', '.join('?' * 11)})", rows)


def add_ports(con: duckdb.DuckDBPyConnection) -> None:
    """Add the terminal cells of three ports and of the corridor; Shanghai has one operator."""
    half = {name: amount / 2 for name, amount in OPERATORS.items()}
    for port, operators in (("USLAX", OPERATORS), ("USLGB", half), ("CNSHA", ONE_OPERATOR)):
        add_cell(con, TERMINALS, 9.0, terminals=operators, dimension=("port", port))
    everybody = {name: 1.5 * amount for name, amount in OPERATORS.items()} | ONE_OPERATOR
    add_cell(con, TERMINALS, 9.0, terminals=everybody)


def fill_home(settings: Settings) -> None:
    """Add two years of every KPI by month, quarter and year, and port statistics of three ports."""
    with duckdb.connect(settings.warehouse) as con:
        con.execute(KPI_CELLS)
        con.execute("insert into marts.fct_kpi by name from generated_cells")
        con.execute("insert into marts.fct_kpi_contributions by name from generated_contributions")
        con.execute(PORT_STATISTICS)


KPI_CELLS = f"""
create temp table generated_keys as
with
periods as (
    select
        grain as period_grain,
        cast(unnest(generate_series(date '2024-01-01', date '2025-12-01', step)) as date) as period_start,
        cast(period_start + step - interval 1 day as date) as period_end
    from (values ('year', interval 1 year), ('quarter', interval 3 month), ('month', interval 1 month))
        as grains (grain, step)
),
dimensions (dimension, dimension_value) as (
    values
    ('corridor', '{CORRIDOR_ID}'), ('direction', 'outbound'), ('direction', 'inbound'),
    ('port', 'USLAX'), ('port', 'USLGB'), ('port', 'CNSHA')
),
levels (kpi_id, level) as (
    values
    ('corridor_wtw_t', 812345.678912345), ('corridor_wtw_g_per_teu_km', 66.6412341234567),
    ('operated_wtw_g_per_teu_km', 58.1234567891234), ('energy_ghg_intensity_g_mj', 93.4567891234567),
    ('shore_power_use', 0.412345678912345), ('shore_power_coverage', 0.712345678912345),
    ('terminal_kgco2e_per_teu', 9.87654321987654), ('terminal_kwh_per_teu', 21.2345678912345),
    ('port_to_port_kg_per_teu', 803.456789123456), ('port_to_port_sailing_kg_per_teu', 720.123456789123),
    ('port_to_port_berth_kg_per_teu', 62.3456789123456), ('port_to_port_terminals_kg_per_teu', 20.9876543219876)
),
methods as (select kpi_id, unnest(string_split(method_ids, ';')) as method_id from seeds.kpi_definitions)
select
    * exclude (method_ids, dimensions, level),
    level * (1 - 0.04 * (year(period_start) - 2024) - 0.01 * (quarter(period_start) - 1))
    * case method_id when 'imo_lca' then 0.99 when 'fueleu' then 1.02 else 1 end as value,
    kpi_id in ('port_to_port_kg_per_teu', 'port_to_port_terminals_kg_per_teu') as has_terminals,
    period_grain = 'month' or dimension_value = 'inbound'
    or (period_grain = 'quarter' and period_start = date '2024-07-01') as is_uneven
from seeds.kpi_definitions
inner join levels using (kpi_id)
inner join methods using (kpi_id)
inner join dimensions on list_contains(string_split(dimensions, ';'), dimension)
cross join periods;

create temp table generated_cells as
select
    * exclude (
        name, meaning, kind, better, period_grains, family, coverage_basis, disclosure, authority, status,
        display_order, factor, has_terminals, is_uneven
    ) replace (value * factor as value),
    '{CORRIDOR_ID}' as corridor_id, value * factor as numerator, 1.0 as denominator,
    0.92 * value * factor as lower, 1.08 * value * factor as upper, 0.9 as coverage, 0.8 as primary_data_share,
    0.01 as energy_without_factor_share, 'two_sources' as factor_evidence, 1 as factor_lag_years,
    4 as n_contributors, 'published' as status
from generated_keys
inner join (values ('measured', 1.0), ('terminal_default', 0.98)) as variants (variant, factor)
    on variant = 'measured' or has_terminals;

create temp table generated_contributions as
select
    kpi_id, method_id, 'measured' as variant, period_grain, period_start, dimension, dimension_value, part,
    holding_id,
    amount * case kpi_id
        when 'port_to_port_sailing_kg_per_teu' then 0.9 when 'port_to_port_berth_kg_per_teu' then 0.1 else 1
    end * case when unit like 'g/%' then 1e6 when unit like 'kg/%' then 1e3 else 1 end
    * case when (kpi_id, 'numerator', part) in (select (kpi_id, term, part) from seeds.kpi_terms) then 1 end
        as numerator,
    case
        when pattern <> 'operator'
            and (kpi_id, 'denominator', part) in (select (kpi_id, term, part) from seeds.kpi_terms) then amount
    end as denominator
from generated_keys
inner join (
    values
    ('uneven', 'ship', 'SMPL-ALFA', 95.0), ('uneven', 'ship', 'SMPL-BRAVO', 3.0),
    ('uneven', 'ship', 'SMPL-CHARLIE', 2.0), ('even', 'ship', 'SMPL-ALFA', 40.0), ('even', 'ship', 'SMPL-BRAVO', 30.0),
    ('even', 'ship', 'SMPL-CHARLIE', 20.0), ('even', 'ship', 'SMPL-DELTA', 10.0),
    ('terminals', 'terminal', 'SMPL-ALBATROSS', 30.0),
    ('terminals', 'terminal', 'SMPL-BITTERN', 25.0), ('terminals', 'terminal', 'SMPL-DUNLIN', 20.0),
    ('operator', 'terminal', 'SMPL-FULMAR', 50.0)
) as holdings (pattern, part, holding_id, amount)
    on case pattern
        when 'uneven' then family <> 'terminal' and is_uneven
        when 'even' then family <> 'terminal' and not is_uneven
        when 'terminals' then family = 'terminal' and dimension_value <> 'CNSHA'
        else has_terminals or (family = 'terminal' and dimension_value = 'CNSHA')
    end;
"""

PORT_STATISTICS = """
insert into marts.fct_port_throughput
select
    port, month, measure, round(level * share * (1 + 0.1 * sin(month(month))), 2), false, 'public_pages', 'whole',
    'final', 'https://example.org/' || port, timestamp '2026-02-28 12:00:00'
from (values ('USLAX', 850000), ('USLGB', 780000), ('CNSHA', 4300000)) as ports (port, level),
    (values ('total_teu', 1.0), ('loaded_imports', 0.5)) as measures (measure, share),
    (select cast(unnest(generate_series(date '2024-01-01', date '2026-01-01', interval 1 month)) as date)) as t (month)
where not (port = 'CNSHA' and measure = 'loaded_imports');
insert into marts.fct_port_throughput_totals
select port_locode, month, teu, 0.5, null, null from marts.fct_port_throughput where measure = 'total_teu'
"""
