with

segment_emissions as (
    select * from {{ ref('int_segment_emissions') }}
),

final as (
    select
        segment_type,
        segment_id,
        method_id,
        imo_number,
        partner_id,
        arrival_date,
        is_in_scope,
        is_complete,
        energy_mj,
        ttw_t,
        wtt_t,
        wtw_t,
        biogenic_co2_t
    from segment_emissions
)

select * from final
