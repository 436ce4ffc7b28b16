-- What the verdicts let through.
-- A row keeps its key whatever the verdict; a row that is not safe shows no figure at all.
insert into kpi.kpi_values by name
with

chosen as (
    select
        cells.*,
        verdicts.takes_default,
        verdicts.is_controlled,
        case
            when not verdicts.is_controlled then null
            when verdicts.takes_default then verdicts.ship_contributors
            else least(verdicts.ship_contributors, verdicts.terminal_contributors)
        end as contributors,
        not verdicts.is_unsafe as is_shown
    from warehouse.marts.fct_kpi as cells
    inner join cell_verdicts as verdicts
        using (kpi_id, method_id, period_grain, period_start, dimension, dimension_value)
    where cells.variant = case when verdicts.takes_default then 'terminal_default' else 'measured' end
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
