with

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

groups_of_terms as (
    select distinct
        kpi_id,
        method_id,
        variant,
        month_start,
        dimension_value
    from terms
),

-- A term counts once in the pooled cell and once in that of its own part.
final as (
    select
        cells.cell_id,
        groups_of_terms.kpi_id,
        groups_of_terms.method_id,
        groups_of_terms.variant,
        groups_of_terms.month_start,
        groups_of_terms.dimension_value
    from groups_of_terms
    inner join cells
        on
            groups_of_terms.kpi_id = cells.kpi_id
            and groups_of_terms.method_id = cells.method_id
            and (groups_of_terms.variant = 'any' or groups_of_terms.variant = cells.variant)
            and groups_of_terms.month_start between cells.period_start and cells.period_end
            and (cells.dimension = 'corridor' or groups_of_terms.dimension_value = cells.dimension_value)
)

select * from final
