-- The same cell in the release before; nothing where it had none.
select
    before.status,
    before.numerator,
    before.denominator,
    before.value,
    before.formula_version,
    cell.value - before.value as difference
from previous.marts.fct_kpi as before
inner join cell
    on
        before.kpi_id = cell.kpi_id
        and before.method_id = cell.method_id
        and before.variant = cell.variant
        and before.period_grain = cell.period_grain
        and before.period_start = cell.period_start
        and before.dimension = cell.dimension
        and before.dimension_value = cell.dimension_value
