with

terms as (
    select * from {{ ref('kpi_terms') }}
),

methods as (
    select * from {{ ref('int_kpi_methods') }}
),

-- KPIs that sum the same share one amount.
final as (
    select
        methods.kpi_id,
        methods.method_id,
        terms.term,
        terms.part,
        dense_rank() over (
            order by
                terms.population nulls last,
                terms.measure nulls last,
                terms.needs nulls last,
                terms.segments nulls last,
                terms.scale nulls last,
                terms.parts_add_up nulls last
        ) as amount_id,
        terms.population,
        terms.measure,
        terms.needs,
        terms.segments,
        terms.scale,
        terms.factors,
        terms.parts_add_up
    from terms
    inner join methods
        on terms.kpi_id = methods.kpi_id
)

select * from final
