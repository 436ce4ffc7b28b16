with

voyages as (
    select * from {{ ref('int_voyages') }}
),

completeness as (
    select * from {{ ref('int_voyage_completeness') }}
    where method_id = {{ default_method_id() }}
),

emissions as (
    select
        voyage_id,
        {{ exact_sum("case when segment_type = 'leg' then wtw_t end") }} as sailing_wtw_t,
        {{ exact_sum("case when segment_type = 'stay' then wtw_t end") }} as berth_wtw_t
    from {{ ref('int_voyage_emissions') }}
    where method_id = {{ default_method_id() }} and is_complete
    group by voyage_id
),

final as (
    select
        voyages.voyage_id,
        voyages.imo_number,
        voyages.direction,
        voyages.partner_id,
        voyages.holding_id,
        voyages.service_code,
        voyages.legs,
        voyages.departed_utc,
        voyages.delivered_utc,
        voyages.is_in_scope,
        completeness.is_complete,
        completeness.delivered_teu,
        completeness.delivered_teu_km,
        emissions.sailing_wtw_t,
        emissions.berth_wtw_t
    from voyages
    left join completeness
        on voyages.voyage_id = completeness.voyage_id
    left join emissions
        on voyages.voyage_id = emissions.voyage_id
)

select * from final
