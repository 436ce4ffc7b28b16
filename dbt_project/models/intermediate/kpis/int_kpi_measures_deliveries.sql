with

voyage_measures as (
    select * from {{ ref('int_kpi_measures_voyage') }}
    where measure = 'delivered_teu'
),

side_factors as (
    select * from {{ ref('int_side_terminal_factors') }}
),

hub_defaults as (
    select * from {{ ref('glec_hub_defaults') }}
    where cast(version as string) = '3.2' and condition = 'ambient'
),

sides as (
    select distinct side from {{ ref('stg_corridor__sides') }}
),

delivered as (
    select
        cast({{ dbt.date_trunc('month', 'event_date') }} as date) as month,
        method_id,
        dimension_value,
        {{ exact_sum('amount') }} as delivered_teu
    from voyage_measures
    group by cast({{ dbt.date_trunc('month', 'event_date') }} as date), method_id, dimension_value
),

measured as (
    select
        'measured' as variant,
        delivered.month,
        delivered.method_id,
        delivered.dimension_value,
        side_factors.side,
        side_factors.terminal_code,
        side_factors.holding_id,
        case side_factors.activity_class when 'default' then 'hub' else 'terminal_month' end as entity_type,
        {{ terminal_month_id('side_factors.terminal_code', 'delivered.month') }} as entity_id,
        side_factors.energy_carrier,
        side_factors.activity_class,
        side_factors.factor_key,
        side_factors.evidence,
        side_factors.factor_lag_years,
        delivered.delivered_teu * side_factors.kgco2e_per_delivered_teu as amount
    from delivered
    inner join side_factors
        on delivered.month = side_factors.month
),

defaulted as (
    select
        'terminal_default' as variant,
        delivered.month,
        delivered.method_id,
        delivered.dimension_value,
        sides.side,
        sides.side as terminal_code,
        cast(null as string) as holding_id,
        'hub' as entity_type,
        sides.side as entity_id,
        'default' as energy_carrier,
        'default' as activity_class,
        {{ hub_factor_key('hub_defaults.version') }} as factor_key,
        hub_defaults.evidence,
        cast(null as int) as factor_lag_years,
        delivered.delivered_teu * hub_defaults.kgco2e / {{ teu_per_container() }} as amount
    from delivered
    cross join sides
    cross join hub_defaults
),

parts as (
    select * from measured
    union all
    select * from defaulted
),

final as (
    select
        'delivery' as population,
        'terminal_month' as segment,
        'co2e_kg' as measure,
        'complete' as needs,
        parts.method_id,
        parts.variant,
        parts.month as event_date,
        parts.dimension_value,
        parts.holding_id,
        parts.amount,
        parts.entity_type,
        parts.entity_id,
        -dense_rank() over (
            order by parts.terminal_code nulls last, parts.month nulls last, parts.energy_carrier nulls last
        ) as activity_row_id,
        parts.activity_class,
        parts.factor_key,
        parts.evidence,
        parts.factor_lag_years
    from parts
)

select * from final
