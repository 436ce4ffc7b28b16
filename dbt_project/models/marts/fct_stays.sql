with

stays as (
    select * from {{ ref('int_stays') }}
),

segments as (
    select * from {{ ref('int_segment_emissions') }}
    where segment_type = 'stay' and method_id = {{ default_method_id() }}
),

shares as (
    select
        segment_id,
        max(case when direction = 'outbound' then share end) as outbound_share,
        max(case when direction = 'inbound' then share end) as inbound_share
    from {{ ref('int_segment_shares') }}
    where segment_type = 'stay'
    group by segment_id
),

visits as (
    select
        stay_id,
        count(*) as visits,
        {{ exact_sum('berth_hours') }} as berth_hours,
        {{ exact_sum('shore_power_hours') }} as shore_power_hours,
        {{ exact_sum('shore_power_kwh') }} as shore_power_kwh
    from {{ ref('int_visits') }}
    where stay_id is not null
    group by stay_id
),

final as (
    select
        stays.stay_id,
        stays.imo_number,
        stays.partner_id,
        stays.port_locode,
        stays.arriving_leg_id,
        stays.departing_leg_id,
        stays.arrival_utc,
        stays.departure_utc,
        stays.stay_hours,
        coalesce(visits.visits, 0) as visits,
        visits.berth_hours,
        visits.shore_power_hours,
        visits.shore_power_kwh,
        shares.outbound_share,
        shares.inbound_share,
        stays.is_in_scope,
        segments.is_complete
    from stays
    inner join segments
        on stays.stay_id = segments.segment_id
    left join shares
        on stays.stay_id = shares.segment_id
    left join visits
        on stays.stay_id = visits.stay_id
)

select * from final
