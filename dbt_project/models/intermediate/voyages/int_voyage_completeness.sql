with

voyages as (
    select * from {{ ref('int_voyages') }}
),

voyage_segments as (
    select * from {{ ref('int_voyage_segments') }}
),

segment_emissions as (
    select * from {{ ref('int_segment_emissions') }}
),

transport as (
    select * from {{ ref('int_voyage_transport') }}
),

segment_counts as (
    select
        voyage_segments.voyage_id,
        segment_emissions.method_id,
        sum(case when voyage_segments.segment_type = 'stay' then 1 else 0 end) as stays,
        sum(case when voyage_segments.segment_type = 'leg' and not segment_emissions.is_in_scope then 1 else 0 end)
            as legs_out_of_scope,
        sum(case when voyage_segments.share is null then 1 else 0 end) as segments_without_share,
        sum(case when segment_emissions.is_complete then 0 else 1 end) as incomplete_segments,
        sum(case when segment_emissions.is_complete_but_for_factors then 0 else 1 end) as segments_without_activity
    from voyage_segments
    inner join segment_emissions
        on
            voyage_segments.segment_type = segment_emissions.segment_type
            and voyage_segments.segment_id = segment_emissions.segment_id
    group by voyage_segments.voyage_id, segment_emissions.method_id
),

final as (
    select
        voyages.voyage_id,
        segment_counts.method_id,
        transport.delivered_teu,
        transport.delivered_teu_km,
        transport.delivered_laden_teu_km,
        segment_counts.stays = voyages.legs + 1
        and segment_counts.legs_out_of_scope = 0
        and segment_counts.segments_without_share = 0
        and segment_counts.segments_without_activity = 0 as is_complete_but_for_factors,
        segment_counts.stays = voyages.legs + 1
        and segment_counts.legs_out_of_scope = 0
        and segment_counts.segments_without_share = 0
        and segment_counts.incomplete_segments = 0 as is_complete
    from voyages
    inner join segment_counts
        on voyages.voyage_id = segment_counts.voyage_id
    inner join transport
        on voyages.voyage_id = transport.voyage_id
)

select * from final
