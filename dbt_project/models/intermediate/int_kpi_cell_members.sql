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
        direction,
        port_locode
    from terms
),

-- A term counts once in the pooled cell and once in that of its own direction or port.
final as (
    select
        cells.cell_id,
        groups_of_terms.kpi_id,
        groups_of_terms.method_id,
        groups_of_terms.variant,
        groups_of_terms.month_start,
        groups_of_terms.direction,
        groups_of_terms.port_locode
    from groups_of_terms
    inner join cells
        on
            groups_of_terms.kpi_id = cells.kpi_id
            and groups_of_terms.method_id = cells.method_id
            and (groups_of_terms.variant = 'any' or groups_of_terms.variant = cells.variant)
            and groups_of_terms.month_start between cells.period_start and cells.period_end
            and case cells.dimension
                when 'corridor' then true
                when 'direction' then groups_of_terms.direction = cells.dimension_value
                when 'port' then groups_of_terms.port_locode = cells.dimension_value
            end
)

select * from final
