with

contributions as (
    select * from {{ ref('int_kpi_contributions') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

-- The hub default is nobody's contribution.
final as (
    select
        cells.kpi_id,
        cells.method_id,
        cells.variant,
        cells.period_grain,
        cells.period_start,
        cells.dimension,
        cells.dimension_value,
        contributions.part,
        contributions.holding_id,
        contributions.numerator,
        contributions.denominator
    from contributions
    inner join cells
        on contributions.cell_id = cells.cell_id
    where contributions.holding_id is not null
)

select * from final
