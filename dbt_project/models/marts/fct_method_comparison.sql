with

fuel as (
    select * from {{ ref('int_fuel_emissions') }}
    where mass_t is not null
),

units as (
    select * from {{ ref('int_segments') }}
    where is_in_scope and arrival_date is not null
),

methods as (
    select * from {{ ref('methods') }}
),

summed as (
    select
        cast({{ dbt.date_trunc('month', 'units.arrival_date') }} as date) as month,
        fuel.fuel_type,
        fuel.consumer,
        fuel.part,
        fuel.method_id,
        {{ distinct_values_as_text('fuel.factor_key') }} as factor_keys,
        {{ exact_sum('fuel.mass_t') }} as mass_t,
        {{ exact_sum('case when fuel.lacks_a_factor then fuel.mass_t else 0 end') }} as mass_without_factor_t,
        sum(case when fuel.lacks_a_factor then 1 else 0 end) as rows_without_factor,
        {{ exact_sum('fuel.energy_mj') }} as energy_mj,
        {{ exact_sum('fuel.ttw_t') }} as ttw_t,
        {{ exact_sum('fuel.wtt_t') }} as wtt_t,
        {{ exact_sum('fuel.wtw_t') }} as wtw_t
    from fuel
    inner join units
        on fuel.segment_type = units.segment_type and fuel.segment_id = units.segment_id
    group by
        cast({{ dbt.date_trunc('month', 'units.arrival_date') }} as date), fuel.fuel_type, fuel.consumer, fuel.part,
        fuel.method_id
),

known as (
    select
        month,
        fuel_type,
        consumer,
        part,
        method_id,
        factor_keys,
        mass_t,
        mass_without_factor_t,
        case when rows_without_factor = 0 then energy_mj end as energy_mj,
        case when rows_without_factor = 0 then ttw_t end as ttw_t,
        case when rows_without_factor = 0 then wtt_t end as wtt_t,
        case when rows_without_factor = 0 then wtw_t end as wtw_t
    from summed
),

of_default as (
    select known.*
    from known
    inner join methods
        on known.method_id = methods.method_id
    where methods.is_default
),

final as (
    select
        known.month,
        known.fuel_type,
        known.consumer,
        known.part,
        known.method_id,
        known.factor_keys,
        known.mass_t,
        known.mass_without_factor_t,
        known.energy_mj,
        known.ttw_t,
        known.wtt_t,
        known.wtw_t,
        known.wtw_t / nullif(known.mass_t, 0) as wtw_t_per_t,
        known.wtw_t - of_default.wtw_t as difference_from_default_t
    from known
    left join of_default
        on
            known.month = of_default.month
            and coalesce(known.fuel_type, '') = coalesce(of_default.fuel_type, '')
            and known.consumer = of_default.consumer
            and known.part = of_default.part
)

select * from final
