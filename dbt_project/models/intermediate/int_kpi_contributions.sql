with

terms as (
    select * from {{ ref('int_kpi_terms') }}
),

members as (
    select * from {{ ref('int_kpi_cell_members') }}
),

grouped as (
    select
        {{ term_group_columns() }},
        part,
        holding_id,
        {{ exact_sum("case when term = 'numerator' then amount end") }} as numerator,
        {{ exact_sum("case when term = 'denominator' then amount end") }} as denominator
    from terms
    group by {{ term_group_columns() }}, part, holding_id
),

final as (
    select
        members.cell_id,
        grouped.part,
        grouped.holding_id,
        {{ exact_sum('grouped.numerator') }} as numerator,
        {{ exact_sum('grouped.denominator') }} as denominator
    from grouped
    inner join members
        on {{ in_their_cells('grouped', 'members') }}
    group by members.cell_id, grouped.part, grouped.holding_id
)

select * from final
