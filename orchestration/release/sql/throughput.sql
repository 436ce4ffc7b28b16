-- Public figures, passed on as they are: one row per port and month, measures side by side.
-- Of several sources the row has the weakest precision, and is preliminary if one of them is.
insert into kpi.port_throughput_monthly by name
select
    $corridor_id as corridor_id,
    month,
    port_locode,
    coalesce(split_part(any_value(ports.name), ' (', 1), port_locode) as port_name,
    max(teu) filter (measure = 'loaded_imports') as loaded_imports_teu,
    max(teu) filter (measure = 'empty_imports') as empty_imports_teu,
    max(teu) filter (measure = 'total_imports') as total_imports_teu,
    max(teu) filter (measure = 'loaded_exports') as loaded_exports_teu,
    max(teu) filter (measure = 'empty_exports') as empty_exports_teu,
    max(teu) filter (measure = 'total_exports') as total_exports_teu,
    max(teu) filter (measure = 'total_empty') as total_empty_teu,
    max(teu) filter (measure = 'total_teu') as total_teu,
    list_extract(
        ['hundredth', 'whole', 'rounded', 'derived'],
        max(list_position(['hundredth', 'whole', 'rounded', 'derived'], precision)) filter (teu is not null)
    ) as precision,
    string_agg(distinct source_id, '; ' order by source_id) filter (teu is not null) as source,
    string_agg(distinct citation, '; ' order by citation) filter (teu is not null) as citation,
    case when bool_or(status = 'preliminary') filter (teu is not null) then 'preliminary' else min(status) end
        as status,
    max(vintage_at) filter (teu is not null) as vintage
from warehouse.marts.fct_port_throughput
left join warehouse.marts.dim_port as ports using (port_locode)
group by month, port_locode
order by month, port_locode;
