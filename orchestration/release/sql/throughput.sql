-- Public figures, passed on as they are or as corrected: one row per port and month, measures side by side. A month
-- that was due and that nobody has published has a row without figures.
-- Of several sources the row has the weakest precision, and is preliminary if one of them is.
insert into kpi.port_throughput_monthly by name
with

figures as (
    select
        month,
        port_locode,
        max(teu) filter (measure = 'loaded_imports') as loaded_imports_teu,
        max(teu) filter (measure = 'empty_imports') as empty_imports_teu,
        max(teu) filter (measure = 'total_imports') as total_imports_teu,
        max(teu) filter (measure = 'loaded_exports') as loaded_exports_teu,
        max(teu) filter (measure = 'empty_exports') as empty_exports_teu,
        max(teu) filter (measure = 'total_exports') as total_exports_teu,
        max(teu) filter (measure = 'total_empty') as total_empty_teu,
        max(teu) filter (measure = 'total_teu') as total_teu,
        max(source_id) filter (measure = 'total_teu') as total_source_id,
        list_extract(
            ['hundredth', 'whole', 'rounded', 'derived'],
            max(list_position(['hundredth', 'whole', 'rounded', 'derived'], precision)) filter (teu is not null)
        ) as precision,
        string_agg(distinct source_id, '; ' order by source_id) filter (teu is not null) as source,
        string_agg(distinct citation, '; ' order by citation) filter (teu is not null) as citation,
        case when bool_or(status = 'preliminary') filter (teu is not null) then 'preliminary' else min(status) end
            as status,
        max(vintage_at) filter (teu is not null) as vintage,
        string_agg(measure, '; ' order by measure) filter (is_corrected) as corrected
    from warehouse.marts.fct_port_throughput
    group by all
),

totals as (
    select * from warehouse.marts.fct_port_throughput_totals
),

revisions as (
    select
        port_locode,
        period_start as month,
        source_id,
        max(vintage_at) as revised_at,
        max_by(previous_teu, vintage_at) as teu_before_revision
    from warehouse.marts.fct_port_throughput_vintages
    where period_grain = 'month' and measure = 'total_teu' and is_revision
    group by all
),

-- What a correction mends is told in its own column.
disagreements as (
    select
        port_locode,
        period_start as month,
        string_agg(distinct check_name, '; ' order by check_name) as failed_checks
    from warehouse.marts.fct_port_throughput_comparisons
    where period_grain = 'month' and not agrees and not is_corrected
    group by all
)

select
    $corridor_id as corridor_id,
    month,
    port_locode,
    coalesce(split_part(ports.name, ' (', 1), port_locode) as port_name,
    columns(figures.* exclude (month, port_locode, total_source_id, status)),
    coalesce(figures.status, 'not_published') as status,
    warehouse.published(totals.share_of_side) as share_of_side,
    warehouse.published(totals.change_on_year) as change_on_year,
    totals.trailing_12_months_teu,
    revisions.teu_before_revision as total_teu_before_revision,
    revisions.revised_at,
    disagreements.failed_checks
from figures
full join totals using (month, port_locode)
left join revisions
    on
        port_locode = revisions.port_locode
        and month = revisions.month
        and figures.total_source_id = revisions.source_id
left join disagreements using (month, port_locode)
left join warehouse.marts.dim_port as ports using (port_locode)
order by month, port_locode;
