-- The same cell in the previous release; no row if that release does not have the cell.
select
    previous_kpi.status,
    previous_kpi.numerator,
    previous_kpi.denominator,
    previous_kpi.value,
    previous_kpi.formula_version,
    cell.value - previous_kpi.value as difference
from previous.marts.fct_kpi as previous_kpi
inner join cell
    on
        previous_kpi.kpi_id = cell.kpi_id
        and previous_kpi.method_id = cell.method_id
        and previous_kpi.variant = cell.variant
        and previous_kpi.period_grain = cell.period_grain
        and previous_kpi.period_start = cell.period_start
        and previous_kpi.dimension = cell.dimension
        and previous_kpi.dimension_value = cell.dimension_value
