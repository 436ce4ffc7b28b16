-- docs/method.md#progress, from disclosed figures alone: each target against the years since its baseline.
insert into kpi.kpi_progress by name
with

own_values as (
    select
        figures.*,
        case figures.period_grain
            when 'year' then strftime(figures.period_start, '%Y')
            when 'quarter' then strftime(figures.period_start, '%Y-Q') || quarter(figures.period_start)
            else strftime(figures.period_start, '%Y-%m')
        end as period
    from kpi.kpi_values as figures
    inner join kpi.kpi_definitions as definitions using (kpi_id)
    where figures.dimension = 'corridor' and figures.method_id = split_part(definitions.method_ids, ';', 1)
),

targets as (
    select
        targets.* exclude (baseline_value, target_value, status),
        targets.status as target_status,
        definitions.unit,
        definitions.better,
        split_part(definitions.method_ids, ';', 1) as method_id,
        cast(left(targets.baseline_period, 4) as integer) as baseline_year,
        coalesce(targets.baseline_value, baseline.value) as baseline_value,
        coalesce(
            targets.target_value, coalesce(targets.baseline_value, baseline.value) * (1 - targets.reduction_pct / 100)
        ) as target_value
    from read_parquet($targets) as targets
    left join kpi.kpi_definitions as definitions using (kpi_id)
    left join own_values as baseline
        on targets.kpi_id = baseline.kpi_id and targets.baseline_period = baseline.period
),

compared as (
    select
        targets.*,
        years.period_grain,
        years.period_start,
        years.period_end,
        years.value,
        baseline_value + (target_value - baseline_value)
        * (year(years.period_start) - baseline_year) / nullif(target_year - baseline_year, 0) as line_value
    from targets
    left join own_values as years
        on
            targets.kpi_id = years.kpi_id
            and years.period_grain = 'year'
            and year(years.period_start) >= targets.baseline_year
)

select
    $corridor_id as corridor_id,
    kpi_id,
    method_id,
    authority,
    target_status,
    baseline_period,
    target_year,
    period_grain,
    period_start,
    period_end,
    value,
    unit,
    warehouse.published(baseline_value) as baseline_value,
    warehouse.published(target_value) as target_value,
    warehouse.published(line_value) as line_value,
    case
        when line_value is null then 'no_target'
        when value is null then null
        when abs(value - line_value) <= 0.02 * abs(line_value) then 'on_track'
        when better = 'none' then null
        when (value < line_value) = (better = 'lower') then 'ahead'
        else 'behind'
    end as status
from compared
order by kpi_id, authority, target_status, target_year, target_value, period_start;
