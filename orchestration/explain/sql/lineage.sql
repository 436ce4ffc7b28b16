-- The lineage of the cell in the warehouse {warehouse}, as the table {table}.
create temp table {table} as
select lineage.*
from {warehouse}.marts.fct_kpi_lineage as lineage
inner join cell
    on
        lineage.kpi_id = cell.kpi_id
        and lineage.method_id = cell.method_id
        and (lineage.variant = 'any' or lineage.variant = cell.variant)
        and (cell.dimension = 'corridor' or lineage.dimension_value = cell.dimension_value)
        and lineage.period_start between cell.period_start and cell.period_end
        and (lineage.counts_in_longer_periods or lineage.period_grain = cell.period_grain)
