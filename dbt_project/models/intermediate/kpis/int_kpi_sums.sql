with

contributions as (
    select * from {{ ref('int_kpi_contributions') }}
),

final as (
    select
        cell_id,
        {{ exact_sum('numerator') }} as numerator,
        {{ exact_sum('denominator') }} as denominator,
        count(distinct case when numerator != 0 or denominator != 0 then holding_id end) as n_contributors
    from contributions
    group by cell_id
)

select * from final
