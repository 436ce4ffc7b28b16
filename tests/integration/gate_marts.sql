-- The marts behind the small candidate of the gate's tests: three holdings in every cell, a fourth at Shanghai alone; two
-- submissions, a voyage in each year. Filed for 2025: SMPL-ORCHID's voyage, from which the headline comes.
create schema seeds;
create table seeds.kpi_definitions as from kpis.kpi.kpi_definitions;

create table marts.fct_kpi_contributions as
select kpi_id, method_id, period_grain, period_start, dimension, dimension_value, 'measured' as variant,
    'ship' as part, unnest(['H1', 'H2', 'H3']) as holding_id, 1.0 as numerator, 1.0 as denominator
from marts.fct_kpi where status = 'published' and kpi_id in ('corridor_wtw_g_per_teu_km', 'shore_power_use')
union all
select kpi_id, method_id, period_grain, period_start, dimension, dimension_value, 'measured', 'terminal', holding_id,
    amount, null
from marts.fct_kpi
inner join (values
    ('USLAX', 'H1', 4.0), ('USLAX', 'H2', 3.0), ('USLAX', 'H3', 2.0), ('USLGB', 'H1', 2.0), ('USLGB', 'H2', 2.0),
    ('USLGB', 'H3', 1.0), ('CNSHA', 'H4', 5.0), ('LA-SHA', 'H1', 6.0), ('LA-SHA', 'H2', 5.0), ('LA-SHA', 'H3', 3.0),
    ('LA-SHA', 'H4', 5.0)
) as terminals (port, holding_id, amount) on dimension_value = port
where kpi_id = 'terminal_kgco2e_per_teu';

create table marts.fct_kpi_lineage as
select kpi_id, method_id, period_grain, period_start, true as counts_in_longer_periods, dimension_value,
    'voyage' as entity_type, 'v' || year(period_start) as entity_id
from marts.fct_kpi where kpi_id = 'corridor_wtw_g_per_teu_km';

create table marts.fct_entity_sources as
select 'voyage' as entity_type, 'v' || year as entity_id, 'submission' as source_type, 's' || year as source_key
from (values (2024), (2025)) as t (year);

create table marts.dim_submission as
select 's' || year as submission_id, 'SMPL-ORCHID' as partner_id, 'voyage_legs' as dataset,
    cast(year as varchar) as period, true as is_current
from (values (2024), (2025)) as t (year);

create table marts.fct_voyages as
select 'v' || year as voyage_id, make_timestamp(year, 3, 1, 0, 0, 0.0) as delivered_utc, 2.0 as delivered_teu
from (values (2024), (2025)) as t (year);

create table marts.fct_port_calls as select timestamp '2025-03-01' as tied_utc;
create table marts.fct_terminal_energy as select date '2025-03-01' as month, 'SMPL-PIER-7' as terminal_code;

create table marts.fct_port_throughput_comparisons as
select 'sources_agree' as check_name, 'press' as source_id, 'CNSHA' as port_locode, 'month' as period_grain,
    date '2024-02-01' as period_start, 'total_teu' as measure, 'what shanghai says' as compared_with,
    4.1e6 as teu, 4.1e6 as compared_teu, false as is_corrected, true as agrees;
