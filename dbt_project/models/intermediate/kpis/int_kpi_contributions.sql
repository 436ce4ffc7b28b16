with

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

members as (
    select * from {{ ref('int_kpi_cell_members') }}
),

period_terms as (
    select * from {{ ref('int_kpi_terms_period') }}
),

cells as (
    select * from {{ ref('int_kpi_cells') }}
),

summed as (
    select
        {{ term_group_columns() }},
        holding_id,
        {{ exact_sum('amount') }} as amount
    from terms
    group by {{ term_group_columns() }}, holding_id
),

of_months as (
    select
        members.cell_id,
        members.part,
        summed.holding_id,
        case when members.term = 'numerator' then summed.amount end as numerator,
        case when members.term = 'denominator' then summed.amount end as denominator
    from summed
    inner join members
        on {{ same_term_group('summed', 'members') }}
),

of_periods as (
    select
        cells.cell_id,
        period_terms.part,
        period_terms.holding_id,
        case when period_terms.term = 'numerator' then period_terms.amount end as numerator,
        case when period_terms.term = 'denominator' then period_terms.amount end as denominator
    from period_terms
    inner join cells
        on
            period_terms.kpi_id = cells.kpi_id
            and period_terms.method_id = cells.method_id
            and period_terms.period_grain = cells.period_grain
            and period_terms.period_start = cells.period_start
            and (cells.dimension = 'corridor' or period_terms.dimension_value = cells.dimension_value)
),

contributed as (
    select * from of_months
    union all
    select * from of_periods
),

final as (
    select
        cell_id,
        part,
        holding_id,
        {{ exact_sum('numerator') }} as numerator,
        {{ exact_sum('denominator') }} as denominator
    from contributed
    group by cell_id, part, holding_id
)

select * from final
