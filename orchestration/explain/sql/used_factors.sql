-- The factors that the cell used in the warehouse {warehouse}, as the table {table}. Factors of a method have the
-- method's edition; the keys of grid and hub factors end with their year or version.
create temp table {table} as
with

used as (
    select
        factors.factor_key,
        factors.evidence,
        string_agg(distinct factors.activity_class, ', ' order by factors.activity_class) as activity_classes,
        max(factors.factor_lag_years) as factor_lag_years,
        sum(factors.amount) as amount
    from {warehouse}.marts.fct_kpi_factors as factors
    inner join cell
        on
            factors.kpi_id = cell.kpi_id
            and factors.method_id = cell.method_id
            and (factors.variant = 'any' or factors.variant = cell.variant)
            and (cell.dimension = 'corridor' or factors.dimension_value = cell.dimension_value)
            and factors.month between cell.period_start and cell.period_end
    group by factors.factor_key, factors.evidence
)

select
    used.*,
    dim_factor.value,
    dim_factor.unit,
    dim_factor.source,
    case
        when dim_factor.method_id = cell.method_id then cell.method_name
        when used.factor_key like 'grid:%' or used.factor_key like 'glec_hub:%' then split_part(used.factor_key, ':', -1)
    end as edition
from used
cross join cell
left join {warehouse}.marts.dim_factor as dim_factor
    on used.factor_key = dim_factor.factor_key and dim_factor.method_id in (cell.method_id, 'any')
