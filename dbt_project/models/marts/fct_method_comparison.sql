with

fuel as (
    select * from {{ ref('int_fuel_emissions') }}
    where mass_t is not null
),

segments as (
    select * from {{ ref('int_segments') }}
    where is_in_scope and arrival_date is not null
),

methods as (
    select * from {{ ref('methods') }}
),

summed as (
    select
        cast({{ dbt.date_trunc('month', 'segments.arrival_date') }} as date) as month,
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
    inner join segments
        on fuel.segment_type = segments.segment_type and fuel.segment_id = segments.segment_id
    group by
        cast({{ dbt.date_trunc('month', 'segments.arrival_date') }} as date), fuel.fuel_type, fuel.consumer, fuel.part,
        fuel.method_id
),

complete_sums as (
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
    select complete_sums.*
    from complete_sums
    inner join methods
        on complete_sums.method_id = methods.method_id
    where methods.is_default
),

final as (
    select
        complete_sums.month,
        complete_sums.fuel_type,
        complete_sums.consumer,
        complete_sums.part,
        complete_sums.method_id,
        complete_sums.factor_keys,
        complete_sums.mass_t,
        complete_sums.mass_without_factor_t,
        complete_sums.energy_mj,
        complete_sums.ttw_t,
        complete_sums.wtt_t,
        complete_sums.wtw_t,
        complete_sums.wtw_t / nullif(complete_sums.mass_t, 0) as wtw_t_per_t,
        complete_sums.wtw_t - of_default.wtw_t as difference_from_default_t
    from complete_sums
    left join of_default
        on
            complete_sums.month = of_default.month
            and coalesce(complete_sums.fuel_type, '') = coalesce(of_default.fuel_type, '')
            and complete_sums.consumer = of_default.consumer
            and complete_sums.part = of_default.part
)

select * from final
