with

variants as (
    select * from {{ ref('int_kpi_variants') }}
),

periods as (
    select * from {{ ref('int_periods') }}
    where data_span = 'filed'
),

corridor as (
    select * from {{ ref('stg_corridor__corridor') }}
),

sides as (
    select * from {{ ref('stg_corridor__sides') }}
),

notes as (
    select * from {{ ref('int_delivery_notes') }}
    where is_certified
),

dimension_values as (
    select
        'corridor' as dimension,
        corridor_id as dimension_value
    from corridor
    union all
    select
        'direction' as dimension,
        'outbound' as dimension_value
    union all
    select
        'direction' as dimension,
        'inbound' as dimension_value
    union all
    select
        'port' as dimension,
        port_locode as dimension_value
    from sides
    union all
    select distinct
        'fuel_type' as dimension,
        fuel_type as dimension_value
    from notes
    {% for rating in ['A', 'B', 'C', 'D', 'E'] %}
        union all
        select
            'rating' as dimension,
            '{{ rating }}' as dimension_value
    {% endfor %}
    {% for claim_type in ['mass_balance', 'book_and_claim'] %}
        union all
        select
            'claim_type' as dimension,
            '{{ claim_type }}' as dimension_value
    {% endfor %}
),

final as (
    select
        row_number() over (
            order by
                variants.kpi_id nulls last,
                variants.method_id nulls last,
                variants.variant nulls last,
                periods.period_grain nulls last,
                periods.period_start nulls last,
                dimension_values.dimension nulls last,
                dimension_values.dimension_value nulls last
        ) as cell_id,
        variants.kpi_id,
        variants.method_id,
        variants.variant,
        periods.period_grain,
        periods.period_start,
        periods.period_end,
        dimension_values.dimension,
        dimension_values.dimension_value
    from variants
    inner join periods
        on {{ semicolon_list_contains('variants.period_grains', 'periods.period_grain') }}
    inner join dimension_values
        on {{ semicolon_list_contains('variants.dimensions', 'dimension_values.dimension') }}
)

select * from final
