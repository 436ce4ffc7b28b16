-- What the small candidate of the gate's tests publishes: three controlled KPIs over two years, one suppressed month,
-- public throughput. At Shanghai one operator runs the terminals: suppressed, and Los Angeles as well, because what is
-- left of the corridor without it would be Shanghai.
insert into kpi.kpi_definitions by name
select 'LA-SHA' as corridor_id, * from (values
    ('corridor_wtw_g_per_teu_km', 'Corridor emissions intensity', 'g/TEU-km', 'lower', 'glec_v3_2', 'controlled'),
    ('shore_power_use', 'Use of shore power', '1', 'higher', 'glec_v3_2', 'controlled'),
    ('terminal_kgco2e_per_teu', 'Terminal emissions intensity', 'kg/TEU', 'lower', 'glec_v3_2', 'controlled'),
    ('port_throughput_teu', 'Port throughput', 'TEU', 'none', 'none', 'public')
) as t (kpi_id, name, unit, better, method_ids, disclosure);

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, *, 'glec_v3_2' as method_id, '3-4' as n_contributors_band,
    'two_sources' as factor_evidence, 0.9 as primary_data_share, 0.0 as energy_without_factor_share,
    'corridor' as dimension, 'LA-SHA' as dimension_value, 1 as formula_version
from (values
    ('corridor_wtw_g_per_teu_km', 'year', date '2024-01-01', date '2024-12-31', 81.5, 78.0, 85.0, 0.96, 'g/TEU-km',
        'published'),
    ('corridor_wtw_g_per_teu_km', 'year', '2025-01-01', '2025-12-31', 79.0, 76.0, 82.0, 0.97, 'g/TEU-km', 'published'),
    ('shore_power_use', 'year', '2024-01-01', '2024-12-31', 0.61, null, null, 0.96, '1', 'published'),
    ('shore_power_use', 'year', '2025-01-01', '2025-12-31', 0.66, null, null, 0.97, '1', 'published')
) as t (kpi_id, period_grain, period_start, period_end, value, lower, upper, coverage, unit, status);

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, 'shore_power_use' as kpi_id, 'glec_v3_2' as method_id, 'month' as period_grain,
    date '2025-06-01' as period_start, date '2025-06-30' as period_end, 'port' as dimension,
    'USLGB' as dimension_value, '1' as unit, 'suppressed' as status, 1 as formula_version;

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, 'port_throughput_teu' as kpi_id, 'none' as method_id, 'year' as period_grain,
    date '2024-01-01' as period_start, date '2024-12-31' as period_end, 'port' as dimension,
    'CNSHA' as dimension_value, 51.5e6 as value, 'TEU' as unit, 'published' as status, 1 as formula_version;

insert into kpi.kpi_values by name
select
    'LA-SHA' as corridor_id, 'terminal_kgco2e_per_teu' as kpi_id, 'glec_v3_2' as method_id, 'year' as period_grain,
    make_date(year, 1, 1) as period_start, make_date(year, 12, 31) as period_end,
    case dimension_value when 'LA-SHA' then 'corridor' else 'port' end as dimension, * exclude (year, band),
    band as n_contributors_band, 'kg/TEU' as unit, 1 as formula_version
from (values (2024), (2025)) as years (year), (values
    ('LA-SHA', 9.0, '3-4', 'published'), ('USLGB', 8.0, '3-4', 'published'), ('USLAX', null, null, 'suppressed'),
    ('CNSHA', null, null, 'suppressed')
) as cells (dimension_value, value, band, status);

create table kpi.kpi_latest as select distinct period_grain, period_start from kpi.kpi_values;

insert into kpi.port_throughput_monthly by name
select 'LA-SHA' as corridor_id, month, 'CNSHA' as port_locode, 'Shanghai' as port_name, 4.1e6 as total_teu,
    'final' as status
from (values (date '2024-01-01'), (date '2024-02-01')) as t (month);
