with

segment_emissions as (
    select * from {{ ref('int_segment_emissions') }}
    where segment_type = 'leg' and is_complete and is_in_scope
),

legs as (
    select * from {{ ref('int_legs') }}
),

leg_activity as (
    select
        segment_emissions.method_id,
        legs.imo_number,
        legs.service_code,
        cast({{ dbt.date_trunc('month', 'legs.arrival_date') }} as date) as month,
        segment_emissions.wtw_t,
        legs.sailed_distance_km * legs.teu_on_board as teu_km
    from segment_emissions
    inner join legs
        on segment_emissions.segment_id = legs.leg_id
),

entities as (
    select
        'vessel' as entity,
        imo_number as entity_id,
        month,
        method_id,
        wtw_t,
        teu_km
    from leg_activity
    union all
    select
        'service' as entity,
        service_code as entity_id,
        month,
        method_id,
        wtw_t,
        teu_km
    from leg_activity
),

final as (
    select
        entity,
        entity_id,
        month,
        'operated_wtw_g_per_teu_km' as metric,
        method_id,
        {{ exact_sum('wtw_t') }} as wtw_t,
        {{ exact_sum('teu_km') }} as teu_km,
        {{ exact_sum('wtw_t') }} * 1e6 / nullif({{ exact_sum('teu_km') }}, 0) as wtw_g_per_teu_km
    from entities
    group by entity, entity_id, month, method_id
)

select * from final
