-- The public cells, from fct_kpi and `cell_suppression`. A suppressed row has its key and its status, and no figure.
insert into kpi.kpi_values by name
with

chosen as (
    select
        cells.*,
        cell_suppression.takes_default,
        cell_suppression.is_controlled,
        case
            when not cell_suppression.is_controlled then null
            when cell_suppression.takes_default then cell_suppression.ship_contributors
            else least(cell_suppression.ship_contributors, cell_suppression.terminal_contributors)
        end as contributors,
        not cell_suppression.is_suppressed as is_shown
    from warehouse.marts.fct_kpi as cells
    inner join cell_suppression
        using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    where cells.variant = case when cell_suppression.takes_default then 'terminal_default' else 'measured' end
)

select
    kpi_id,
    corridor_id,
    period_grain,
    period_start,
    period_end,
    dimension,
    dimension_value,
    unit,
    boundary,
    method_id,
    formula_version,
    case when is_shown then warehouse.published(value) end as value,
    case when is_shown then warehouse.published(lower) end as lower,
    case when is_shown then warehouse.published(upper) end as upper,
    case when is_shown then warehouse.published(coverage) end as coverage,
    case when is_shown then warehouse.published(primary_data_share) end as primary_data_share,
    case when is_shown then warehouse.published(energy_without_factor_share) end as energy_without_factor_share,
    case when is_shown then factor_evidence end as factor_evidence,
    case when is_shown then factor_lag_years end as factor_lag_years,
    case
        when not is_shown then null
        when contributors >= 5 then '5+'
        when contributors >= 3 then '3-4'
        when is_controlled then 'waived'
    end as n_contributors_band,
    case
        when status <> 'published' then status
        when not is_shown then 'suppressed'
        when takes_default then 'terminal_default'
        else 'published'
    end as status
from chosen
order by kpi_id, method_id, period_grain, period_start, dimension, dimension_value;
