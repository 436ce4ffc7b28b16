with

voyages as (
    select * from {{ ref('int_voyages') }}
    where is_in_scope
),

voyage_segments as (
    select * from {{ ref('int_voyage_segments') }}
),

completeness as (
    select * from {{ ref('int_voyage_completeness') }}
),

emission_rows as (
    select * from {{ ref('int_emission_rows') }}
),

final as (
    select
        voyages.voyage_id,
        voyages.direction,
        voyages.delivered_date as event_date,
        voyages.holding_id,
        voyage_segments.segment_type,
        voyage_segments.segment_id,
        voyage_segments.share,
        emission_rows.emission_row_id,
        emission_rows.activity_row_id,
        emission_rows.method_id,
        emission_rows.part,
        emission_rows.certified_wtw_g_per_mj,
        emission_rows.imo_number,
        emission_rows.consumer,
        emission_rows.fuel_type,
        emission_rows.activity_class,
        emission_rows.factor_key,
        emission_rows.evidence,
        emission_rows.factor_lag_years,
        emission_rows.wtw_t * voyage_segments.share as wtw_t,
        emission_rows.wtw_t * voyage_segments.laden_share as laden_wtw_t,
        emission_rows.energy_mj * voyage_segments.share as energy_mj,
        completeness.is_complete,
        completeness.is_complete_but_for_factors,
        completeness.delivered_teu_km is not null as has_transport,
        emission_rows.submission_id
    from voyages
    inner join voyage_segments
        on voyages.voyage_id = voyage_segments.voyage_id
    inner join emission_rows
        on
            voyage_segments.segment_type = emission_rows.segment_type
            and voyage_segments.segment_id = emission_rows.segment_id
    inner join completeness
        on voyages.voyage_id = completeness.voyage_id and emission_rows.method_id = completeness.method_id
)

select * from final
