with

vessels as (
    select * from {{ ref('int_current_vessels') }}
),

final as (
    select
        filed_row_id as vessel_row_id,
        imo_number,
        vessel_name,
        dwt_t,
        nominal_capacity_teu,
        main_engine_type,
        aux_engine_type,
        capability,
        partner_id,
        submission_id,
        valid_from,
        lead(valid_from) over (partition by partner_id, imo_number order by valid_from nulls last) as valid_before
    from vessels
)

select * from final
