with

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

recipes as (
    select * from {{ ref('int_kpi_recipes') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

term_groups as (
    select distinct {{ term_group_columns() }}
    from terms
),

-- A term counts once in the pooled cell and once in the cell of its own direction, port and so on.
final as (
    select
        cells.cell_id,
        recipes.term,
        recipes.part,
        {{ term_group_columns('term_groups') }}
    from term_groups
    inner join recipes
        on term_groups.amount_id = recipes.amount_id and term_groups.method_id = recipes.method_id
    inner join cells
        on
            recipes.kpi_id = cells.kpi_id
            and recipes.method_id = cells.method_id
            and (term_groups.variant = 'any' or term_groups.variant = cells.variant)
            and term_groups.month_start between cells.period_start and cells.period_end
            and (cells.dimension = 'corridor' or term_groups.dimension_value = cells.dimension_value)
)

select * from final
